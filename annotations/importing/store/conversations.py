"""Writes conversations: new ones in bulk; `merging.py` adds to those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils import timezone

from ...common.bulk import Table, next_ids, stored_time
from ...models import Candidate, Conversation, ImportBatch, Message, Study
from ..facts.context import Turn, addressed
from ..facts.facts import Facts, Said, facts_of
from ..facts.handles import Handles
from ..group.threads import Node, Thread
from ..read.gate import short_id
from ..read.rows import MessageRow, author_key
from ..report import Report
from .accounts import People, Person
from .detection import NOTHING, Found, removed_from
from .scanning import Scanner
from .suggestions import SUGGESTIONS, suggestion_rows
from .writer import Step, Writer

Threads = Sequence[Thread[MessageRow]]
Rows = list[tuple[Any, ...]]

_CONVERSATIONS = Table(
    Conversation,
    (
        "id", "study_id", "number", "key", "organisation_id", "batch_id", "started_at", "message_count",
        "placeholder_count", "branch_count", "candidate_count", "first_response_minutes", "unanswered",
    ),
)  # fmt: skip
_MESSAGES = Table(
    Message,
    (
        "id", "study_id", "conversation_id", "batch_id", "external_id", "parent_id", "position", "depth",
        "state", "account_id", "created_at", "text", "text_before_repair", "language", "permalink", "source",
        "platform", "reposts", "author_created_at", "author_followers", "author_posts", "addressed",
        "by_hand", "text_changed", "revision",
    ),
)  # fmt: skip
_CANDIDATES = Table(
    Candidate,
    (
        "message_id", "start", "end", "info_type", "subtype", "confidence", "completeness", "subject",
        "detector", "version", "reason", "alternatives", "created_at",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """New conversations whose texts are being scanned; `ids` are those of the texts."""

    threads: Threads
    people: Mapping[str, Person]
    ids: list[str]
    fetch: Callable[[], list[Found]]


class Store:
    """Where the conversations of one import go. Everything happens inside the caller's transaction.

    New conversations are written one portion behind: while the database takes in one, the next is worked out.
    """

    def __init__(
        self,
        study: Study,
        batch: ImportBatch,
        handles: Handles,
        people: People,
        scanner: Scanner,
        writer: Writer,
    ):
        self.study, self.batch, self.handles, self.people = study, batch, handles, people
        self.scanner, self.how = scanner, scanner.how
        self.writer = writer
        self._ready: list[Step] = []
        self.report = Report()
        self.now = stored_time(timezone.now())
        self._number = study.conversations.aggregate(last=Max("number"))["last"] or 0

    def prepare(self, threads: Threads) -> Prepared:
        """Hand the texts of new conversations to the scanner, so that it works while others are written."""
        rows = [row for thread in threads for row in rows_of(thread)]
        people = self.people.of(rows)
        present = [row for row in rows if row.state == "present"]
        fetch = self.scanner.submit([(row.text, role_of(row, people)) for row in present])
        return Prepared(threads, people, [row.external_id for row in present], fetch)

    def ids_for(self, threads: Threads) -> tuple[Sequence[int], Iterator[int]]:
        """Primary keys for new conversations and their messages."""
        conversations = next_ids(Conversation, len(threads))
        return conversations, iter(next_ids(Message, sum(len(thread.nodes) for thread in threads)))

    def write_later(self, *steps: Step) -> None:
        """Hand over what is to be written with this portion, in this order."""
        self._ready += steps

    def flush(self) -> None:
        """Start writing what was handed over. From here on the writer has the connection."""
        ready, self._ready = self._ready, []
        self.writer.write(ready)

    def add_new(self, prepared: Prepared, ids: tuple[Sequence[int], Iterator[int]]) -> None:
        """Work out conversations of which nothing is there yet."""
        threads, people = prepared.threads, prepared.people
        if not threads:
            return
        conversation_ids, message_ids = ids
        found = dict(zip(prepared.ids, prepared.fetch(), strict=True))
        conversations: Rows = []
        messages: Rows = []
        candidates: Rows = []
        suggestions: Rows = []
        for pk, thread in zip(conversation_ids, threads, strict=True):
            self._number += 1
            pks = {node.external_id: next(message_ids) for node in thread.nodes}
            said = [said_of(node, people) for node in thread.nodes]
            for node, told in zip(thread.nodes, said, strict=True):
                if node.external_id in found:
                    told.asked = found[node.external_id][2]
            facts = facts_of(said, self.study, self.handles)
            before = len(candidates)
            for position, (node, told) in enumerate(zip(thread.nodes, said, strict=True)):
                own = pks[node.external_id]
                parent = pks[node.parent.external_id] if node.parent else None
                masked, spans, _asked = found.get(node.external_id, NOTHING)
                self.count_removed(masked, spans)
                values = self.values(node, told, facts, people, masked, bool(spans))
                place = (node.external_id, parent, position, node.depth)
                messages.append((own, self.study.pk, pk, self.batch.pk, *place, *values))
                candidates += [(own, *span, self.now) for span in spans]
            suggestions += suggestion_rows(pk, list(pks.values()), facts)
            missing = sum(is_missing(node) for node in thread.nodes)
            conversations.append(
                (
                    pk, self.study.pk, self._number, short_id(thread.key), facts.organisation_id,
                    self.batch.pk, stored_time(facts.started_at), len(thread.nodes), missing,
                    thread.branches, len(candidates) - before, facts.first_response_minutes,
                    facts.unanswered if facts.unanswered is None else int(facts.unanswered),
                )
            )  # fmt: skip
            self.report.messages_new += len(thread.nodes) - missing
            self.report.placeholders += missing
            self.report.orphans += thread.orphans
            if gone := replies_to_deleted(thread):
                self.report.repairs["reply_to_deleted"] = (
                    self.report.repairs.get("reply_to_deleted", 0) + gone
                )
            self.report.branches += thread.branches
            thread.unlink()
        self.report.conversations_new += len(threads)
        self.report.candidates += len(candidates)
        self.write_later(
            partial(_CONVERSATIONS.write, rows=conversations),
            partial(_MESSAGES.write, rows=messages),
            partial(_CANDIDATES.write, rows=candidates),
            partial(SUGGESTIONS.write, rows=suggestions),
        )

    def values(
        self,
        node: Node[MessageRow],
        said: Said,
        facts: Facts,
        people: Any,
        masked: str | None,
        has_spans: bool,
    ) -> tuple[Any, ...]:
        """The fields of a message from `state` on; `masked` replaces its text."""
        row = node.message
        if row is None:
            return ("outside", None, None, "", "", "", "", "", "", None, None, None, None, "", "[]", 0, 1)
        person = people.get(author_key(row) or "")
        # Of a text that was masked, the version before its repair would still show what was taken out.
        raw = "" if self.how.strict and has_spans else row.text_raw or ""
        text = (row.text if masked is None else masked) if row.state == "present" else ""
        return (
            row.state,
            person.pk if person else None,
            stored_time(row.created_at),
            text,
            raw if row.state == "present" else "",
            row.lang or "",
            row.permalink or "",
            row.source or "",
            row.platform or "",
            row.reposts,
            stored_time(row.author_created_at),
            row.author_followers,
            row.author_posts,
            self.addressed(node, said, facts, people) if said.turn.present else "",
            "[]",
            0,
            1,
        )

    def count_removed(self, masked: str | None, spans: Sequence[tuple[Any, ...]]) -> None:
        for kind in removed_from(masked, spans):
            self.report.removed[kind] = self.report.removed.get(kind, 0) + 1

    def addressed(self, node: Node[MessageRow], said: Said, facts: Facts, people: Any) -> str:
        if facts.organisation_id is None or said.turn.role == "organisation" or node.message is None:
            return ""
        above = node.parent.message if node.parent else None
        answered = people.get(author_key(above) or "") if above else None
        return addressed(
            said.named,
            node.message.reply_to_handle or (answered.handle if answered else None),
            self.handles.this(facts.organisation_id),
            self.handles.others(facts.organisation_id),
        )

    def add_candidates(self, found: Iterable[tuple[int, Iterable[tuple[Any, ...]]]]) -> None:
        """(message, its candidates) of messages that are there."""
        rows = [(pk, *span, self.now) for pk, spans in found for span in spans]
        self.report.candidates += len(rows)
        self.write_later(partial(_CANDIDATES.write, rows=rows))

    def add_messages(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows: (id, conversation id, external id, parent id, position, depth, then what `values` gives)."""
        study, batch = self.study.pk, self.batch.pk
        found = [(pk, study, conversation, batch, *rest) for pk, conversation, *rest in rows]
        self.write_later(partial(_MESSAGES.write, rows=found))


def rows_of(thread: Thread[MessageRow]) -> list[MessageRow]:
    return [node.message for node in thread.nodes if node.message is not None]


def replies_to_deleted(thread: Thread[MessageRow]) -> int:
    """Replies to messages of which is known that they were deleted, or may not be seen."""
    return sum(
        len(node.children) for node in thread.nodes if node.message and node.message.state != "present"
    )


def is_missing(node: Node[MessageRow]) -> bool:
    return node.message is None or node.message.state != "present"


def role_of(row: MessageRow, people: Any) -> Any:
    person: Person | None = people.get(author_key(row) or "")
    return person.role if person else "unknown"


def said_of(node: Node[MessageRow], people: Any) -> Said:
    row = node.message
    if row is None:
        return Said(Turn("unknown", present=False))
    person: Person | None = people.get(author_key(row) or "")
    organisation = str(person.organisation_id) if person and person.organisation_id else None
    turn = Turn(role_of(row, people), row.text, row.created_at, organisation, row.state == "present")
    return Said(turn, row.author_created_at, row.mentions)
