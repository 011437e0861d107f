"""Times as files write them, to aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = {
    "Jan": 1,
    "Feb": 2,
    "Mar": 3,
    "Apr": 4,
    "May": 5,
    "Jun": 6,
    "Jul": 7,
    "Aug": 8,
    "Sep": 9,
    "Oct": 10,
    "Nov": 11,
    "Dec": 12,
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_FIRST = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?)?$"
)
DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}$")
UNIX = re.compile(r"\d{9,10}(?:\.\d+)?$|\d{13}$")


class BadTime(ValueError):
    """The cell holds something, and it is no time."""


def from_twitter(value: str) -> datetime:
    """`Tue Oct 31 22:10:47 +0000 2017`, the form of TWCS and Twitter v1.1. Raises BadTime."""
    try:
        moment = datetime(  # noqa: DTZ001 - the offset is added below
            int(value[26:30]),
            MONTHS[value[4:7]],
            int(value[8:10]),
            int(value[11:13]),
            int(value[14:16]),
            int(value[17:19]),
        )
        if value[20:25] == "+0000":
            return moment.replace(tzinfo=UTC)
        return datetime.strptime(value, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, KeyError) as why:
        raise BadTime(value) from why


def from_unix(value: float | str) -> datetime:
    """Seconds since 1970, or milliseconds where there are 13 digits. Raises BadTime."""
    try:
        seconds = float(value)
        return EPOCH + timedelta(seconds=seconds / 1000 if seconds >= 1e11 else seconds)
    except (ValueError, OverflowError) as why:
        raise BadTime(str(value)) from why


def from_iso(value: str) -> datetime:
    """ISO 8601, also `+0000` and a space for the T; naive where the text is naive. Raises BadTime."""
    try:
        return datetime.fromisoformat(value)
    except ValueError as why:
        raise BadTime(value) from why


def parse(value: str, *, day_first: bool = True) -> datetime:
    """A time in any of the forms above, or `31-10-2017 22:10`; aware in UTC, or naive where no zone is
    given.
    """
    value = value.strip()
    if value[:3].isalpha() and value[3:4] == " ":
        return from_twitter(value)
    if UNIX.match(value):
        return from_unix(value)
    if found := DAY_FIRST.match(value):
        return _from_parts(found, day_first)
    if value.endswith((" UTC", " GMT")):
        value = value[:-4] + "+00:00"
    moment = from_iso(value)
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _from_parts(found: re.Match[str], day_first: bool) -> datetime:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first > 12 or (day_first and second <= 12):
        day, month = first, second
    else:
        day, month = second, first
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "pP" else 0)
    try:
        return datetime(year, month, day, hour, int(found[5] or 0), int(found[6] or 0))  # noqa: DTZ001
    except ValueError as why:
        raise BadTime(found[0]) from why


def to_utc(moment: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """A naive time of that zone in UTC, and whether the clock makes it doubtful.

    An hour that occurs twice (the clock goes back) is taken as the first; one that does not occur (it goes
    forward) as if the clock had not changed yet.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC), False
    first = moment.replace(tzinfo=zone, fold=0)
    doubtful = first.utcoffset() != moment.replace(tzinfo=zone, fold=1).utcoffset()
    return first.astimezone(UTC), doubtful


def day_comes_first(values: list[str]) -> bool | None:
    """Whether dates such as 31-10-2017 show that the day is first; None where no date shows it."""
    for value in values:
        if found := DAY_FIRST.match(value.strip()):
            if int(found[1]) > 12:
                return True
            if int(found[2]) > 12:
                return False
    return None
