"""What a contradiction or a condition of a draft would hit in what was coded so far. Reads only.

The finished answers are read in the words of the draft, and asked the very questions that the coding screen
would ask. A study that is very large is looked at in part, and the page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ..codebooks.carrying import VariableStep, carrier, steps_of
from ..codebooks.conditions import CodedUnit, Rules, looked_at
from ..codebooks.consistency import Consistency
from ..codebooks.document import Document
from ..codebooks.lookup import lookup
from ..codebooks.schema import CodebookSpec
from ..codebooks.values import Missing, Value
from ..coding.answers import UnitKey
from ..coding.coded import coded_values
from ..coding.units import Answers, units_of
from ..models import Coding, Conversation, Round, Study
from .publish import Checked
from .touched import rounds_touched, standing

MOST_CODINGS = 5_000
SHOWN = 12
RULE, QUESTION = "rule", "question"


@dataclass(frozen=True)
class Hits:
    """`units`: where the rule holds, or the question is asked; `of_units`: units of that level in all.

    `hidden`: units with an answer to the question that the condition would hide. `conversations`: some of
    those that are hit, or that hold a hidden answer. `can_count` is false while the draft has mistakes.
    """

    kind: str
    can_count: bool = True
    units: int = 0
    of_units: int = 0
    in_conversations: int = 0
    hidden: int = 0
    conversations: tuple[Conversation, ...] = ()
    codings: int = 0
    is_part: bool = False


def hits(study: Study, version_id: int, checked: Checked, document: Document, item: str) -> Hits | None:
    """What the rule `item` of the draft hits, or of what the variable `item` is asked; None for neither."""
    rule = next((each for each in document.get("consistency", []) if each["_id"] == item), None)
    variable = next((each for each in document["variables"] if each["_id"] == item), None)
    if rule is None and not (variable and variable.get("show_if")):
        return None
    kind = RULE if rule else QUESTION
    if checked.faults:
        return Hits(kind, can_count=False)
    spec = checked.spec
    rules = Rules(spec, {module.key for module in spec.modules})
    counting = _Counting()
    if rule:
        key = rule["key"]
        about = next(each for each in spec.consistency if each.key == key)
        needed = looked_at(spec, about.when)
        consistency = Consistency(spec, rules)
        tests: Callable[[CodedUnit], bool] = lambda unit: any(  # noqa: E731
            each.key == key for each in consistency.contradictions(unit)
        )
        level = about.level
    else:
        assert variable is not None
        key = variable["key"]
        asked = spec.by_key[key]
        needed, level = looked_at(spec, asked.show_if) | {key}, asked.level
        tests = lambda unit: any(each.key == key for each in rules.visible(unit))  # noqa: E731
    steps = steps_of(checked.changes)
    codings = 0
    for round_ in rounds_touched(study, version_id):
        rows = standing(study, version_id).filter(assignment__round=round_).select_related("assignment")
        some = list(rows.order_by("pk")[: MOST_CODINGS - codings])
        codings += len(some)
        answers = _answers(round_, version_id, steps, spec, needed, some)
        for coding in units_of(some, answers):
            for _key, unit in coding.units:
                if unit.level == level:
                    counting.look(unit, coding.conversation_id, tests(unit), key if kind == QUESTION else "")
    return counting.told(study, kind, codings, is_part=codings == MOST_CODINGS)


class _Counting:
    def __init__(self) -> None:
        self.units = self.of_units = self.hidden = 0
        self.hit: dict[int, None] = {}
        self.hides: dict[int, None] = {}

    def look(self, unit: CodedUnit, conversation_id: int, holds: bool, question: str) -> None:
        self.of_units += 1
        if holds:
            self.units += 1
            self.hit[conversation_id] = None
        elif question and not isinstance(unit.answers.get(question, Missing.NOT_CODED), Missing):
            self.hidden += 1
            self.hides[conversation_id] = None

    def told(self, study: Study, kind: str, codings: int, *, is_part: bool) -> Hits:
        shown = self.hides if kind == QUESTION else self.hit
        found = study.conversations.filter(pk__in=list(shown)).order_by("number")[:SHOWN]
        return Hits(
            kind,
            units=self.units,
            of_units=self.of_units,
            in_conversations=len(self.hit),
            hidden=self.hidden,
            conversations=tuple(found),
            codings=codings,
            is_part=is_part,
        )


def _answers(
    round_: Round,
    version_id: int,
    steps: Mapping[str, VariableStep],
    spec: CodebookSpec,
    needed: Collection[str],
    codings: Collection[Coding],
) -> Mapping[int, Answers]:
    """Coding -> its answers to the needed variables, in the words of the draft."""
    carried = carrier(round_.codebook_version_id, version_id)
    names: dict[str, tuple[str, str]] = {}
    for was in lookup(round_.codebook_version_id).spec.by_key:
        base = carried.key(was) if carried else was
        step = steps.get(base)
        key = step.key if step else base
        if key in needed and key in spec.by_key:
            names[was] = (base, key)
    found: dict[int, dict[UnitKey, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
    conversations = {row.assignment.conversation_id for row in codings}
    for row in coded_values(round_, variables=list(names), conversation_ids=conversations):
        base, key = names[row.variable]
        value = carried.value(row.variable, row.value) if carried else row.value
        if value is not None and base in steps:
            value = steps[base].value(value)
        if value is None:
            continue
        found[row.coding_id][row.unit][key] = value
    return found
