"""The tables as one CSV: a row per cell, with what its table leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..common.cells import csv_lines
from .as_json import as_json
from .population import Reason
from .table import Table
from .tables import ResultTable

COLUMNS = (
    ("table", "string", "key of the table"),
    ("title", "string", "its title"),
    ("row", "string", "key of the row"),
    ("label", "string", "the row in words"),
    ("organisation", "string", "the column, where organisations stand in the columns; empty: all together"),
    ("n", "integer", "units in the cell"),
    ("of", "integer", "units that the percentage is taken of"),
    ("percent", "number", "empty where undefined, or withheld under ten units"),
    ("wilson_low", "number", "lower bound of Wilson's 95 % interval, in percent"),
    ("wilson_high", "number", "its upper bound"),
    ("exact_low", "number", "lower bound of the exact 95 % interval (Clopper-Pearson), in percent"),
    ("exact_high", "number", "its upper bound"),
    ("unit", "string", "what is counted"),
    *((f"left_out_{reason.value}", "integer", "units that the table leaves out") for reason in Reason),
    ("column", "string", "key of the column; empty: all together"),
    ("column_label", "string", "the column in words"),
    ("layer", "string", "key of the layer; empty: the table has none"),
    ("interval_low", "number", "lower bound of the interval that allows for conversations, in percent"),
    ("interval_high", "number", "its upper bound"),
    ("structural", "integer", "1: it cannot be other than 0"),
    ("median", "number", "of the numbers in the column"),
    ("q1", "number", "their lower quartile"),
    ("q3", "number", "their upper quartile"),
    ("mean", "number", "their mean"),
    ("sd", "number", "their standard deviation"),
    ("test", "string", "of the whole table, or of the row where each has its own"),
    ("p", "number", "two-sided"),
    ("p_holm", "number", "after Holm's correction over the rows"),
    ("effect_name", "string", "the effect size"),
    ("effect", "number", "its value"),
    ("statistic", "number", "of the test"),
    ("df", "number", "its degrees of freedom"),
    ("difference", "number", "between two columns, in percentage points"),
    ("difference_low", "number", "lower bound of Newcombe's 95 % interval"),
    ("difference_high", "number", "its upper bound"),
    ("odds_ratio", "number", "of two columns"),
    ("odds_ratio_low", "number", "lower bound of its 95 % interval"),
    ("odds_ratio_high", "number", "its upper bound"),
    ("clustered_p", "number", "allows for units of one conversation (Rao-Scott), where chi-square does not"),
    ("reason", "string", "why this test, or why none"),
)
HEADER = tuple(name for name, _type, _description in COLUMNS)
Row = list[object]


def as_csv(tables: Iterable[ResultTable | Table]) -> str:
    return "".join(csv_lines(HEADER, csv_rows(tables)))


def csv_rows(tables: Iterable[ResultTable | Table]) -> Iterator[Row]:
    """A row per cell; of a table of numbers one per column."""
    for table in tables:
        values = _of_table(table) if isinstance(table, Table) else _of_older(table)
        yield from ([row.get(name) for name in HEADER] for row in values)


def _of_older(table: ResultTable) -> Iterator[dict[str, Any]]:
    labels = dict(table.rows)
    left_out = {f"left_out_{reason.value}": table.left_out[reason] for reason in Reason}
    test = _test(table.as_dict()["comparison"])
    for cell in table.cells.values():
        values = cell.as_dict()
        yield {
            "table": table.key,
            "title": table.title,
            "label": labels[cell.row],
            "unit": table.unit,
            **_bounds("wilson", values["wilson"]),
            **_bounds("exact", values["exact"]),
            **left_out,
            **{name: values[name] for name in ("row", "organisation", "column", "n", "of", "percent")},
            **test,
        }


def _of_table(table: Table) -> Iterator[dict[str, Any]]:
    written = as_json(table)
    about: dict[str, Any] = {"table": table.key, "title": table.title, "unit": table.unit}
    about |= {f"left_out_{reason.value}": table.left_out.get(reason.value, 0) for reason in Reason}
    tests = {
        (comparison.get("layer", ""), comparison["row"] or ""): comparison
        for comparison in reversed(written["comparisons"])
    }
    for cell in (*written["rows"], *written["numbers"]):
        row = cell.get("row", "")
        test = tests.get((cell["layer"], row)) or tests.get((cell["layer"], "")) or {}
        yield {
            **about,
            **cell,
            "organisation": cell["column"],
            **_bounds("wilson", cell.get("wilson")),
            **_bounds("exact", cell.get("exact")),
            **_bounds("interval", cell.get("interval")),
            **_test(test),
        }


def _test(test: dict[str, Any] | None) -> dict[str, Any]:
    """The test that a cell belongs to: the difference between two columns, the odds ratio, p."""
    if not test:
        return {}
    names = ["test", "p", "p_holm", "effect_name", "effect", "statistic", "df"]
    names += ["difference", "odds_ratio", "clustered_p"]
    return {
        **{name: test.get(name) for name in names},
        **_bounds("difference", test.get("newcombe")),
        **_bounds("odds_ratio", test.get("odds_ratio_interval")),
        "reason": test.get("refused") or test.get("reason"),
    }


def _bounds(name: str, interval: list[float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
