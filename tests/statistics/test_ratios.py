"""Ratios against published figures."""

from math import inf

import pytest
from scipy.stats import contingency

from annotations.statistics import (
    Undefined,
    conditional_odds_ratio,
    odds_ratio,
    odds_ratio_interval,
    risk_ratio,
)

# Agresti (2007), table 2.3: heart attacks by placebo and aspirin.
ASPIRIN = ((189, 10845), (104, 10933))


def rounded(estimate, decimals=2):
    return (round(estimate.value, decimals), *(round(bound, decimals) for bound in estimate.interval))


def test_the_table_of_2019_gets_its_ratios():
    assert rounded(risk_ratio(((16, 34), (10, 40)))) == (1.60, 0.81, 3.18)
    assert rounded(conditional_odds_ratio(((16, 34), (10, 40)))) == (1.87, 0.69, 5.27)


def test_aspirin_gets_the_figures_of_the_textbook():
    assert rounded(risk_ratio(ASPIRIN)) == (1.82, 1.43, 2.31)
    assert round(odds_ratio(ASPIRIN), 2) == 1.83
    assert [round(bound, 2) for bound in odds_ratio_interval(ASPIRIN)] == [1.44, 2.33]


def test_the_conditional_odds_ratio_is_that_of_fisher_test_in_r():
    twins = conditional_odds_ratio(((2, 15), (10, 3)))
    assert round(twins.value, 5) == 0.04694
    assert [round(bound, 4) for bound in twins.interval] == [0.0033, 0.3632]
    by_scipy = contingency.odds_ratio(((2, 15), (10, 3)), kind="conditional")
    assert twins.value == pytest.approx(by_scipy.statistic)
    assert twins.interval == pytest.approx(tuple(by_scipy.confidence_interval()), rel=1e-4)


def test_an_empty_cell_leaves_one_side_open():
    assert conditional_odds_ratio(((3, 0), (4, 5))).value == inf
    assert conditional_odds_ratio(((0, 3), (4, 5))).interval[0] == 0
    assert risk_ratio(((3, 0), (0, 5))).value == inf
    assert (risk_ratio(((0, 3), (4, 5))).value, risk_ratio(((0, 3), (4, 5))).interval) == (0, None)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (((0, 0), (0, 0)), Undefined.NO_UNITS),
        (((0, 0), (1, 2)), Undefined.EMPTY_GROUP),
        (((1, 2), (0, 0)), Undefined.EMPTY_GROUP),
        (((0, 3), (0, 4)), Undefined.ONE_VALUE),
        (((3, 0), (4, 0)), Undefined.ONE_VALUE),
    ],
)
def test_a_ratio_that_does_not_exist_says_why(table, reason):
    found = conditional_odds_ratio(table)
    assert (found.value, found.interval, found.undefined) == (None, None, reason)


def test_a_risk_ratio_needs_units_in_both_groups_and_a_yes():
    assert risk_ratio(((0, 0), (1, 2))).undefined == Undefined.EMPTY_GROUP
    assert risk_ratio(((1, 2), (0, 0))).undefined == Undefined.EMPTY_GROUP
    assert risk_ratio(((0, 3), (0, 4))).undefined == Undefined.ONE_VALUE
    assert risk_ratio(((3, 0), (4, 0))).value == 1
