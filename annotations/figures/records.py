"""PURE: what a figure shows, as plain records: one per kind, each with the table that says the same in words.

A record holds everything that decides how it is drawn, in the language of its reader, so that the same record
is the same picture. Shares are in percent.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from dataclasses import dataclass
from typing import Any, ClassVar

from .numbers import written

Row = list[str]
DRAWN_AS = 2
"""Raised whenever figures of before must be drawn anew."""


@dataclass(frozen=True)
class Point:
    """A value with its interval. `count`: what stands behind it, such as 16 / 50.

    `note` stands where there is no value to show, and says why: "not at Zwaluwlijn", "n < 10".
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: str = ""
    note: str = ""


@dataclass(frozen=True)
class Drawable:
    """Every kind of figure. `axis` names what is measured, with its unit; `note` is said below, in a file."""

    kind: ClassVar[str]
    title: str
    axis: str
    language: str = "nl"
    note: str = ""

    def table(self) -> tuple[Row, list[Row]]:
        """Header and rows with the same figures."""
        raise NotImplementedError

    def _figure(self, value: float | None, decimals: int = 1) -> str:
        return "–" if value is None else written(value, decimals, self.language)

    def _with_interval(self, point: Point, decimals: int = 1) -> str:
        if point.value is None:
            return " ".join(filter(None, [point.note or "–", point.count and f"({point.count})"]))
        said = self._figure(point.value, decimals)
        if point.low is not None and point.high is not None:
            said += f" [{self._figure(point.low, decimals)}; {self._figure(point.high, decimals)}]"
        return " ".join(filter(None, [said, point.count and f"({point.count})", point.note]))


@dataclass(frozen=True)
class Dots(Drawable):
    """Values with intervals: a row per category, a mark per series. points[row][series].

    Percentages, of which none lies outside 0 to 100, unless `percent` is off.
    """

    kind = "dots"
    rows: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    points: tuple[tuple[Point, ...], ...] = ()
    percent: bool = True

    def table(self) -> tuple[Row, list[Row]]:
        return ["", *self.series], [
            [label, *(self._with_interval(point) for point in points)]
            for label, points in zip(self.rows, self.points, strict=True)
        ]


@dataclass(frozen=True)
class Bars(Drawable):
    """Bars per row, a hatch per series: side by side, or on top of one another (`stacked`).

    values[row][series]; `of`: units behind each row.
    """

    kind = "bars"
    rows: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()
    of: tuple[int, ...] = ()
    stacked: bool = False
    percent: bool = True

    def table(self) -> tuple[Row, list[Row]]:
        decimals = 1 if self.percent else 0
        rows = []
        for index, (label, values) in enumerate(zip(self.rows, self.values, strict=True)):
            behind = [str(self.of[index])] if self.of else []
            rows.append([label, *(self._figure(value, decimals) for value in values), *behind])
        return ["", *self.series, *(["n"] if self.of else [])], rows


@dataclass(frozen=True)
class Distribution(Drawable):
    """Numbers per group: each a dot, with median and quartiles. `log`: a scale of powers of ten.

    `of`: how many each group holds, where `values` are some of them.
    """

    kind = "distribution"
    groups: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    log: bool = False
    of: tuple[int, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.of or tuple(map(len, self.values))

    def table(self) -> tuple[Row, list[Row]]:
        names = {"nl": ["", "n", "mediaan", "kwartielen", "bereik"]}
        header = names.get(self.language, ["", "n", "median", "quartiles", "range"])
        rows = []
        for label, values, size in zip(self.groups, self.values, self.sizes, strict=True):
            low, first, middle, third, high = five_numbers(values)
            rows.append(
                [
                    label,
                    str(size),
                    self._figure(middle),
                    f"{self._figure(first)}; {self._figure(third)}",
                    f"{self._figure(low)}; {self._figure(high)}",
                ]
            )
        return header, rows


@dataclass(frozen=True)
class Curve:
    """A step function: from times[i] on, shares[i] (1 to 0) are still without the event, with a band.

    `median`: in words, "" where half is never reached. at_risk[i]: how many at the i-th tick of the axis.
    """

    label: str
    times: tuple[float, ...]
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    censored: tuple[float, ...] = ()
    median: str = ""
    at_risk: tuple[int, ...] = ()


@dataclass(frozen=True)
class Survival(Drawable):
    """Kaplan–Meier curves over time in minutes, on a scale that gives the first hour its room.

    `ticks`: minutes with their words; `still`: the name of the numbers under the curve.
    """

    kind = "survival"
    curves: tuple[Curve, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    still: str = ""

    def table(self) -> tuple[Row, list[Row]]:
        header = ["", *(curve.label for curve in self.curves)]
        rows = []
        for index, (minute, label) in enumerate(self.ticks):
            cells = []
            for curve in self.curves:
                passed = [place for place, time in enumerate(curve.times) if time <= minute]
                at = passed[-1] if passed else None
                cell = "100 %" if at is None else f"{self._figure(100 * curve.shares[at])} %"
                if at is not None:
                    cell += f" [{self._figure(100 * curve.low[at])}; {self._figure(100 * curve.high[at])}]"
                cells.append(cell + (f" (n = {curve.at_risk[index]})" if curve.at_risk else ""))
            rows.append([label, *cells])
        return header, rows


@dataclass(frozen=True)
class HeatMap(Drawable):
    """A number per row and column, light to dark, written in its cell. `top`: what the darkest stands for."""

    kind = "heat"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()
    top: float = 100.0
    decimals: int = 0

    def table(self) -> tuple[Row, list[Row]]:
        return ["", *self.columns], [
            [label, *(self._figure(value, self.decimals) for value in values)]
            for label, values in zip(self.rows, self.values, strict=True)
        ]


@dataclass(frozen=True)
class Forest(Drawable):
    """One estimate with its interval per row, its figures beside it; `marks` are lines to compare with.

    `log` for ratios. `ends`: where the axis begins and ends, else as far as the intervals go.
    `coefficient`: written as .86, as the field does.
    """

    kind = "forest"
    rows: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    marks: tuple[float, ...] = ()
    ends: tuple[float, float] | None = None
    log: bool = False
    coefficient: bool = False
    estimate: str = ""

    def table(self) -> tuple[Row, list[Row]]:
        return ["", self.estimate or self.axis], [
            [label, self.said(point)] for label, point in zip(self.rows, self.points, strict=True)
        ]

    def said(self, point: Point) -> str:
        """The estimate and its interval in figures."""
        bare = dataclasses.replace(point, count="")
        return coefficients(bare) if self.coefficient else self._with_interval(bare, 2)


@dataclass(frozen=True)
class Step:
    """A box of the flow: what is counted, how many, and what leaves here and why."""

    label: str
    count: int
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Flow(Drawable):
    """From what was found to what was analysed, step by step (as PRISMA and STROBE draw it)."""

    kind = "flow"
    steps: tuple[Step, ...] = ()

    def table(self) -> tuple[Row, list[Row]]:
        rows = []
        for step in self.steps:
            rows.append([step.label, str(step.count)])
            rows += [[f"– {reason}", str(count)] for reason, count in step.left]
        return ["", "n"], rows


@dataclass(frozen=True)
class Trend(Drawable):
    """Values over time, a line per series. moments: words under the axis; points[series][moment]."""

    kind = "trend"
    moments: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    points: tuple[tuple[Point, ...], ...] = ()
    marks: tuple[float, ...] = ()
    ends: tuple[float, float] | None = None
    decimals: int = 1
    coefficient: bool = False

    def table(self) -> tuple[Row, list[Row]]:
        return ["", *self.series], [
            [moment, *(self._said(points[index]) for points in self.points)]
            for index, moment in enumerate(self.moments)
        ]

    def _said(self, point: Point) -> str:
        return coefficients(point) if self.coefficient else self._with_interval(point, self.decimals)


@dataclass(frozen=True)
class Progress(Drawable):
    """Work done per day (bars) and together (line), and when it is expected to end.

    Days are ISO dates. `total`: all that is to be done. `target`: its words.
    """

    kind = "progress"
    days: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    total: int = 0
    expected: str = ""
    earliest: str = ""
    latest: str = ""
    words: tuple[tuple[str, str], ...] = ()
    """target, done, expected, between, legend: sentences that are written into the drawing."""

    def table(self) -> tuple[Row, list[Row]]:
        names = {"nl": ["dag", "die dag", "samen"]}.get(self.language, ["day", "that day", "together"])
        together, rows = 0, []
        for day, count in zip(self.days, self.done, strict=True):
            together += count
            rows.append([day, str(count), str(together)])
        return names, rows


KINDS: dict[str, type[Drawable]] = {
    kind.kind: kind for kind in (Dots, Bars, Distribution, Survival, HeatMap, Forest, Flow, Trend, Progress)
}


def as_json(record: Drawable) -> str:
    """The record as one line of JSON; `from_json` makes the same record of it."""
    return json.dumps({"kind": record.kind, **dataclasses.asdict(record)}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Drawable:
    values = json.loads(text)
    return _built(KINDS[values.pop("kind")], values)


def key_of(record: Drawable) -> str:
    """What tells this figure from every other: 32 hexadecimal digits."""
    told = f"{DRAWN_AS} {as_json(record)}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def coefficients(point: Point) -> str:
    """An estimate of what cannot exceed one, with its interval, as the field writes it in every language.

    >>> coefficients(Point(0.86, -0.02, 1.0)), coefficients(Point(note="constant"))
    ('.86 [−.02, 1.00]', 'constant')
    """
    if point.value is None:
        return point.note or "–"
    ends = [] if point.low is None or point.high is None else [point.low, point.high]
    value, *bounds = (
        f"{round(each, 2) + 0.0:.2f}".replace("-", "−").replace("0.", ".", 1) for each in (point.value, *ends)
    )
    return f"{value} [{', '.join(bounds)}]" if bounds else value


def five_numbers(values: typing.Sequence[float]) -> tuple[float | None, ...]:
    """Least, first quartile, median, third quartile, most; quartiles as R's and numpy's default (type 7)."""
    if not values:
        return (None,) * 5
    ordered = sorted(values)

    def quantile(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return tuple(quantile(share) for share in (0, 0.25, 0.5, 0.75, 1))


def _built(kind: Any, value: Any) -> Any:
    """`value` of JSON as what the annotation `kind` says: records and tuples again."""
    if value is None:
        return None
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _built(next(each for each in inside if each is not type(None)), value)
    if origin is tuple:
        if len(inside) == 2 and inside[1] is Ellipsis:
            return tuple(_built(inside[0], each) for each in value)
        return tuple(_built(each, part) for each, part in zip(inside, value, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _built(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    return value
