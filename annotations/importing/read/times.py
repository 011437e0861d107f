"""Times as files write them, to aware UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from annotations.importing.read.written_times import first_two, parse_written

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
TWITTER = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} ")
UNIX = re.compile(r"\d{9,10}(?:\.\d+)?$|\d{13}$|\d{16}$|\d[.,]\d{9,15}[eE]\+(?:0?9|12)$")


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
    """Seconds since 1970; milliseconds where there are 13 digits, microseconds where there are 16. Raises
    BadTime.
    """
    try:
        seconds = float(value.replace(",", ".") if isinstance(value, str) else value)
        per_second = 1e6 if seconds >= 1e14 else 1e3 if seconds >= 1e11 else 1
        return _sound(EPOCH + timedelta(seconds=seconds / per_second))
    except (ValueError, OverflowError) as why:
        raise BadTime(str(value)) from why


def from_iso(value: str) -> datetime:
    """ISO 8601, also `+0000` and a space for the T; naive where the text is naive. Raises BadTime."""
    try:
        return _sound(datetime.fromisoformat(value))
    except ValueError as why:
        raise BadTime(value) from why


def parse(value: str, *, day_first: bool = True) -> datetime:
    """A time in any of the forms above, or as people's programs write it (`written_times.py`); aware in
    UTC, or naive where no zone is given. Raises BadTime.
    """
    value = value.strip()
    if UNIX.match(value):
        return from_unix(value)
    try:
        moment = from_twitter(value) if TWITTER.match(value) else from_iso(value)
    except BadTime:
        try:
            moment = _sound(parse_written(value, day_first=day_first))
        except (ValueError, OverflowError) as why:
            raise BadTime(value) from why
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _sound(moment: datetime) -> datetime:
    """The moment, if it can be that of a message. Raises BadTime: year 1 is what programs write for
    nothing.
    """
    if not 1900 <= moment.year <= 2200:
        raise BadTime(str(moment))
    return moment


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


def day_orders(values: Iterable[str]) -> tuple[int, int]:
    """How many dates such as 31-10-2017 show that the day is first, and how many that the month is.

    >>> day_orders(["31-10-2017", "03/04/2017", "10/31/17 22:10", "2017-10-31"])
    (1, 1)
    """
    day = month = 0
    for value in values:
        if found := first_two(value):
            day += found[0] > 12
            month += found[1] > 12
    return day, month
