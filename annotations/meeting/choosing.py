"""Which differences are worth an hour, and what may be shown in a room. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..adjudication.disagreements import Filter, disagreement_list
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..finals.given import Given, given_for, groups
from ..finals.of_round import Key
from ..finals.settled import as_json
from ..models import Assignment, Coding, Question, Round, Study
from ..questions.seen import questions_of
from ..reliability.alphas import alphas_of
from ..reliability.rounds import rounds_with_agreement

TELLING, ALPHA = "telling", "alpha"
ORDERS = (TELLING, ALPHA)
MOST = 20
"""Cases of a meeting: more do not fit an hour, nor two pages."""
LOOKED_AT = 3_000
"""Differences that are weighed; of more the first, least agreed variable first."""
QUESTIONS = 25

Counts = list[list[Any]]
"""[[value as JSON, how many coders gave it]], the most given first."""


@dataclass(frozen=True)
class Wish:
    """What a supervisor asks for: of these variables (none: of all) so many, and these questions."""

    round_id: int | None
    variables: tuple[str, ...] = ()
    order: str = TELLING
    count: int = 8
    questions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A difference for the agenda."""

    key: Key
    given: Counts


@dataclass(frozen=True)
class Choice:
    """One variable to choose, with how many open differences it has and its alpha."""

    key: str
    label: str
    count: int
    alpha: float | None


def rounds_to_discuss(study: Study) -> list[Round]:
    """Newest first. Not training, and not units that come back or are shared unrecognisably: coders must not
    learn which these are."""
    rounds = rounds_with_agreement(study).exclude(kind=Round.Kind.REPEAT).filter(woven_into__isnull=True)
    return list(rounds.select_related("study").order_by("-created_at", "-id"))


def still_coding(study_id: int, conversation_ids: Collection[int]) -> set[int]:
    """Of these conversations those that somebody still has to code or to finish, in whatever round.

    What is said of them in a room would be heard by who is to judge them alone.
    """
    waiting = Assignment.objects.filter(round__study_id=study_id, conversation_id__in=conversation_ids)
    return set(
        waiting.exclude(coding__state=Coding.State.FINISHED)
        .order_by()
        .values_list("conversation_id", flat=True)
    )


def choices(round_: Round, language: str) -> list[Choice]:
    """The variables with open differences, the lowest alpha first."""
    codebook = lookup(round_.codebook_version_id)
    counts: dict[str, int] = {}
    for row in disagreement_list(round_, Filter()).rows:
        counts[row.variable] = counts.get(row.variable, 0) + 1
    alphas = alphas_of(round_, counts)
    found = [
        Choice(key, in_language(codebook.spec.by_key[key].label, language), n, alphas.get(key))
        for key, n in counts.items()
    ]
    return sorted(found, key=lambda choice: (2.0 if choice.alpha is None else choice.alpha, choice.label))


def open_questions(study: Study) -> list[Question]:
    """The oldest open ones that may be spoken of; objections of a training stay there."""
    rows = questions_of(study.pk).filter(
        state=Question.State.OPEN, assignment__round__in=[row.pk for row in rounds_to_discuss(study)]
    )
    found = list(rows.order_by("asked_at", "id")[: 4 * QUESTIONS])
    waiting = still_coding(study.pk, {row.assignment.conversation_id for row in found})
    return [row for row in found if row.assignment.conversation_id not in waiting][:QUESTIONS]


def choose(round_: Round, wish: Wish, *, without: Collection[Key] = ()) -> tuple[list[Chosen], int]:
    """The differences for a wish, best first, and how many were left out as somebody still codes them.

    Most telling: the most coders outside the largest group, then the most different answers. Lowest alpha:
    the same within each variable. `without`: what is on the agenda already.
    """
    rows = disagreement_list(round_, Filter()).rows
    wanted = set(wish.variables)
    keys = [row.key for row in rows if (not wanted or row.variable in wanted) and row.key not in set(without)]
    waiting = still_coding(round_.study_id, {key[1] for key in keys})
    free = [key for key in keys if key[1] not in waiting][:LOOKED_AT]
    given = given_for(round_, free)
    alphas = alphas_of(round_, {key[0] for key in free}) if wish.order == ALPHA else {}
    places = {key: place for place, key in enumerate(free)}

    def order(key: Key) -> tuple[float, ...]:
        sizes = sorted((len(coders) for _value, coders in groups(given[key])), reverse=True)
        alpha = alphas.get(key[0])
        worst = 0.0 if wish.order != ALPHA else 2.0 if alpha is None else alpha
        return worst, -sum(sizes[1:]), -len(sizes), places[key]

    best = sorted(free, key=order)[: max(0, min(wish.count, MOST))]
    return [Chosen(key, counts_of(given[key])) for key in best], len(keys) - len(
        [key for key in keys if key[1] not in waiting]
    )


def counts_of(given: Given) -> Counts:
    """How often each answer was given, without who gave it."""
    found: Counts = [[as_json(value), len(coders)] for value, coders in groups(given)]
    return sorted(found, key=lambda pair: (-pair[1], str(pair[0])))


def counts_for(round_: Round, keys: Sequence[Key]) -> dict[Key, Counts]:
    return {key: counts_of(given) for key, given in given_for(round_, keys).items()}


def key_of_question(question: Question) -> Key | None:
    """The unit that a question is about, where its variable is asked of one."""
    if question.variable is None:
        return None
    assignment = question.assignment
    codebook = lookup(assignment.round.codebook_version_id)
    spec = codebook.spec.by_key.get(question.variable.key)
    if spec is None or (spec.level == "span" and spec is not codebook.type_variable):
        return None
    message = None if spec.level == "conversation" else question.message_id
    if spec.level != "conversation" and message is None:
        return None
    return spec.key, assignment.conversation_id, message


def keys_by_round(pairs: Iterable[tuple[Round, Key]]) -> dict[Round, list[Key]]:
    found: dict[Round, list[Key]] = {}
    for round_, key in pairs:
        found.setdefault(round_, []).append(key)
    return found
