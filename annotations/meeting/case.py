"""Everything the wall, or a coder's own screen, shows of one case; nobody's name is read. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from ..adjudication.fragments import from_json, read_spans
from ..adjudication.options import OTHER, Fragment, GivenValue, dumps, options
from ..adjudication.units import DecisionUnit
from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing
from ..finals.given import Coder, Given, given_for, groups, shown_order
from ..finals.settled import settlements
from ..finals.thread import Line, lanes_of, load_lines
from ..finals.wording import category_label, settlement_label, value_label
from ..models import Consensus, MeetingCase, Vote
from .choosing import counts_of, key_of_question
from .outcome import unit_of

DOTS = 8
"""More votes than these are a number."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Answer:
    """One answer to vote for; `key` is the digit that does it, if there is one. `letters`: who gave it first,
    in an order that is another for each case."""

    sent: str
    label: str
    key: int | None
    definition: str
    first: int
    letters: tuple[str, ...]
    votes: int
    fragments: tuple[Fragment, ...] = ()
    leads: bool = False
    is_other: bool = False

    @property
    def first_dots(self) -> tuple[str, ...]:
        return self.letters if self.first <= DOTS else ()

    @property
    def vote_dots(self) -> range:
        return range(self.votes if self.votes <= DOTS else 0)


@dataclass
class Shown:
    """`settled` is what stands of the unit now, wherever it was decided.

    `changed`: coders gave something else since the agenda was made.
    """

    case: MeetingCase
    unit: DecisionUnit | None
    label: str
    texts: dict[str, str]
    lines: list[Line]
    is_masked: bool
    answers: list[Answer]
    coders: int
    voted: int
    consensus: Consensus | None
    settled: str
    changed: bool
    agreed: bool

    @property
    def level(self) -> str:
        """How the desk's address names the unit."""
        return "message" if self.case.message_id else "conversation"

    @property
    def unit_id(self) -> int:
        return self.case.message_id or self.case.conversation_id

    @property
    def standing(self) -> int:
        return self.consensus.revision if self.consensus else 0

    @property
    def is_settled(self) -> bool:
        return self.consensus is not None and self.consensus.withdrawn_at is None

    @property
    def settled_elsewhere(self) -> bool:
        """The decision that stands is not the one that this meeting took."""
        decision = self.case.decision
        own = decision and (decision.consensus_id, decision.revision)
        return self.is_settled and self.consensus is not None and own != (self.consensus.pk, self.standing)

    @property
    def taken_back(self) -> bool:
        return self.case.decision is not None and not self.is_settled

    @property
    def sent(self) -> set[str]:
        """What may be voted for."""
        return {answer.sent for answer in self.answers}

    @property
    def line(self) -> Line | None:
        return next((line for line in self.lines if line.is_current), None)

    @property
    def answer(self) -> str:
        """The answer that leads the vote, as the form sends it."""
        return next((answer.sent for answer in self.answers if answer.leads), "")


def load_case(case: MeetingCase, language: str, *, revealed: bool = False) -> Shown:
    """A case in a constant number of queries."""
    book = lookup(case.round.codebook_version_id)
    key = key_of_question(case.question) if case.question else None
    unit = unit_of(case) if case.question is None else None
    if unit is not None:
        key = (unit.variable.key, unit.conversation.pk, case.message_id)
    given = given_for(case.round, [key])[key] if key else {}
    order = shown_order(f"meeting:{case.pk}", key, list(given)) if key else ()
    coders = {pk: Coder(number, "", "") for number, pk in enumerate(order, 1)}
    lines, masked = load_lines(
        case.round.study, case.conversation, case.message, lanes_of(given, coders), revealed=revealed
    )
    line = next((line for line in lines if line.is_current), None)
    tally = tallies([case])[case.pk].get(case.ballot, {})
    answers = _answers(unit, given, coders, tally, line, language) if unit else []
    consensus = None if unit is None else Consensus.every.filter(pk=getattr(unit.known(), "pk", 0)).first()
    settled = ""
    if unit and consensus and consensus.withdrawn_at is None:
        value = settlements([consensus], unit.codebook)[consensus.pk]
        settled = settlement_label(unit.codebook, unit.variable, value, language)
    spec = book.variables[case.variable_id] if case.variable_id else None
    return Shown(
        case=case,
        unit=unit,
        label=in_language(spec.label, language) if spec else _("Question"),
        texts={
            name: in_language(getattr(spec, name), language) if spec else ""
            for name in ("definition", "include", "exclude", "example")
        },
        lines=lines,
        is_masked=masked,
        answers=answers,
        coders=len(given),
        voted=sum(tally.values()),
        consensus=consensus,
        settled=settled,
        changed=bool(key) and counts_of(given) != case.given,
        agreed=unit is not None and len(groups(given)) < 2,
    )


def tallies(cases: Sequence[MeetingCase]) -> dict[int, dict[int, dict[str, int]]]:
    """Case id -> ballot -> answer -> votes, in one query; who voted is not read."""
    found: dict[int, dict[int, dict[str, int]]] = {case.pk: {} for case in cases}
    rows = Vote.objects.filter(case__in=cases).order_by().values_list("case_id", "ballot", "value")
    for case_id, ballot, value, votes in rows.annotate(n=Sum("count")):
        if votes:
            found[case_id].setdefault(ballot, {})[value] = votes
    return found


def label_of(codebook: Lookup, variable: VariableSpec, written: Any, language: str) -> str:
    """A stored answer in words."""
    value = read_spans(written) if variable.level == "span" else from_json(variable, written)
    return settlement_label(codebook, variable, value, language)


def letter(number: int) -> str:
    """1 is A, 27 is AA."""
    before, place = divmod(number - 1, len(LETTERS))
    return (LETTERS[before - 1] if before else "") + LETTERS[place]


def _answers(
    unit: DecisionUnit,
    given: Given,
    coders: dict[int, Coder],
    tally: dict[str, int],
    line: Line | None,
    language: str,
) -> list[Answer]:
    """Every category of a single choice in the order of the codebook; of other kinds what was given."""
    quote = line.quote if line else lambda start, end: ""
    found = options(unit, given, coders, None, quote, language).given_values
    variable = unit.variable
    known = {value.sent for value in found}
    if variable.options and not variable.of_kind.takes_several and variable.level != "span":
        rest = [
            GivenValue(
                dumps(key), category_label(variable, key, language), 0, _definition(variable, key, language)
            )
            for key in variable.values
            if dumps(key) not in known
        ]
        code = Missing.UNDETERMINED
        own = {category.code for category in variable.categories}
        if int(code) not in own and dumps(code) not in known:
            rest.append(GivenValue(dumps(code), value_label(unit.codebook, variable, code, language), 0))
        places = {dumps(key): place for place, key in enumerate(variable.values)}
        found = sorted([*found, *rest], key=lambda value: places.get(value.sent, len(places)))
    most = max(tally.values(), default=0)
    leading = [sent for sent, votes in tally.items() if votes == most]
    answers = [
        Answer(
            sent=value.sent,
            label=value.label,
            key=number if number < 10 else None,
            definition=value.definition,
            first=len(value.coders),
            letters=tuple(letter(coder.number) for coder in value.coders),
            votes=tally.get(value.sent, 0),
            fragments=value.fragments,
            leads=leading == [value.sent],
        )
        for number, value in enumerate(found, 1)
    ]
    number = len(answers) + 1
    other = Answer(
        OTHER,
        _("Something else"),
        number if number < 10 else None,
        "",
        0,
        (),
        tally.get(OTHER, 0),
        is_other=True,
    )
    return [*answers, other]


def _definition(variable: VariableSpec, key: str, language: str) -> str:
    category = variable.by_key.get(key)
    return in_language(category.definition, language) if category else ""
