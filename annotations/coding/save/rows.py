"""What the writers share: the lock, the checks at the door, a value into a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from ...codebooks.conversion import check_value
from ...codebooks.lookup import Lookup
from ...codebooks.schema import VariableSpec
from ...codebooks.store import freeze
from ...codebooks.values import InvalidValue, Missing, Value, plain
from ...errors import BadInput, NotAllowed
from ...models import Assignment, Code, CodeCategory, Coding, Event, Training
from ..answers import CodingState, UnitKey, load_state


def open_for_writing(coding_id: int, actor_id: int) -> CodingState:
    """Lock the coding and read its state. Raises NotAllowed unless it is the actor's own and open."""
    state = lock(coding_id, actor_id)
    if state.coding.state != Coding.State.OPEN:
        raise NotAllowed(_("This conversation is finished; reopen it first to change something."))
    return state


def lock(coding_id: int, actor_id: int) -> CodingState:
    coding = (
        Coding.objects.select_for_update(of=("self",))
        .select_related("assignment__round__study", "assignment__conversation")
        .filter(pk=coding_id)
        .first()
    )
    if coding is None or coding.assignment.coder_id != actor_id:
        raise NotAllowed(_("This conversation was given to somebody else."))
    if not coding.assignment.round.is_open:
        raise NotAllowed(_("This round is closed; ask the supervisor to open it."))
    # Asked anew under the lock: somebody may have given it away since it was read.
    barred = Training.objects.barred_rounds(actor_id).filter(next_round=OuterRef("round"))
    standing = Assignment.objects.filter(pk=coding.assignment_id).values_list(Exists(barred)).first()
    if standing is None:
        raise NotAllowed(_("This conversation was given to somebody else; what you had is kept."))
    if standing[0]:
        raise NotAllowed(_("This round opens to you when you have passed the training before it."))
    return load_state(coding)


def checked(variable: VariableSpec, value: Value) -> Value:
    """The value in its canonical form. Raises BadInput."""
    try:
        return check_value(variable, value)
    except InvalidValue as problem:
        raise BadInput(_(problem.sentence) % problem.params) from None


def fields_of(codebook: Lookup, variable: VariableSpec, value: Value) -> dict[str, Any]:
    """The columns of ValueFields for a value."""
    fields: dict[str, Any] = {"category_id": None, "number": None, "text": None, "missing": None}
    if isinstance(value, Missing):
        fields["missing"] = int(value)
    elif variable.of_kind.column == "category":
        fields["category_id"] = codebook.category_ids[variable.key, str(value)]
    elif variable.of_kind.column != "categories":  # those stand in rows of their own
        fields[variable.of_kind.column] = value
    return fields


def choices_of(codebook: Lookup, variable: VariableSpec, value: Value) -> list[int]:
    """Category ids of a multi answer, in the order of the codebook."""
    if not isinstance(value, frozenset):
        return []
    return [codebook.category_ids[variable.key, c.key] for c in variable.categories if c.key in value]


def logged(variable: VariableSpec, value: Value) -> Any:
    """A value as the log keeps it: keys and numbers. A text may quote a message: it stays out (None)."""
    is_text = variable.of_kind.is_free and not isinstance(value, Missing)
    return None if is_text else plain(value)


def write_code(
    state: CodingState,
    key: UnitKey,
    variable: VariableSpec,
    value: Value,
    *,
    actor_id: int,
    action: str,
    origin: str = Code.Origin.FREE,
) -> int:
    """Insert or change the code of one unit; gives its new revision."""
    known = state.answers[key].get(variable.key)
    if known is None:
        freeze(state.codebook.version_id)
        code = _new(state, key, variable, value)
        code.origin = origin
        code.save()
    else:
        code = Code(pk=known.code_id, revision=known.revision + 1)
        Code.objects.filter(pk=known.code_id).update(
            revision=known.revision + 1,
            updated_at=timezone.now(),
            origin=origin,
            **fields_of(state.codebook, variable, value),
        )
        CodeCategory.objects.filter(code_id=known.code_id).delete()
    CodeCategory.objects.bulk_create(
        CodeCategory(code_id=code.pk, category_id=category_id)
        for category_id in choices_of(state.codebook, variable, value)
    )
    state.note(key, variable.key, value, code.revision, code.pk)
    record(
        state,
        action,
        actor_id,
        before=None
        if known is None
        else {"value": logged(variable, known.value), "revision": known.revision},
        after=_after(key, variable, value, code.revision),
    )
    return code.revision


def write_missing(
    state: CodingState,
    questions: Sequence[tuple[UnitKey, VariableSpec]],
    value: Missing,
    *,
    actor_id: int,
    action: str,
) -> None:
    """The same missing code for many questions: `write_code` for each, new rows all at once."""
    new = [(key, variable) for key, variable in questions if variable.key not in state.answers[key]]
    for key, variable in questions:
        if variable.key in state.answers[key]:
            write_code(state, key, variable, value, actor_id=actor_id, action=action)
    if not new:
        return
    freeze(state.codebook.version_id)
    codes = Code.objects.bulk_create(_new(state, key, variable, value) for key, variable in new)
    for (key, variable), code in zip(new, codes, strict=True):
        state.note(key, variable.key, value, code.revision, code.pk)
    Event.objects.record_all(
        action,
        actor_id=actor_id,
        study_id=state.coding.assignment.round.study_id,
        subject=state.coding,
        afters=[_after(key, variable, value, 1) for key, variable in new],
    )


def _new(state: CodingState, key: UnitKey, variable: VariableSpec, value: Value) -> Code:
    level, pk = key
    return Code(
        coding=state.coding,
        variable_id=state.codebook.variable_ids[variable.key],
        message_id=state.spans[pk].message_id if level == "span" and pk else pk,
        span_id=pk if level == "span" else None,
        **fields_of(state.codebook, variable, value),
    )


def _after(key: UnitKey, variable: VariableSpec, value: Value, revision: int) -> dict[str, Any]:
    return {**where(key), "variable": variable.key, "value": logged(variable, value), "revision": revision}


def record(state: CodingState, action: str, actor_id: int, *, before: Any = None, after: Any = None) -> None:
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=state.coding.assignment.round.study_id,
        subject=state.coding,
        before=before,
        after=after,
    )


def where(key: UnitKey) -> dict[str, int]:
    level, pk = key
    return {} if pk is None else {level: pk}
