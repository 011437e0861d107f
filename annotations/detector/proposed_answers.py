"""What proposed answers do to coders: answers that confirm a proposal beside those given freely. Reads only.

A proposal follows from what the coder marked, so it is not drawn, as highlights are: the two groups of
answers are about other messages, and a difference between them need not come from the proposal. What is
counted are finished codings; one that was reopened after a decision is left out. Intervals are those of
`influence`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..coding.coded import CodedValue, coded_values
from ..coding.counted import frozen_in
from ..finals.of_round import SETTLED, final_values
from ..finals.of_study import counted_rounds
from ..models import Code, Round, Study
from .influence import Figure, figure

NO_ANSWER = (Missing.NOT_APPLICABLE, Missing.NOT_CODED)


@dataclass(frozen=True)
class ProposedAnswers:
    """Of one variable. Each figure is a share, by answers or by pairs of coders.

    `confirmed`: of the answers where something was proposed, those that took it. `agreement`: of the pairs
    of coders on one unit, those with the same answer; nothing was proposed to either, or at least one
    confirmed a proposal. `settled`: of the answers on which a supervisor decided, those equal to it.
    """

    variable: str
    free: int
    confirmed: Figure
    agreement_free: Figure
    agreement_confirmed: Figure
    settled_free: Figure
    settled_confirmed: Figure


@dataclass
class _Counted:
    """(conversation id, 1 or 0) for every answer or pair."""

    free: int = 0
    confirmed: list[tuple[int, float]] = field(default_factory=list)
    agreement: dict[bool, list[tuple[int, float]]] = field(default_factory=lambda: {True: [], False: []})
    settled: dict[bool, list[tuple[int, float]]] = field(default_factory=lambda: {True: [], False: []})


def proposed_answers(study: Study) -> list[ProposedAnswers]:
    """A row for every variable of which an answer was proposed, in the order of the codebook."""
    counted: dict[str, _Counted] = {}
    for round_ in counted_rounds(study):
        codebook = lookup(round_.codebook_version_id)
        proposed = Code.objects.filter(coding__assignment__round=round_, span=None).exclude(origin="")
        ids = set(proposed.order_by().values_list("variable_id", flat=True).distinct())
        keys = [key for key in codebook.spec.by_key if codebook.variable_ids[key] in ids]
        if keys:
            _count(round_, keys, counted)
    return [
        ProposedAnswers(
            key,
            tally.free,
            figure(tally.confirmed),
            figure(tally.agreement[False]),
            figure(tally.agreement[True]),
            figure(tally.settled[False]),
            figure(tally.settled[True]),
        )
        for key, tally in counted.items()
    ]


def _count(round_: Round, keys: Sequence[str], counted: dict[str, _Counted]) -> None:
    settled = {
        (final.variable, final.conversation_id, final.message_id): final.value
        for final in final_values(round_, variables=keys)
        if final.source == SETTLED
    }
    for (key, conversation_id, message_id), answers in _units(round_, keys):
        tally = counted.setdefault(key, _Counted())
        for answer in answers:
            took = answer.origin == Code.Origin.CONFIRMED
            tally.free += not answer.origin
            if answer.origin:
                tally.confirmed.append((conversation_id, float(took)))
            decided = settled.get((key, conversation_id, message_id))
            if decided is not None and answer.origin != Code.Origin.CHANGED:
                tally.settled[took].append((conversation_id, float(answer.value == decided)))
        for first, second in combinations(answers, 2):
            origins = {first.origin, second.origin}
            same = float(first.value == second.value)
            if Code.Origin.CONFIRMED in origins:
                tally.agreement[True].append((conversation_id, same))
            elif origins == {""}:
                tally.agreement[False].append((conversation_id, same))


def _units(
    round_: Round, keys: Sequence[str]
) -> Iterator[tuple[tuple[str, int, int | None], list[CodedValue]]]:
    """(variable, conversation id, message id) and what each coder answered."""
    frozen = set(frozen_in(round_).values_list("coding_id", flat=True))
    units: dict[tuple[str, int, int | None], list[CodedValue]] = defaultdict(list)
    for row in coded_values(round_, variables=keys):
        if row.coding_id not in frozen and row.value not in NO_ANSWER:
            units[row.variable, row.conversation_id, row.message_id].append(row)
    yield from units.items()
