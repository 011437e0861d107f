"""Files to conversations: reads every file once, then gives the conversations one by one.

with Corpus() as corpus:
    corpus.read(path, reader, options)
    corpus.group()
    for thread in corpus.conversations(): ...
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from annotations.importing.group.grouping import Grouping, ThreadIndex, fingerprint
from annotations.importing.group.row_store import RowStore
from annotations.importing.group.seen import Seen
from annotations.importing.group.threads import Thread, arrange
from annotations.importing.read.formats.base import Reader, shown_name
from annotations.importing.read.gate import clean_problem, pass_gate
from annotations.importing.read.rows import MessageRow, Problem, ReadOptions, Sample, Tally
from annotations.importing.read.sources import UNREADABLE, Encrypted

MAX_PROBLEMS = 1000
TICK_ROWS = 2000
SHOWN_NOTES = 20


class Corpus:
    """All rows of one import. `refused` is true when nothing may be stored."""

    def __init__(
        self,
        *,
        skip_bad_rows: bool = False,
        directory: Path | None = None,
        on_row: Callable[[MessageRow], None] | None = None,
    ):
        self._on_row = on_row or (lambda row: None)
        self.skip_bad_rows = skip_bad_rows
        self.rows = self.bad_rows = 0
        self.refused = False
        self.repairs: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self.problems: list[Problem] = []  # the first MAX_PROBLEMS; `problem_count` has them all
        self.problem_count = 0
        self.grouping: Grouping | None = None
        self.placeholders = self.orphans = self.branches = 0
        self._row_store, self._index = RowStore(directory), ThreadIndex()
        self._reported: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._row_store.close()

    @property
    def duplicates(self) -> int:
        return self.grouping.duplicates if self.grouping else 0

    def read(
        self,
        path: Path,
        reader: Reader,
        options: ReadOptions,
        on_progress: Callable[[Tally], None] | None = None,
    ) -> Tally:
        """Read one file to its end and set its messages aside; problems are collected, not raised."""
        tally = Tally()
        before = len(self._row_store)
        fatal, bad_before = False, self.bad_rows
        seen = Seen()
        for count, given in enumerate(_checked(reader, path, options, tally), 1):
            checked = pass_gate(given, tally.repairs) if isinstance(given, MessageRow) else given
            if isinstance(checked, Problem):
                fatal |= checked.severity == "file"
                seen.told.add(checked.code)
                self._problem(clean_problem(checked))
            else:
                seen.see(checked)
                self._add(checked)
            if on_progress and count % TICK_ROWS == 0:
                on_progress(tally)
        if len(self._row_store) == before and not fatal:
            none_good = self.bad_rows > bad_before
            if self.skip_bad_rows or not none_good:
                code = "nothing_read" if none_good else "empty_file"
                self._problem(Problem(shown_name(path, options), 0, code, "file"))
        if not fatal:
            for note in seen.notes(shown_name(path, options)):
                self._problem(note)
        self.rows += tally.rows
        self.repairs += tally.repairs
        self.samples += tally.samples
        if on_progress:
            on_progress(tally)
        return tally

    def group(self) -> None:
        """Find out which messages belong together. Call once, after the last file."""
        self.grouping = self._index.group(self._best)
        self._index = ThreadIndex()  # its numbers of every message are of no more use
        if self.grouping.left_out:
            self.repairs["referenced_only"] += self.grouping.left_out
        for number in self.grouping.contradictions[:SHOWN_NOTES]:
            row = self._row_store[number]
            self._notice("conversation_contradicts", row)
        self.problem_count += max(0, len(self.grouping.contradictions) - SHOWN_NOTES)

    def conversations(self) -> Iterator[Thread[MessageRow]]:
        """Every conversation in reading order, by the time of its first message."""
        if self.grouping is None:
            self.group()
        assert self.grouping is not None
        self.placeholders = self.orphans = self.branches = 0
        for key, numbers in self.grouping:
            thread = arrange([self._row_store[number] for number in numbers], partial(_has_fingerprint, key))
            self.placeholders += thread.placeholders + sum(
                node.message is not None and node.message.state != "present" for node in thread.nodes
            )
            self.orphans += thread.orphans
            self.branches += thread.branches
            for identifier in thread.cut:
                row = next(node.message for node in thread.nodes if node.external_id == identifier)
                if row is not None:
                    self._notice("cycle_cut", row)
            yield thread

    def _add(self, row: MessageRow) -> None:
        self._on_row(row)
        seconds = int(row.created_at.timestamp()) if row.created_at else 0
        self._index.add(
            row.external_id,
            row.parent_id,
            row.conversation_id,
            seconds,
            aliases=row.aliases,
            supporting=row.supporting,
        )
        self._row_store.append(row)

    def _best(self, numbers: list[int]) -> int:
        """Of rows with one id: a message before a placeholder, then the longest text, then the newest."""
        rows = {number: self._row_store[number] for number in numbers}
        best = max(numbers, key=lambda number: _worth(rows[number]))
        kept = rows[best]
        for row in rows.values():
            differs = row.text != kept.text or (row.author_id or row.author_handle) != (
                kept.author_id or kept.author_handle
            )
            if row is not kept and row.state == kept.state == "present" and differs and not kept.aliases:
                self._notice("duplicate_differs", row)
                break
        return best

    def _notice(self, code: str, row: MessageRow) -> None:
        """A notice about a message; of each kind the first few are kept, all are counted."""
        self._reported[code] += 1
        if self._reported[code] <= SHOWN_NOTES:
            self._problem(Problem(row.file, row.line, code, "notice", {"id": row.external_id}))
        else:
            self.problem_count += 1

    def _problem(self, problem: Problem) -> None:
        self.problem_count += 1
        if problem.severity == "file":
            self.refused = True
        elif problem.severity == "row":
            self.bad_rows += 1
            if self.skip_bad_rows:
                self.repairs["bad_rows_skipped"] += 1
            else:
                self.refused = True
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def _checked(
    reader: Reader, path: Path, options: ReadOptions, tally: Tally
) -> Iterator[MessageRow | Problem]:
    """What a reader gives; a file that turns out to be damaged or locked on the way is a problem of the
    file.
    """
    name = shown_name(path, options)
    try:
        yield from reader.read(path, options, tally)
    except Encrypted:
        yield Problem(name, 0, "encrypted", "file")
    except UNREADABLE as why:
        reason = getattr(why, "strerror", "") or str(why) or type(why).__name__
        code = "not_readable" if isinstance(why, OSError) else "bad_archive"
        yield Problem(name, 0, code, "file", {"why": reason})


def _worth(row: MessageRow) -> tuple:
    """Sorts rows of one message; never by their place in the file, so that any order gives the same."""
    return (
        row.state == "present",
        not row.supporting,
        row.reason is None or "edited" not in row.reason,
        len(row.text),
        row.collected_at.timestamp() if row.collected_at else 0.0,
        row.state,
        row.text,
        row.author_handle or "",
        row.parent_id or "",
    )


def _has_fingerprint(key: int, identifier: str) -> bool:
    return fingerprint(identifier) == key
