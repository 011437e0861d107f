"""Krippendorff's alpha per variable, remembered: for pages that need nothing else of the report."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

from ..models import Round
from .data import ReportScope
from .report import agreement_of
from .stored import fingerprint_of

REMEMBER = 24 * 60 * 60
"""Seconds."""


def alphas_of(round_: Round, variables: Iterable[str]) -> dict[str, float | None]:
    """Variable -> alpha on coders' own codes, as the reliability report has it; None where undefined."""
    variables = list(variables)
    if not variables:
        return {}
    fingerprint = fingerprint_of(round_, ReportScope())
    keys = {f"alpha:{round_.pk}:{fingerprint}:{variable}": variable for variable in variables}
    known = {keys[key]: alpha for key, alpha in cache.get_many(keys).items()}
    unknown = [variable for variable in variables if variable not in known]
    if unknown:
        measured = dict.fromkeys(unknown, None) | {
            found.variable.key: found.result.alpha
            for found in agreement_of(round_, variables=unknown, bootstrap=0)
        }
        cache.set_many({key: measured[name] for key, name in keys.items() if name in measured}, REMEMBER)
        known |= measured
    return known
