"""One clean view of a noisy text, with the way back to its code points.

Consumers write full-width and keycap digits, no-break spaces, soft hyphens, zero-width characters and six
kinds of
dash; archives add HTML entities. Recognisers read a view in which all of these are plain, and every place
in the view
leads back to the place in the text that was given. Plain texts (most of them) are not rewritten at all.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"

_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_ENTITY = "&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});"
_LETTERS = "\u2460-\u2468\uff01-\uff5e\U0001d400-\U0001d7ff"
_SPECIAL = re.compile(f"{_KEYCAP}|{_ENTITY}|[{_INVISIBLE}{_DASHES}{_SPACES}{_LETTERS}]|(?![0-9])\\d")
_OTHER_DIGITS = "".join(char for char in map(chr, range(0x660, 0x1FBFA)) if char.isdecimal())
_RANGE = re.compile("(.)-(.)|(.)", re.DOTALL)
_SPECIALS = frozenset(
    chr(code)
    for first, last, alone in _RANGE.findall(
        f"&\u20e3{_INVISIBLE}{_DASHES}{_SPACES}{_LETTERS}{_OTHER_DIGITS}"
    )
    for code in range(ord(first or alone), ord(last or alone) + 1)
)
"""A text that is not plain has at least one of these; a set is faster than so large a class."""
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_IS_DASH = re.compile(f"[{_DASHES}]")
_IS_SPACE = re.compile(f"[{_SPACES}]")


class View:
    """A rewritten text and the way back. ``text`` is the view; ``origin`` maps a stretch of it to the
    source."""

    __slots__ = ("_copied", "_sources", "_starts", "changed", "text")

    def __init__(self, source: str, pieces: Iterator[tuple[int, int, str]]) -> None:
        """``pieces`` are (start, end, replacement) in the source, in order, without overlap."""
        parts: list[str] = []
        self._starts: list[int] = []  # where each part begins in the view
        self._sources: list[tuple[int, int]] = []  # the stretch of the source it stands for
        self._copied: list[bool] = []
        self.changed: list[tuple[int, int]] = []  # stretches of the view that were rewritten
        at = length = 0
        for start, end, replacement in pieces:
            for part, stretch, copied in (
                (source[at:start], (at, start), True),
                (replacement, (start, end), False),
            ):
                parts.append(part)
                self._starts.append(length)
                self._sources.append(stretch)
                self._copied.append(copied)
                length += len(part)
            self.changed.append((length - len(replacement), length))
            at = end
        parts.append(source[at:])
        self._starts.append(length)
        self._sources.append((at, len(source)))
        self._copied.append(True)
        self.text = "".join(parts)

    def _stretch(self, index: int) -> tuple[int, int]:
        part = bisect_right(self._starts, index) - 1
        start, end = self._sources[part]
        if self._copied[part]:
            start += index - self._starts[part]
            end = start + 1
        return start, end

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the source that the stretch ``start:end`` of the view stands for."""
        return self._stretch(start)[0], self._stretch(end - 1)[1]


def _plain(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "&":
        char = html.unescape(found)
        return char if len(char) == 1 and char not in "\n\r\0" else found
    if len(found) > 1:
        return found[0]
    if _IS_INVISIBLE.match(found):
        return ""
    if _IS_DASH.match(found):
        return "-"
    if _IS_SPACE.match(found):
        return " "
    digit = unicodedata.digit(found, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", found)
    return plain if len(plain) == 1 else found


def rewrite(source: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> View | None:
    """A view in which each match of ``pattern`` is replaced; None where nothing changes."""
    pieces = [
        (match.start(), match.end(), new)
        for match in pattern.finditer(source)
        if (new := replace(match)) != match.group()
    ]
    return View(source, iter(pieces)) if pieces else None


def normalise(text: str) -> View | None:
    """The plain view of ``text``, or None where the text is plain already.

    >>> view = normalise("tel\\u00a00\\ufe0f\\u20e36\\u201112345678")
    >>> view.text
    'tel 06-12345678'
    >>> view.origin(4, 15)
    (4, 17)
    >>> normalise("tel 06-12345678") is None
    True
    """
    if text.isascii() and "&" not in text:
        return None
    return None if _SPECIALS.isdisjoint(text) else rewrite(text, _SPECIAL, _plain)


_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]++", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w.@/-])[a-zA-Z0-9-]++(?:\.[a-zA-Z0-9-]++)*?\.[a-zA-Z]{2,6}/[^\s]*+")
_HANDLE = re.compile(
    r"@(?<![\w.+-]@)(?!(?:gmail|hotmail|outlook|live|ziggo|kpnmail|icloud|yahoo)\.[a-z])[a-zA-Z0-9_-]++"
    r"(?:@[a-zA-Z0-9.-]++|\.bsky\.social)?+"
)
_HASHTAG = re.compile(r"#(?<![\w&]#)(?=[0-9]*+[^\W\d])(?![A-Z]{1,3}-?[0-9]{4,}(?!\w))\w++")


def _blank(match: re.Match[str]) -> str:
    return "\0" * (match.end() - match.start())


def mask(text: str) -> str:
    """The text with handles, hashtags and URLs blanked out at equal length: they are no personal data here.

    >>> mask("@KPN zie https://t.co/a1 #fail tel 06").replace(chr(0), "_")
    '____ zie _______________ _____ tel 06'
    """
    if "/" in text or "www" in text:
        text = _PATH.sub(_blank, _URL.sub(_blank, text))
    if "@" in text:
        text = _HANDLE.sub(_blank, text)
    return _HASHTAG.sub(_blank, text) if "#" in text else text
