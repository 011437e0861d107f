"""Times as people's programs write them, in Dutch or English: `za 28 okt. 2023 16.05 uur`, `28-Oct-23 4:05
PM`, `Sat, 28 Oct 2023 14:05:00 GMT`, `28/10/23`, `2023/10/28 16:05`, and the day numbers of spreadsheets.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari", "feb february februari", "mar mrt maa march maart", "apr april",
            "may mei", "jun june juni", "jul july juli", "aug august augustus",
            "sep sept september", "oct okt october oktober", "nov november", "dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
# Hours east of UTC. Names that stand for more than one zone (IST, BST of Bangladesh) are left out but for the
# ones of Europe and North America.
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1, "cest": 2,
    "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_WEEKDAY = re.compile(
    r"(?:ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    r"|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"[.,]*\s+"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d:])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|e)?[-/. ]{1,2}([a-z]{3,9})[-/.,  ]{1,2}(\d{4}|\d{2})(?![\d:])"
)
_NAME_DAY = re.compile(r"(?<![a-z])([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?:t?(?=\d{6}(?!\d))|(?!\d))")
_TIME = re.compile(
    r"(?:(\d{1,2})[:.hu](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?"
    r"|(\d{2})(\d{2})(\d{2})|(\d{1,2})(?= ?[ap]\.?m\b))"
    r" ?(?:([ap])\.?m\b\.?)?(?: ?(?:uur|u|h|hrs)\b)?\.? ?(.*)"
)
_JOINT = re.compile(r"^(?:(?:om|at|-) |t)")
_YEAR_LAST = re.compile(r"([a-z]{3,9} \d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?(?: [a-z]+| [+-]\d{4})?) (\d{4})")
_ZONE_NAMED_AGAIN = re.compile(r"([+-]\d{2}:?\d{2}) \([a-z .-]+\)$")  # gmt+0200 (central european …)
_BETWEEN = re.compile(r"['’]|\s*[·•|]\s*")
_OFFSET = re.compile(r"\(?(?:utc|gmt)? ?([+-])(\d{1,2}):?(\d{2})?\)?")
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d{1,15})?")
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone


def parse_written(value: str, *, day_first: bool = True) -> datetime:
    """Aware where a zone or an offset is written, else naive. Raises ValueError.

    >>> parse_written("za 28 okt. 2023 16.05 uur").isoformat()
    '2023-10-28T16:05:00'
    >>> parse_written("Sat, 28 Oct 2023 14:05:00 GMT").isoformat()
    '2023-10-28T14:05:00+00:00'
    >>> parse_written("10/28/23 4:05 PM", day_first=False).isoformat()
    '2023-10-28T16:05:00'
    >>> parse_written("45227.6666666667").isoformat()
    '2023-10-28T16:00:00'
    """
    text = " ".join(_BETWEEN.sub(" ", value.lower()).replace("- ", "-").split())
    text = _ZONE_NAMED_AGAIN.sub(r"\1", text)
    if _SERIAL.fullmatch(text):
        return _SERIAL_START + timedelta(seconds=round(float(text.replace(",", ".")) * 86400))
    if weekday := _WEEKDAY.match(text):
        text = text[weekday.end() :]
    text = _YEAR_LAST.sub(r"\1 \3 \2", text)  # as the C library writes it: oct 28 14:00:00 utc 2023
    year, month, day, start, end = _date(text, day_first)
    rest = _JOINT.sub("", f"{text[:start]} {text[end:]}".strip(" ,;"))
    hour, minute, second, micro, zone = _clock(rest) if rest else (0, 0, 0, 0, None)
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)


def first_two(value: str) -> tuple[int, int] | None:
    """The first two numbers of a date of which the order of day and month must be guessed; else None.

    >>> first_two("28-10-23 16:00"), first_two("2023-10-28"), first_two("za 03/04/2023")
    ((28, 10), None, (3, 4))
    """
    if value[:4].isdecimal() or not ("-" in value or "/" in value or "." in value):
        return None
    found = _NUMBERS.search(value)
    return (int(found[1]), int(found[3])) if found else None


def _date(text: str, day_first: bool) -> tuple[int, int, int, int, int]:
    if found := _YEAR_FIRST.search(text) or _PACKED.match(text):
        return int(found[1]), int(found[2]), int(found[3]), found.start(), found.end()
    if found := _NUMBERS.search(text):
        first, second = int(found[1]), int(found[3])
        is_day_first = first > 12 or (day_first and second <= 12)
        day, month = (first, second) if is_day_first else (second, first)
        return _year(found[4]), month, day, found.start(), found.end()
    if found := _DAY_NAME.search(text):
        return _year(found[3]), _month(found[2]), int(found[1]), found.start(), found.end()
    if found := _NAME_DAY.search(text):
        return int(found[3]), _month(found[1]), int(found[2]), found.start(), found.end()
    raise ValueError("no date")


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def _month(name: str) -> int:
    if name not in MONTHS:
        raise ValueError("no month")
    return MONTHS[name]


def _clock(text: str) -> tuple[int, int, int, int, tzinfo | None]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("no time of day")
    hour = int(found[1] or found[5] or found[8])
    minute, second = int(found[2] or found[6] or 0), int(found[3] or found[7] or 0)
    micro = int((found[4] or "0")[:6].ljust(6, "0"))
    if found[9]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of twelve")
        hour = hour % 12 + (12 if found[9] == "p" else 0)
    return hour, minute, second, micro, _zone(found[10].strip(" ()"))


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    if name in ZONES:
        return timezone(timedelta(hours=ZONES[name]))
    if found := _OFFSET.fullmatch(name):
        shift = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-shift if found[1] == "-" else shift)
    if name in _names_of_zones():
        return ZoneInfo(_names_of_zones()[name])
    raise ValueError("no zone")


def is_zone(name: str) -> bool:
    """Whether it is a zone by itself: CEST, UTC+2, Europe/Amsterdam."""
    try:
        return _zone(name.strip().lower().strip("()")) is not None
    except ValueError:
        return False


@cache
def _names_of_zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}
