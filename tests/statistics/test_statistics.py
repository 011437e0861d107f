"""Published figures, and what happens where there is nothing to divide by."""

import doctest
import importlib
import pkgutil

import pytest

import annotations.statistics
from annotations.statistics import Comparison, Proportion, clopper_pearson, newcombe, wilson

MODULES = [
    f"annotations.statistics.{module.name}"
    for module in pkgutil.iter_modules(annotations.statistics.__path__)
]


def percent(interval):
    return tuple(round(100 * bound, 1) for bound in interval)


@pytest.mark.parametrize("name", MODULES)
def test_what_the_docstrings_show_is_true(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_the_table_of_2019_gets_the_intervals_that_its_counts_have():
    tax, telecom = Proportion(16, 50), Proportion(10, 50)
    assert percent(tax.wilson) == (20.8, 45.8)
    assert percent(tax.exact) == (19.5, 46.7)
    assert percent(telecom.wilson) == (11.2, 33.0)
    pair = Comparison(tax, telecom)
    assert round(pair.difference, 6) == 0.12
    assert percent(pair.newcombe) == (-5.2, 28.4)
    assert round(pair.odds_ratio, 2) == 1.88
    assert tuple(round(bound, 2) for bound in pair.odds_ratio_interval) == (0.76, 4.69)
    assert round(pair.fisher_p, 3) == 0.254


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(n, of, low, high):
    assert [round(bound, 4) for bound in wilson(n, of)] == [low, high]


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    # The same table, method 5.
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_gives_the_published_intervals(n, of, low, high):
    assert [round(bound, 4) for bound in clopper_pearson(n, of)] == [low, high]


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    # Newcombe (1998), Interval estimation for the difference, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(first, second, low, high):
    assert [round(bound, 4) for bound in newcombe(Proportion(*first), Proportion(*second))] == [low, high]


def test_what_cannot_be_computed_is_none_and_not_zero():
    nothing = Proportion(0, 0)
    assert (nothing.share, nothing.wilson, nothing.exact) == (None, None, None)
    pair = Comparison(nothing, Proportion(1, 2))
    assert (pair.difference, pair.newcombe, pair.fisher_p, pair.odds_ratio) == (None, None, None, None)
    assert Comparison(Proportion(0, 5), Proportion(2, 5)).odds_ratio_interval is None


def test_a_share_of_none_or_all_keeps_its_interval_inside_0_and_1():
    assert Proportion(0, 5).wilson[0] == 0
    assert Proportion(5, 5).wilson[1] == 1
