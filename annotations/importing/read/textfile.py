"""Bytes to lines: encoding, line ends and stray characters, found out by one pass over the file."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from annotations.importing.read.budget import bytes_left, spend
from annotations.importing.read.rows import Tally

CHUNK = 1 << 20
UNDECODED = re.compile("[\udc80-\udcff]")
LONE_CR = re.compile("\r(?!\n)")
# Bytes that are letters in one encoding and next to never follow a letter in the other: é è ç ä ö ù ü, and
# inside a word ë and ï, of Mac Roman; à to ÿ of Windows-1252.
MAC_LETTERS = re.compile(rb"[a-z][\x8a\x8d-\x8f\x9a\x9d\x9f]|[a-z][\x91\x95](?=[a-z])")
WINDOWS_LETTERS = re.compile(rb"[a-z][\xe0-\xff]")
WIDE = ("utf-16", "utf-32")  # what these begin with is no ASCII
CR_MARK = "\ufdd0"  # stands for a lone carriage return until the reader has cut the line into fields
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(slots=True, frozen=True)
class Survey:
    """What a pass over the bytes shows: size, hash, encoding, whether lines end in a lone CR (old Mac)."""

    size: int
    sha256: str
    encoding: str
    cr_line_ends: bool
    damaged: bool


def survey(path: Path) -> Survey:
    """Read the whole file once, in pieces; under a budget only its beginning."""
    most = bytes_left()
    digest, size, newlines, returns = hashlib.sha256(), 0, 0, 0
    sound, broken, mac, windows = 0, 0, 0, 0
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("replace")
    encoding = "utf-8"
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            spend()
            if most is not None and size > most:
                break
            if not size:
                encoding = encoding_of(piece)
                decoder = decoder if encoding.startswith("utf-8") else None
            size += len(piece)
            digest.update(piece)
            newlines += piece.count(b"\n")
            returns += piece.count(b"\r")
            if decoder and not (piece.isascii() and not decoder.getstate()[0]):
                text = decoder.decode(piece)
                replaced = text.count("\ufffd")
                broken += replaced
                sound += sum(len(run) for run in re.findall(r"[^\x00-\x7f]+", text)) - replaced
                if replaced:
                    mac += len(MAC_LETTERS.findall(piece))
                    windows += len(WINDOWS_LETTERS.findall(piece))
    # Valid UTF-8 beyond ASCII is never an accident: a file that has much of it and little else is damaged
    # UTF-8.
    damaged = bool(broken) and sound > 2 * broken
    if broken and not damaged and encoding == "utf-8":
        encoding = "mac_roman" if mac > windows else "windows-1252"
    return Survey(size, digest.hexdigest(), encoding, returns > 0 and newlines == 0, damaged)


def encoding_of(start: bytes) -> str:
    """By its mark, or by where its zero bytes are: Windows tools write UTF-16 without a mark. Else UTF-8."""
    for bom, name in BOMS:
        if start.startswith(bom):
            return name
    some = start[: 1 << 12]
    even, odd = some[0::2].count(0), some[1::2].count(0)
    if max(even, odd) * 5 > len(some) and min(even, odd) * 20 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def _sloppy(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(b) for b in error.object[error.start : error.end]), error.end


codecs.register_error("as_latin_1", _sloppy)


def open_sloppy(raw: bytes) -> str:
    """Bytes that are no UTF-8, as Windows-1252; what that lacks stands for its own byte."""
    return raw.decode("cp1252", "as_latin_1")


def open_text(path: Path, found: Survey, encoding: str | None = None) -> IO[str]:
    """The file as text, line ends untouched; bytes that do not decode become lone surrogates."""
    name = encoding or found.encoding
    name = "utf-8-sig" if name.lower() in {"utf-8", "utf8"} else name
    errors = "as_latin_1" if name.lower() in {"windows-1252", "cp1252"} else "surrogateescape"
    errors = "replace" if name.startswith(WIDE) else errors
    return io.TextIOWrapper(
        path.open("rb"), encoding=name, errors=errors, newline="\r" if found.cr_line_ends else "\n"
    )


def lines(
    path: Path, tally: Tally, encoding: str | None = None, found: Survey | None = None
) -> Iterator[str]:
    """Lines that end in LF. A lone CR becomes CR_MARK and is counted; NUL is removed and counted."""
    found = found or survey(path)
    if (encoding or found.encoding).lower() in {"windows-1252", "cp1252"}:
        tally.repaired("windows_1252")
    elif (encoding or found.encoding) == "mac_roman":
        tally.repaired("mac_roman")
    with closing(open_text(path, found, encoding)) as file:
        for line in file:
            tally.bytes_read += len(line)
            spend(len(line))
            if "\r" in line:
                line = line.replace("\r", "\n") if found.cr_line_ends else line.replace("\r\n", "\n")
                if "\r" in line:
                    line, times = LONE_CR.subn(CR_MARK, line)
                    tally.repaired("lone_cr", times)
            if "\x00" in line:
                tally.repaired("nul", line.count("\x00"))
                line = line.replace("\x00", "")
            yield line


def undecodable(text: str) -> bool:
    """Whether the text holds bytes that were not in the file's encoding."""
    return not text.isascii() and UNDECODED.search(text) is not None
