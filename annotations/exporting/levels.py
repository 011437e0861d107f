"""A data file per level for statistics programs: conversations, messages and fragments.

They are filled while the tables of the export are written, so that nothing is read twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from ..exchange.statistics_files import CHECK, DataFile
from ..exchange.table import Column, Row, Table

UNIT = ("conversation_id", "message_id")
LEVELS = ("conversations", "messages", "spans")
CHECK_COLUMN = Column(CHECK, "string", "what this row was when it was exported; for reading it back")


class Levels:
    """`wide` and `messages` are tables of the export, `spans` the fragments with the codebook's numbers."""

    def __init__(self, wide: Table, messages: Table, spans: Table, zone: tzinfo) -> None:
        self.wide, self.messages = wide, messages
        self.level = wide.header.index("level")
        self.facts = [
            (place, column) for place, column in enumerate(messages.columns) if column.name not in wide.header
        ]
        self.spans = DataFile(replace(spans, columns=[*spans.columns, CHECK_COLUMN]), zone)
        self.zone = zone
        self._rows: dict[str, list[Row]] = {"conversation": [], "message": []}
        self._facts: dict[tuple[object, ...], list[object]] = {}
        self._wide_key = [wide.header.index(name) for name in UNIT]
        self._key = [messages.header.index(name) for name in UNIT]
        self._coded: set[tuple[object, ...]] = set()

    def add_wide(self, row: Row) -> None:
        """A row of codings_wide.csv."""
        self._rows[str(row[self.level])].append(row)
        self._coded.add(tuple(row[place] for place in self._wide_key))

    def add_message(self, row: Row) -> None:
        """A row of messages.csv; all of codings_wide.csv came before."""
        key = tuple(row[place] for place in self._key)
        if key in self._coded:
            self._facts[key] = [row[place] for place, _column in self.facts]

    def files(self) -> dict[str, DataFile]:
        """Name -> data file."""
        keep = [place for place in range(len(self.wide.columns)) if place != self.level]
        message_at = self.wide.header.index("message_id")
        without_message = [place for place in keep if place != message_at]
        conversations = self._file("conversations", [self.wide.columns[place] for place in without_message])
        for row in self._rows["conversation"]:
            conversations.add([row[place] for place in without_message])
        columns = [self.wide.columns[place] for place in keep] + [column for _place, column in self.facts]
        messages = self._file("messages", columns)
        nothing = [None] * len(self.facts)
        for row in self._rows["message"]:
            key = tuple(row[place] for place in self._wide_key)
            messages.add([*(row[place] for place in keep), *self._facts.get(key, nothing)])
        return {"conversations": conversations, "messages": messages, "spans": self.spans}

    def _file(self, name: str, columns: list[Column]) -> DataFile:
        return DataFile(
            Table(name, f"Every coded {name.removesuffix('s')}", [*columns, CHECK_COLUMN], list), self.zone
        )
