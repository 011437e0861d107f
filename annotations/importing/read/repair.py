"""Damage that real files have, and what is safely done about it. Every repair is counted by its caller."""

from __future__ import annotations

import re

import ftfy.bad_codecs  # noqa: F401, registers sloppy-windows-1252

from annotations.common.cells import without_guard

EXCEL_LIST = re.compile(r"\d{1,3}(,\d{3})+$")
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+$", re.IGNORECASE)
STATUS_LINK = re.compile(r"(?:/status(?:es)?/|/statuses/show/)(\d{5,20})\b")
LINK_INSIDE = re.compile(r"""https?://[^\s"'<>]+""")
MASTODON_LINK = re.compile(r"/@[^/]+/(\d{10,20})\b")


def undo_mojibake(text: str) -> str | None:
    """The text with UTF-8 read as Windows-1252 put back, or None where it is not of that kind.

    The codec is ftfy's: U+0080 to U+009F, which Windows-1252 lacks, stand for their own byte, as browsers and
    spreadsheets have it. A text with any character outside it was not damaged as a whole and is left alone.
    """
    try:
        restored = text.encode("sloppy-windows-1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    return restored if restored != text else None


def clean_id(value: str, *, guarded: bool = False) -> tuple[str, str | None]:
    """An id without the traces of spreadsheets and data frames, and the kind of repair (or None).

    `3694.0` (a data frame made it a float) -> `3694`; `x3694` (rtweet) -> `3694`; `="3694"` (Excel) ->
    `3694`; `'3694` (a guard against rounding) -> `3694`. `guarded`: apostrophes before = + - @ are taken
    off too.
    """
    value = value.strip()
    if not value or value.isdecimal():
        return value, None
    if value.startswith('="') and value.endswith('"'):
        return value[2:-1], "formula_cell"
    if value[0] == value[-1] == '"' and value[1:-1].isdecimal():
        return value[1:-1], "guard_taken_off"
    if value[0] == "'" and (value[1:].isdecimal() or guarded):
        return (value[1:] if value[1:].isdecimal() else without_guard(value)), "guard_taken_off"
    if value.endswith(".0") and value[:-2].isdecimal():
        return value[:-2], "float_id"
    if value[0] == "x" and value[1:].isdecimal():
        return value[1:], "x_id"
    return ("", None) if value.lower() in {"nan", "na", "none", "null"} else (value, None)


def unwrap(value: str) -> str:
    """A cell without the `="…"` that keeps Excel from making it a number."""
    return value[2:-1] if value.startswith('="') and value.endswith('"') else value


def is_list_made_number(value: str) -> bool:
    """Whether an id list was grouped by thousands: `1003,1007` became `10,031,007`."""
    return bool(EXCEL_LIST.match(value)) and "," in value


def looks_rounded(value: str) -> bool:
    """An id as a spreadsheet leaves it: fifteen digits kept, the rest 0, or the E+ notation."""
    return bool(ROUNDED.match(value)) or (len(value) >= 16 and value.isdecimal() and value.endswith("000"))


def is_scientific(value: str) -> bool:
    return bool(ROUNDED.match(value))


def id_from_link(link: str) -> str | None:
    """The message id in a link to it: twitter.com or x.com `/status/<id>`, Mastodon `/@name/<id>`."""
    found = STATUS_LINK.search(link) or MASTODON_LINK.search(link)
    return found[1] if found else None


def bare_link(value: str) -> str:
    """The address in a cell that holds more: a formula, HTML.

    >>> bare_link('=HYPERLINK("https://x.com/bo/status/17";"Bekijk")'), bare_link("x.com/bo")
    ('https://x.com/bo/status/17', 'x.com/bo')
    """
    found = None if value.startswith("http") else LINK_INSIDE.search(value)
    return found[0] if found else value


def plain_text(text: str) -> str:
    """CRLF as LF and without NUL; all else stays."""
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    return text.replace("\x00", "") if "\x00" in text else text
