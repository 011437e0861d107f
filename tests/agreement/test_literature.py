"""Every coefficient against the figures in the literature (the table is in `literature.py`)."""

import pytest

from annotations.agreement import hayes_krippendorff_interval, reliability
from tests.agreement.literature import FIGURES, NEWS_TONE, Figure


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_the_published_figure_comes_out(figure: Figure):
    assert figure.compute() == pytest.approx(figure.published, abs=figure.within * 10**-figure.places + 1e-9)


def test_hayes_and_krippendorffs_own_interval_comes_out_under_its_name():
    """Published for the ordinal alpha of .7598: a 95 % interval of .7078 to .8078."""
    data = reliability(NEWS_TONE, bootstrap=0).data
    interval = hayes_krippendorff_interval(data, "ordinal", seed=1)
    assert interval.low == pytest.approx(0.7078, abs=0.006)
    assert interval.high == pytest.approx(0.8078, abs=0.006)
    assert interval.p_below_667 < 0.001


def test_hayes_and_krippendorffs_interval_needs_a_defined_alpha():
    assert hayes_krippendorff_interval(reliability([["a", "a"]], bootstrap=0).data) is None


def test_resampling_units_gives_a_wider_interval_than_resampling_pairs():
    result = reliability(NEWS_TONE, level="ordinal", bootstrap=10_000)
    low, high = result.alpha_ci
    assert low == pytest.approx(0.631, abs=0.01)
    assert high == pytest.approx(0.841, abs=0.01)
