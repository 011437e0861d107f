"""A recode round: exactly the units that a change touched are open again, all else is carried over.

A conversation in which one coder's answer is touched goes into the round for everybody who coded it, so that
agreement and final values see all of them: whoever has nothing to code again has a finished coding of
carried answers. The rounds that were coded stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Avg, Q, QuerySet
from django.utils.translation import gettext as _

from ..adjudication.resolve import Imported, settle_imported
from ..adjudication.units import Ruling, checked_unit
from ..codebooks.carrying import Carrier, VariableStep, asked_of_finished, carrier
from ..codebooks.conditions import looked_at
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import Missing
from ..coding.answers import rules_of
from ..coding.save import CarriedCoding, store_carried
from ..coding.units import units_of
from ..errors import BadInput
from ..finals.carried import carried_span, carried_value
from ..finals.settled import Settlement, SpanValue, settlements
from ..models import Assignment, Code, CodeCategory, Coding, Consensus, Round, Span, Study
from ..sampling.recoded import assign_again, recode_round
from .carried import Answers, carried_answers
from .touched import rounds_touched, standing

PORTION = 500


@dataclass
class RoundPlan:
    """What of one round is to be coded again. `open`: (coder, conversation) with something touched."""

    round: Round
    conversations: set[int] = field(default_factory=set)
    open: set[tuple[int, int]] = field(default_factory=set)
    codes: int = 0
    codings: int = 0
    """All that goes into the round, what is only taken along with it."""
    questions: int = 0
    """Units of which a new variable is asked."""
    seconds: float = 0

    @property
    def coders(self) -> set[int]:
        return {coder for coder, _conversation in self.open}

    @property
    def minutes_per_coder(self) -> int:
        """At the pace at which this round was coded; 0 where that is not known."""
        return round(len(self.open) / max(len(self.coders), 1) * self.seconds / 60)


def plan_recoding(study: Study, version_id: int | None = None) -> list[RoundPlan]:
    """Per round what a recode round with the study's version would hold; rounds without any left out."""
    target = version_id or study.codebook_version_id
    found = []
    for of_round in rounds_touched(study, target).select_related("study"):
        carried = carrier(of_round.codebook_version_id, target)
        plan = RoundPlan(of_round)
        if carried is not None:
            _find_touched(plan, carried, study, target)
        if plan.open:
            pace = Coding.objects.filter(assignment__round=of_round, active_seconds__gt=0)
            plan.seconds = pace.aggregate(mean=Avg("active_seconds"))["mean"] or 0
            found.append(plan)
    return found


def _find_touched(plan: RoundPlan, carried: Carrier, study: Study, target: int) -> None:
    book, spec = lookup(plan.round.codebook_version_id), lookup(target).spec
    variables, categories = set(), set()
    for key, variable in book.spec.by_key.items():
        if carried.key(key) not in spec.by_key:
            continue
        if any(step.every_code for step in _of_variable(carried, key)):
            variables.add(book.variable_ids[key])
        else:
            categories |= {
                book.category_ids[key, option]
                for option in variable.values
                if carried.category(key, option) is None
            }
    codings = standing(study, target).filter(assignment__round=plan.round)
    already = Assignment.objects.filter(round__recodes=plan.round, round__codebook_version_id=target)
    done = set(already.values_list("coder_id", "conversation_id"))
    valid = Q(missing__isnull=True) | Q(missing=int(Missing.UNDETERMINED))
    codes = Code.objects.filter(
        Q(category__in=categories) | (Q(variable__in=variables) & valid), coding__in=codings
    )
    several = CodeCategory.objects.filter(category__in=categories, code__coding__in=codings)
    place = ("coding__assignment__coder_id", "coding__assignment__conversation_id", "pk")
    rows = set(codes.order_by().values_list(*place))
    rows |= set(several.order_by().values_list(*(f"code__{name}" for name in place)))
    for coder, conversation, _code in rows:
        if (coder, conversation) not in done:
            plan.codes += 1
            plan.open.add((coder, conversation))
    _find_asked(plan, carried, codings.select_related("assignment"), done)
    plan.conversations = {conversation for _coder, conversation in plan.open}
    everybody = codings.filter(assignment__conversation__in=plan.conversations).order_by()
    places = set(everybody.values_list("assignment__coder_id", "assignment__conversation_id"))
    plan.codings = len(places - done)


def _find_asked(
    plan: RoundPlan, carried: Carrier, codings: QuerySet[Coding], done: Collection[tuple[int, int]]
) -> None:
    """Codings with a unit of which a variable is asked that was added since, and is for them too."""
    wanted = asked_of_finished(carried.source, carried.target)
    if not wanted:
        return
    rules, spec = rules_of(carried.target, plan.round.study.modules), lookup(carried.target).spec
    needed = set().union(*(looked_at(spec, spec.by_key[key].show_if) for key in wanted))
    places = codings.order_by("assignment__conversation", "pk").values_list("pk", flat=True)
    ids = list(places)
    for at in range(0, len(ids), PORTION):
        some = list(codings.filter(pk__in=ids[at : at + PORTION]))
        conversations = {row.assignment.conversation_id for row in some}
        answers = carried_answers(plan.round, carried, conversations, needed)
        for coding in units_of(some, answers):
            place = (coding.coder_id, coding.conversation_id)
            asked = sum(
                variable.key in wanted for _key, unit in coding.units for variable in rules.visible(unit)
            )
            if asked and place not in done:
                plan.questions += asked
                plan.open.add(place)


def _of_variable(carried: Carrier, key: str) -> Iterable[VariableStep]:
    for step in carried.steps:
        if key in step:
            yield step[key]
            key = step[key].key or key


@transaction.atomic
def recode(
    study_id: int, *, shows_old: bool, actor_id: int, on_share: Callable[[float], None] | None = None
) -> list[Round]:
    """Make the recode rounds for the study's version, or add to them what was finished since.

    `on_share` is told how much is done, 0 to 1. Raises BadInput where nothing is to be coded again.
    """
    study = Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    plans = plan_recoding(study)
    if not plans:
        raise BadInput(_("Nothing has to be coded again."))
    made, codings, done = [], sum(plan.codings for plan in plans), 0
    for plan in plans:
        plan.round.study = study
        name = _("%(round)s, again with %(version)s") % {
            "round": plan.round.name,
            "version": study.codebook_version.version,
        }
        new = recode_round(plan.round, name=name, shows_old=shows_old, actor_id=actor_id)
        for taken in _fill(study, plan, new, actor_id):
            done += taken
            if on_share:
                on_share(min(done / max(codings, 1), 1.0))
        made.append(new)
    return made


def _fill(study: Study, plan: RoundPlan, new: Round, actor_id: int) -> Iterator[int]:
    """Gives how many codings were taken along, each time some were."""
    carried = carrier(plan.round.codebook_version_id, new.codebook_version_id)
    assert carried is not None
    codings = {
        (row.assignment.coder_id, row.assignment.conversation_id): row
        for row in standing(study, new.codebook_version_id)
        .filter(assignment__round=plan.round, assignment__conversation__in=plan.conversations)
        .select_related("assignment")
        .prefetch_related("kept_contradictions")
    }
    assignments = assign_again(new, [row.assignment for row in codings.values()], actor_id=actor_id)
    for at in range(0, len(assignments), PORTION):
        some = assignments[at : at + PORTION]
        ids = {row.conversation_id for row in some}
        answers = carried_answers(plan.round, carried, ids)
        spans: dict[int, list[Span]] = defaultdict(list)
        for span in Span.objects.filter(
            coding__in=[row.pk for row in codings.values()], message__conversation__in=ids
        ):
            spans[span.coding_id].append(span)
        items = []
        for assignment in some:
            place = (assignment.coder_id, assignment.conversation_id)
            earlier = codings[place]
            is_open = place in plan.open
            items.append(
                CarriedCoding(
                    assignment,
                    earlier,
                    _kept(answers.get(earlier.pk, {}), is_open=is_open),
                    is_whole=not is_open,
                    spans=spans[earlier.pk],
                )
            )
        store_carried(new, items, actor_id=actor_id)
        yield len(items)
    _carry_settled(plan.round, carried, new, {row.conversation_id for row in assignments}, actor_id)


def _kept(answers: Answers, *, is_open: bool) -> Answers:
    """In a coding that is open again what was not asked or not coded may be asked now."""
    if not is_open:
        return answers
    gone = (Missing.NOT_APPLICABLE, Missing.NOT_CODED)
    return {
        unit: {key: value for key, value in given.items() if value not in gone}
        for unit, given in answers.items()
    }


def _carry_settled(source: Round, carried: Carrier, new: Round, ids: Collection[int], actor_id: int) -> None:
    """What supervisors decided of these conversations, where it has a counterpart; else it is open again."""
    book, target = lookup(source.codebook_version_id), lookup(new.codebook_version_id)
    rows = list(
        Consensus.objects.filter(round=source, conversation__in=ids).select_related("conversation", "message")
    )
    values = settlements(rows, book)
    items = []
    for row in rows:
        was = book.variables[row.variable_id].key
        key = carried.key(was)
        settlement = (
            _carried_settlement(carried, target, was, values[row.pk]) if key in target.spec.by_key else None
        )
        if settlement is None:
            continue
        unit = checked_unit(new, key, row.conversation, row.message)
        items.append(Imported(unit, Ruling(settlement, row.cause, row.reason), row.decided_at))
    settle_imported(new.study_id, items, actor_id=actor_id)


def _carried_settlement(
    carried: Carrier, target: Lookup, was: str, settlement: Settlement
) -> Settlement | None:
    if not isinstance(settlement, tuple):
        return carried_value(carried, target.spec, was, settlement)
    found: list[SpanValue] = []
    for span in settlement:
        moved = carried_span(carried, target.spec, was, span)
        if moved is None:
            return None
        found.append(moved)
    return tuple(sorted(found, key=lambda span: span.place))
