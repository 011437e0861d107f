"""The final values of a whole study: a unit counts once, however many rounds coded it. Reads only.

Of the rounds that count, the last one in which a unit was answered decides, alone: where its coders differ
and nobody decided, the unit is unresolved, whatever an earlier round said. "Not coded" (99) is no answer: a
later round that did not ask a question leaves the earlier answer as it was. A round that codes again decides
on a conversation once all of its coders finished it there: until then some have only what was carried over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain

from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..models import Round, Span, Study
from .carried import asked_as, in_version
from .of_round import SETTLED, FinalValue, Key, final_spans, final_values, finished_by

COUNTED = (Round.Kind.RELIABILITY, Round.Kind.MAIN, Round.Kind.DRIFT, Round.Kind.RECODE)
"""Training and pilot do not count."""


def key_of(final: FinalValue) -> Key:
    return final.variable, final.conversation_id, final.message_id


def counted_rounds(study: Study) -> list[Round]:
    """The rounds that count, in the order in which they were made."""
    return list(study.rounds.filter(kind__in=COUNTED).order_by("created_at", "id"))


def being_coded_again(round_: Round, conversation_ids: Collection[int] | None = None) -> set[int]:
    """Conversations of a round that codes again in which a coder has not finished yet."""
    if round_.recodes_id is None:
        return set()
    rows = round_.assignments.exclude(coding__state="finished")
    if conversation_ids is not None:
        rows = rows.filter(conversation_id__in=conversation_ids)
    return set(rows.order_by().values_list("conversation_id", flat=True))


def rounds_with_fragments(rounds: Collection[Round]) -> list[Round]:
    """Those in which coders were asked to mark, or a file brought fragments."""
    return [round_ for round_ in rounds if _marks_fragments(round_)]


def study_values(
    rounds: Collection[Round],
    *,
    variables: Collection[str] | None = None,
    conversation_ids: Collection[int] | None = None,
) -> Iterator[FinalValue]:
    """One final value per unit of the message- and conversation-level variables, in no order.

    Values are in the words of the study's codebook version (`carried`). `rounds`: what
    `counted_rounds` gives.
    """
    several = _in_several(rounds, conversation_ids)
    answered: set[Key] = set()
    not_coded: dict[Key, FinalValue] = {}
    for round_ in reversed([*rounds]):
        target = round_.study.codebook_version_id
        waits = being_coded_again(round_, conversation_ids)
        asked = variables if variables is None else asked_as(round_, target, variables)
        for own in final_values(round_, variables=asked, conversation_ids=conversation_ids):
            if own.conversation_id in waits and own.source != SETTLED:
                continue
            final = in_version(own, round_, target)
            key = key_of(final)
            if final.conversation_id not in several:
                yield final
            elif key not in answered:
                if final.value is Missing.NOT_CODED and final.source != SETTLED:
                    not_coded.setdefault(key, final)
                else:
                    answered.add(key)
                    yield final
    yield from (final for key, final in not_coded.items() if key not in answered)


def study_spans(
    rounds: Collection[Round], *, conversation_ids: Collection[int] | None = None
) -> Iterator[FinalValue]:
    """The final fragments of messages that have any, or on which coders differ, each message once.

    A message in which the last round that marks fragments found none is not among them, even if an earlier
    round did find some. `rounds`: what `counted_rounds` gives.
    """
    rounds = rounds_with_fragments(rounds)
    several = _in_several(rounds, conversation_ids)
    read: set[int] = set()
    settled: set[int | None] = set()
    for round_ in reversed(rounds):
        waits = being_coded_again(round_, conversation_ids)
        for own in final_spans(round_, conversation_ids=conversation_ids):
            if own.conversation_id in waits and own.source != SETTLED:
                continue
            final = in_version(own, round_, round_.study.codebook_version_id)
            if final.conversation_id not in read and final.message_id not in settled:
                yield final
                if final.conversation_id in several:
                    settled.add(final.message_id)
        if several:
            read |= finished_by(round_, conversation_ids=conversation_ids).keys() - waits


def deciding_rounds(rounds: Collection[Round], conversation_ids: Collection[int]) -> dict[Key, int]:
    """Per unit of these conversations the id of the round whose value counts."""
    found = chain(
        study_values(rounds, conversation_ids=conversation_ids),
        study_spans(rounds, conversation_ids=conversation_ids),
    )
    return {key_of(final): final.round_id for final in found}


def _in_several(rounds: Collection[Round], conversation_ids: Collection[int] | None) -> set[int]:
    """Ids of the conversations that more than one of these rounds holds a value of."""
    if len(rounds) < 2:
        return set()
    held: Counter[int] = Counter()
    for round_ in rounds:
        ids: set[int] = set()
        for rows in (round_.assignments.filter(coding__state="finished"), round_.consensus.all()):
            if conversation_ids is not None:
                rows = rows.filter(conversation_id__in=conversation_ids)
            ids |= set(rows.order_by().values_list("conversation_id", flat=True))
        held.update(ids)
    return {pk for pk, count in held.items() if count > 1}


def _marks_fragments(round_: Round) -> bool:
    variable = lookup(round_.codebook_version_id).type_variable
    if variable is None:
        return False
    return variable.module in round_.modules or Span.objects.filter(coding__assignment__round=round_).exists()
