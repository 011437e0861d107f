"""JSON values out of a file, streaming: one a line, the elements of an array, or one document."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from annotations.importing.read.budget import spend
from annotations.importing.read.rows import Tally
from annotations.importing.read.textfile import WIDE, encoding_of, open_sloppy

PIECE = 1 << 18
MAX_VALUE = 1 << 27  # characters; a page of 500 tweets is some 2 MB
_decoder = json.JSONDecoder()


@dataclass(slots=True, frozen=True)
class Broken:
    """A line or element that is no JSON, and the character (from 1) at which it breaks."""

    line: int
    column: int


Values = Iterator[tuple[int, object] | Broken]
Opener = Callable[[], BinaryIO]


def values_of(source: Path | Opener, tally: Tally) -> Values:
    """(line, value) for each value of the file.

    An array gives its elements, a file with a value a line gives those, anything else is read as one
    document. A broken line is reported and the next one read; a broken array or document ends there.
    """
    opener = source if callable(source) else lambda: source.open("rb")
    with opener() as file:
        start = file.read(PIECE)
    spend(len(start))
    if (encoding := encoding_of(start)).startswith(WIDE):
        plain = opener
        opener = lambda: _as_utf8(plain(), encoding)  # noqa: E731
        with opener() as file:
            start = file.read(PIECE)
    start = start.removeprefix(codecs.BOM_UTF8).lstrip()
    # The archive Twitter gives its users is JavaScript that sets one array: `window.YTD… = [`.
    if start.startswith(b"window.") or (start.startswith(b"[") and not _is_whole_line(start)):
        yield from _array(opener, tally)
    elif _is_document(start):
        yield from _document(opener, tally)
    else:
        yield from _lines(opener, tally)


def _as_utf8(file: BinaryIO, encoding: str) -> BinaryIO:
    """A file in UTF-16 or UTF-32, as PowerShell's `>` writes it, read as UTF-8."""
    return cast(BinaryIO, codecs.EncodedFile(file, "utf-8", encoding, "replace"))


def _is_whole_line(start: bytes) -> bool:
    """Whether the first line is an array by itself and others follow (JSON Lines of arrays)."""
    first, newline, rest = start.partition(b"\n")
    return bool(newline and rest.strip()) and _parses(first)


def _is_document(start: bytes) -> bool:
    """Whether none of the first lines is JSON by itself, as when one value is spread over many lines."""
    first = [line for line in start.split(b"\n")[:20] if line.strip()]
    return (len(first) > 1 and first[0].strip() in {b"{", b"["}) or (
        len(first) > 1 and not any(map(_parses, first))
    )


def _parses(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _lines(opener: Opener, tally: Tally) -> Values:
    with opener() as file:
        # A zip of a few kilobytes can hold a line of gigabytes.
        for number, raw in enumerate(iter(lambda: file.readline(MAX_VALUE + 1), b""), 1):
            tally.bytes_read += len(raw)
            spend(len(raw))
            if len(raw) > MAX_VALUE:
                yield Broken(number, MAX_VALUE)
                return
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if not raw.strip():
                continue
            if b"\x00" in raw:
                tally.repaired("nul", raw.count(b"\x00"))
                raw = raw.replace(b"\x00", b"")
            try:
                yield number, _loads(raw, tally)
            except json.JSONDecodeError as why:
                yield Broken(number, why.pos + 1)
            except (ValueError, RecursionError):
                yield Broken(number, 1)


def _loads(raw: bytes, tally: Tally) -> object:
    """Raises ValueError or RecursionError. What is no UTF-8 is read as old Windows tools write."""
    try:
        return json.loads(raw)
    except UnicodeDecodeError:
        tally.repairs["windows_1252"] = 1
        return json.loads(open_sloppy(raw))


def _document(opener: Opener, tally: Tally) -> Values:
    with opener() as file:
        raw = file.read(MAX_VALUE + 1)
    tally.bytes_read += len(raw)
    try:
        if len(raw) > MAX_VALUE:
            raise ValueError
        yield 1, _loads(raw.removeprefix(codecs.BOM_UTF8), tally)
    except json.JSONDecodeError as why:
        yield Broken(why.lineno, why.colno)
    except (ValueError, RecursionError):
        yield Broken(1, 1)


def _array(opener: Opener, tally: Tally) -> Values:
    """The elements of the first array, decoded as they come in."""
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    with opener() as file:

        def more() -> str:
            raw = file.read(PIECE)
            tally.bytes_read += len(raw)
            spend(len(raw))
            return decode(raw, not raw)

        buffer = more()
        at = buffer.index("[") + 1 if "[" in buffer else len(buffer)
        line = 1 + buffer.count("\n", 0, at)
        while True:
            at, line, buffer = _skip(buffer, at, line, more)
            if at >= len(buffer) or buffer[at] == "]":
                return
            while True:
                try:
                    value, end = _decoder.raw_decode(buffer, at)
                except (ValueError, RecursionError) as why:
                    # Only at the end of what was read can a value be merely incomplete.
                    broken_at = getattr(why, "pos", at)
                    piece = more() if len(buffer) - at < MAX_VALUE else ""
                    if not piece:
                        before = buffer.rfind("\n", 0, broken_at)
                        yield Broken(line + buffer.count("\n", at, broken_at), broken_at - before)
                        return
                    buffer, at = buffer[at:] + piece, 0
                    continue
                break
            yield line, value
            line += buffer.count("\n", at, end)
            at = end


def _skip(buffer: str, at: int, line: int, more: Callable[[], str]) -> tuple[int, int, str]:
    """Past white space and commas, reading on where the buffer ends."""
    while True:
        while at < len(buffer) and buffer[at] in " \t\r\n,":
            line += buffer[at] == "\n"
            at += 1
        if at < len(buffer) or not (piece := more()):
            return at, line, buffer
        buffer, at = piece, 0
