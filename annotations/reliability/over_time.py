"""Agreement by round, over the course of a round, and of each coder with themselves. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from ..agreement import Reliability
from ..codebooks.carrying import means_the_same
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Value
from ..coding.counted import counted_values
from ..models import Assignment, Round, Study
from .data import ReportScope, SpansByCoders, UnitsByCoders, data_of, spans_by_coders, units_by_coders
from .report import coder_names, measure, measure_spans
from .rounds import rounds_with_agreement
from .stored import report_for

PARTS = 4


@dataclass(frozen=True)
class Figure:
    """An alpha (None: not defined) and the units with two codes or more that it rests on."""

    alpha: float | None
    units: int


@dataclass(frozen=True)
class Part:
    """A stretch of a round: conversations in the order in which their second coder finished them."""

    conversations: frozenset[int]
    first: datetime
    last: datetime


@dataclass(frozen=True)
class WithThemselves:
    """One coder's codes of the same units in two rounds."""

    coder: str
    variable: VariableSpec
    rounds: tuple[str, str]
    result: Reliability


def parts_of(round_: Round, selection: ReportScope, parts: int = PARTS) -> list[Part]:
    """Conversations that two or more coders finished, cut by time in parts of equal size.

    Fewer parts where there are fewer conversations than two per part.
    """
    finished: dict[int, list[datetime]] = defaultdict(list)
    rows = round_.assignments.filter(coding__state="finished").order_by("coding__finished_at")
    if selection.coder_ids:
        rows = rows.filter(coder_id__in=selection.coder_ids)
    if selection.organisation_id is not None:
        rows = rows.filter(conversation__organisation_id=selection.organisation_id)
    for conversation_id, at in rows.values_list("conversation_id", "coding__finished_at"):
        if at is not None:  # so the state of a coding has it; types do not know
            finished[conversation_id].append(at)
    shared = sorted((times[1], pk) for pk, times in finished.items() if len(times) > 1)
    parts = min(parts, len(shared) // 2)
    cuts = [len(shared) * number // parts for number in range(parts + 1)] if parts > 1 else []
    return [
        Part(frozenset(pk for _, pk in shared[low:high]), shared[low][0], shared[high - 1][0])
        for low, high in pairwise(cuts)
    ]


def by_part(
    round_: Round, selection: ReportScope, parts: Sequence[Part], module: str = ""
) -> Iterator[tuple[VariableSpec, list[Figure]]]:
    """Per variable (of one module, where named) its alpha in every part, without intervals."""
    names = coder_names(round_.study_id, usernames=False)
    spans = spans_by_coders(round_, selection)
    if spans and module in ("", spans.variable.module):
        results = [measure_spans(_spans_in(spans, part), names, 0, 0).result for part in parts]
        yield spans.variable, [Figure(result.alpha, result.pairable_units) for result in results]
    spec = lookup(round_.codebook_version_id).spec
    keys = [v.key for v in spec.variables if v.reliability and v.module == module] if module else None
    for data in units_by_coders(round_, selection, variables=keys):
        own = [names[pk] for pk in data.coder_ids]
        found = [measure(_units_in(data, part), own, 0, 0) for part in parts]
        yield data.variable, [Figure(result.alpha, result.pairable_units) for result in found]


def by_round(study: Study) -> tuple[list[Round], dict[str, list[Figure | None]]]:
    """Rounds in which two or more coders finished the same conversation; per variable its alpha in each.

    None where the variable was not coded in that round, or its report is still being computed.
    """
    compared = [
        round_ for round_ in rounds_with_agreement(study).order_by("created_at", "id") if parts_exist(round_)
    ]
    found: dict[str, list[Figure | None]] = {}
    for place, round_ in enumerate(compared):
        for figures in report_for(round_, ReportScope()).result:
            row = found.setdefault(figures["key"], [None] * len(compared))
            row[place] = Figure(figures["alpha"], figures["pairable_units"])
    return compared, found


def parts_exist(round_: Round) -> bool:
    finished = round_.assignments.filter(coding__state="finished").order_by()
    pairs = finished.values_list("conversation_id", flat=True)
    return len(pairs) > len(set(pairs))


def with_themselves(study: Study) -> list[WithThemselves]:
    """Each coder's agreement with their own codes of the same units in an earlier round.

    The first two rounds in which a coder finished a conversation are compared, per pair of rounds.
    """
    twice: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    seen: dict[tuple[int, int], list[int]] = defaultdict(list)
    by_id = {round_.pk: round_ for round_ in rounds_with_agreement(study)}
    # Of rounds that count in no agreement, such as training, nothing is compared; and what is coded again
    # mostly holds the very answers that were carried over.
    rows = Assignment.objects.filter(round__in=by_id, round__recodes__isnull=True, coding__state="finished")
    ordered = rows.order_by("round__created_at", "round_id")
    for round_id, conversation_id, coder_id in ordered.values_list("round_id", "conversation_id", "coder_id"):
        seen[coder_id, conversation_id].append(round_id)
    for (coder_id, conversation_id), rounds in seen.items():
        if len(rounds) > 1:
            twice[coder_id, rounds[0], rounds[1]].add(conversation_id)
    names = coder_names(study.pk, usernames=False)
    found: list[WithThemselves] = []
    for (coder_id, first, second), conversations in sorted(twice.items(), key=lambda each: names[each[0][0]]):
        pair = by_id[first], by_id[second]
        found += _with_themselves(pair, coder_id, names[coder_id], conversations)
    return found


def _with_themselves(
    rounds: tuple[Round, Round], coder_id: int, name: str, conversations: set[int]
) -> Iterator[WithThemselves]:
    earlier, later = (lookup(round_.codebook_version_id).spec for round_ in rounds)
    wanted = [
        variable
        for variable in later.variables
        if variable.reliability
        and variable.level != "span"
        and not variable.of_kind.is_free
        and all(variable.module in round_.modules for round_ in rounds)
        and (before := earlier.by_key.get(variable.key)) is not None
        and (before.kind, before.values) == (variable.kind, variable.values)
        and means_the_same(variable.key, *(round_.codebook_version_id for round_ in rounds))
    ]
    given: dict[str, dict[tuple[int, int | None], dict[int, Value]]] = defaultdict(dict)
    for time, round_ in enumerate(rounds):
        keys = [variable.key for variable in wanted]
        for row in counted_values(round_, variables=keys, conversation_ids=conversations):
            if row.coder_id == coder_id:
                unit = (row.conversation_id, row.message_id)
                given[row.variable].setdefault(unit, {})[time] = row.value
    for variable in wanted:
        data = data_of(variable, [0, 1], given[variable.key])
        result = measure(data, [round_.name for round_ in rounds], 0, 0)
        if result.pairable_units:
            yield WithThemselves(name, variable, (rounds[0].name, rounds[1].name), result)


def _units_in(data: UnitsByCoders, part: Part) -> UnitsByCoders:
    kept = [index for index, (conversation, _) in enumerate(data.units) if conversation in part.conversations]
    return replace(data, units=[data.units[i] for i in kept], rows=[data.rows[i] for i in kept])


def _spans_in(data: SpansByCoders, part: Part) -> SpansByCoders:
    kept = [index for index, (conversation, _) in enumerate(data.units) if conversation in part.conversations]
    return replace(
        data,
        units=[data.units[i] for i in kept],
        lengths=[data.lengths[i] for i in kept],
        spans=[data.spans[i] for i in kept],
    )
