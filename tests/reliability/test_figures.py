"""The figures of the report say what its rows say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from annotations.reliability.figures import alphas_figure, course_figure, disagreement_figure
from annotations.reliability.over_time import Figure

VARIABLES: Any = {key: SimpleNamespace(label={"nl": key.upper(), "en": key}) for key in ("a", "b", "c")}


def figures(key: str, alpha: float | None, **more: Any) -> dict[str, Any]:
    return {"key": key, "alpha": alpha, "alpha_ci": None, "undefined_key": None, "pairs": []} | more


def pair(one: str, other: str, agreement: float | None) -> dict[str, Any]:
    return {"coders": [one, other], "percent_agreement": agreement}


RESULT = [
    figures("a", 0.9, alpha_ci=(0.8, 1.0), pairs=[pair("x", "y", 0.95)]),
    figures("b", None, undefined_key="no_variation"),
    figures("c", 0.4, pairs=[pair("x", "y", 0.6), pair("x", "z", None)]),
]


def test_alphas_from_low_to_high_and_undefined_with_its_reason_last() -> None:
    figure = alphas_figure(RESULT, VARIABLES, "nl")
    assert figure.rows == ("C", "A", "B")
    assert [point.value for point in figure.points] == [0.4, 0.9, None]
    assert (figure.points[1].low, figure.points[1].high) == (0.8, 1.0)
    assert len(figure.points[2].note) > 3


def test_the_share_on_which_two_coders_differ() -> None:
    figure = disagreement_figure(RESULT, VARIABLES, "nl")
    assert figure is not None
    assert figure.rows == ("C", "A")
    assert figure.columns == ("x – y",)
    assert [round(row[0] or 0) for row in figure.values] == [40, 5]
    assert disagreement_figure(RESULT[1:2], VARIABLES, "nl") is None


def test_the_lowest_six_are_drawn_and_the_rest_is_named() -> None:
    lines = [(str(number), [Figure(0.5, 9), Figure(number / 10, 9)]) for number in range(8)]
    figure = course_figure("t", ["1", "2"], [*lines, ("empty", [None, Figure(None, 0)])], "en")
    assert figure is not None
    assert figure.series == ("0", "1", "2", "3", "4", "5")
    assert figure.note.endswith("van 8.")
    assert course_figure("t", ["1"], lines, "en") is None
