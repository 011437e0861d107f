"""Who signs like an agent: what must be known of all rows before the first is stored. Pure."""

from __future__ import annotations

from collections import Counter

from annotations.importing.facts.context import signs_with_caret
from annotations.importing.read.rows import MessageRow, author_key


class Signatures:
    """Counts, per author, the messages that end in an agent's signature; show it every row."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def see(self, row: MessageRow) -> None:
        if "^" in row.text and signs_with_caret(row.text):
            self.count[author_key(row) or ""] += 1
