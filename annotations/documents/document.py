"""PURE: a document as plain records, which the page and the .docx show alike."""

from __future__ import annotations

from dataclasses import dataclass

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
