"""What each column of a coded table holds: guessed from names and cells, and as a person chose it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ....codebooks.editing.keys import key_from
from ....codebooks.schema import CodebookSpec, VariableSpec
from ....importing.read.column_names import FIELDS, fold
from ....importing.read.columns import guess_columns
from ....importing.read.joined import parts_of_moment
from ....importing.read.presets import preset_for
from .meaning import NO, NOTHING, YES, Meanings
from .table import CodedTable

CODER, NEW, LEFT_OUT, VARIABLE = "coder", "new", "", "variable:"
NONE = "none"
"""The category beside the only one that a column knows."""
CODERS = frozenset(
    [
        "coder",
        "coder_id",
        "coded_by",
        "codeur",
        "codeur_id",
        "gecodeerd_door",
        "annotator",
        "annotator_id",
        "annotateur",
        "rater",
        "rater_id",
        "beoordelaar",
        "worker",
        "worker_id",
        "workerid",
    ]
)
NUMBERS = frozenset({"unnamed_0", "index", "rownames", "column_1", "nr", "rij", "row"})
"""Names of columns that only number the rows."""
LEVELS = ("message", "conversation")
MISSING = frozenset({"97", "98", "99"})
FEW = 12
MOST_CATEGORIES = 40
LONGEST_LABEL = 60
LOOKED_AT = 200


@dataclass(frozen=True)
class Choices:
    """`columns`: name of a column -> what it holds: a field of a message, `coder`, `new`, `variable:KEY`, or
    empty. `empty`: name -> the value that an empty cell stands for. `coder`: who coded all of it, where no
    column says so. `level`: what new variables are about.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)
    coder: str = ""
    level: str = "message"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def role(self, name: str) -> str:
        return self.columns.get(name, LEFT_OUT)

    def column_of(self, role: str) -> str:
        """The first column that holds it."""
        return next((name for name, held in self.columns.items() if held == role), "")


def guess(table: CodedTable, spec: CodebookSpec) -> Choices:
    """`spec`: the codebook in which variables are looked for."""
    names = list(table.header)
    guessed = guess_columns(names, preset_for(names))
    fields: dict[str, str] = {}
    for our in FIELDS:
        if our in guessed:
            fields.setdefault(names[guessed[our]], our)
    sample = [list(cells) for _line, cells in table.rows[:LOOKED_AT]]
    if moment := parts_of_moment(names, guessed, sample):
        fields |= {names[index]: "created_at" for index in moment}
    text = next((name for name, our in fields.items() if our == "text"), "") or _longest(table)
    columns: dict[str, str] = {}
    empty: dict[str, str] = {}
    for index, name in enumerate(names):
        known = variable_for(spec, name)
        if name == text:
            columns[name] = "text"
        elif fold(name) in CODERS:
            columns[name] = CODER
        elif known is not None:
            columns[name] = f"{VARIABLE}{known.key}"
        elif name in fields and fields[name] != "text":
            columns[name] = fields[name]
        elif _is_coded(table, index):
            columns[name] = NEW
        else:
            columns[name] = LEFT_OUT
        is_coded = columns[name] == NEW or known is not None
        if is_coded and (stands_for := _empty(table, index, known)):
            empty[name] = stands_for
    if list(columns.values()).count(CODER) > 1:
        first = next(name for name, role in columns.items() if role == CODER)
        columns |= {name: LEFT_OUT for name, role in columns.items() if role == CODER and name != first}
    return Choices(columns, empty)


def key_of(name: str) -> str:
    """The key that a variable made of the column gets."""
    return key_from(name) or key_from(f"column {name}") or "column"


def variable_for(spec: CodebookSpec, name: str) -> VariableSpec | None:
    """The variable that a column is named after, by its key or its label."""
    found = spec.by_key.get(key_of(name))
    if found is None:
        same = fold(name)
        labelled = (v for v in spec.variables if same and same in {fold(text) for text in v.label.values()})
        found = next(labelled, None)
    return found if found is not None and found.level in LEVELS else None


def kind_of(table: CodedTable, index: int) -> tuple[str, list[str]]:
    """The kind of variable that fits the cells of a column, and the cells that are its categories."""
    cells = _answers(table, index)
    distinct = list(cells)
    labels = table.of_program.labels.get(table.header[index], {}) if table.of_program else {}
    if labels:
        wanted = [cell for cell in labels if cell not in MISSING and not table.is_missing(index, cell)]
        words = {table.label(index, cell).casefold() for cell in wanted}
        if len(wanted) == 2 and words <= YES | NO:
            return "boolean", []
        both = [*wanted, *(cell for cell in distinct if cell not in labels)]
        return ("single", both) if len(both) <= MOST_CATEGORIES else ("number", [])
    if distinct and {cell.casefold() for cell in distinct} <= YES | NO:
        return "boolean", []
    numbers = [_number(cell) for cell in distinct]
    if distinct and None not in numbers:
        whole = all(number is not None and number == number.to_integral_value() for number in numbers)
        if len(distinct) > FEW or not whole:
            return "number", []
        return "single", sorted(distinct, key=float)
    few = max(FEW, min(MOST_CATEGORIES, sum(cells.values()) // 3))
    if distinct and len(distinct) <= few and max(map(len, distinct)) <= LONGEST_LABEL:
        return "single", sorted(distinct, key=str.casefold)
    return "text", []


def _answers(table: CodedTable, index: int) -> Counter[str]:
    """Cell -> how often, of those that are an answer."""
    found = Counter(map(str.strip, table.column(index)))
    return Counter(
        {
            cell: n
            for cell, n in found.items()
            if cell and cell not in MISSING and cell.casefold() not in NOTHING
            and not table.is_missing(index, cell)
        }
    )  # fmt: skip


def _number(cell: str) -> Decimal | None:
    try:
        found = Decimal(cell.replace(",", ".", 1))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _empty(table: CodedTable, index: int, variable: VariableSpec | None) -> str:
    """Where only one thing is ever ticked, an empty cell says that it is not so."""
    cells = _answers(table, index)
    if not cells or all(cell.strip() for cell in table.column(index)):
        return ""
    kind, categories = (variable.kind, []) if variable else kind_of(table, index)
    if kind == "boolean":
        return "no" if {cell.casefold() for cell in cells} <= YES else ""
    return NONE if len(categories) == 1 else ""


def _is_coded(table: CodedTable, index: int) -> bool:
    """Whether a column that we do not know looks as if it held codes: few values, or values with labels."""
    name = table.header[index]
    if fold(name) in NUMBERS or (table.of_program and table.of_program.labels.get(name)):
        return fold(name) not in NUMBERS
    cells = _answers(table, index)
    is_constant = len(cells) == 1 and sum(cells.values()) == len(table.rows)
    if not cells or (is_constant and not {cell.casefold() for cell in cells} <= YES | NO):
        return False
    kind, _categories = kind_of(table, index)
    if kind == "number":  # codes come back; what numbers rows and messages does not
        return len(cells) * 2 <= sum(cells.values())
    return kind in ("boolean", "single") and len(cells) < max(3, sum(cells.values()))


def _longest(table: CodedTable) -> str:
    """The column with the longest cells, if they are sentences."""
    means = [
        (sum(map(len, table.column(index))) / len(table.rows), name)
        for index, name in enumerate(table.header)
    ]
    length, name = max(means, default=(0, ""))
    return name if length > 25 else ""


def meanings_of(choices: Choices, spec: CodebookSpec, name: str) -> Meanings | None:
    """How the cells of a column are read; None where it is no variable of the codebook (yet)."""
    role = choices.role(name)
    key = role.removeprefix(VARIABLE) if role.startswith(VARIABLE) else key_of(name) if role == NEW else ""
    variable = spec.by_key.get(key)
    if variable is None or variable.level not in LEVELS:
        return None
    return Meanings(variable, choices.empty.get(name, ""))
