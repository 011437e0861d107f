"""PURE: a document as plain records, which the page and the .docx show alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ..figures.records import Drawable


@dataclass(frozen=True)
class Paragraph:
    """`is_note`: said in small beside what it is about."""

    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; the first cell of a row is its name."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """`has_table`: the same figures stand in a table beside it."""

    record: Drawable
    has_table: bool = True


Part = Paragraph | Bullets | Grid | Picture


@dataclass(frozen=True)
class Section:
    """`level`: 1 for a chapter, 2 for what is in it."""

    title: str
    parts: tuple[Part, ...]
    level: int = 1


@dataclass(frozen=True)
class Document:
    """`is_waiting`: part of it is still being worked out, and says so."""

    title: str
    subtitle: str
    language: str
    sections: tuple[Section, ...]
    is_waiting: bool = False


_BELOW_ONE = re.compile(r"(?<![\w.,])(-?)\.(\d{2,3})(?!\d)")
_ONE = re.compile(r"(?<![\w.,])(-?1)\.(00|000)(?!\d)")


def with_one_sign(part: Any, language: str) -> Any:
    """A section, or what is in it, with one decimal sign: in Dutch `.86` becomes `0,86`, as the others."""
    if language != "nl" or isinstance(part, Picture):
        return part
    if isinstance(part, str):
        return _ONE.sub(r"\1,\2", _BELOW_ONE.sub(r"\g<1>0,\2", part))
    if isinstance(part, tuple):
        return tuple(with_one_sign(each, language) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        changed = {field.name: with_one_sign(getattr(part, field.name), language) for field in fields(part)}
        return replace(part, **changed)
    return part
