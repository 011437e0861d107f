"""A table as figures: what stands beside a group, and what is drawn where groups are small."""

from __future__ import annotations

from annotations.figures.records import Bars, Distribution
from annotations.results.drawn import figures_of
from annotations.results.table import Cell, Heading, Layer, Summary, Table

LABELS = ("message", "messages", "counts", "R", "C", "")


def table(layer: Layer, kind: str = "counts") -> Table:
    return Table("t", "T", *LABELS[:2], kind, *LABELS[3:], layers=(layer,), units=99)


def stacked(sizes: dict[str, int]) -> Layer:
    """Three answers over these groups, as equal as can be."""
    rows = tuple(Heading(key, key) for key in ("a", "b", "c"))
    groups = tuple(Heading(key, key, total) for key, total in sizes.items())
    cells = {
        (row.key, group.key): Cell(group.total // 3, group.total, is_withheld=True)
        if group.total < 10
        else Cell(group.total // 3, group.total, 33.3, (20.0, 50.0))
        for row in rows
        for group in groups
    }
    return Layer(Heading("", ""), rows, groups, cells)


def test_small_groups_have_no_bar_and_the_figure_says_so() -> None:
    few = {"one": 30, "two": 6, "three": 12, "four": 30, "five": 30}
    (figure,) = figures_of(table(stacked(few)), "nl")
    assert isinstance(figure, Bars)
    assert figure.values[1] == (None, None, None)
    assert figure.note == "Geen balk bij minder dan tien eenheden."
    assert "interval" not in figure.axis
    assert figures_of(table(stacked(dict.fromkeys(few, 6))), "nl") == []


def test_a_group_tells_how_many_it_holds_once() -> None:
    groups = (Heading("x", "Bank", 250),)
    summary = Summary(250, 1, 2, 3, 4, 5, 3, 1, dots=(1.0, 3.0, 5.0))
    (figure,) = figures_of(
        table(Layer(Heading("", ""), (), groups, summaries={"x": summary}), "numbers"), "nl"
    )
    assert isinstance(figure, Distribution)
    assert (figure.groups, figure.sizes) == (("Bank",), (250,))
    assert figure.table()[1][0][:2] == ["Bank", "250"]
