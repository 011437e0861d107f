"""What a page shows of a table: figures as text, with the query that opens the units behind each."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..common.figures import below_one, p_value
from ..figures.records import Drawable
from .building.definition import Definition
from .drawn import duration, figures_of
from .table import ALL, Cell, Comparison, Heading, Layer, Summary, Table
from .wording import EFFECTS, REASONS, STATISTICS, TESTS


@dataclass(frozen=True)
class ShownCell:
    """`opens`: the query of the units behind it, empty where there are none."""

    n: str
    percent: str = ""
    interval: str = ""
    note: str = ""
    opens: str = ""
    stands_out: str = ""


@dataclass(frozen=True)
class ShownSummary:
    n: str
    median: str = ""
    quartiles: str = ""
    mean: str = ""
    sd: str = ""
    opens: str = ""


@dataclass(frozen=True)
class ShownLayer:
    """`summaries`: column and its numbers, in a table of numbers or of times."""

    label: str
    columns: list[Heading]
    rows: list[tuple[str, list[ShownCell]]]
    summaries: list[tuple[str, ShownSummary]]
    curves: list[tuple[str, str]]
    comparisons: list[str]
    figure: Drawable | None = None


@dataclass(frozen=True)
class ShownTable:
    """`id`: of its element on the page. `opens`: the query of all its units; `edits`: of the builder."""

    id: str
    table: Table
    layers: list[ShownLayer]
    left_out: list[tuple[int, str, str]]
    opens: str
    edits: str
    design_effect: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether the figure stands below the table, for want of room beside it."""
        return any(len(layer.columns) > 3 for layer in self.layers) or len(self.layers) > 1


def shown(table: Table, definition: Definition, language: str, *, number: int = 0) -> ShownTable:
    """In the language that is active, which is that of the table."""
    figures = {figure.title: figure for figure in figures_of(table, language)}
    layers = []
    for layer in table.layers:
        title = table.title if layer.heading.key == ALL else f"{table.title}: {layer.heading.label}"
        layers.append(_layer(table, layer, definition, figures.get(title)))
    effect = table.design_effect
    return ShownTable(
        f"table-{number}",
        table,
        layers,
        [
            (count, str(REASONS[reason]), _query(definition, left_out=reason))
            for reason, count in table.left_out.items()
        ],
        _query(definition),
        definition.query(),
        number_format(round(effect, 2), 2) if effect and effect >= 1.05 else "",
    )


def _query(definition: Definition, **cell: str) -> str:
    more = urlencode({name: value for name, value in cell.items() if value})
    return definition.query() + (f"&{more}" if more else "")


def _layer(table: Table, layer: Layer, definition: Definition, figure: Drawable | None) -> ShownLayer:
    labels = {heading.key: heading.label for heading in (*layer.rows, *layer.columns)}
    rows = [
        (
            row.label,
            [
                _cell(
                    layer.cells[row.key, column.key], column, _place(definition, layer, row.key, column.key)
                )
                for column in layer.columns
            ],
        )
        for row in layer.rows
    ]
    summaries = [
        (
            labels.get(key) or _("Together"),
            _summary(table, found, _place(definition, layer, "", key) if key in _openable(layer) else ""),
        )
        for key, found in layer.summaries.items()
    ]
    medians = [
        (
            curve.label or _("Together"),
            _("not reached")
            if curve.median is None
            else duration(curve.median) + _median_interval(curve.median_interval),
        )
        for curve in layer.curves
    ]
    return ShownLayer(
        layer.heading.label,
        list(layer.columns),
        rows,
        summaries,
        medians,
        [in_words(comparison, labels) for comparison in layer.comparisons],
        figure,
    )


def _openable(layer: Layer) -> set[str]:
    """Columns that are groups of units; two numbers side by side are not."""
    return {
        heading.key
        for heading in layer.columns
        if heading.key == ALL or len(layer.summaries) > 2 or ALL in layer.summaries
    }


def _place(definition: Definition, layer: Layer, row: str, column: str) -> str:
    return _query(definition, row=row, column=column, at=layer.heading.key)


def _cell(cell: Cell, column: Heading, opens: str) -> ShownCell:
    n = number_format(cell.n, 0, force_grouping=True)
    if cell.is_structural:
        return ShownCell("–", note=_("cannot occur"))
    opens = opens if cell.n else ""
    if cell.is_withheld:
        return ShownCell(n, note=_("n < 10"), opens=opens)
    if cell.percent is None or cell.interval is None:
        return ShownCell(n, opens=opens)
    low, high = cell.interval
    out = (
        "" if cell.residual is None or abs(cell.residual) < 2 else ("more" if cell.residual > 0 else "fewer")
    )
    return ShownCell(
        n, f"{_one(cell.percent)} %", f"[{_one(low)}; {_one(high)}]", opens=opens, stands_out=out
    )


def _summary(table: Table, found: Summary, opens: str) -> ShownSummary:
    n = number_format(found.n, 0, force_grouping=True)
    if found.median is None or found.q1 is None or found.q3 is None or found.mean is None:
        return ShownSummary(n)

    def said(value: float) -> str:
        return duration(value) if table.kind == "survival" else _one(value)

    return ShownSummary(
        n,
        said(found.median),
        f"{said(found.q1)} – {said(found.q3)}",
        said(found.mean),
        "–" if found.sd is None else said(found.sd),
        opens if table.kind != "survival" else "",
    )


def _median_interval(interval: tuple[float | None, float | None] | None) -> str:
    if interval is None:
        return ""
    low, high = ("∞" if bound is None else duration(bound) for bound in interval)
    return f" [{low}; {high}]"


def in_words(comparison: Comparison, labels: dict[str, str]) -> str:
    """A comparison in a line: what is compared, the effect, the test, its p and why it is this test."""
    of = f"{labels[comparison.subject]}: " if labels.get(comparison.subject) else ""
    if comparison.refused:
        return of + comparison.refused
    parts = [of + _difference(comparison)] if _difference(comparison) else [of.strip(": ")] if of else []
    parts.append(_test(comparison))
    if comparison.effect is not None:
        interval = comparison.effect_interval
        name = str(EFFECTS.get(comparison.effect_name, comparison.effect_name))
        parts.append(
            f"{name} {below_one(comparison.effect)}"
            + (f" [{below_one(interval[0])}; {below_one(interval[1])}]" if interval else "")
        )
    return " · ".join(filter(None, parts)) + (
        f". {comparison.reason}" if comparison.reason and not comparison.subject else ""
    )


def _difference(comparison: Comparison) -> str:
    details = comparison.details
    if details.get("newcombe"):
        low, high = details["newcombe"]
        return _("difference %(points)s points %(interval)s") % {
            "points": _one(details["difference"]),
            "interval": f"[{_one(low)}; {_one(high)}]",
        }
    if details.get("odds_ratio_interval"):
        low, high = details["odds_ratio_interval"]
        return _("odds ratio %(ratio)s %(interval)s") % {
            "ratio": number_format(round(details["odds_ratio"], 2), 2),
            "interval": f"[{number_format(round(low, 2), 2)}; {number_format(round(high, 2), 2)}]",
        }
    return ""


def _test(comparison: Comparison) -> str:
    said = str(TESTS[comparison.name])
    if comparison.statistic is not None:
        df = f"({comparison.df:g})" if comparison.df is not None else ""
        value = number_format(round(comparison.statistic, 2), 2)
        said = f"{STATISTICS.get(comparison.name, said)}{df} = {value}"
        if comparison.name not in ("chi_square", "spearman"):
            said = f"{TESTS[comparison.name]} {said}"
    said += f", {p_value(comparison.p)}"
    if comparison.p_holm is not None and comparison.family > 1:
        said += _(", after Holm %(p)s") % {"p": below_one(comparison.p_holm, 3)}
    if comparison.details.get("clustered_p") is not None:
        said += _(", allowing for conversations (Rao-Scott) %(p)s") % {
            "p": p_value(comparison.details["clustered_p"])
        }
    return said


def _one(value: float) -> str:
    """Rounded first: number_format cuts off."""
    return number_format(round(value, 1) + 0.0, 1, force_grouping=True).replace("-", "−")
