"""From a figure to the units behind it: the cells of a report, and the units in each. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from ..agreement import Reliability, drilldown
from ..agreement.data import ReliabilityData
from ..errors import BadInput
from ..finals.of_round import Unit
from .report import VariableAgreement

KINDS = ("pairable", "differ", "agree", "category", "coincidence", "confusion", "pair", "coder")
SIDES = {"": None, "agree": True, "differ": False}


@dataclass(frozen=True)
class Cell:
    """One figure. `one`, `other`: coders by name; `row`, `column`: categories; `side`: a key of SIDES."""

    kind: str = "pairable"
    one: str = ""
    other: str = ""
    row: str = ""
    column: str = ""
    side: str = ""

    def query(self) -> str:
        values = {"cell": self.kind} | {name: value for name, value in vars(self).items() if name != "kind"}
        return urlencode({name: value for name, value in values.items() if value})


def read_cell(sent: Mapping[str, str]) -> Cell:
    """The cell an address asks for; raises BadInput."""
    fields = {name: sent.get(name, "") for name in ("one", "other", "row", "column", "side")}
    cell = Cell(sent.get("cell") or "pairable", **fields)
    if cell.kind not in KINDS or cell.side not in SIDES:
        raise BadInput("There is no such figure in the report.")
    return cell


def units_in(item: VariableAgreement, cell: Cell) -> list[Unit]:
    """The units behind a figure, in the order of the corpus.

    Raises BadInput for coders and categories that are not in the report.
    """
    if not isinstance(item.result, Reliability):
        return _span_units(item, cell)
    assert item.result.data is not None
    try:
        found = _indices(item.result.data, cell)
    except ValueError:
        raise BadInput("There is no such coder or category in the report.") from None
    return [item.units[index] for index in found.tolist()]


def _indices(data: ReliabilityData, cell: Cell) -> drilldown.UnitIndices:
    agreeing = SIDES[cell.side]
    if cell.kind == "category":
        known = (value if isinstance(value, frozenset) else {value} for value in data.domain)
        if not any(cell.row in values for values in known):
            raise ValueError(cell.row)
        return drilldown.category_units(data, cell.row, agreeing=agreeing)
    if cell.kind == "coincidence":
        return drilldown.coincidence_units(data, cell.row, cell.column)
    if cell.kind == "confusion":
        return drilldown.confusion_units(data, cell.one, cell.other, cell.row, cell.column)
    if cell.kind == "pair":
        return drilldown.pair_units(data, cell.one, cell.other, agreeing=agreeing)
    if cell.kind == "coder":
        return drilldown.coder_units(data, cell.one, agreeing=agreeing)
    differing = drilldown.disagreement_units(data)
    if cell.kind == "differ":
        return differing
    pairable = data.units_where(data.pairable)
    return np.setdiff1d(pairable, differing) if cell.kind == "agree" else pairable


def _span_units(item: VariableAgreement, cell: Cell) -> list[Unit]:
    """Messages two coders read: all, those with the same fragments, or those without."""
    differing = set(item.result.differing_units)  # type: ignore[union-attr]
    if cell.kind not in ("pairable", "differ", "agree"):
        raise BadInput("There is no such figure in the report.")
    wanted = {"pairable": (True, False), "differ": (True,), "agree": (False,)}[cell.kind]
    return [unit for index, unit in enumerate(item.units) if (index in differing) in wanted]
