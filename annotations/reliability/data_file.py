"""reliability.csv: the units behind a report, and programs that compute alpha from the file.

One layout, whoever asks: a row per round, variable and unit, a column per coder. The file holds the units
exactly as the report compares them: missing codes are empty cells, and units for which a coder was not asked
a conditional question are left out. Free text is not in it: it may repeat personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from django.db.models import QuerySet
from django.template.loader import render_to_string

from ..codebooks.conversion import write_value
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Value
from ..common.cells import csv_lines
from ..models import Conversation, Message, Round
from .data import ReportScope, UnitsByCoders, coders_of, units_by_coders
from .report import coder_names, numbers_of, ordered_categories

LEADING = ("round", "variable", "scale", "level", "conversation_id", "message_id")
ABOUT = {
    "round": "round of coding",
    "variable": "key of the variable",
    "scale": "what the report's alpha measures by: nominal, ordinal, interval, ratio, or masi for sets",
    "level": "message or conversation",
    "conversation_id": "conversation",
    "message_id": "message; empty for a conversation",
}


class UnitNames(Protocol):
    """What conversations and messages are called in a file."""

    def conversation_name(self, conversation_id: int) -> str: ...

    def message_name(self, message_id: int | None) -> str: ...


class SourceNames:
    """The names that the source gave: keys of conversations, ids of messages."""

    def __init__(self, conversations: QuerySet[Conversation]) -> None:
        messages = Message.objects.filter(conversation__in=conversations).order_by()
        self._conversations = dict(conversations.values_list("pk", "key"))
        self._messages: dict[int | None, str] = dict(messages.values_list("pk", "external_id"))

    def conversation_name(self, conversation_id: int) -> str:
        return self._conversations[conversation_id]

    def message_name(self, message_id: int | None) -> str:
        return self._messages.get(message_id, "")


def reliability_data(round_: Round, selection: ReportScope) -> Iterator[str]:
    """Lines of the file for one round; coders go by pseudonym."""
    names = coder_names(round_.study_id, usernames=False)
    coder_ids = coders_of(round_, selection)
    header = (*LEADING, *(names[pk] for pk in coder_ids))
    conversations = Conversation.objects.filter(assignments__round=round_).distinct().order_by()
    return csv_lines(header, unit_rows(round_, selection, coder_ids, SourceNames(conversations)))


def lines_of(name: str, data: UnitsByCoders, coders: Sequence[str]) -> Iterator[str]:
    """Lines of the file for one variable that was not coded in a round; `coders`: their pseudonyms."""
    conversations = Conversation.objects.filter(pk__in={unit[0] for unit in data.units}).order_by()
    rows = _rows_of(name, data, data.coder_ids, SourceNames(conversations))
    return csv_lines((*LEADING, *coders), rows)


def unit_rows(
    round_: Round, selection: ReportScope, coder_ids: Sequence[int], names: UnitNames
) -> Iterator[tuple[object, ...]]:
    """Rows of the file; `coder_ids`: the coders of the columns, which may be more than this round has."""
    for data in units_by_coders(round_, selection):
        if not data.variable.of_kind.is_free:
            yield from _rows_of(round_.name, data, coder_ids, names)


def _rows_of(
    name: str, data: UnitsByCoders, coder_ids: Sequence[int], names: UnitNames
) -> Iterator[tuple[object, ...]]:
    variable = data.variable
    scale = variable.of_kind.distance(variable)
    for (conversation_id, message_id), row in zip(data.units, data.rows, strict=True):
        given = dict(zip(data.coder_ids, row, strict=True))
        yield (
            name,
            variable.key,
            scale,
            variable.level,
            names.conversation_name(conversation_id),
            names.message_name(message_id),
            *(as_cell(variable, given.get(pk)) for pk in coder_ids),
        )


def as_cell(variable: VariableSpec, value: Value | None) -> str | None:
    """A value in one cell. An empty choice reads `[]`, for an empty cell is a missing one."""
    return None if value is None else "|".join(write_value(variable, value)) or "[]"


def program(language: str, round_: Round) -> str:
    """A program in "python" or "r", without any package, that prints every alpha of the file."""
    orders, numbers = {}, {}
    for variable in lookup(round_.codebook_version_id).spec.variables:
        if variable.module not in round_.modules or variable.level == "span" or not variable.categories:
            continue
        categories = ordered_categories(variable)
        if variable.of_kind.distance(variable) == "ordinal":
            orders[variable.key] = categories
        elif codes := numbers_of(variable):
            numbers[variable.key] = dict(zip(categories, map(str, codes), strict=True))
    return render_to_string(
        f"annotations/reliability/alpha.{language}.txt",
        {"orders": orders, "numbers": numbers, "leading": LEADING},
    )
