"""What a cell of a table says: a count, yes or no, a name with its handle, a role, a list of mentions."""

from __future__ import annotations

import json
import re

NUMBER = re.compile(
    r"(\d+(?:[.,]\d+)?) ?(k|m|d|b|dzd|duizend|thousand|mln|mio|miljoen|million)?\.?", re.IGNORECASE
)
TIMES = {"k": 1e3, "d": 1e3, "dzd": 1e3, "duizend": 1e3, "thousand": 1e3, "b": 1e9}  # the others: a million
NO_NUMBER = {"na", "n/a", "nan", "null", "none", "-", "?", "n.v.t.", "nvt", "onbekend", "unknown"}
NAME_AND_HANDLE = re.compile(
    r"(.*\S)\s*[(\[<]\s*@([\w.-]+(?:@[\w.-]+)?)\s*[)\]>]|(.*\S)\s+@([\w.-]+)", re.DOTALL
)
STATES = {"deleted", "protected", "withheld", "outside"}
YES = {"true", "1", "yes", "ja", "y", "waar", "t"}
NO = {"false", "0", "no", "nee", "n", "onwaar", "f"}
GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+$")
ROLES = {
    "organisation": {"organisation", "organization", "organisatie", "organisational", "organizational"}
    | {"brand", "bedrijf", "company", "agent", "webcare"},
    "consumer": {"consumer", "consument", "individual", "customer", "klant", "user", "burger"},
    "third_party": {"third_party", "third party", "derde"},
}


def read_number(value: str) -> int | None:
    """A count as suites write it, or None.

    >>> [read_number(text) for text in ("1204", "1.204", "1,2K", "12 mln", "3.0", "-1", "veel")]
    [1204, 1204, 1200, 12000000, 3, 0, None]
    """
    value = value.strip().replace("\xa0", " ").lstrip("'")
    if value.isdecimal():
        return int(value) if len(value) < 20 else None
    if GROUPED.fullmatch(value.replace(" ", ".")):
        return int(re.sub("[., ]", "", value)) if len(value) < 20 else None
    if re.fullmatch(r"-\d+(\.\d+)?", value):
        return 0
    found = NUMBER.fullmatch(value)
    if found is None or len(value) > 20:
        return None
    number = float(found[1].replace(",", "."))
    return round(number * TIMES.get(found[2].lower(), 1e6)) if found[2] else int(number)


def handle_and_name(value: str) -> tuple[str, str | None]:
    """(handle, name) of `lotte_v`, `@lotte_v`, `Lotte V. (@lotte_v)` or `Lotte V. @lotte_v`."""
    if "@" in value[1:] and len(value) < 300 and (found := NAME_AND_HANDLE.fullmatch(value)):
        return (found[2] or found[4]), (found[1] or found[3]).strip()
    return value.lstrip("@"), None


def yes_or_no(value: str) -> bool | None:
    value = value.lower()
    return True if value in YES else False if value in NO else None


def read_mentions(value: str) -> tuple[str, ...]:
    """Handles from `a;b`, `@a, @b`, `a b` or a JSON list of names or of objects with one."""
    if value.startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            found = re.findall(r"\w+", value)
        names = [
            mention.get("username") or mention.get("screen_name") if isinstance(mention, dict) else mention
            for mention in found
        ]
        return tuple(str(name).lstrip("@") for name in names if name)
    return tuple(name.lstrip("@") for name in re.split(r"[\s;,]+", value) if name)
