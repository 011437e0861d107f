"""Adds what a later file holds to conversations that are stored, many at once; no coding is touched.

A placeholder that is filled keeps its row, and a text that coders saw stays as it was. A portion of
conversations is opened, worked out again in memory and written back, with as many statements however many
conversations it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ...common.bulk import delete, next_ids
from ...models import Conversation, Message, MessageVersion
from ...pii import find_candidates
from ..group.threads import Thread
from ..read.gate import short_id
from ..read.rows import MessageRow, Problem
from .already_stored import FILLED, Divided, Stored, Threads, ids_of, same_text
from .conversations import Store, role_of, rows_of
from .detection import Found, is_same_text, mask_for_good
from .joining import Plan, plan_merge, touched_by, uses_of_conversations
from .opened import OpenConversation, OpenMessage, open_conversations, steps_back
from .rearranging import Arranged, Item, People, arranged, items_of, place
from .suggestions import move_suggestions, suggestion_steps

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """What one portion adds to stored conversations. `wanted` are the rows whose texts are being scanned."""

    divided: Divided
    wanted: Sequence[MessageRow]
    fetch: Callable[[], list[Found]]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is stored of those conversations, and what was found in new texts; `pks` are primary keys for new
    messages.
    """

    plan: Plan
    conversations: Sequence[OpenConversation]
    found: Mapping[str, Found]
    people: People
    pks: Iterator[int]


class Merger:
    """Merges conversations of one import into stored ones, a portion at a time."""

    def __init__(self, store: Store):
        self.store = store
        self.repairs: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._moved: dict[int, int] = {}
        self._uses = uses_of_conversations()
        self._waiting: set[int] = set()  # conversations of the portion that is not written yet
        self._put_off = Divided()
        self._found: list[tuple[MessageRow, Found]] = []
        self._other_texts: list[tuple[OpenMessage, MessageRow, str]] = []

    def prepare(self, divided: Divided) -> Opening:
        """Hand the texts that are new to the scanner, so that it works while others are merged."""
        rows = [row for thread in divided.others for row in rows_of(thread)]
        people = self.store.people.of(rows)
        wanted = [row for row in rows if _is_wanted(row, divided.stored)]
        fetch = self.store.scanner.submit([(row.text, role_of(row, people)) for row in wanted])
        return Opening(divided, wanted, fetch)

    def open(self, opening: Opening) -> Opened | None:
        """Read what a portion adds to. What adds to conversations of the portion before it, which waits to be
        written, is put off to the next.
        """
        divided = _together(self._put_off, opening.divided)
        self._found += zip(opening.wanted, opening.fetch(), strict=True)
        ready: list[Thread[MessageRow]] = []
        later: list[Thread[MessageRow]] = []
        for thread in divided.others:
            touched = touched_by(thread, divided, Plan(self._moved))
            (ready if self._waiting.isdisjoint(touched) else later).append(thread)
        divided.others, self._put_off = ready, _of(later, divided)
        self._waiting = set()
        if not ready:
            return None
        store = self.store
        plan = plan_merge(divided, self._moved, self._uses, store.report, self._notice)
        self.repairs["conversations_joined"] += len(plan.taken_up)
        self._waiting = {*plan.rows, *plan.taken_up}
        conversations = open_conversations(plan)
        rows = [row for opened in conversations for row in opened.rows]
        # Each message of the file that is not there, and each that is answered and in no file.
        most = sum(len(thread.nodes) for thread in ready)
        return Opened(
            plan, conversations, self._take_found(rows), store.people.of(rows), iter(next_ids(Message, most))
        )

    def finish(self) -> Iterator[Opened]:
        """What was put off; the portion before each must have been handed over, and is written first."""
        while self._put_off.others:
            self.store.flush()
            self.store.writer.wait()
            self._waiting = set()
            if opened := self.open(NOTHING_MORE):
                yield opened

    def _take_found(self, rows: Sequence[MessageRow]) -> dict[str, Found]:
        """What was found in these rows, by the ids they bear by now: those of earlier versions of their
        messages, where such are stored.
        """
        now = set(map(id, rows))
        taken = {row.external_id: finding for row, finding in self._found if id(row) in now}
        self._found = [pair for pair in self._found if id(pair[0]) not in now]
        return taken

    def merge(self, opened_portion: Opened) -> None:
        """Everything of one portion that adds to what is there, worked out and handed to be written."""
        plan, people, found = opened_portion.plan, opened_portion.people, opened_portion.found
        store = self.store
        done = []
        for opened in opened_portion.conversations:
            items = items_of(opened, people, plan.homes)
            for item in items:
                self._update(item, found)
            done.append(arranged(opened, items, found, store))
        self._keep_other_texts()
        if plan.taken_up:
            store.writer.wait()
            move_suggestions({pk: plan.now(pk) for pk in plan.taken_up})
        self._write(done, opened_portion, found)
        # Nobody was given them, as `plan_merge` looked up, and they are empty then.
        store.write_later(partial(delete, model=Conversation, field="id", values=plan.taken_up))

    def _update(self, item: Item, found: Mapping[str, Found]) -> None:
        """Bring a stored message up to date with its row; the text that is there stays."""
        message, row = item.message, item.row
        if message is None or row is None:
            return
        if message.is_placeholder:
            if row.state != "present":
                message.is_changed |= message.state != row.state
                message.state = row.state
                return
            self._fill(message, item, row, found)
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
                message.is_changed = True

    def _fill(self, message: OpenMessage, item: Item, row: MessageRow, found: Mapping[str, Found]) -> None:
        hidden, spans, _asked = found[row.external_id]
        message.state, message.text = Message.State.PRESENT, row.text if hidden is None else hidden
        message.text_before_repair = "" if self.store.how.strict and spans else row.text_raw or ""
        message.account_id = item.author.pk if item.author else None
        message.language = row.lang or ""
        message.source, message.platform = row.source or "", row.platform or ""
        message.revision += 1
        message.is_changed = True
        self.repairs["placeholder_filled"] += 1

    def _keep_other_texts(self) -> None:
        """Keep the texts that differ from the stored ones beside them, once."""
        if not self._other_texts:
            return
        self.store.writer.wait()
        kept: dict[int, list[str]] = {}
        versions = MessageVersion.objects.filter(
            message__among=[message.pk for message, _row, _text in self._other_texts]
        )
        for pk, text in versions.order_by().values_list("message_id", "text"):
            kept.setdefault(pk, []).append(text)
        new = []
        for message, row, text in self._other_texts:
            others = kept.setdefault(message.pk, [])
            if any(is_same_text(other, text) for other in others):
                continue
            others.append(text)
            new.append(MessageVersion(message_id=message.pk, batch=self.store.batch, text=text))
            message.text_changed = message.is_changed = True
            self.repairs["text_changed"] += 1
            self._notice("text_changed", row, id=row.external_id)
        MessageVersion.objects.bulk_create(new)
        self._other_texts = []

    def _write(self, done: list[Arranged], opened: Opened, found: Mapping[str, Found]) -> None:
        """Store new messages, change those that moved or were filled, and what the conversations say of
        them.
        """
        store = self.store
        new = place(done, store, opened.people, found, opened.pks)
        for thread in done:
            rows = [row for row in thread.conversation.rows if row.external_id in found]
            thread.conversation.candidate_count += sum(len(found[row.external_id][1]) for row in rows)
        store.add_messages(new)
        store.write_later(*steps_back([thread.conversation for thread in done]))
        ids = {name: pk for thread in done for name, pk in thread.ids.items()}
        store.add_candidates([(ids[name], spans) for name, (_text, spans, _asked) in found.items()])
        for hidden, spans, _asked in found.values():
            store.count_removed(hidden, spans)
        facts = [
            (thread.conversation.pk, [thread.ids[node.external_id] for node in thread.nodes], thread.facts)
            for thread in done
        ]
        changed = _changed([thread.conversation for thread in done])
        store.write_later(*suggestion_steps(facts, changed))

    def _notice(self, code: str, row: MessageRow, **params: object) -> None:
        if sum(problem.code == code for problem in self.problems) < SHOWN:
            self.problems.append(Problem(row.file, row.line, code, "notice", params))


NOTHING_MORE = Opening(Divided(), (), list)


def _of(threads: Threads, divided: Divided) -> Divided:
    """These conversations of the file, with what is stored of them only."""
    ids = {one for thread in threads for one in ids_of(thread)} & divided.stored.keys()
    keys = {short_id(thread.key) for thread in threads} & divided.keys.keys()
    return Divided(
        [], threads, {one: divided.stored[one] for one in ids}, {key: divided.keys[key] for key in keys}
    )


def _together(one: Divided, other: Divided) -> Divided:
    if not one.others:
        return other
    return Divided([], one.others + other.others, one.stored | other.stored, one.keys | other.keys)


def _changed(conversations: Sequence[OpenConversation]) -> list[int]:
    return [message.pk for opened in conversations for message in opened.there.values() if message.is_changed]


def _is_wanted(row: MessageRow, stored: Mapping[str, Stored]) -> bool:
    """Whether candidates are to be found in a row: it is new, or fills a placeholder."""
    names = (row.external_id, *row.aliases)
    there = next((stored[name] for name in names if name in stored), None)
    return row.state == "present" and (there is None or there.state != "present")
