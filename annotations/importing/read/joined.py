"""One field from several columns: texts put together, and a moment from a date, a time of day and a zone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from annotations.importing.read import times
from annotations.importing.read.column_names import fold
from annotations.importing.read.written_times import is_zone

JOINED = {"text": "\n\n", "created_at": " "}  # fields that several columns may make up, and what joins them
DATE_PARTS = ({"year", "jaar"}, {"month", "maand"}, {"day", "dag"})
CLOCK_PARTS = ({"hour", "uur", "hours"}, {"minute", "minuut", "minuten", "minutes"}, {"second", "seconde"})
ZONES = {"timezone", "time_zone", "tijdzone", "zone", "tz", "utc_offset", "timezone_name"}
_CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)? ?([ap]\.?m\.?)?( ?uur| ?u)?|0[.,]\d+", re.IGNORECASE
)
_CLOCK_NAME = re.compile(r"tijd|time|uur|hour", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?$")
_YEAR = re.compile(r"(19|20)\d\d")
_SMALL = re.compile(r"\d{1,2}")

Cells = Sequence[Sequence[str]]


def join_cells(kind: str, parts: Sequence[str]) -> str:
    """One cell of several. A part of a text that another holds (a title cut from it) is left out."""
    return _join_texts(parts) if kind == "text" else _join_moment([part.strip() for part in parts])


def parts_of_moment(header: Sequence[str], columns: Mapping[str, int], sample: Cells) -> tuple[int, ...]:
    """Which columns make up the time of a message, where one does not hold all of it; else ()."""
    index = columns.get("created_at")
    folded = [fold(name) for name in header]
    taken = {place for place in columns.values() if place != index}
    if index is None or (index < len(header) and _are_clocks(values_in(sample, index))):
        index = None
        dates = _columns_of(folded, DATE_PARTS, taken)
        if len(dates) < len(DATE_PARTS):
            return ()
    elif index >= len(header):
        return ()
    else:
        dates = [index]
    parts = list(dates)
    if index is None or are_days(values_in(sample, index)):
        parts += _clock_columns(header, folded, sample, taken | set(dates))
    zone = next((i for i, name in enumerate(folded) if name in ZONES and i not in taken), None)
    if zone is not None and _are_zones(values_in(sample, zone)) and not _has_zones(sample, parts):
        parts.append(zone)
    return tuple(parts) if len(parts) > 1 else ()


def are_days(values: Sequence[str]) -> bool:
    """Whether all are days without a time of day."""
    return bool(values) and all(
        ":" not in _MIDNIGHT.sub("", value) and _is_midnight(value) for value in values[:200]
    )


def values_in(sample: Cells, index: int) -> list[str]:
    return [value for cells in sample if index < len(cells) and (value := cells[index].strip())]


def _clock_columns(header: Sequence[str], folded: list[str], sample: Cells, taken: set[int]) -> list[int]:
    """The column with times of day, or those with hours and minutes."""
    for index, name in enumerate(header):
        values = values_in(sample, index)
        if index not in taken and _CLOCK_NAME.search(name) and _are_clocks(values):
            return [index]
    found = _columns_of(folded, CLOCK_PARTS, taken)
    return found if all(_SMALL.fullmatch(value) for i in found for value in values_in(sample, i)) else []


def _columns_of(folded: list[str], wanted: Sequence[set[str]], taken: set[int]) -> list[int]:
    """The columns of these names, up to the first name that no column has."""
    found: list[int] = []
    for names in wanted:
        index = next((i for i, name in enumerate(folded) if name in names and i not in taken), None)
        if index is None:
            break
        found.append(index)
    return found


def _are_clocks(values: Sequence[str]) -> bool:
    """Whether nearly all are times of day without a day."""
    return sum(_CLOCK.fullmatch(value) is not None for value in values) > 0.8 * len(values)


def _are_zones(values: Sequence[str]) -> bool:
    return bool(values) and all(is_zone(value) for value in values[:200])


def _has_zones(sample: Cells, parts: Sequence[int]) -> bool:
    """Whether some of the moments say their zone already."""
    for cells in sample[:50]:
        try:
            if times.parse(join_cells("created_at", [cells[part] for part in parts])).tzinfo is not None:
                return True
        except (times.BadTime, IndexError):
            continue
    return False


def _join_texts(parts: Sequence[str]) -> str:
    kept = [part for part in parts if part.strip()]
    kept = [
        part
        for i, part in enumerate(kept)
        if not any(_holds(other, part) for j, other in enumerate(kept) if j != i and (other != part or j < i))
    ]
    return JOINED["text"].join(kept)


def _join_moment(parts: list[str]) -> str:
    """
    >>> _join_moment(["28-10-2023 00:00", "16:05"]), _join_moment(["2023", "10", "8", "16", "5", "CEST"])
    ('28-10-2023 16:05', '2023-10-08 16:05 CEST')
    """
    first, *others = parts
    if _YEAR.fullmatch(first) and len(others) > 1:
        month, day, *others = others
        first = f"{first}-{month:0>2}-{day:0>2}" if month.isdecimal() else f"{day} {month} {first}"
    numbers = [part for part in others if _SMALL.fullmatch(part)]
    others = [_clock(part) for part in others if part and part not in numbers]
    if numbers:
        others.insert(0, ":".join(f"{part:0>2}" for part in [*numbers, "00"][: max(2, len(numbers))]))
    if others:
        first = _MIDNIGHT.sub("", first)
    return " ".join(moment for moment in (first, *others) if moment)


def _holds(text: str, part: str) -> bool:
    return part.strip().rstrip("…. ") in text


def _clock(value: str) -> str:
    """A time of day; a spreadsheet's is a part of the day: 0.6666667 is 16:00:00."""
    if value.startswith(("0.", "0,")) and ":" not in value:
        seconds = round(float(value.replace(",", ".")) * 86400) % 86400
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return value


def _is_midnight(value: str) -> bool:
    try:
        moment = times.parse(value)
    except times.BadTime:
        return False
    return moment.tzinfo is None and (moment.hour, moment.minute, moment.second) == (0, 0, 0)
