"""The report as CSV: a row per variable."""

from __future__ import annotations

from collections.abc import Iterable

from ..common.cells import csv_lines
from .report import VariableAgreement

COLUMNS = (
    "key",
    "unit",
    "measured_as",
    "level",
    "coders",
    "units",
    "pairable_units",
    "percent_agreement",
    "holsti",
    "alpha",
    "alpha_low",
    "alpha_high",
    "p_alpha_below_667",
    "p_alpha_below_800",
    "gwet_ac1",
    "fleiss_kappa",
    "brennan_prediger",
    "undefined",
)


def as_csv(found: Iterable[VariableAgreement], *, excel: bool = False) -> str:
    def rows() -> Iterable[list[object]]:
        for item in found:
            values = item.as_dict()
            low, high = values["alpha_ci"] or (None, None)
            values |= {"alpha_low": low, "alpha_high": high}
            yield [values[column] for column in COLUMNS]

    return "".join(csv_lines(COLUMNS, rows(), excel=excel))
