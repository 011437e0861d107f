"""Which conversations of a file are new, which are there word for word, and which are to be merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ...common.bulk import plain_rows
from ...models import Conversation, Message, Study
from ..group.threads import Thread
from ..read.gate import short_id
from ..read.rows import MessageRow
from ..report import Report
from .detection import is_same_text

Threads = list[Thread[MessageRow]]
EMPTY: Mapping[str, str] = {}
FILLED = (
    "created_at",
    "author_created_at",
    "author_followers",
    "author_posts",
    "reposts",
    "permalink",
    "parent_id",
)


class Stored(NamedTuple):
    """Where a message is, and whether it is there or a placeholder."""

    conversation_id: int
    state: str


class Content(NamedTuple):
    """What is there of a message."""

    text: str
    text_before_repair: str
    created_at: Any
    author_created_at: Any
    author_followers: int | None
    author_posts: int | None
    reposts: int | None
    permalink: str
    parent_id: int | None


@dataclass(slots=True)
class Divided:
    """Conversations of which nothing is there (`new`), those that add to what is there (`others`), and what
    is there: messages by external id, conversations by key.
    """

    new: Threads = field(default_factory=list)
    others: Threads = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)


class AlreadyStored:
    """Compares with what the study holds, and counts in the report what was there already."""

    def __init__(self, study: Study, report: Report):
        self.study_id, self.report = study.pk, report
        self._is_empty = not Message.objects.filter(study=study).exists()

    def divide(self, threads: Sequence[Thread[MessageRow]]) -> Divided:
        """Which conversations are new, and which add to what is there."""
        if self._is_empty:
            return Divided(list(threads))
        stored = self._stored([external_id for thread in threads for external_id in ids_of(thread)])
        keys = self._keys(short_id(thread.key) for thread in threads)
        divided = Divided(stored=stored, keys=keys)
        whole = [thread for thread in threads if _is_one(thread, stored)]
        contents = self._contents([node.external_id for thread in whole for node in thread.nodes])
        for thread in threads:
            if short_id(thread.key) not in keys and not any(
                external_id in stored for external_id in ids_of(thread)
            ):
                divided.new.append(thread)
            elif all(_adds_nothing(node, stored, contents) for node in thread.nodes):
                count_stored(self.report, thread, stored)
            else:
                divided.others.append(thread)
        return divided

    def _stored(self, ids: list[str]) -> dict[str, Stored]:
        """external id -> where it is."""
        rows = self._messages(ids).values_list("external_id", *Stored._fields)
        return {key: Stored(*rest) for key, *rest in plain_rows(rows)}

    def _contents(self, ids: list[str]) -> dict[str, Content]:
        if not ids:
            return {}
        rows = self._messages(ids).values_list("external_id", *Content._fields)
        return {key: Content(*rest) for key, *rest in plain_rows(rows)}

    def _messages(self, ids: list[str]) -> QuerySet[Message]:
        return Message.objects.filter(study_id=self.study_id, external_id__among=ids).order_by()

    def _keys(self, keys: Iterable[str]) -> dict[str, int]:
        rows = Conversation.objects.filter(study_id=self.study_id, key__among=keys)
        return dict(rows.order_by().values_list("key", "pk"))


def ids_of(thread: Thread[MessageRow]) -> list[str]:
    """All ids by which messages of a thread may be stored."""
    others = [other for node in thread.nodes if node.message for other in node.message.aliases]
    return [node.external_id for node in thread.nodes] + others


def same_text(row: MessageRow, text: str, before_repair: str) -> bool:
    """Whether a row holds the stored text, repaired or not, masked or not."""
    given = {row.text, row.text_raw or row.text}
    return any(is_same_text(text, other) or (before_repair and before_repair == other) for other in given)


def count_stored(
    report: Report, thread: Thread[MessageRow], stored: Mapping[str, Stored], names: Mapping[str, str] = EMPTY
) -> None:
    """Count a conversation of which part or all is stored. `names`: id in the file -> stored id."""
    for node in thread.nodes:
        there = stored.get(names.get(node.external_id, node.external_id))
        is_there = there is not None and there.state == "present"
        if node.message is not None and node.message.state == "present":
            report.messages_known += is_there
            report.messages_new += not is_there
        elif not is_there:
            report.placeholders += 1
            report.orphans += len(node.children) if node.message is None else 0
    report.branches += thread.branches


def _is_one(thread: Thread[MessageRow], stored: dict[str, Stored]) -> bool:
    """Whether all of it lies in one conversation; conversations that are kept apart are looked at again."""
    found = [stored.get(node.external_id) for node in thread.nodes]
    return None not in found and len({message.conversation_id for message in found if message}) == 1


def _adds_nothing(node: Any, stored: dict[str, Stored], contents: dict[str, Content]) -> bool:
    """Whether a message is there as the file has it; one without contents is of a thread that adds some."""
    there, content = stored.get(node.external_id), contents.get(node.external_id)
    row: MessageRow | None = node.message
    if there is None or content is None:
        return False
    if row is None:
        return True
    if row.state != "present":
        return there.state in (row.state, "present")
    if there.state != "present" or not same_text(row, content.text, content.text_before_repair):
        return False
    return not any(
        getattr(content, name) in (None, "") and getattr(row, name) not in (None, "") for name in FILLED
    )
