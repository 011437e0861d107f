"""The one gate that every row passes, whichever reader made it: right types, and nothing a table cannot hold.

Readers take what a file holds where they look for it; whether a name is a name and a number a number is
checked here, once. What a message can do without is left out and counted. What is no message (no id, a text
that is no text) is refused with a sentence. The text of a message is never cut.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from operator import attrgetter

from annotations.importing.read.repair import plain_text
from annotations.importing.read.rows import MessageRow, Problem

ID_LENGTH = 300
AUTHOR_LENGTH = 200
LINK_LENGTH = 500
LARGEST_NUMBER = 2**31 - 1
MOST_NAMES = 1000  # mentions and other ids of one message
MIN_YEAR, MAX_YEAR = 1900, 2200
EXACT = 2**53  # beyond it a floating point number does not hold every whole number
_FLOAT = re.compile(r"\d+\.0|\d(?:\.\d+)?[eE]\+\d+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_IDS = ("external_id", "parent_id", "conversation_id", "author_id", "reply_to_author_id", "repost_of")
_NAMES = {
    "author_handle": 200,
    "author_name": 300,
    "lang": 12,
    "source": 200,
    "platform": 40,
    "reply_to_handle": 200,
    "role_hint": 40,
    "reason": 200,
}
_MAY_BE_NUMBERS = {"author_handle", "author_name", "reply_to_handle"}
_NUMBERS = ("author_followers", "author_posts", "reposts")
_TIMES = ("author_created_at", "created_at", "collected_at")
_ids_of, _names_of = attrgetter(*_IDS), attrgetter(*_NAMES)
_numbers_of, _times_of = attrgetter(*_NUMBERS), attrgetter(*_TIMES)


def pass_gate(row: MessageRow, repairs: Counter[str]) -> MessageRow | Problem:
    """The row, made to fit in place, or the problem that refuses it."""
    if not isinstance(row.text, str):
        return Problem(row.file, row.line, "no_text", params={"kind": type(row.text).__name__})
    for name, value in zip(_IDS, _ids_of(row), strict=True):
        # Nearly all are digits, and few rows have every field: this is done for every row of every file.
        if value is not None and not (type(value) is str and value.isdecimal() and len(value) <= ID_LENGTH):
            try:
                setattr(row, name, _id(value, repairs))
            except LostDigits:
                return Problem(row.file, row.line, "ids_are_floats", params={"ids": f"{name} {value}"})
    if row.author_id and len(row.author_id) > AUTHOR_LENGTH:
        row.author_id = row.author_id[:AUTHOR_LENGTH]
        repairs["shortened"] += 1
    if not row.external_id:
        return Problem(row.file, row.line, "id_missing")
    row.text = _text(row.text, repairs)
    row.text_raw = _clean(row.text_raw) if isinstance(row.text_raw, str) else None
    for (name, length), value in zip(_NAMES.items(), _names_of(row), strict=True):
        if value is not None and not (type(value) is str and value.isalnum() and len(value) <= length):
            setattr(row, name, _name(value, length, name in _MAY_BE_NUMBERS, repairs))
    if row.permalink is not None:
        row.permalink = _link(row.permalink, repairs)
    for name, value in zip(_NUMBERS, _numbers_of(row), strict=True):
        if value is not None:
            setattr(row, name, _number(value, repairs))
    for name, value in zip(_TIMES, _times_of(row), strict=True):
        if value is not None and not (
            type(value) is datetime and value.tzinfo is UTC and MIN_YEAR <= value.year <= MAX_YEAR
        ):
            setattr(row, name, _time(value, repairs))
    if row.mentions is not None:
        row.mentions = _names(row.mentions, repairs)
    if row.aliases:
        row.aliases = tuple(short_id(alias) for alias in _names(row.aliases, repairs))
    if row.inbound is not None and not isinstance(row.inbound, bool):
        row.inbound = None
        repairs["wrong_type"] += 1
    return row


def clean_problem(problem: Problem) -> Problem:
    """A problem whose words can be shown and stored."""
    params = {
        key: _clean(value)[:LINK_LENGTH] if isinstance(value, str) else value
        for key, value in problem.params.items()
    }
    return replace(problem, params=params)


def short_id(value: str) -> str:
    """An id that fits; a longer one keeps its beginning and gets a hash, the same every time."""
    if len(value) <= ID_LENGTH:
        return value
    return value[:200] + "…" + sha256(value.encode()).hexdigest()


def _clean(value: str) -> str:
    """Without NUL, and with half an emoji (a lone surrogate) as U+FFFD."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    if not value.isascii() and _SURROGATE.search(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _text(value: str, repairs: Counter[str]) -> str:
    value = plain_text(value)
    if value.isascii() and "\x00" not in value:
        return value
    cleaned = _clean(value)
    if cleaned != value:
        repairs["lone_surrogate"] += 1
    return cleaned


class LostDigits(Exception):
    """An id that was a floating point number on its way, and lost its last digits there."""


def _id(value: object, repairs: Counter[str]) -> str | None:
    """A string or a whole number; anything else is no id. Raises LostDigits."""
    if isinstance(value, float) and value.is_integer():
        value = repr(value)
    if isinstance(value, str) and ("." in value or "+" in value) and _FLOAT.fullmatch(value):
        whole = value.removesuffix(".0")
        if not whole.isdecimal() or int(whole) >= EXACT:
            raise LostDigits
        repairs["float_id"] += 1
        value = whole
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        repairs["wrong_type"] += 1
        return None
    cleaned = _clean(value)
    if cleaned != value:
        repairs["lone_surrogate"] += 1
    if len(cleaned) > ID_LENGTH:
        repairs["shortened"] += 1
    return short_id(cleaned) or None


def _name(value: object, length: int, may_be_number: bool, repairs: Counter[str]) -> str | None:
    """A string; a handle may be a whole number. A list, an object or a truth value is no name."""
    if may_be_number and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        repairs["wrong_type"] += 1
        return None
    cleaned = _clean(value)
    if len(cleaned) > length:
        repairs["shortened"] += 1
    return cleaned[:length] or None


def _link(value: object, repairs: Counter[str]) -> str | None:
    if not isinstance(value, str):
        repairs["wrong_type"] += 1
        return None
    if len(value) > LINK_LENGTH:
        repairs["link_too_long"] += 1
        return None
    return _clean(value) or None


def _number(value: object, repairs: Counter[str]) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        repairs["wrong_type"] += 1
        return None
    if not 0 <= value <= LARGEST_NUMBER:
        repairs["number_out_of_range"] += 1
        return None
    return value


def _time(value: object, repairs: Counter[str]) -> datetime | None:
    """In UTC; a time without a zone, of a format that writes UTC, is taken as such."""
    if isinstance(value, datetime) and MIN_YEAR <= value.year <= MAX_YEAR:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    repairs["wrong_type"] += 1
    return None


def _names(values: object, repairs: Counter[str]) -> tuple[str, ...]:
    if not isinstance(values, tuple | list):
        repairs["wrong_type"] += 1
        return ()
    found = tuple(
        _clean(value)[:ID_LENGTH] for value in values[:MOST_NAMES] if isinstance(value, str) and value
    )
    if len(found) < len(values):
        repairs["wrong_type"] += 1
    return found
