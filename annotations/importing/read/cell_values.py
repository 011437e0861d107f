"""What a cell of a table says: a count, yes or no, a name with its handle, a role, a list of mentions."""

from __future__ import annotations

import json
import re

NUMBER = re.compile(
    r"(\d+(?:[.,]\d+)?) ?(k|m|d|b|dzd|duizend|thousand|mln|mio|miljoen|million)?\.?", re.IGNORECASE
)
TIMES = {"k": 1e3, "d": 1e3, "dzd": 1e3, "duizend": 1e3, "thousand": 1e3, "b": 1e9}  # the others: a million
NO_NUMBER = {"na", "n/a", "nan", "null", "none", "-", "?", "n.v.t.", "nvt", "onbekend", "unknown"}
_PROFILE = (
    r"(?:https?://)?(?:www\.|mobile\.)?(?:(?:twitter|x)\.com/@?|bsky\.app/profile/)([\w.-]{1,80})/?(?:\?\S*)?"
)
PROFILE = re.compile(_PROFILE, re.IGNORECASE)
NAME_AND_HANDLE = re.compile(
    r"(.*[^\s|/·-])[\s|/·-]*[(\[<]\s*@([\w.-]+(?:@[\w.-]+)?)\s*[)\]>]|(.*[^\s|/·-])[\s|/·-]*\s@([\w.-]+)",
    re.DOTALL,
)
HANDLE_AND_NAME = re.compile(r"@([\w.-]+)[\s|/·-]+[(\[<]?\s*(\S[^)\]>]*)[)\]>]?", re.DOTALL)
NAME_AND_PROFILE = re.compile(rf"(.*\S)\s*[(\[<]\s*{_PROFILE}\s*[)\]>]", re.DOTALL | re.IGNORECASE)
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
    """(handle, name) of a cell that holds one of them or both.

    >>> [handle_and_name(cell) for cell in ("@lotte_v", "Lotte V. (@lotte_v)", "@lotte_v (Lotte V.)")]
    [('lotte_v', None), ('lotte_v', 'Lotte V.'), ('lotte_v', 'Lotte V.')]
    >>> [handle_and_name(cell) for cell in ("Bo | @bo_v", "https://x.com/bo_v", "Bo (x.com/bo_v)")]
    [('bo_v', 'Bo'), ('bo_v', None), ('bo_v', 'Bo')]
    """
    if len(value) < 300:
        if "@" in value[1:] and (found := NAME_AND_HANDLE.fullmatch(value)):
            return (found[2] or found[4]), (found[1] or found[3]).strip()
        if value[:1] == "@" and (found := HANDLE_AND_NAME.fullmatch(value)):
            return found[1], found[2].strip()
        if "/" in value:
            if handle := handle_in_profile(value):
                return handle, None
            if found := NAME_AND_PROFILE.fullmatch(value):
                return found[2], found[1].strip()
    return value.lstrip("@"), None


def handle_in_profile(value: str) -> str | None:
    """The handle in the address of an account's own page."""
    found = PROFILE.fullmatch(value.strip())
    return found[1] if found else None


def name_without_handle(name: str, handle: str) -> str:
    """
    >>> name_without_handle("Lotte V. (lotte_v)", "lotte_v"), name_without_handle("Bo (agent)", "bo")
    ('Lotte V.', 'Bo (agent)')
    """
    end = f"({handle})"
    short = name.removesuffix(end) if handle else name
    return short.rstrip() if short.strip() else name


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
