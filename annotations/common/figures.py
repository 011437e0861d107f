"""Figures on a page that has one decimal sign: that of its language."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import get_language

SMALLEST = 0.001


def below_one(value: float | None, decimals: int = 2) -> str:
    """A figure that cannot exceed one, such as a p value, beside others: 0,25 in Dutch, .25 in English."""
    if value is None:
        return "–"
    written = number_format(round(value, decimals) + 0.0, decimals)
    if (get_language() or "nl").startswith("nl"):
        return written
    return written.replace("0.", ".", 1) if written.startswith(("0.", "-0.")) else written


def p_value(p: float | None) -> str:
    """`p = 0,254`, or `p < 0,001` where three decimals would leave nothing."""
    is_smaller = p is not None and p < SMALLEST
    return f"p < {below_one(SMALLEST, 3)}" if is_smaller else f"p = {below_one(p, 3)}"
