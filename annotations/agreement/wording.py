"""The words for reasons, warnings and verdicts, in English and Dutch, each under a machine key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("en", "nl")

REASONS: dict[str, dict[str, str]] = {
    "nothing_coded": {
        "en": "nothing coded: no coder gave a code to any unit",
        "nl": "niets gecodeerd: geen codeur gaf een code aan een eenheid",
    },
    "one_coder": {
        "en": "one coder: agreement needs codes from at least two coders",
        "nl": "één codeur: overeenstemming vraagt codes van ten minste twee codeurs",
    },
    "no_pairable_unit": {
        "en": "no pairable unit: no unit was coded by two coders or more",
        "nl": "geen vergelijkbare eenheid: geen enkele eenheid is door twee of meer codeurs gecodeerd",
    },
    "no_variation": {
        "en": "no variation: every code in the units with two codes or more is the same, so agreement "
        "cannot be told from chance",
        "nl": "geen variatie: alle codes in de eenheden met twee of meer codes zijn gelijk, zodat "
        "overeenstemming niet van toeval te onderscheiden is",
    },
    "negative_ratio": {
        "en": "numbers below 0: a ratio scale has none, so its alpha is not defined; declare the scale as "
        "interval",
        "nl": "getallen onder 0: een ratioschaal heeft die niet, dus is alfa niet gedefinieerd; geef als "
        "schaal interval op",
    },
    "never_used": {
        "en": "never used: no coder gave this category to a unit with two codes or more",
        "nl": "nooit gebruikt: geen codeur gaf deze categorie aan een eenheid met twee of meer codes",
    },
    "always_used": {
        "en": "always used: every code in the units with two codes or more is this category",
        "nl": "altijd gebruikt: alle codes in de eenheden met twee of meer codes zijn deze categorie",
    },
    "no_shared_unit": {
        "en": "no shared unit: these coders coded no unit both",
        "nl": "geen gedeelde eenheid: deze codeurs hebben geen eenheid allebei gecodeerd",
    },
    "overlapping_types": {
        "en": "overlapping spans: a coder marked the same characters with two types, so only the figures "
        "per type are defined",
        "nl": "overlappende fragmenten: een codeur markeerde dezelfde tekens met twee typen, zodat alleen de "
        "cijfers per type gedefinieerd zijn",
    },
    "no_span": {
        "en": "no variation: no coder marked a span in a text that two coders or more read",
        "nl": "geen variatie: geen codeur markeerde een fragment in een tekst die twee of meer codeurs lazen",
    },
}

WARNINGS: dict[str, dict[str, str]] = {
    "constant": {
        "en": "Every code is {category}: agreement cannot be told from chance.",
        "nl": "Alle codes zijn {category}: overeenstemming is niet van toeval te onderscheiden.",
    },
    "rare_category": {
        "en": "Rare: {categories}. A few disagreements decide the alpha of a rare category.",
        "nl": "Zeldzaam: {categories}. Enkele verschillen bepalen de alfa van een zeldzame categorie.",
    },
    "prevalence_paradox": {
        "en": "High agreement ({agreement}) with a low alpha ({alpha}): one category holds {share} of the "
        "codes. See the figures per category.",
        "nl": "Hoge overeenstemming ({agreement}) bij een lage alfa ({alpha}): één categorie heeft "
        "{share} van de codes. Zie de cijfers per categorie.",
    },
    "few_units": {
        "en": "{units} units with two codes or more; the size rule asks {needed} to rule out an alpha below "
        "{threshold} with the rarest category at {share}.",
        "nl": "{units} eenheden met twee of meer codes; de vuistregel voor de omvang vraagt er {needed} "
        "om een alfa onder {threshold} uit te sluiten met de zeldzaamste categorie op {share}.",
    },
    "undefined_resamples": {
        "en": "{undefined} of {resamples} resamples had no variation and are left out of the interval.",
        "nl": "{undefined} van de {resamples} hertrekkingen hadden geen variatie en tellen niet mee in het "
        "interval.",
    },
    "idle_coder": {
        "en": "{coder} coded no unit.",
        "nl": "{coder} heeft geen eenheid gecodeerd.",
    },
}

VERDICTS: dict[str, dict[str, str]] = {
    "reliable": {"en": "reliable (α ≥ .80)", "nl": "betrouwbaar (α ≥ .80)"},
    "tentative": {
        "en": "tentative conclusions only (.667 ≤ α < .80)",
        "nl": "alleen voorlopige conclusies (.667 ≤ α < .80)",
    },
    "unreliable": {"en": "not reliable (α < .667)", "nl": "niet betrouwbaar (α < .667)"},
    "undefined": {"en": "not defined", "nl": "niet gedefinieerd"},
}


@dataclass(frozen=True)
class Notice:
    """A warning: a machine key with the figures its sentence names; str() gives the English sentence."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        return WARNINGS[self.key][language].format(
            **{name: _written(value) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        return self.text()

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text(), **self.values}


def reason(key: str, language: str = "en") -> str:
    """Why a coefficient is not defined, in words."""
    return REASONS[key][language]


def verdict(alpha: float | None) -> str:
    """Key of the verdict on an alpha, by Krippendorff's .800 and .667."""
    if alpha is None:
        return "undefined"
    return "reliable" if alpha >= 0.8 else "tentative" if alpha >= 0.667 else "unreliable"


def verdict_words(key: str, language: str = "en") -> str:
    return VERDICTS[key][language]


def apa(value: float | None, digits: int = 2) -> str:
    """A figure that cannot exceed one, as the field writes it in every language: .86, -.02, 1.00.

    A point and no leading zero (APA); every other number on a page follows the page's language.
    """
    if value is None:
        return "–"
    written = f"{value:.{digits}f}"
    if float(written) == 0:
        written = written.removeprefix("-")
    return written.replace("0.", ".", 1) if written.startswith(("0.", "-0.")) else written


def percent(share: float | None) -> str:
    """A share of agreement, the same on every place of a page: 98 %."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _written(value: Any) -> str:
    """Of the figures in these sentences none exceeds one; a third decimal only where it says something."""
    if isinstance(value, dict):
        return ", ".join(f"{name} ({_written(share)})" for name, share in value.items())
    return apa(value, 3).removesuffix("0") if isinstance(value, float) else str(value)
