"""PURE: numbers as a figure writes them, in its own language rather than that of whoever looks."""

from __future__ import annotations

from datetime import date

MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def written(value: float, decimals: int, language: str) -> str:
    """With the decimal sign of the language, the thousands apart, and no minus before nothing.

    >>> written(-0.04, 1, "nl"), written(1234.5, 1, "nl"), written(18200, 0, "en")
    ('0,0', '1.234,5', '18,200')
    """
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def short(value: float, language: str) -> str:
    """A tick of an axis: no more decimals than it needs.

    >>> short(0.5, "nl"), short(20.0, "nl"), short(0.25, "en")
    ('0,5', '20', '0.25')
    """
    text = f"{value:,.10g}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def day_written(day: date, language: str) -> str:
    """A day without its year.

    >>> day_written(date(2026, 11, 28), "nl"), day_written(date(2026, 3, 1), "en")
    ('28 nov', '1 Mar')
    """
    return f"{day.day} {MONTHS.get(language, MONTHS['en'])[day.month - 1]}"
