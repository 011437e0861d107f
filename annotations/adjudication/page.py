"""Everything the settling page shows about one unit. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..codebooks.language import in_language
from ..codebooks.schema import VariableSpec
from ..finals.given import Coder, Given, coders_of, given_for, groups
from ..finals.of_round import Key
from ..finals.settled import Settlement, settlements
from ..finals.thread import Line, lanes_of, load_lines
from ..finals.wording import settlement_label
from ..models import Consensus, Decision
from .fragments import from_json, read_spans
from .options import Options, options
from .units import DecisionUnit


@dataclass(frozen=True)
class Past:
    """One decision of the history."""

    decision: Decision
    label: str


@dataclass(frozen=True)
class Parent:
    """A variable on which this one depends: what was settled, else what coders gave."""

    key: Key
    label: str
    settled: str = ""
    given: str = ""
    differs: bool = False


@dataclass
class Page:
    """`current` is what stands; `agreed`: the coders do not differ (yet, or any more)."""

    unit: DecisionUnit
    lines: list[Line]
    is_masked: bool
    coders: list[Coder]
    options: Options
    parents: list[Parent]
    consensus: Consensus | None
    current: str
    history: list[Past]
    agreed: bool

    @property
    def level(self) -> str:
        """How the address of the page names the unit."""
        return "message" if self.unit.message else "conversation"

    @property
    def unit_id(self) -> int:
        return self.unit.message.pk if self.unit.message else self.unit.conversation.pk

    @property
    def is_settled(self) -> bool:
        return self.consensus is not None and self.consensus.withdrawn_at is None

    @property
    def revision(self) -> int:
        return self.consensus.revision if self.consensus else 0


def key_of(unit: DecisionUnit) -> Key:
    return unit.variable.key, unit.conversation.pk, unit.message.pk if unit.message else None


def load_page(
    unit: DecisionUnit, language: str, *, revealed: bool = False, sent: Settlement | None = None
) -> Page:
    """The page of a unit, in a constant number of queries; `sent` is a choice that was refused."""
    key = key_of(unit)
    parents = _parent_keys(unit)
    given = given_for(unit.round, [key, *parents])
    mine = given[key]
    coders = coders_of(unit.round, key, mine)
    rows = _rows(unit, [key, *parents])
    consensus = rows.get(key)
    settled = settlements([*rows.values()], unit.codebook)
    stands = consensus is not None and consensus.withdrawn_at is None
    current = settled[consensus.pk] if consensus and stands else None
    lines, is_masked = load_lines(
        unit.round.study, unit.conversation, unit.message, lanes_of(mine, coders), revealed=revealed
    )
    line = next((line for line in lines if line.is_current), None)
    return Page(
        unit=unit,
        lines=lines,
        is_masked=is_masked,
        coders=sorted(coders.values(), key=lambda coder: coder.number),
        options=options(
            unit,
            mine,
            coders,
            current if sent is None else sent,
            line.quote if line else lambda start, end: "",
            language,
        ),
        parents=[_parent(unit, place, given[place], rows, settled, language) for place in parents],
        consensus=consensus,
        current="" if current is None else settlement_label(unit.codebook, unit.variable, current, language),
        history=_history(unit, consensus, language),
        agreed=len(groups(mine)) < 2,
    )


def _parent_keys(unit: DecisionUnit) -> list[Key]:
    """The variables in this one's `show_if` that are asked of the same unit."""
    message = unit.message.pk if unit.message else None
    return [
        (key, unit.conversation.pk, message)
        for key in unit.variable.show_if
        if unit.codebook.spec.by_key[key].level == unit.variable.level != "span"
    ]


def _rows(unit: DecisionUnit, keys: Sequence[Key]) -> dict[Key, Consensus]:
    """The rows of these variables of the unit; withdrawn ones too."""
    names = {unit.codebook.variable_ids[key[0]]: key for key in keys}
    rows = Consensus.every.filter(
        round=unit.round, conversation=unit.conversation, message=unit.message, variable_id__in=names
    ).select_related("decided_by")
    return {names[row.variable_id]: row for row in rows}


def _parent(
    unit: DecisionUnit,
    key: Key,
    given: Given,
    rows: dict[Key, Consensus],
    settled: dict[int, Settlement],
    language: str,
) -> Parent:
    variable: VariableSpec = unit.codebook.spec.by_key[key[0]]
    row = rows.get(key)
    apart = groups(given)
    words = [settlement_label(unit.codebook, variable, value, language) for value, _coders in apart]
    return Parent(
        key,
        in_language(variable.label, language),
        settlement_label(unit.codebook, variable, settled[row.pk], language)
        if row and not row.withdrawn_at
        else "",
        " · ".join(words),
        len(apart) > 1,
    )


def _history(unit: DecisionUnit, consensus: Consensus | None, language: str) -> list[Past]:
    if consensus is None:
        return []
    rows = consensus.decisions.select_related("decided_by").order_by("-revision")
    return [Past(row, decision_label(unit, row, language)) for row in rows]


def decision_label(unit: DecisionUnit, decision: Decision, language: str) -> str:
    """What a decision said, in words."""
    is_set = unit.variable.level == "span"
    value = read_spans(decision.value) if is_set else from_json(unit.variable, decision.value)
    return settlement_label(unit.codebook, unit.variable, value, language)
