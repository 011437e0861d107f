"""Whether a file holds codings, a row per answer, or a dataset that was coded in columns."""

from __future__ import annotations

from pathlib import Path

from ...errors import BadInput
from ...exchange.statistics_reading import ENDINGS
from .elsewhere.table import first_row
from .levels import is_level
from .lines import KEPT, REQUIRED, SETTLED, WORKBOOKS
from .workbook import has_sheet

ENOUGH = 3
"""Columns of a file of codings; where so many are there, one that lacks is missed, and told of."""


def is_of_codings(path: Path, name: str) -> bool:
    """A file that cannot be read is one of codings: reading it says what is wrong."""
    ending = path.suffix.lower()
    if ending == ".qdpx" or (ending in WORKBOOKS and has_sheet(path, name, REQUIRED)):
        return True
    try:
        header = first_row(path, name)
    except BadInput:
        return True
    if ending in ENDINGS:
        return is_level(header)
    own = {"variable", "value", "source", "rule", "coder"} & set(header)
    needed = (REQUIRED, SETTLED, KEPT)
    return bool(own) and any(len(set(columns) & set(header)) >= ENOUGH for columns in needed)
