"""What the page asks for, one action at a time: JSON in, a writer called, the state after it as JSON.

Every action may be sent twice by a page that never heard the reply (`again`); the second one finds its work
done. Offsets and quotes are checked against the stored text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..codebooks.values import Missing, Value
from ..errors import BadInput, StaleWrite
from ..models import Assignment, Candidate, Code, Coding, Message, Span
from . import save
from .answers import CodingState, UnitKey, load_state
from .marks import Marks, inside, is_masked, load_marks, type_of
from .text import Range
from .wire import Json, kept_json, key_of

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Done:
    """`key`: the unit of an answer; `message_id`: where marks changed; `extra`: more for the page."""

    state: CodingState
    key: UnitKey | None = None
    message_id: int | None = None
    extra: Json | None = None


@dataclass(frozen=True)
class Action:
    """One request of the page. Its fields are read with the kind they must have; else BadInput."""

    assignment: Assignment
    coding_id: int
    actor_id: int
    body: Json

    def number(self, name: str, default: int | None = None) -> int:
        value = self.body.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_ID:
            raise BadInput(_not_understood())
        return value

    def string(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str):
            raise BadInput(_not_understood())
        return value

    @property
    def again(self) -> bool:
        return self.body.get("again") is True


def perform(action: Action) -> Done:
    """Carry out an action, all or nothing. Raises BadInput, NotAllowed, StaleWrite."""
    do = ACTIONS.get(action.string("do"))
    if do is None:
        raise BadInput(_not_understood())
    with transaction.atomic():
        return do(action)


def _not_understood() -> str:
    return _("The page sent something that the server does not understand; reload the page.")


def _answer(action: Action) -> Done:
    key = _unit(action)
    variable = action.string("variable")
    saved = save.save_answer(
        action.coding_id,
        actor_id=action.actor_id,
        key=key,
        variable=variable,
        value=_value(action),
        revision=action.number("revision"),
        origin=_origin(action),
    )
    message_id = saved.state.spans[key[1] or 0].message_id if key[0] == "span" else None
    return Done(saved.state, key, message_id, {"revision": saved.revision})


def _unit(action: Action) -> UnitKey:
    try:
        return key_of(action.string("unit"))
    except ValueError:
        raise BadInput(_not_understood()) from None


def _origin(action: Action) -> str:
    origin = action.body.get("origin", "")
    if origin not in Code.Origin.values or origin == Code.Origin.CARRIED:
        raise BadInput(_not_understood())
    return str(origin)


def _value(action: Action) -> Value | None:
    """A number is a missing code, a list a multi answer; what a kind of variable takes is checked later."""
    value: Any = action.body.get("value")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if value != int(Missing.UNDETERMINED):
            raise BadInput(_not_understood())
        return Missing.UNDETERMINED
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return frozenset(value)
    if isinstance(value, dict) and isinstance(value.get("number"), str):
        return _decimal(value["number"])
    if isinstance(value, str):
        return value
    raise BadInput(_not_understood())


def _decimal(written: str) -> Decimal:
    try:
        return Decimal(written.strip().replace(",", ".", 1))
    except InvalidOperation:
        raise BadInput(_("Write a number, such as 12 or 2.5.")) from None


def _add(action: Action) -> Done:
    message_id, info_type = action.number("message"), action.string("type")
    start, end, quote = _place(action, message_id)
    if action.again and (twin := _twin(action, message_id, start, end, info_type)):
        return Done(_state(action), message_id=message_id, extra={"span": twin})
    span, state = save.add_span(
        action.coding_id,
        actor_id=action.actor_id,
        message_id=message_id,
        start=start,
        end=end,
        quote=quote,
        info_type=info_type,
    )
    return Done(state, message_id=message_id, extra={"span": span.pk})


def _accept(action: Action) -> Done:
    info_type = action.string("type") if "type" in action.body else None
    span, state = save.accept_candidate(
        action.coding_id,
        actor_id=action.actor_id,
        candidate_id=action.number("candidate"),
        info_type=info_type,
    )
    return Done(state, message_id=span.message_id, extra={"span": span.pk})


def _reject(action: Action) -> Done:
    candidate_id = action.number("candidate")
    state = save.reject_candidate(action.coding_id, actor_id=action.actor_id, candidate_id=candidate_id)
    return Done(state, message_id=_message_of(candidate_id))


def _undecide(action: Action) -> Done:
    candidate_id = action.number("candidate")
    state = save.undecide_candidate(action.coding_id, actor_id=action.actor_id, candidate_id=candidate_id)
    return Done(state, message_id=_message_of(candidate_id))


def _move(action: Action) -> Done:
    """Other boundaries for a span, or for a candidate, which is accepted by that."""
    if "candidate" in action.body:
        span, _before = save.accept_candidate(
            action.coding_id, actor_id=action.actor_id, candidate_id=action.number("candidate")
        )
        revision = span.revision
    else:
        found = Span.objects.filter(pk=action.number("span"), coding_id=action.coding_id).first()
        if found is None:
            raise StaleWrite(None, 0)
        span, revision = found, action.number("revision")
    start, end, quote = _place(action, span.message_id)
    if (span.start, span.end) == (start, end):
        return Done(_state(action), message_id=span.message_id, extra={"span": span.pk})
    moved, state = save.move_span(
        action.coding_id,
        actor_id=action.actor_id,
        span_id=span.pk,
        start=start,
        end=end,
        quote=quote,
        revision=revision,
    )
    return Done(state, message_id=moved.message_id, extra={"span": moved.pk})


def _remove(action: Action) -> Done:
    span_id = action.number("span")
    message_id = (
        Span.objects.filter(pk=span_id, coding_id=action.coding_id)
        .values_list("message_id", flat=True)
        .first()
    )
    if message_id is None and action.again:
        return Done(_state(action), message_id=_own_message(action))
    state = save.remove_span(
        action.coding_id, actor_id=action.actor_id, span_id=span_id, revision=action.number("revision")
    )
    return Done(state, message_id=message_id)


def _keep(action: Action) -> Done:
    key = _unit(action)
    rule = action.string("rule")
    state = save.keep_contradiction(action.coding_id, actor_id=action.actor_id, rule=rule, key=key)
    return Done(state, key if key in state.unit_keys() else None, extra={"kept": kept_json(state.coding)})


def _finish(action: Action) -> Done:
    return Done(save.finish(action.coding_id, actor_id=action.actor_id), extra={"finished": True})


def _skip(action: Action) -> Done:
    return Done(save.skip(action.coding_id, actor_id=action.actor_id))


def _reopen(action: Action) -> Done:
    return Done(save.reopen(action.coding_id, actor_id=action.actor_id), extra={"finished": False})


ACTIONS: dict[str, Callable[[Action], Done]] = {
    "answer": _answer,
    "add": _add,
    "accept": _accept,
    "reject": _reject,
    "undecide": _undecide,
    "move": _move,
    "remove": _remove,
    "keep": _keep,
    "finish": _finish,
    "skip": _skip,
    "reopen": _reopen,
}


def _place(action: Action, message_id: int) -> tuple[int, int, str]:
    """Start, end and the stored quote, once what the page quotes is what stands there.

    In a masked study the page has bullets where it shows bullets. What stands under them is not compared with
    what the page sends: comparing it would tell whoever asks, character by character, what it is.
    """
    start, end, quote = action.number("start"), action.number("end"), action.string("quote")
    if not is_masked(action.assignment.round.study):
        return start, end, quote
    message = Message.objects.filter(pk=message_id, conversation_id=action.assignment.conversation_id).first()
    if message is None or not 0 <= start < end <= len(message.text):
        return start, end, quote
    stored = message.text[start:end]
    marks: Marks = load_marks(action.assignment, _state(action), message_id)
    hidden = _hidden(marks.masked.get(message_id, []), start, end)
    agrees = len(quote) == len(stored) and all(
        place in hidden or given == real
        for place, (given, real) in enumerate(zip(quote, stored, strict=True))
    )
    return start, end, stored if agrees else quote


def _hidden(masked: list[Range], start: int, end: int) -> set[int]:
    """Places in [start, end), counted from `start`, that the page shows as bullets."""
    return {place for first, last in inside(masked, start, end) for place in range(first, last)}


def _twin(action: Action, message_id: int, start: int, end: int, info_type: str) -> int | None:
    state = _state(action)
    return next(
        (
            span.pk
            for span in state.spans_of(message_id)
            if (span.start, span.end, type_of(span, state)) == (start, end, info_type)
        ),
        None,
    )


def _state(action: Action) -> CodingState:
    return load_state(Coding.objects.select_related("assignment__round").get(pk=action.coding_id))


def _message_of(candidate_id: int) -> int | None:
    return Candidate.objects.filter(pk=candidate_id).values_list("message_id", flat=True).first()


def _own_message(action: Action) -> int | None:
    """The message an action names, if it is in this conversation."""
    return (
        Message.objects.filter(pk=action.number("message"), conversation_id=action.assignment.conversation_id)
        .values_list("pk", flat=True)
        .first()
    )
