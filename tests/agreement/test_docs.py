"""The examples of docs/agreement.md do what they say."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"


def test_the_python_examples_of_the_page_run_and_give_the_figures_beside_them():
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL):
        exec(block, names)
    assert names["result"].alpha == pytest.approx(0.7368, abs=1e-4)
    assert names["result"].alpha_ci == pytest.approx((-0.1, 1.0))
    drilldown, data = names["drilldown"], names["result"].data
    assert drilldown.confusion_units(data, "anna", "bas", "complaint", "question").tolist() == [1]


def test_every_reason_and_warning_is_explained_on_the_page():
    text = PAGE.read_text("utf-8")
    from annotations.agreement import wording

    for key in [*wording.REASONS, *wording.WARNINGS]:
        assert f"`{key}`" in text
