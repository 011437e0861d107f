"""A round's codes as reliability data: units by coders, per variable. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Length

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from ..coding.counted import counted_assignments, counted_values
from ..finals.of_round import Unit, coders_spans
from ..models import Membership, Message, Round


@dataclass(frozen=True)
class ReportScope:
    """What a report is about. Empty: everybody, every organisation, every conversation."""

    coder_ids: frozenset[int] = frozenset()
    organisation_id: int | None = None
    conversation_ids: frozenset[int] = frozenset()


@dataclass
class UnitsByCoders:
    """Codes of one variable. `rows[i][j]`: what coder j gave unit i, None where missing or not coded.

    `missing`: how often each missing code stands there; `missing_given`: how many of them a coder chose. The
    others were set because a question was not asked, or left open when the conversation was finished.
    `not_asked_units`: how many units are left out because a coder was not asked (97); those that remain are
    the ones on which the coders agree that the question applies.
    """

    variable: VariableSpec
    coder_ids: list[int]
    units: list[Unit] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    missing: dict[int, int] = field(default_factory=lambda: dict.fromkeys(map(int, Missing), 0))
    missing_given: int = 0
    not_asked_units: int = 0


@dataclass
class SpansByCoders:
    """Fragments of one round: a continuum per message that two or more coders read."""

    variable: VariableSpec
    coder_ids: list[int]
    units: list[Unit] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    spans: list[dict[int, list[tuple[int, int, str]]]] = field(default_factory=list)


def coders_of(round_: Round, selection: ReportScope) -> list[int]:
    """Coders with codings in the round that are counted, in the order of their pseudonyms."""
    ids = set(counted_assignments(round_).order_by().values_list("coder_id", flat=True).distinct())
    if selection.coder_ids:
        ids &= selection.coder_ids
    rows = Membership.objects.filter(study_id=round_.study_id, user_id__in=ids).order_by("pseudonym")
    return list(rows.values_list("user_id", flat=True))


def units_by_coders(
    round_: Round, selection: ReportScope, *, variables: Collection[str] | None = None
) -> Iterator[UnitsByCoders]:
    """Reliability data per message- and conversation-level variable, in the order of the codebook.

    Variables that the codebook keeps out of reliability are left out unless asked for by name.
    """
    codebook = lookup(round_.codebook_version_id)
    wanted = [variable for variable in codebook.spec.variables if _is_wanted(variable, round_, variables)]
    coder_ids = coders_of(round_, selection)
    conversations = _conversations(round_, selection)
    by_variable: dict[str, dict[Unit, dict[int, Value]]] = {variable.key: {} for variable in wanted}
    for row in counted_values(round_, variables=by_variable, conversation_ids=conversations):
        unit = (row.conversation_id, row.message_id)
        by_variable[row.variable].setdefault(unit, {})[row.coder_id] = row.value
    for variable in wanted:
        yield data_of(variable, coder_ids, by_variable.pop(variable.key))


def spans_by_coders(round_: Round, selection: ReportScope) -> SpansByCoders | None:
    """Fragments of messages that two or more of the coders read; None where the codebook marks none."""
    codebook: Lookup = lookup(round_.codebook_version_id)
    variable = codebook.type_variable
    if variable is None or not variable.reliability:
        return None
    data = SpansByCoders(variable, coders_of(round_, selection))
    readers: dict[int, list[int]] = defaultdict(list)
    conversations = _conversations(round_, selection)
    assignments = counted_assignments(round_).filter(coder_id__in=data.coder_ids)
    if conversations is not None:
        assignments = assignments.filter(conversation_id__in=conversations)
    for conversation_id, coder_id in assignments.order_by().values_list("conversation_id", "coder_id"):
        readers[conversation_id].append(coder_id)
    shared = {conversation_id for conversation_id, coders in readers.items() if len(coders) > 1}
    marked = coders_spans(round_, counted=True)
    messages = (
        Message.objects.filter(conversation__assignments__round=round_, state=Message.State.PRESENT)
        .annotate(length=Length("text"))
        .order_by("conversation__number", "position")
        .values_list("id", "conversation_id", "length")
        .distinct()
    )
    for message_id, conversation_id, length in messages:
        if conversation_id not in shared or not length:
            continue
        by_coder = marked.get((conversation_id, message_id), {})
        data.units.append((conversation_id, message_id))
        data.lengths.append(length)
        data.spans.append(
            {
                coder_id: [(span.start, span.end, span.category) for span in by_coder.get(coder_id, ())]
                for coder_id in readers[conversation_id]
            }
        )
    return data


def _is_wanted(variable: VariableSpec, round_: Round, variables: Collection[str] | None) -> bool:
    if variable.level == "span":
        return False
    if variables is not None:
        return variable.key in variables
    return variable.reliability and variable.module in round_.modules


def _conversations(round_: Round, selection: ReportScope) -> list[int] | None:
    if selection.conversation_ids:
        return sorted(selection.conversation_ids)
    if selection.organisation_id is None:
        return None
    rows = round_.assignments.filter(conversation__organisation_id=selection.organisation_id)
    return list(rows.order_by().values_list("conversation_id", flat=True).distinct())


def data_of(
    variable: VariableSpec, coder_ids: list[int], given: Mapping[Any, dict[int, Value]]
) -> UnitsByCoders:
    """Reliability data of the answers per unit, coder id -> value; units nobody validly coded fall out."""
    data = UnitsByCoders(variable, coder_ids)
    for unit, by_coder in given.items():
        codes: dict[int, Value] = {}
        for coder_id in coder_ids:
            if (value := by_coder.get(coder_id)) is None:
                continue
            missing = variable.of_kind.missing_meant(variable, value)
            codes[coder_id] = value if missing is None else missing
            if missing is not None:
                data.missing[int(missing)] += 1
                data.missing_given += value is Missing.UNDETERMINED or not isinstance(value, Missing)
        if variable.show_if and Missing.NOT_APPLICABLE in codes.values():
            data.not_asked_units += 1
            continue
        row = [codes.get(coder_id) for coder_id in coder_ids]
        row = [None if isinstance(code, Missing) else code for code in row]
        if any(code is not None for code in row):
            data.units.append(unit)
            data.rows.append(row)
    return data
