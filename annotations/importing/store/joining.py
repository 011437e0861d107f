"""Which stored conversation each message of a later file belongs to, for many conversations at once.

Two stored conversations that turn out to be one become one only where nobody was given either of them to
code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...models import Conversation
from ..group.threads import Thread
from ..read.gate import short_id
from ..read.rows import MessageRow
from ..report import Report
from .already_stored import Divided, Stored, count_stored, ids_of
from .conversations import rows_of

Notice = Callable[..., None]
Use = tuple[Any, str, str]
"""A model whose rows point at conversations, the field that does, and its column."""


@dataclass(slots=True)
class Plan:
    """rows: conversation -> what a file has of it. homes: external id -> conversation. moved: a conversation
    that is taken up -> the one that takes it up, of the whole import; taken_up: those of this portion.
    """

    moved: dict[int, int]
    rows: dict[int, list[MessageRow]] = field(default_factory=dict)
    homes: dict[str, int] = field(default_factory=dict)
    taken_up: list[int] = field(default_factory=list)

    def now(self, pk: int) -> int:
        """The conversation that one has become."""
        while pk in self.moved:
            pk = self.moved[pk]
        return pk


def plan_merge(
    divided: Divided, moved: dict[int, int], uses: Sequence[Use], report: Report, notice: Notice
) -> Plan:
    """Where the messages of a portion go. `moved` is that of the plans before it, and is added to."""
    threads, stored = divided.others, divided.stored
    plan = Plan(moved)
    touched = [touched_by(thread, divided, plan) for thread in threads]
    numbers, held = _in_use({pk for some in touched if len(some) > 1 for pk in some}, uses)
    targets: list[int] = []
    for thread, some in zip(threads, touched, strict=True):
        targets.append(_join(plan, some, numbers, held, rows_of(thread)[0], notice))
    for thread, target in zip(threads, targets, strict=True):
        names = _take_stored_ids(thread, stored)
        homes = _homes(thread, stored, names, target, plan)
        count_stored(report, thread, stored, names)
        plan.homes |= homes
        for pk in {plan.now(target), *homes.values()}:
            plan.rows.setdefault(pk, [])
        for row in rows_of(thread):
            plan.rows[homes[row.external_id]].append(row)
    return plan


def touched_by(thread: Thread[MessageRow], divided: Divided, plan: Plan) -> set[int]:
    """The stored conversations that a conversation of the file adds to."""
    stored = divided.stored
    found = {stored[known_id].conversation_id for known_id in ids_of(thread) if known_id in stored}
    if (key := divided.keys.get(short_id(thread.key))) is not None:
        found.add(key)
    return {plan.now(pk) for pk in found} if plan.moved else found


def uses_of_conversations() -> list[Use]:
    """What may hang on a conversation beside messages and suggestions, as far as there is any of it.

    Looked up once for an import: it has the study to itself, so that nobody is given anything meanwhile.
    """
    uses = []
    for relation in Conversation._meta.related_objects:
        model: Any = relation.related_model
        field = relation.field
        if relation.name not in {"messages", "suggestions"} and model._default_manager.exists():
            uses.append((model, field.name, getattr(field, "attname", field.name)))
    return uses


def _join(
    plan: Plan, some: set[int], numbers: Mapping[int, int], held: set[int], row: MessageRow, notice: Notice
) -> int:
    """Make one conversation of several where nobody was given them; the one to which new messages go."""
    found = sorted({plan.now(pk) for pk in some}, key=lambda pk: numbers.get(pk, 0))
    if len(found) == 1:
        return found[0]
    kept = [pk for pk in found if pk in held]
    target = (kept or found)[0]
    taken_up = [pk for pk in found if pk != target and pk not in held]
    plan.moved |= dict.fromkeys(taken_up, target)
    plan.taken_up += taken_up
    if len(kept) > 1:
        notice("kept_apart", row, numbers=", ".join(str(numbers[pk]) for pk in kept))
    return target


def _in_use(pks: Iterable[int], uses: Sequence[Use]) -> tuple[dict[int, int], set[int]]:
    """Numbers of conversations, and on which more than messages and suggestions hang: they were given to
    somebody.
    """
    some = list(pks)
    if not some:
        return {}, set()
    rows = Conversation.objects.filter(pk__among=some).order_by()
    numbers = dict(rows.values_list("pk", "number"))
    held: set[int] = set()
    for model, name, column in uses:
        found = model._default_manager.filter(**{f"{name}__among": some}).order_by()
        held |= set(found.values_list(column, flat=True))
    return numbers, held


def _take_stored_ids(thread: Thread[MessageRow], stored: Mapping[str, Stored]) -> dict[str, str]:
    """Give an edited message the id that is stored already; file's id -> stored id."""
    names: dict[str, str] = {}
    for row in rows_of(thread):
        if row.external_id not in stored:
            old = next((alias for alias in row.aliases if alias in stored), None)
            if old is not None:
                names[row.external_id] = old
                row.aliases = (*row.aliases, row.external_id)
                row.external_id = old
    return names


def _homes(
    thread: Thread[MessageRow],
    stored: Mapping[str, Stored],
    names: Mapping[str, str],
    target: int,
    plan: Plan,
) -> dict[str, int]:
    """In which conversation each message is, or comes to be: where it is, else where its parent is."""
    homes: dict[str, int] = {}
    for node in thread.nodes:
        name = names.get(node.external_id, node.external_id)
        above = names.get(node.parent.external_id, node.parent.external_id) if node.parent else None
        own = stored[name].conversation_id if name in stored else homes.get(above or "", target)
        homes[name] = plan.now(own)
    return homes
