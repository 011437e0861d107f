"""A finished table: what is counted, every figure with its denominator, and what was left out. Plain data.

The builder makes it; the page, the command, the export, the report and the figures show it. Labels are in the
language the table was made in; keys are those of the codebook, names of organisations, or `ALL`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Interval = tuple[float, float]

ALL = ""
"""Key of the column (or row) that holds all of them together."""

FEWEST = 10
"""Under this many units no percentage is given: a figure of five people says nothing of the next five."""


@dataclass(frozen=True)
class Heading:
    """A row, column or layer. `total`: how many units it holds."""

    key: str
    label: str
    total: int = 0


@dataclass(frozen=True)
class Cell:
    """`n` of `of` units; `percent` and its 95 % `interval` run from 0 to 100.

    `is_withheld`: there are fewer than `FEWEST` units to take a percentage of. `is_structural`: it cannot be
    other than 0, so 0 is no finding. `residual`: adjusted standardised residual, beyond 2 more or fewer than
    chance.
    """

    n: int
    of: int
    percent: float | None = None
    interval: Interval | None = None
    is_withheld: bool = False
    is_structural: bool = False
    residual: float | None = None


@dataclass(frozen=True)
class Summary:
    """Numbers of one group; `sd` as of a sample.

    `dots`: the numbers themselves where there are few, else as many that lie evenly among them, for a figure.
    """

    n: int
    minimum: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    maximum: float | None = None
    mean: float | None = None
    sd: float | None = None
    dots: tuple[float, ...] = ()


@dataclass(frozen=True)
class Curve:
    """Share (0 to 1) to whom it has not happened yet, of one group, as steps that begin at `times`.

    `low` and `high`: its band. `at_risk`: time -> how many are still followed. `median` is None where it was
    not reached.
    """

    key: str
    label: str
    n: int
    events: int
    times: tuple[float, ...]
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[tuple[float, int], ...]
    median: float | None = None
    median_interval: tuple[float | None, float | None] | None = None


@dataclass(frozen=True)
class Comparison:
    """A comparison and why this one. Either it was done, or `refused` says in a sentence why not.

    `name` and `effect_name` are keys, such as `fisher_exact` and `cramers_v`. `p_holm`: corrected over the
    `family` of tests it belongs to. `subject`: key of the row it is about, where each row has its own.
    `details`: further figures, key -> number or interval.
    """

    name: str
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    p_holm: float | None = None
    family: int = 1
    effect_name: str = ""
    effect: float | None = None
    effect_interval: Interval | None = None
    reason: str = ""
    refused: str = ""
    subject: str = ALL
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """The figures of one layer; a table without a layer variable has one, whose key is `ALL`.

    `cells`: (row, column) -> cell. `summaries`: column -> numbers, for a table of numbers. `comparisons`:
    that of the whole first, then those per row.
    """

    heading: Heading
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def groups(self) -> tuple[Heading, ...]:
        """The columns without the one that holds all of them."""
        return tuple(column for column in self.columns if column.key != ALL)


@dataclass(frozen=True)
class Table:
    """`kind`: counts, numbers or survival. `unit`: message, conversation, span or account.

    `percentages`: column, row or none: what the denominator of a cell is. `is_multiple`: a unit may count in
    several rows. `left_out`: key of the reason -> how many units are in no cell. `figure`: how it is drawn
    unless somebody chooses otherwise: dots, bars, stacked, distribution, survival, forest, flow or none.
    `design_effect`: the intervals are wider by its root, for units of one conversation resemble each other.
    """

    key: str
    title: str
    unit: str
    unit_label: str
    kind: str
    row_label: str
    column_label: str
    layer_label: str
    layers: tuple[Layer, ...]
    percentages: str = "column"
    is_multiple: bool = False
    note: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    units: int = 0
    figure: str = "dots"
    design_effect: float | None = None

    @property
    def only(self) -> Layer:
        """The first layer: all there is to a table without a layer variable."""
        return self.layers[0]

    @property
    def is_empty(self) -> bool:
        return self.units == 0


def plain(table: Table) -> dict[str, Any]:
    """The table as JSON keeps it; `from_plain` reads it back."""
    written = asdict(table)
    for layer in written["layers"]:
        layer["cells"] = [[row, column, cell] for (row, column), cell in layer["cells"].items()]
    return written


def from_plain(written: Mapping[str, Any]) -> Table:
    """What `plain` gave, perhaps by way of JSON."""
    return Table(**{**written, "layers": tuple(_layer(layer) for layer in written["layers"])})


def _layer(written: Mapping[str, Any]) -> Layer:
    return Layer(
        Heading(**written["heading"]),
        tuple(Heading(**row) for row in written["rows"]),
        tuple(Heading(**column) for column in written["columns"]),
        {(row, column): Cell(**_tuples(cell)) for row, column, cell in written["cells"]},
        {key: Summary(**_tuples(summary)) for key, summary in written["summaries"].items()},
        tuple(Curve(**_tuples(curve)) for curve in written["curves"]),
        tuple(Comparison(**_tuples(item)) for item in written["comparisons"]),
    )


def _tuples(written: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows lists only; these records hold tuples."""
    return {key: _tuple(value) if isinstance(value, list) else value for key, value in written.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value
