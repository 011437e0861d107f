"""A table as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from .shown import shown_left_out
from .table import ALL, Layer, Table
from .tables import ResultTable
from .wording import REASONS, TESTS


def as_text(table: ResultTable | Table) -> str:
    return "\n".join(_lines(table) if isinstance(table, Table) else _older_lines(table))


def _lines(table: Table) -> Iterator[str]:
    yield table.title
    yield f"{table.units} {table.unit_label}. {table.note}".strip()
    for layer in table.layers:
        if layer.heading.key != ALL:
            yield f"  {table.layer_label}: {layer.heading.label}"
        yield from _cells(layer)
        yield from _summaries(layer)
        yield from _comparisons(layer)
    if table.left_out:
        counts = ", ".join(f"{count} {REASONS[reason]}" for reason, count in table.left_out.items())
        yield f"  left out: {counts}"


def _cells(layer: Layer) -> Iterator[str]:
    for row in layer.rows:
        yield f"  {row.label}"
        for column in layer.columns:
            cell = layer.cells[row.key, column.key]
            if cell.is_structural:
                figures = "cannot occur"
            elif cell.percent is None or cell.interval is None:
                figures = f"{cell.n} of {cell.of}"
            else:
                low, high = cell.interval
                figures = f"{cell.n} of {cell.of} = {cell.percent:.1f} % [{low:.1f}, {high:.1f}]"
            yield f"    {column.label or 'together'}: {figures}"


def _summaries(layer: Layer) -> Iterator[str]:
    labels = {column.key: column.label for column in layer.columns}
    for key, found in layer.summaries.items():
        if found.median is None:
            yield f"    {labels[key] or 'together'}: none"
        else:
            yield (
                f"    {labels[key] or 'together'}: n {found.n}, median {found.median:g} "
                f"[{found.q1:g}, {found.q3:g}], mean {found.mean:.2f}"
            )


def _comparisons(layer: Layer) -> Iterator[str]:
    labels = {row.key: row.label for row in layer.rows}
    for comparison in layer.comparisons:
        of = f"{labels[comparison.subject]}: " if comparison.subject in labels else ""
        if comparison.refused:
            yield f"  {of}{comparison.refused}"
        else:
            p = "undefined" if comparison.p is None else f"{comparison.p:.3f}"
            holm = "" if comparison.p_holm is None else f", {comparison.p_holm:.3f} after Holm"
            yield f"  {of}{TESTS[comparison.name]}: p = {p}{holm}. {comparison.reason}"


def _older_lines(table: ResultTable) -> Iterator[str]:
    yield f"{table.title}\n{table.note}"
    for key, label in table.rows:
        yield f"  {label}"
        for name in table.columns:
            proportion = table.cells[key, name].proportion
            if proportion.share is None or proportion.wilson is None:
                figures = "undefined (0 of 0)"
            else:
                low, high = (100 * bound for bound in proportion.wilson)
                percent = 100 * proportion.share
                figures = f"{proportion.n} of {proportion.of} = {percent:.1f} % [{low:.1f}, {high:.1f}]"
            yield f"    {name or 'together'}: {figures}"
    if table.left_out:
        yield "  left out: " + ", ".join(f"{count} {reason}" for count, reason in shown_left_out(table))
