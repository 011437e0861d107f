"""What coders gave, as plain rows: for agreement, disagreements, results and export. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import QuerySet

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import Missing, Value
from ..models import Code, CodeCategory, Coding, Round

MISSING_OF = {int(code): code for code in Missing}


class CodedValue(NamedTuple):
    """One answer. `message_id` is None for the conversation, `span_id` None unless it is about a span.

    `origin`: whether something was proposed (`Code.Origin`).
    """

    coding_id: int
    coder_id: int
    conversation_id: int
    message_id: int | None
    span_id: int | None
    variable: str
    value: Value
    origin: str = ""

    @property
    def unit(self) -> tuple[str, int | None]:
        """What it is about, as a key of `coding.answers`."""
        if self.span_id is not None:
            return ("span", self.span_id)
        return ("message", self.message_id) if self.message_id is not None else ("conversation", None)


def codings_of(round_: Round, *, finished_only: bool = True) -> QuerySet[Coding]:
    """A round's codings. Blindness and agreement both ask for finished ones: an open one may still change."""
    codings = Coding.objects.filter(assignment__round=round_)
    return codings.filter(state=Coding.State.FINISHED) if finished_only else codings


def coded_values(
    round_: Round,
    *,
    variables: Collection[str] | None = None,
    conversation_ids: Collection[int] | None = None,
    coder_id: int | None = None,
    finished_only: bool = True,
) -> Iterator[CodedValue]:
    """A round's answers, ordered by variable, conversation, message and coder, in two queries.

    `variables` (keys), `conversation_ids` and `coder_id` narrow it. Missing codes are given as they are.
    """
    codebook = lookup(round_.codebook_version_id)
    codings = codings_of(round_, finished_only=finished_only)
    if conversation_ids is not None:
        codings = codings.filter(assignment__conversation_id__in=conversation_ids)
    if coder_id is not None:
        codings = codings.filter(assignment__coder_id=coder_id)
    codes = Code.objects.filter(coding__in=codings)
    if variables is not None:
        codes = codes.filter(variable_id__in=[codebook.variable_ids[key] for key in variables])
    choices = _choices(codes, codebook, variables)
    rows = codes.order_by(
        "variable__position",
        "coding__assignment__conversation__number",
        "message__position",
        "span__start",
        "span__number",
        "coding__assignment__coder_id",
    ).values_list(
        "id",
        "coding_id",
        "coding__assignment__coder_id",
        "coding__assignment__conversation_id",
        "message_id",
        "span_id",
        "variable_id",
        "category_id",
        "number",
        "text",
        "missing",
        "origin",
    )
    known = codebook.variables
    for row in rows.iterator(chunk_size=5000):
        pk, coding, coder, conversation, message, span, variable_id = row[:7]
        category, number, text, missing, origin = row[7:]
        variable = known[variable_id]
        value: Value
        if missing is not None:
            value = MISSING_OF[missing]
        elif category is not None:
            value = codebook.category_keys[category]
        elif variable.of_kind.column == "categories":
            value = frozenset(codebook.category_keys[each] for each in choices.get(pk, ()))
        else:
            value = text or "" if variable.of_kind.column == "text" else number.normalize()
        yield CodedValue(coding, coder, conversation, message, span, variable.key, value, origin)


def _choices(
    codes: QuerySet[Code], codebook: Lookup, variables: Collection[str] | None
) -> dict[int, set[int]]:
    """Category ids per multi answer."""
    keys = codebook.spec.by_key if variables is None else variables
    if not any(codebook.spec.by_key[key].of_kind.column == "categories" for key in keys):
        return {}
    found: dict[int, set[int]] = defaultdict(set)
    rows = CodeCategory.objects.filter(code__in=codes).order_by().values_list("code_id", "category_id")
    for code_id, category_id in rows.iterator(chunk_size=10_000):
        found[code_id].add(category_id)
    return found
