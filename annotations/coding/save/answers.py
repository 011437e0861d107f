"""Saving one answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from ...codebooks.values import Missing, Value, plain
from ...errors import BadInput, StaleWrite
from ...models import Code
from ..answers import CodingState, UnitKey
from .rows import checked, open_for_writing, write_code
from .spans import retyped


@dataclass(frozen=True)
class Saved:
    """The revision a client must send with its next write of the same thing, and the state after it."""

    revision: int
    state: CodingState


@transaction.atomic
def save_answer(
    coding_id: int,
    *,
    actor_id: int,
    key: UnitKey,
    variable: str,
    value: Value | None,
    revision: int,
    origin: str = Code.Origin.FREE,
) -> Saved:
    """Save an answer; None takes it back (99, not coded).

    `origin` says whether something was proposed. `revision` is the one the coder saw, 0 for none. Sending
    again what is already there, as a client does that never heard the reply, changes nothing.
    Raises NotAllowed, BadInput, StaleWrite.
    """
    state = open_for_writing(coding_id, actor_id)
    spec = state.codebook.spec.by_key.get(variable)
    if spec is None or not _is_unit(state, key):
        raise BadInput(_("This question or fragment is not there any more; reload the page."))
    if spec.level != key[0] or spec not in state.rules.visible(state.unit(key)):
        raise BadInput(_("%(variable)s is not asked here.") % {"variable": variable})
    wanted = Missing.NOT_CODED if value is None else checked(spec, value)
    known = state.answers[key].get(variable)
    if known is not None and known.value == wanted:
        return Saved(known.revision, state)
    if known is None and wanted is Missing.NOT_CODED:
        return Saved(0, state)
    if revision != (known.revision if known else 0):
        raise StaleWrite(plain(known.value) if known else None, known.revision if known else 0)
    is_type = state.codebook.type_variable is spec
    if is_type and isinstance(wanted, Missing):
        raise BadInput(_("A fragment always has a type; remove the fragment instead."))
    number = write_code(state, key, spec, wanted, actor_id=actor_id, action="code.saved", origin=origin)
    if is_type:
        retyped(state, key)
    return Saved(number, state)


def _is_unit(state: CodingState, key: UnitKey) -> bool:
    level, pk = key
    if level == "conversation":
        return pk is None
    return pk in (state.spans if level == "span" else state.roles if level == "message" else {})
