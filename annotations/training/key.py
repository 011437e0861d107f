"""What the key of a training says, and what a coder gave for the same units. Reads only."""

from __future__ import annotations

from collections.abc import Collection

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing
from ..coding.coded import coded_values
from ..finals.of_round import SETTLED, UNANIMOUS, Key, coders_spans, final_spans, final_values
from ..finals.settled import Settlement, SpanValue
from ..models import Assignment, Coding, Consensus, KeyReason, Round, Training

Values = dict[Key, Settlement]


def judged(round_: Round) -> list[VariableSpec]:
    """The variables that count in a training: those of which agreement is reported."""
    codebook = lookup(round_.codebook_version_id)
    return [
        variable
        for variable in codebook.spec.variables
        if variable.reliability
        and variable.module in round_.modules
        and (variable.level != "span" or variable is codebook.type_variable)
    ]


def key_values(training: Training, conversation_ids: Collection[int] | None = None) -> Values:
    """(variable, conversation, message) -> what the key says."""
    if training.key_round is None:
        assert training.key_by_id is not None
        return given_values(training.round, training.key_by_id, conversation_ids)
    found: Values = {}
    wanted = {variable.key for variable in judged(training.round)}
    known = set(lookup(training.key_round.codebook_version_id).spec.by_key)
    keys = [
        variable.key
        for variable in judged(training.round)
        if variable.level != "span" and variable.key in known
    ]
    for final in final_values(training.key_round, variables=keys, conversation_ids=conversation_ids):
        if final.value is not None and final.source in (SETTLED, UNANIMOUS):
            found[final.variable, final.conversation_id, final.message_id] = final.value
    for final in final_spans(training.key_round, conversation_ids=conversation_ids):
        if final.value is not None and final.variable in wanted and final.source in (SETTLED, UNANIMOUS):
            found[final.variable, final.conversation_id, final.message_id] = final.value
    return found


def given_values(round_: Round, coder_id: int, conversation_ids: Collection[int] | None = None) -> Values:
    """What one coder gave in a round; fragments per message in which the coder marked any."""
    variables = judged(round_)
    keys = [variable.key for variable in variables if variable.level != "span"]
    rows = coded_values(round_, variables=keys, conversation_ids=conversation_ids, coder_id=coder_id)
    found: Values = {(row.variable, row.conversation_id, row.message_id): row.value for row in rows}
    kind = next((variable.key for variable in variables if variable.level == "span"), None)
    if kind is not None:
        spans = coders_spans(round_, conversation_ids=conversation_ids)
        for (conversation_id, message_id), by_coder in spans.items():
            if by_coder.get(coder_id):
                found[kind, conversation_id, message_id] = by_coder[coder_id]
    return found


def pool(training: Training) -> list[int]:
    """Conversations of which the key says all it can, in the order of their numbers."""
    if training.key_round is None:
        done = Coding.objects.filter(
            assignment__round=training.round,
            assignment__coder=training.key_by,
            state=Coding.State.FINISHED,
        )
        return list(
            done.order_by("assignment__conversation__number").values_list(
                "assignment__conversation_id", flat=True
            )
        )
    complete: dict[int, bool] = {}
    for final in final_values(training.key_round):
        is_sure = final.value is not None and final.source in (SETTLED, UNANIMOUS)
        complete[final.conversation_id] = complete.get(final.conversation_id, True) and is_sure
    for final in final_spans(training.key_round):
        if final.value is None:
            complete[final.conversation_id] = False
    ids = [pk for pk, is_complete in complete.items() if is_complete]
    rows = Assignment.objects.filter(round=training.key_round, conversation_id__in=ids)
    ordered = rows.order_by("conversation__number").values_list("conversation_id", flat=True)
    return list(dict.fromkeys(ordered))


def reasons(training: Training, conversation_ids: Collection[int]) -> dict[Key, str]:
    """Why the key says so: what was written for this training, else the reason of the decision."""
    found: dict[Key, str] = {}
    if training.key_round is not None:
        rows = Consensus.objects.filter(
            round=training.key_round, conversation_id__in=conversation_ids
        ).exclude(reason="")
        for row in rows.select_related("variable"):
            found[row.variable.key, row.conversation_id, row.message_id] = row.reason
    for reason in KeyReason.objects.filter(training=training, conversation_id__in=conversation_ids):
        found[reason.variable, reason.conversation_id, reason.message_id] = reason.reason
    return found


def is_same(given: Settlement | None, key: Settlement | None) -> bool | None:
    """Whether an answer is that of the key; None where the key asks nothing, or neither was asked."""
    if isinstance(key, tuple) or isinstance(given, tuple):
        return same_fragments(given or (), key or ())  # type: ignore[arg-type]
    if key is None or key is Missing.NOT_CODED:
        return None
    if key is Missing.NOT_APPLICABLE and given in (None, Missing.NOT_APPLICABLE):
        return None
    return given == key


def same_fragments(given: tuple[SpanValue, ...], key: tuple[SpanValue, ...]) -> bool:
    """The same kinds at places that overlap, one to one; a boundary may differ by some characters."""
    left = list(key)
    for span in given:
        twin = next(
            (
                other
                for other in left
                if other.category == span.category and other.start < span.end and span.start < other.end
            ),
            None,
        )
        if twin is None:
            return False
        left.remove(twin)
    return not left
