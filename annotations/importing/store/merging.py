"""Adds what a later file holds to conversations that are stored, many at once; no coding is touched.

A placeholder that is filled keeps its row, and a text that coders saw stays as it was. A portion of
conversations is loaded, worked out again in memory and written, with as many statements however many
conversations it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F

from ...common.bulk import next_ids
from ...common.portions import portions
from ...models import ContextSuggestion, Conversation, Message, MessageVersion
from ...pii import find_candidates
from ..facts.context import Turn, addressed
from ..facts.facts import Facts, Said, facts_of
from ..group.threads import Node, arrange
from ..read.rows import MessageRow, Problem, author_key
from .already_stored import FILLED, PORTION, Divided, same_text
from .conversations import Store, store_suggestions
from .detection import NOTHING, Found, is_same_text, mask_for_good
from .joining import Plan, plan_merge

SHOWN = 20
UPDATED = (
    "conversation_id", "parent_id", "position", "depth", "state", "account_id", "created_at", "text",
    "text_before_repair", "language", "permalink", "source", "platform", "reposts", "author_created_at",
    "author_followers", "author_posts", "addressed", "text_changed", "revision",
)  # fmt: skip
COUNTED = (
    "message_count", "placeholder_count", "branch_count", "candidate_count", "started_at", "organisation_id",
    "first_response_minutes", "unanswered",
)  # fmt: skip


@dataclass(slots=True)
class Item:
    """A message as `arrange` needs it: stored, in the file, or both."""

    external_id: str
    parent_id: str | None
    created_at: datetime | None
    text: str
    author_id: str | None
    account: Any  # an Account or a Person; None where unknown
    message: Message | None
    row: MessageRow | None
    author_handle: str | None = None
    conversation_id: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def is_present(self) -> bool:
        return (
            self.row is not None and self.row.state == "present"
            if self.message is None
            else not self.message.is_placeholder
        )


@dataclass(slots=True)
class Merged:
    """One conversation while it is worked out again."""

    conversation: Conversation
    there: dict[str, Message]
    rows: list[MessageRow]
    items: list[Item] = field(default_factory=list)


class Merger:
    """Merges conversations of one import into stored ones, a portion at a time."""

    def __init__(self, store: Store):
        self.store = store
        self.repairs: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._other_texts: list[tuple[Message, MessageRow, str]] = []

    def merge(self, divided: Divided) -> None:
        """Everything of one portion that adds to what is there."""
        if not divided.others:
            return
        plan = plan_merge(divided.others, divided.stored, divided.keys, self.store.report, self._notice)
        self.repairs["conversations_joined"] += len(plan.moved)
        merged = _load(plan)
        before = {one.pk: _values(one, UPDATED) for part in merged for one in part.there.values()}
        rows = [row for part in merged for row in part.rows]
        people = self.store.people.of(rows)
        wanted = [
            row for part in merged for row in part.rows if _is_wanted(row, part.there.get(row.external_id))
        ]
        found = self.store.detect(wanted)
        for part in merged:
            part.items = _items(part, people, plan.homes)
            for item in part.items:
                self._update(item, found)
        self._keep_other_texts()
        for some in portions(plan.moved, PORTION):
            ContextSuggestion.objects.filter(conversation__in=some).delete()
        self._write(merged, people, found, before)
        for some in portions(plan.moved, PORTION):  # their messages are in another one now
            Conversation.objects.filter(pk__in=some).delete()

    def _update(self, item: Item, found: Mapping[str, Found]) -> None:
        """Bring a stored message up to date with its row; the text that is there stays."""
        message, row = item.message, item.row
        if message is None or row is None:
            return
        if message.is_placeholder:
            if row.state != "present":
                message.state = row.state
                return
            hidden, spans, _asked = found[row.external_id]
            message.state, message.text = Message.State.PRESENT, row.text if hidden is None else hidden
            message.text_before_repair = "" if self.store.how.strict and spans else row.text_raw or ""
            message.account_id = item.account.pk if item.account else None
            message.language = row.lang or ""
            message.source, message.platform = row.source or "", row.platform or ""
            message.revision += 1
            self.repairs["placeholder_filled"] += 1
        elif row.state == "present" and not same_text(row, message.text, message.text_before_repair):
            text = row.text
            if self.store.how.strict:
                handles = self.store.how.handles
                text = mask_for_good(text, find_candidates(text, organisation_handles=handles))
            self._other_texts.append((message, row, text))
        for name in FILLED:
            value = getattr(row, name)
            if name != "parent_id" and getattr(message, name) in (None, "") and value not in (None, ""):
                setattr(message, name, value)

    def _keep_other_texts(self) -> None:
        """Keep the texts that differ from the stored ones beside them, once."""
        kept: dict[int, list[str]] = {}
        for some in portions((message.pk for message, _row, _text in self._other_texts), PORTION):
            for pk, text in MessageVersion.objects.filter(message__in=some).values_list("message_id", "text"):
                kept.setdefault(pk, []).append(text)
        new = []
        for message, row, text in self._other_texts:
            versions = kept.setdefault(message.pk, [])
            if any(is_same_text(one, text) for one in versions):
                continue
            versions.append(text)
            new.append(MessageVersion(message=message, batch=self.store.batch, text=text))
            message.text_changed = True
            self.repairs["text_changed"] += 1
            self._notice("text_changed", row, id=row.external_id)
        MessageVersion.objects.bulk_create(new)
        self._other_texts = []

    def _write(
        self,
        merged: list[Merged],
        people: Any,
        found: Mapping[str, Found],
        before: Mapping[int, tuple[Any, ...]],
    ) -> None:
        """Store new messages, change those that moved or were filled, and what the conversations say of
        them.
        """
        store = self.store
        new: list[tuple[Any, ...]] = []
        suggestions: list[tuple[int, list[int], Facts]] = []
        ids: dict[str, int] = {}
        for part in merged:
            thread = arrange(part.items)
            names = {node.external_id for node in thread.nodes}
            nodes = thread.nodes + [Node(name, None) for name in part.there if name not in names]
            said = [_said(node) for node in nodes]
            facts = facts_of(said, store.study, store.handles)
            own = self._place(part, nodes, said, facts, people, found, new)
            ids |= own
            suggestions.append((part.conversation.pk, [own[node.external_id] for node in nodes], facts))
            _describe(part.conversation, nodes, said, facts, thread.branches)
        for part in merged:
            rows = [row for row in part.rows if row.external_id in found]
            part.conversation.candidate_count += sum(len(found[row.external_id][1]) for row in rows)
        store.add_messages(new)
        changed = [
            one for part in merged for one in part.there.values() if _values(one, UPDATED) != before[one.pk]
        ]
        _update_all(Message, UPDATED, changed)
        _update_all(Conversation, COUNTED, [part.conversation for part in merged])
        store.add_candidates([(ids[name], spans) for name, (_text, spans, _asked) in found.items()])
        for hidden, spans, _asked in found.values():
            store.count_removed(hidden, spans)
        store_suggestions(suggestions)

    def _place(
        self,
        part: Merged,
        nodes: list[Node[Item]],
        said: list[Said],
        facts: Facts,
        people: Any,
        found: Mapping[str, Found],
        new: list[tuple[Any, ...]],
    ) -> dict[str, int]:
        """Give every message its place; external id -> primary key. What is not there yet is added to
        `new`.
        """
        names = [node.external_id for node in nodes if node.external_id not in part.there]
        ids = dict(zip(names, next_ids(Message, len(names)), strict=True))
        ids |= {name: one.pk for name, one in part.there.items()}
        for position, (node, one) in enumerate(zip(nodes, said, strict=True)):
            name = node.external_id
            parent = ids[node.parent.external_id] if node.parent else None
            message = part.there.get(name)
            if message is None:
                row = node.message.row if node.message else None
                hidden, spans, _asked = found.get(name, NOTHING)
                values = self.store.values(_row_node(node, row), one, facts, people, hidden, bool(spans))
                new.append((ids[name], part.conversation.pk, name, parent, position, node.depth, *values))
                continue
            message.conversation_id = part.conversation.pk
            message.parent_id, message.position, message.depth = parent, position, node.depth
            if message.addressed == "" and "addressed" not in message.by_hand:
                message.addressed = self._addressed(node, one, facts)
        return ids

    def _addressed(self, node: Node[Item], one: Said, facts: Facts) -> str:
        if facts.organisation_id is None or not one.turn.present or one.turn.role == "organisation":
            return ""
        handles = self.store.handles
        return addressed(
            one.named,
            _answered(node),
            handles.this(facts.organisation_id),
            handles.others(facts.organisation_id),
        )

    def _notice(self, code: str, row: MessageRow, **params: object) -> None:
        if sum(one.code == code for one in self.problems) < SHOWN:
            self.problems.append(Problem(row.file, row.line, code, "notice", params))


def _load(plan: Plan) -> list[Merged]:
    """The conversations of a plan with their messages; those of one that is taken up are with the other's."""
    merged: dict[int, Merged] = {}
    for some in portions([*plan.rows, *plan.moved], PORTION):
        for pk, conversation in Conversation.objects.in_bulk(some).items():
            merged[pk] = Merged(conversation, {}, plan.rows.get(pk, []))
    for old in plan.moved:
        merged[plan.now(old)].conversation.candidate_count += merged[old].conversation.candidate_count
    for some in portions(merged, PORTION):
        messages = Message.objects.filter(conversation__in=some).select_related("account")
        messages = messages.annotate(parent_name=F("parent__external_id"))
        for message in messages.order_by("conversation__number", "position"):
            home = merged[plan.now(message.conversation_id)]
            home.there[message.external_id] = message
    return [merged[pk] for pk in sorted(plan.rows) if pk not in plan.moved]


def _items(part: Merged, people: Any, homes: Mapping[str, int]) -> list[Item]:
    given = {row.external_id: row for row in part.rows}
    home = part.conversation.pk
    items = []
    for name, message in part.there.items():
        row = given.pop(name, None)
        if message.state == Message.State.OUTSIDE and row is None:
            continue  # a placeholder comes back by itself from what answers it
        items.append(_item(name, getattr(message, "parent_name", None), message, row, people))
    items += [_item(name, None, None, row, people) for name, row in given.items()]
    for item in items:
        if item.parent_id and homes.get(item.parent_id, home) != home:
            item.parent_id = None
    return items


def _describe(
    conversation: Conversation, nodes: list[Node[Item]], said: list[Said], facts: Facts, branches: int
) -> None:
    conversation.message_count = len(nodes)
    conversation.placeholder_count = sum(not one.turn.present for one in said)
    conversation.branch_count = branches
    conversation.started_at = facts.started_at
    conversation.organisation_id = conversation.organisation_id or facts.organisation_id
    conversation.first_response_minutes = facts.first_response_minutes
    conversation.unanswered = facts.unanswered


def _values(one: models.Model, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in names)


def _update_all(model: type[models.Model], names: tuple[str, ...], changed: list[Any]) -> None:
    """One prepared statement for all, which is many times faster than `bulk_update`."""
    fields = {one.attname: one for one in model._meta.concrete_fields}
    columns = ", ".join(f'"{fields[name].column}" = %s' for name in names)
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "id" = %s'  # noqa: S608 - our own names
    rows = [
        (*(fields[name].get_db_prep_save(getattr(one, name), connection) for name in names), one.pk)
        for one in changed
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _is_wanted(row: MessageRow, message: Message | None) -> bool:
    """Whether candidates are to be found in a row: it is new, or fills a placeholder."""
    return row.state == "present" and (message is None or message.is_placeholder)


def _item(
    name: str, parent: str | None, message: Message | None, row: MessageRow | None, people: Any
) -> Item:
    account: Any = message.account if message else None
    if account is None and row is not None:
        account = people.get(author_key(row) or "")
    is_new = message is None or message.is_placeholder
    created = message.created_at if message and not is_new else None
    text = message.text if message and not is_new else ""
    if row is not None:
        created, text = created or row.created_at, text or row.text
    return Item(
        name,
        parent or (row.parent_id if row else None),
        created,
        text,
        str(account.pk) if account else None,
        account,
        message,
        row,
        aliases=row.aliases if row else (),
    )


def _said(node: Node[Item]) -> Said:
    item = node.message
    if item is None or not item.is_present:
        return Said(Turn("unknown", present=False))
    account = item.account
    organisation = str(account.organisation_id) if account and account.organisation_id else None
    turn = Turn(account.role if account else "unknown", item.text, item.created_at, organisation)
    made = item.message.author_created_at if item.message else None
    if made is None and item.row is not None:
        made = item.row.author_created_at
    return Said(turn, made, item.row.mentions if item.row else None)


def _answered(node: Node[Item]) -> str | None:
    above = node.parent.message if node.parent else None
    return above.account.handle if above and above.account else None


def _row_node(node: Node[Item], row: MessageRow | None) -> Node[MessageRow]:
    if row is not None and row.reply_to_handle is None:
        row = replace(row, reply_to_handle=_answered(node))
    return Node(node.external_id, row)
