"""A screening's sentences for a methods section, in Dutch and English, with its own numbers. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import override

from ..agreement.wording import apa
from ..codebooks.language import in_language
from ..models import Screening
from ..statistics.estimates import Estimate
from .outcome import Outcome

WORDS: dict[str, dict[str, Any]] = {
    "nl": {
        "plan": "Vanaf {start} is per organisatie teruggezocht naar consumentenberichten waarvoor geldt: "
        "“{sought}” (codeboek versie {version}); de regel om te stoppen lag vooraf vast.",
        "strict": "Elk consumentenbericht is bekeken, het nieuwste eerst.",
        "detector": "Alleen berichten met een kandidaat van de detector (versie "
        "{detector}) zijn op volgorde bekeken; "
        "van de overige is een aselecte steekproef bekeken (seed {seed}).",
        "selection": "Alleen berichten van de selectie “{selection}” zijn bekeken; over de "
        "overige zegt dit niets.",
        "found": "{name}: gestopt bij {found} gevonden van {screened} bekeken berichten, terug tot {day}.",
        "short": "{name}: {found} gevonden van {screened} bekeken berichten, terug tot {day}.",
        "inverse": "Omdat is gezocht tot een vast aantal, is het voorkomen geschat als (r "
        "− 1)/(N − 1): {value} (exact "
        "95%-interval {interval}).",
        "share": "Voorkomen: {value} (exact 95%-interval {interval}).",
        "two": "Over beide stappen samen is het voorkomen {value} (95%-interval "
        "{interval}); onder de berichten zonder "
        "kandidaat zijn er naar schatting {missed} gemist ({low} tot {high}).",
        "double": "Van de bekeken berichten zijn er {pairs} door twee mensen onafhankelijk beoordeeld: "
        "overeenstemming {agree}, Krippendorffs alfa {alpha}{interval}.",
        "between": " (95%-interval {between})",
        "unknown": "niet te bepalen",
    },
    "en": {
        "plan": "From {start} each organisation was searched back in time for consumer "
        "messages of which holds: "
        "“{sought}” (codebook version {version}); the rule to stop was set beforehand.",
        "strict": "Every consumer message was screened, the newest first.",
        "detector": "Only messages with a candidate of the detector (version {detector}) "
        "were screened in order; of the "
        "others a random sample was screened (seed {seed}).",
        "selection": "Only messages of the selection “{selection}” were screened; this says "
        "nothing of the others.",
        "found": "{name}: ended at {found} found of {screened} messages screened, back to {day}.",
        "short": "{name}: {found} found of {screened} messages screened, back to {day}.",
        "inverse": "As the search went on until a set number was found, prevalence is "
        "estimated as (r − 1)/(N − 1): "
        "{value} (exact 95% interval {interval}).",
        "share": "Prevalence: {value} (exact 95% interval {interval}).",
        "two": "Over both steps prevalence is {value} (95% interval {interval}); "
        "among the messages without a candidate "
        "an estimated {missed} were missed ({low} to {high}).",
        "double": "Of the messages screened, {pairs} were judged by two people "
        "independently: agreement {agree}, "
        "Krippendorff's alpha {alpha}{interval}.",
        "between": " (95% interval {between})",
        "unknown": "undefined",
    },
}


def paragraphs(
    screening: Screening, rows: Sequence[Outcome], double: dict[str, Any] | None
) -> dict[str, str]:
    """Language -> the paragraph. `double`: the figures of what two people screened."""
    return {language: _paragraph(language, screening, rows, double) for language in WORDS}


def _paragraph(
    language: str, screening: Screening, rows: Sequence[Outcome], double: dict[str, Any] | None
) -> str:
    words = WORDS[language]
    with override(language):
        sentences = [
            words["plan"].format(
                start=date_format(screening.starts_on),
                sought=in_language(screening.variable.label, language),
                version=screening.codebook_version.version,
            ),
            words[screening.design].format(
                detector=screening.detector_version,
                seed=screening.seed,
                selection=screening.selection_name,
            ),
        ]
        for row in rows:
            sentences += _of_organisation(words, row)
        if double is not None:
            agree, alpha, ends = (double[key] for key in ("percent_agreement", "alpha", "alpha_ci"))
            between = "; ".join(apa(end) for end in ends) if ends else ""
            sentences.append(
                words["double"].format(
                    pairs=double["pairable_units"],
                    agree=words["unknown"] if agree is None else f"{number_format(100 * agree, 1)}%",
                    alpha=words["unknown"] if alpha is None else apa(alpha),
                    interval=words["between"].format(between=between) if between else "",
                )
            )
    return " ".join(sentences)


def _of_organisation(words: dict[str, Any], row: Outcome) -> list[str]:
    facts = {
        "name": row.organisation,
        "found": row.tally.found,
        "screened": row.tally.screened,
        "day": date_format(row.reached) if row.reached else "–",
    }
    sentences = [words["found" if row.is_until_found else "short"].format(**facts)]
    key = "inverse" if row.is_until_found else "share"
    sentences.append(words[key].format(**_figures(row.prevalence, words)))
    if both := row.both_steps:
        missed = both.missed
        low, high = missed.interval or (0, 0)
        sentences.append(
            words["two"].format(
                **_figures(both.share, words),
                missed=words["unknown"] if missed.value is None else number_format(missed.value, 0),
                low=number_format(low, 0),
                high=number_format(high, 0),
            )
        )
    return sentences


def _figures(estimate: Estimate, words: dict[str, Any]) -> dict[str, str]:
    value = words["unknown"] if estimate.value is None else f"{number_format(100 * estimate.value, 1)}%"
    if estimate.interval is None:
        return {"value": value, "interval": words["unknown"]}
    low, high = (number_format(100 * bound, 1) for bound in estimate.interval)
    return {"value": value, "interval": f"{low}–{high}%"}
