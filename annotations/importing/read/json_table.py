"""Records in JSON as a table: an object for each message, with fields by any name, as many programs write.

Fields in fields get a name with a dot (`author.username`); lists are kept as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from annotations.importing.read.jsonfile import Broken, values_of
from annotations.importing.read.rows import Problem, Tally

LOOKED_AT = 200  # records, for the names of their fields
DEEPEST = 3
MOST_FIELDS = 500


def is_json_table(path: Path) -> bool:
    """Whether the file begins with a record."""
    with path.open("rb") as file:
        if (
            not file.read(256)
            .replace(b"\x00", b"")
            .lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
            .startswith((b"{", b"["))
        ):
            return False
    first = next(values_of(path, Tally()), None)
    return isinstance(first, tuple) and bool(records_in(first[1]))


def json_rows(path: Path, tally: Tally, name: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """The names of the fields, then a row for every record."""
    found = _records(path, tally, name)
    first = list(islice(found, LOOKED_AT))
    fields: dict[str, None] = {}
    for one in first:
        if not isinstance(one, Problem):
            fields |= dict.fromkeys(one[1])
    header = list(fields)[:MOST_FIELDS]
    yield 1, header
    for one in chain(first, found):
        yield one if isinstance(one, Problem) else (one[0], [one[1].get(field, "") for field in header])


def records_in(value: object) -> list[dict[str, Any]]:
    """The records of a value: itself, or those in the one list it holds ({"data": [...]})."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, dict)]
    if not isinstance(value, dict):
        return []
    lists = [one for one in value.values() if isinstance(one, list) and one and isinstance(one[0], dict)]
    is_wrapper = len(lists) == 1 and not any(isinstance(one, str) and " " in one for one in value.values())
    return [one for one in lists[0] if isinstance(one, dict)] if is_wrapper and len(value) < 6 else [value]


def flat(record: dict[str, Any], above: str = "", depth: int = 1) -> dict[str, str]:
    """
    >>> flat({"id": 7, "author": {"name": "Bo", "tags": ["a"]}, "lang": None})
    {'id': '7', 'author.name': 'Bo', 'author.tags': '["a"]', 'lang': ''}
    """
    found: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict) and depth < DEEPEST:
            found |= flat(value, f"{above}{name}.", depth + 1)
        elif isinstance(value, str):
            found[above + name] = value
        elif value is None:
            found[above + name] = ""
        else:
            found[above + name] = json.dumps(value, ensure_ascii=False)
    return found


def _records(path: Path, tally: Tally, name: str) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    for parsed in values_of(path, tally):
        if isinstance(parsed, Broken):
            yield Problem(name, parsed.line, "broken_json", params={"column": parsed.column})
            continue
        line, value = parsed
        records = records_in(value)
        if not records:
            yield Problem(name, line, "not_a_message", params={"format": "JSON"})
        for record in records:
            yield line, flat(record)
