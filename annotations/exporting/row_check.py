"""A check in each row of codings_long.csv: what a program changed in it is seen when it is read back.

The cell holds two parts: a hash of what was coded (`value` and `code`), and one of all else. A spreadsheet
that turned 1.234 into 1234, dropped leading zeros or wrote a time its own way breaks one of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

ROW_CHECK = "row_check"
CODED = ("value", "code")


def row_check(cells: Mapping[str, object]) -> str:
    """`cells`: column -> cell, None for an empty one.

    >>> row_check({"coder": "C1", "seconds": 40, "value": "yes", "code": "1"})
    'ke45ea3-kae1b06'
    """
    coded = [cells.get(name) for name in CODED]
    rest = [cells[name] for name in cells if name not in CODED]
    return f"{_hash(coded)}-{_hash(rest)}"


def problem_of(cells: Mapping[str, str], names: Sequence[str]) -> str:
    """What is wrong with a row that was read, or nothing: also where it has no check.

    `names`: the columns of the export, without this one.
    """
    written = cells.get(ROW_CHECK)
    if not written:
        return ""
    if missing := [name for name in names if name not in cells]:
        sentence = _("the column %(name)s of the export is gone; put it back, or empty row_check")
        return sentence % {"name": missing[0]}
    coded, _dash, rest = row_check({name: cells[name] for name in names}).partition("-")
    was_coded, _dash, was_rest = written.partition("-")
    if coded != was_coded and rest != was_rest:
        return _("this row is not as it was exported; if that is meant, empty row_check in it")
    if coded != was_coded:
        return _("value or code is not as it was exported; if that is meant, empty row_check in this row")
    if rest != was_rest:
        return _(
            "one of the columns that say who, where and when is not as it was exported; if that is meant, "
            "empty row_check in this row"
        )
    return ""


def _hash(cells: Iterable[object]) -> str:
    """A letter first, so that no spreadsheet takes it for a number."""
    text = "\x1f".join("" if cell is None else str(cell) for cell in cells)
    return "k" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
