"""What the messages of a file do not say, told once for each file, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.importing.read.rows import MessageRow, Problem

CUT = re.compile(r"…(\s*https://t\.co/\w+)?\s*$")
LONG = 100  # characters; people end short messages in dots themselves
# A reader that told one of these said it better: it knows the columns, or the files that are missing.
INSTEAD = {
    "no_times": {"no_times", "not_times"},
    "no_authors": {"no_authors", "no_account"},
    "no_threads": {"no_threads", "flat_threads", "references_rounded"},
    "texts_cut": {"cut_texts"},
}


class Seen:
    def __init__(self) -> None:
        self.told: set[str] = set()
        self.messages = self.cut = 0
        self.has_time = self.has_author = self.has_thread = False

    def see(self, row: MessageRow) -> None:
        if row.state != "present":
            return
        self.messages += 1
        self.has_time = self.has_time or row.created_at is not None
        self.has_author = self.has_author or bool(row.author_id or row.author_handle or row.author_name)
        self.has_thread = self.has_thread or bool(row.parent_id or row.conversation_id)
        if "…" in row.text[-40:] and len(row.text) >= LONG and not row.repost_of and CUT.search(row.text):
            self.cut += 1

    def notes(self, name: str) -> Iterator[Problem]:
        """The notices about a file that was read to its end."""
        if not self.messages:
            return
        missing = {
            "no_times": not self.has_time,
            "no_authors": not self.has_author,
            "no_threads": not self.has_thread and self.messages > 1,
            "texts_cut": self.cut > 0,
        }
        for code, is_missing in missing.items():
            if is_missing and self.told.isdisjoint(INSTEAD[code]):
                params = {"count": self.cut} if code == "texts_cut" else {}
                yield Problem(name, 0, code, "notice", params)
