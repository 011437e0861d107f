"""What the readers of JSON share: walk the files and their values, and say where a value is no message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.importing.read import times
from annotations.importing.read.formats.base import shown_name
from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import MessageRow, Problem, Read, ReadOptions, Tally
from annotations.importing.read.sources import Member, members

SHOWN_IDS = 3
EXACT = 2.0**53  # beyond it a float does not hold every whole number
_ID = re.compile(r"(^|_)id$|Id$")
NOT_ONE = (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError, times.BadTime)


class NoMessages(Exception):
    """A value that is as it should be and holds something else: users, counts. The argument says what."""


class JsonReader:
    """Gives `read`; a format adds `name`, `label`, `sniff` and `rows` (it may raise NoMessages, NOT_ONE)."""

    name: str
    label: str

    def wants(self, member: Member) -> bool:
        """Whether a file of a folder or zip is to be read; a file by itself always is."""
        return True

    def rows(self, value: Any, tally: Tally) -> Iterator[MessageRow]:
        """The messages in one value of the file."""
        raise NotImplementedError

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        name = shown_name(path, options)
        other: set[str] = set()
        found = False
        for member in members(path):
            if not member.name or self.wants(member):
                for row in self.read_member(member, member.shown(name), tally, other):
                    found = True
                    yield row
        if other and not found:
            yield Problem(name, 0, "no_messages", "file", {"what": ", ".join(sorted(other))})

    def read_member(
        self, member: Member, name: str, tally: Tally, other: set[str]
    ) -> Iterator[MessageRow | Problem]:
        for parsed in values_of(member.open, tally):
            if isinstance(parsed, Broken):
                tally.rows += 1
                yield Problem(name, parsed.line, "broken_json", params={"column": parsed.column})
                continue
            line, value = parsed
            before = tally.rows
            try:
                found = list(self.rows(value, tally))
            except NoMessages as what:
                other.add(str(what))
                continue
            except NOT_ONE:
                tally.rows = max(tally.rows, before + 1)
                if ids := _ids_that_lost_digits(value):
                    yield Problem(name, line, "ids_are_floats", params={"ids": ", ".join(ids)})
                else:
                    yield Problem(name, line, "not_a_message", params={"format": self.label})
                continue
            for row in found:
                row.file, row.line = name, line
                yield row


def _ids_that_lost_digits(value: Any) -> list[str]:
    """The first ids in a value that are floating point numbers, as `id 1.718e+18`."""
    found: list[str] = []
    waiting = [value]
    while waiting and len(found) < SHOWN_IDS:
        one = waiting.pop(0)
        if isinstance(one, dict):
            found += [f"{key} {each}" for key, each in one.items() if _ID.search(key) and _is_rounded(each)]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found[:SHOWN_IDS]


def _is_rounded(value: Any) -> bool:
    return isinstance(value, float) and abs(value) >= EXACT
