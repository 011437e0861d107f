"""A paragraph for the methods section, in Dutch and English, with the study's own numbers. Reads only."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from ..codebooks.lookup import lookup
from ..models import Round
from .data import Selection, coders_of
from .report import ON_SCREEN

Figures = Sequence[dict[str, Any]]
"""What a report keeps per variable."""

PARAGRAPHS = {
    "nl": (
        "In ronde “{round}” codeerden {coders} codeurs onafhankelijk van elkaar met codeboek {book}, versie "
        "{version}. {draw} {shared} van de {conversations} afgeronde gesprekken zijn door twee of meer "
        "codeurs gecodeerd; alleen daarop berusten de cijfers, berekend op de codes van vóór enig overleg. "
        "{verdicts} Per variabele is Krippendorffs alfa berekend (Krippendorff, 2019): nominaal of ordinaal "
        "naar meetniveau, interval voor getallen, met de MASI-afstand bij meerkeuzevragen (Passonneau, 2006) "
        "en als uα bij tekstfragmenten (Krippendorff et al., 2016). Het 95%-betrouwbaarheidsinterval is het "
        "percentielinterval van {bootstrap} bootstraphertrekkingen van gesprekken, bij uα van berichten "
        "(seed {seed}). Daarnaast "
        "staan procentuele overeenstemming (het gemiddelde over eenheden met twee of meer codes), Holsti "
        "(het gemiddelde over codeurparen) en Gwets AC1 (Gwet, 2008) met de categorieën die het codeboek "
        "noemt. Een alfa vanaf .80 geldt als betrouwbaar en een alfa van .667 tot .80 als voorlopig. "
        "Ontbrekende codes (97 niet van toepassing, 98 niet vast te stellen, 99 niet gecodeerd; {missing} "
        "keer gegeven) tellen niet mee; van een voorwaardelijke vraag tellen alleen eenheden waarbij geen "
        "van de codeurs 97 gaf. Berekend met Webcare coding {app}, krippendorff {krippendorff}, numpy "
        "{numpy}, scipy {scipy} en Python {python}."
    ),
    "en": (
        "In round “{round}”, {coders} coders worked independently with codebook {book}, version {version}. "
        "{draw} Of the {conversations} finished conversations, {shared} were coded by two or more coders; "
        "the figures rest on these alone and were computed on the codes from before any discussion. "
        "{verdicts} "
        "For each variable we computed Krippendorff's alpha (Krippendorff, 2019): nominal or ordinal by "
        "level of measurement, interval for numbers, with the MASI distance for multiple choice (Passonneau, "
        "2006), and as uα for text fragments (Krippendorff et al., 2016). The 95% confidence interval is the "
        "percentile interval of {bootstrap} bootstrap resamples of conversations, for uα of messages "
        "(seed {seed}). We also "
        "report percent agreement (the mean over units with two or more codes), Holsti (the mean over coder "
        "pairs) and Gwet's AC1 (Gwet, 2008) with the categories that the codebook declares. An alpha of .80 "
        "or more counts as reliable, one from .667 to .80 as tentative. Missing codes (97 not applicable, 98 "
        "cannot be determined, 99 not coded; given {missing} times) were left out; of a conditional question "
        "only units count for which no coder gave 97. Computed with Webcare coding {app}, krippendorff "
        "{krippendorff}, numpy {numpy}, scipy {scipy} and Python {python}."
    ),
}
DRAWN = {
    "nl": "Uit {source} zijn er {drawn} {how} getrokken (seed {seed}), waarvan {all} voor alle codeurs.",
    "en": "From {source} {drawn} were drawn {how} (seed {seed}), of which {all} for every coder.",
}
SOURCE = {
    "nl": ("{pool} gesprekken", "{pool} gesprekken van de selectie “{name}”"),
    "en": ("{pool} conversations", "{pool} conversations of the selection “{name}”"),
}
HOW = {
    "nl": {"stratified": "aselect per organisatie", "simple": "aselect"},
    "en": {"stratified": "at random within each organisation", "simple": "at random"},
}
NOT_DRAWN = {
    "nl": "De verdeling van gesprekken is niet in dit programma getrokken.",
    "en": "The assignment of conversations was not drawn in this program.",
}
VERDICTS = {
    "nl": "Van {n} variabelen met een alfa waren er {reliable} betrouwbaar, {tentative} voorlopig en "
    "{unreliable} niet betrouwbaar; bij {undefined} is alfa niet gedefinieerd.",
    "en": "Of {n} variables with an alpha {reliable} were reliable, {tentative} tentative and {unreliable} "
    "not reliable; for {undefined} alpha is not defined.",
}


def paragraphs(round_: Round, selection: Selection, result: Figures, app: str) -> dict[str, str]:
    """Language -> paragraph. `result`: the report's figures; `app`: this program's version."""
    finished = round_.assignments.filter(coding__state="finished", coder_id__in=coders_of(round_, selection))
    if selection.organisation_id is not None:
        finished = finished.filter(conversation__organisation_id=selection.organisation_id)
    times = Counter(finished.order_by().values_list("conversation_id", flat=True))
    spec = lookup(round_.codebook_version_id).spec
    verdicts = Counter(figures["verdict"] for figures in result)
    facts: dict[str, Any] = {
        "round": round_.name,
        "coders": len(coders_of(round_, selection)),
        "book": spec.key,
        "version": spec.version,
        "conversations": len(times),
        "shared": sum(count > 1 for count in times.values()),
        "bootstrap": ON_SCREEN,
        "seed": 0,
        "missing": sum(sum(figures["missing"].values()) for figures in result),
        "app": app,
        "python": platform.python_version(),
        **{name: version(name) for name in ("krippendorff", "numpy", "scipy")},
    }
    names = ("reliable", "tentative", "unreliable", "undefined")
    counts = {name: verdicts[name] for name in names} | {"n": len(result) - verdicts["undefined"]}
    return {
        language: text.format(
            **facts, draw=_draws(round_, language), verdicts=VERDICTS[language].format(**counts)
        )
        for language, text in PARAGRAPHS.items()
    }


def _draws(round_: Round, language: str) -> str:
    """Every draw of the round in a sentence."""
    return (
        " ".join(
            DRAWN[language].format(
                source=_source(each, language),
                drawn=sum(each["drawn"].values()),
                how=HOW[language][each["design"]],
                seed=each["seed"],
                all=each["shared"],
            )
            for each in round_.draw
        )
        or (NOT_DRAWN[language])
    )


def _source(draw: dict[str, Any], language: str) -> str:
    everything, selected = SOURCE[language]
    name = draw.get("selection", {}).get("name", "")
    return (selected if name else everything).format(pool=sum(draw["pool"].values()), name=name)
