"""A finished table as parts of a document: figures in a grid, what was left out, the test, the drawing."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..results.drawn import duration, figures_of
from ..results.page import in_words
from ..results.table import ALL, Cell, Heading, Layer, Summary, Table
from ..results.wording import REASONS
from .document import Grid, Paragraph, Part, Picture, Section

MOST_COLUMNS = 5
"""Wider tables do not fit a page; their figure and the data file have the rest."""


def section_of(table: Table, language: str) -> Section:
    """In the language that is active, which is that of the table."""
    parts: list[Part] = []
    if table.note:
        parts.append(Paragraph(table.note))
    for layer in table.layers:
        parts += _layer(table, layer)
    parts += [Picture(figure) for figure in figures_of(table, language)]
    parts.append(Paragraph(_counted(table), is_note=True))
    return Section(table.title, tuple(parts), level=2)


def _layer(table: Table, layer: Layer) -> list[Part]:
    title = table.title if layer.heading.key == ALL else f"{table.title}: {layer.heading.label}"
    labels = {heading.key: heading.label for heading in (*layer.rows, *layer.columns)}
    parts: list[Part] = []
    if layer.cells:
        columns = list(layer.columns)[:MOST_COLUMNS]
        header = ("", *(_name(column) for column in columns))
        rows = [
            (row.label, *(cell_in_words(layer.cells[row.key, column.key]) for column in columns))
            for row in layer.rows
        ]
        parts.append(Grid(title, header, tuple(rows)))
        if left := len(layer.columns) - len(columns):
            parts.append(
                Paragraph(_("%(n)d more columns stand in the data file.") % {"n": left}, is_note=True)
            )
    elif layer.summaries:
        header = ("", "n", _("median"), _("quartiles"), _("mean"), "SD")
        rows = [
            (labels.get(key) or _("Together"), *_numbers(table, found))
            for key, found in layer.summaries.items()
        ]
        parts.append(Grid(title, header, tuple(rows)))
    said = [in_words(comparison, labels) for comparison in layer.comparisons]
    parts += [Paragraph(sentence) for sentence in said if sentence]
    return parts


def _name(column: Heading) -> str:
    return f"{column.label or _('Together')} (n = {number_format(column.total, 0, force_grouping=True)})"


def cell_in_words(cell: Cell) -> str:
    """Count, percentage and interval; or why there is none."""
    if cell.is_structural:
        return _("cannot occur")
    n = number_format(cell.n, 0, force_grouping=True)
    if cell.is_withheld:
        return _("%(n)s of %(of)d (n < 10)") % {"n": n, "of": cell.of}
    if cell.percent is None or cell.interval is None:
        return n
    low, high = cell.interval
    return f"{n} ({_one(cell.percent)} % [{_one(low)}; {_one(high)}])"


def _numbers(table: Table, found: Summary) -> tuple[str, ...]:
    if found.median is None or found.q1 is None or found.q3 is None or found.mean is None:
        return str(found.n), "–", "–", "–", "–"

    def said(value: float) -> str:
        return duration(value) if table.kind == "survival" else _one(value)

    spread = "–" if found.sd is None else said(found.sd)
    return str(found.n), said(found.median), f"{said(found.q1)} – {said(found.q3)}", said(found.mean), spread


def _counted(table: Table) -> str:
    counted = _("Counted: %(n)s %(units)s.") % {
        "n": number_format(table.units, 0, force_grouping=True),
        "units": table.unit_label,
    }
    if not table.left_out:
        return counted
    reasons = ", ".join(f"{count} {REASONS[reason]}" for reason, count in table.left_out.items())
    return f"{counted} " + _("Left out: %(reasons)s.") % {"reasons": reasons}


def has_withheld(tables: Iterable[Table]) -> int:
    """How many tables hold a cell without a percentage, for want of units."""
    return sum(
        any(cell.is_withheld for layer in table.layers for cell in layer.cells.values()) for table in tables
    )


def _one(value: float) -> str:
    return number_format(round(value, 1), 1)
