"""Adds what a later file holds to conversations that are stored; no coding is touched.

A placeholder that is filled keeps its row, a text that coders saw stays as it was, and two conversations
that turn out to be one become one only where nobody was given either of them to code.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F

from ...common.bulk import next_ids
from ...models import ContextSuggestion, Conversation, Message, MessageVersion
from ..facts.context import Turn, addressed
from ..facts.facts import Facts, Said, facts_of
from ..group.threads import Node, Thread, arrange
from ..read.gate import short_id
from ..read.rows import MessageRow, Problem, author_key
from .already_stored import FILLED, Stored, count_stored, ids_of, same_text, stored_messages
from .conversations import Store, rows_of, store_suggestions
from .detection import NOTHING, is_same_text, mask_for_good

SHOWN = 20
UPDATED = (
    "parent", "position", "depth", "state", "account", "created_at", "text", "text_before_repair", "language",
    "permalink", "source", "platform", "reposts", "author_created_at", "author_followers", "author_posts",
    "addressed", "text_changed", "revision",
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


class Merger:
    """Merges conversations of one import into stored ones, one at a time."""

    def __init__(self, store: Store):
        self.store = store
        self.repairs: Counter[str] = Counter()
        self.problems: list[Problem] = []

    def merge(self, thread: Thread[MessageRow]) -> None:
        study_id = self.store.study.pk
        stored = stored_messages(study_id, ids_of(thread))
        touched = {one.conversation_id for one in stored.values()}
        by_key = Conversation.objects.filter(study_id=study_id, key=short_id(thread.key))
        touched |= set(by_key.values_list("pk", flat=True))
        target = self._join(touched, thread)
        if len(touched) > 1:
            stored = stored_messages(study_id, ids_of(thread))
        names = _take_stored_ids(thread, stored)
        homes = _homes(thread, stored, names, target)
        count_stored(self.store.report, thread, stored, names)
        for conversation_id in sorted({target, *homes.values()}):
            rows = [row for row in rows_of(thread) if homes[row.external_id] == conversation_id]
            self._rebuild(conversation_id, rows, homes)

    def _join(self, touched: set[int], thread: Thread[MessageRow]) -> int:
        """Make one conversation of several where nobody was given them; the one to which new messages go."""
        if len(touched) == 1:
            return next(iter(touched))
        found = list(Conversation.objects.filter(pk__in=touched).order_by("number"))
        held = [one for one in found if _is_in_use(one)]
        target = (held or found)[0]
        moved = [one for one in found if one is not target and one not in held]
        for one in moved:
            one.messages.update(conversation=target)
            ContextSuggestion.objects.filter(conversation=one).delete()
            Conversation.objects.filter(pk=target.pk).update(
                candidate_count=F("candidate_count") + one.candidate_count
            )
            one.delete()
            self.repairs["conversations_joined"] += 1
        if len(held) > 1:
            row = rows_of(thread)[0]
            numbers = ", ".join(str(one.number) for one in held)
            self._notice("kept_apart", row, numbers=numbers)
        return target.pk

    def _rebuild(self, conversation_id: int, rows: list[MessageRow], homes: dict[str, int]) -> None:
        """Put the rows of a file into a conversation and work out its order and its facts again."""
        store = self.store
        conversation = Conversation.objects.get(pk=conversation_id)
        messages = conversation.messages.select_related("account", "parent").order_by("position")
        there = {one.external_id: one for one in messages}
        people = store.people.of(rows)
        found = store.detect([row for row in rows if _is_wanted(row, there.get(row.external_id))])
        items = self._items(there, rows, people, homes, conversation_id)
        for item in items:
            self._update(item, found)
        thread = arrange(items)
        left = [one for one in there if one not in {node.external_id for node in thread.nodes}]
        nodes = thread.nodes + [Node(one, None) for one in left]
        said = [_said(node) for node in nodes]
        facts = facts_of(said, store.study, store.handles)
        ids = self._write(conversation_id, nodes, said, facts, there, people, found)
        new = sum(len(spans) for _text, spans, _asked in found.values())
        conversation.message_count = len(nodes)
        conversation.placeholder_count = sum(not one.turn.present for one in said)
        conversation.branch_count = thread.branches
        conversation.candidate_count += new
        conversation.started_at = facts.started_at
        conversation.organisation_id = conversation.organisation_id or facts.organisation_id
        conversation.first_response_minutes = facts.first_response_minutes
        conversation.unanswered = facts.unanswered
        conversation.save()
        store_suggestions([(conversation_id, ids, facts)])

    def _items(
        self, there: dict[str, Message], rows: list[MessageRow], people: Any, homes: dict[str, int], home: int
    ) -> list[Item]:
        given = {row.external_id: row for row in rows}
        items = []
        for name, message in there.items():
            row = given.pop(name, None)
            if message.state == Message.State.OUTSIDE and row is None:
                continue  # a placeholder comes back by itself from what answers it
            parent = message.parent.external_id if message.parent else None
            items.append(_item(name, parent, message, row, people))
        items += [_item(name, None, None, row, people) for name, row in given.items()]
        for item in items:
            if item.parent_id and homes.get(item.parent_id, home) != home:
                item.parent_id = None
        return items

    def _update(self, item: Item, found: dict[str, Any]) -> None:
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
            message.language, message.source, message.platform = (
                row.lang or "",
                row.source or "",
                row.platform or "",
            )
            message.revision += 1
            self.repairs["placeholder_filled"] += 1
        elif row.state == "present" and not same_text(row, message.text, message.text_before_repair):
            self._keep_both(message, row, item)
        for name in FILLED:
            value = getattr(row, name)
            if name != "parent_id" and getattr(message, name) in (None, "") and value not in (None, ""):
                setattr(message, name, value)

    def _keep_both(self, message: Message, row: MessageRow, item: Item) -> None:
        text = row.text
        if self.store.how.strict:
            from ...pii import find_candidates

            text = mask_for_good(text, find_candidates(text, organisation_handles=self.store.how.handles))
        if any(is_same_text(one, text) for one in message.versions.values_list("text", flat=True)):
            return
        MessageVersion.objects.create(message=message, batch=self.store.batch, text=text)
        message.text_changed = True
        self.repairs["text_changed"] += 1
        self._notice("text_changed", row, id=row.external_id)

    def _write(
        self,
        conversation_id: int,
        nodes: list[Node[Item]],
        said: list[Said],
        facts: Facts,
        there: dict[str, Message],
        people: Any,
        found: dict[str, Any],
    ) -> list[int]:
        """Store new messages, change those that moved or were filled; the ids in reading order."""
        new = [node.external_id for node in nodes if node.external_id not in there]
        ids = dict(zip(new, next_ids(Message, len(new)), strict=True)) | {
            k: one.pk for k, one in there.items()
        }
        inserted, changed = [], []
        for position, (node, one) in enumerate(zip(nodes, said, strict=True)):
            name = node.external_id
            parent = ids[node.parent.external_id] if node.parent else None
            message = there.get(name)
            if message is None:
                row = node.message.row if node.message else None
                hidden, spans, _asked = found.get(name, NOTHING)
                values = self.store.values(_row_node(node, row), one, facts, people, hidden, bool(spans))
                inserted.append((ids[name], name, parent, position, node.depth, *values))
                continue
            message.parent_id, message.position, message.depth = parent, position, node.depth
            if message.addressed == "" and "addressed" not in message.by_hand:
                message.addressed = self._addressed(node, one, facts)
            changed.append(message)
        self.store.add_messages(conversation_id, inserted)
        Message.objects.bulk_update(changed, UPDATED, batch_size=40)
        for name, (_text, spans, _asked) in found.items():
            self.store.add_candidates(ids[name], spans)
        return [ids[node.external_id] for node in nodes]

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


def _is_in_use(conversation: Conversation) -> bool:
    """Whether anything but messages and suggestions hangs on it: it was given to somebody."""
    for relation in Conversation._meta.related_objects:
        if relation.name not in {"messages", "suggestions"}:
            model: Any = relation.related_model
            if model._default_manager.filter(**{relation.field.name: conversation}).exists():
                return True
    return False


def _take_stored_ids(thread: Thread[MessageRow], stored: dict[str, Stored]) -> dict[str, str]:
    """Give an edited message the id that is stored already; file's id -> stored id."""
    names: dict[str, str] = {}
    for row in rows_of(thread):
        if row.external_id not in stored:
            old = next((one for one in row.aliases if one in stored), None)
            if old is not None:
                names[row.external_id] = old
                row.aliases = (*row.aliases, row.external_id)
                row.external_id = old
    return names


def _homes(
    thread: Thread[MessageRow], stored: dict[str, Stored], names: dict[str, str], target: int
) -> dict[str, int]:
    """In which conversation each message is, or comes to be: where it is, else where its parent is."""
    homes: dict[str, int] = {}
    for node in thread.nodes:
        name = names.get(node.external_id, node.external_id)
        above = names.get(node.parent.external_id, node.parent.external_id) if node.parent else None
        homes[name] = stored[name].conversation_id if name in stored else homes.get(above or "", target)
    return homes


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
