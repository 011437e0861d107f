"""Tests on tables against published figures, and which test a table gets."""

import numpy as np
import pytest
from scipy import stats

from annotations.statistics import (
    Proportion,
    Undefined,
    adjusted_residuals,
    association,
    boschloo_p,
    chi_square,
    cohens_h,
    cramers_v,
    expected_counts,
    fisher_p,
    freeman_halton,
    likelihood_ratio,
)
from annotations.statistics.tables import v_of_chi_square

# Agresti (2007), An introduction to categorical data analysis, 2nd ed., table 2.5: women, men x
# Democrat, Independent, Republican.
GENDER_GAP = [[762, 327, 468], [484, 239, 477]]
# Agresti (2002), Categorical data analysis, 2nd ed., table 2.8, income x satisfaction; ?fisher.test in R.
JOB = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
STUDY_2019 = ((16, 34), (10, 40))


def test_chi_square_and_g_give_the_published_figures():
    pearson, g = chi_square(GENDER_GAP), likelihood_ratio(GENDER_GAP)
    assert (round(pearson.statistic, 2), pearson.df, round(g.statistic, 2), g.df) == (30.07, 2, 30.02, 2)
    assert round(chi_square(JOB).statistic, 4) == 5.9655
    assert round(chi_square(JOB).p, 4) == 0.7434
    assert (pearson.test, g.test) == ("chi_square", "likelihood_ratio")


def test_the_table_of_2019_gets_every_test_of_its_report():
    assert round(chi_square(STUDY_2019).p, 3) == 0.171
    with_yates = chi_square(STUDY_2019, yates=True)
    assert (round(with_yates.statistic, 3), round(with_yates.p, 3)) == (1.299, 0.254)
    assert round(likelihood_ratio(STUDY_2019).p, 3) == 0.170
    assert round(chi_square(STUDY_2019).effect.value, 3) == 0.137
    assert round(cohens_h(Proportion(16, 50), Proportion(10, 50)), 3) == 0.275
    assert expected_counts(STUDY_2019) == [[13, 37], [13, 37]]


def test_residuals_are_those_of_the_textbook():
    rounded = [[round(cell, 2) for cell in row] for row in adjusted_residuals(GENDER_GAP)]
    assert rounded == [[4.50, 0.70, -5.32], [-4.50, -0.70, 5.32]]


def test_residuals_are_none_where_a_row_is_empty_or_all_of_the_table():
    assert adjusted_residuals([[1, 2], [0, 0]]) == [[None, None], [None, None]]
    assert adjusted_residuals([[0, 0, 0], [0, 0, 0]]) == [[None] * 3] * 2
    found = adjusted_residuals([[3, 1], [1, 3], [0, 0]])
    assert found[2] == [None, None]
    assert [round(cell, 3) for cell in found[0]] == [1.414, -1.414]


def test_freeman_halton_comes_near_the_exact_p_and_says_how_near():
    found = freeman_halton(JOB)
    assert found == freeman_halton(JOB)
    assert found != freeman_halton(JOB, seed=2)
    # R prints .7827.
    low, high = found.p_interval
    assert low < 0.7827 < high
    assert high - low < 0.03
    assert found.draws == 9999
    assert abs(found.p - 0.7827) < 0.015
    assert freeman_halton(JOB, draws=99).draws == 99


def test_freeman_halton_counts_the_table_itself_and_equally_likely_ones():
    # Of 2 x 2 with margins 1: both tables are equally likely, so every draw counts.
    assert freeman_halton([[1, 0], [0, 1]], draws=199).p == 1
    # One table in ten thousand is as unlikely as this one: p is near 1 / draws but never 0.
    found = freeman_halton([[30, 0], [0, 30]], draws=199)
    assert found.p == 1 / 200


@pytest.mark.parametrize(
    ("table", "p"),
    [
        # ?fisher.test in R: Fisher's tea taster, and Fisher's (1962) convictions of twins.
        (((3, 1), (1, 3)), 0.4857),
        (((2, 15), (10, 3)), 0.0005),
        # Agresti (2007), table 2.9.
        (((21, 2), (15, 3)), 0.6384),
    ],
)
def test_fisher_gives_the_published_p(table, p):
    assert round(fisher_p(table), 4) == p


def test_cramers_v_has_the_interval_that_statpsych_prints():
    found = v_of_chi_square(19.21, 2, 200, 1)
    assert round(found.value, 4) == 0.3099
    assert [round(bound, 4) for bound in found.interval] == [0.1601, 0.4417]


def test_cramers_v_counts_the_smaller_side_and_holds_its_estimate():
    assert round(v_of_chi_square(19.21, 8, 200, 2).value, 4) == round((19.21 / 400) ** 0.5, 4)
    small = v_of_chi_square(0.05, 4, 100, 1)
    assert small.interval[0] == 0
    assert small.interval[1] == small.value
    perfect = cramers_v([[20, 0], [0, 20]])
    assert perfect.value == 1
    assert perfect.interval[1] == 1
    strong = v_of_chi_square(100, 1, 250, 1)
    assert strong.interval[0] < strong.value < strong.interval[1] < 1


def test_the_test_fits_the_table_and_says_why():
    usual = association(GENDER_GAP)
    assert (usual.test.test, usual.small_expected, usual.cells) == ("chi_square", 0, 6)
    assert round(usual.smallest_expected, 1) == 246.4
    small = association([[3, 1], [1, 3]])
    assert (small.test.test, small.small_expected, small.cells) == ("fisher", 4, 4)
    assert round(small.test.p, 3) == 0.486
    assert small.test.effect.value == 0.5
    assert small.test.effect_name == "cramers_v"
    larger = association(JOB)
    assert (larger.test.test, larger.small_expected) == ("freeman_halton", 8)
    assert larger.test == freeman_halton(JOB, seed=1)
    assert association(JOB, seed=5).test == freeman_halton(JOB, seed=5)


def test_cochrans_rule_at_its_edges():
    # Expected counts of exactly 5 are large enough.
    assert association([[4, 6], [6, 4]]).test.test == "chi_square"
    assert association([[4, 5], [5, 4]]).test.test == "fisher"
    # One of five columns with small expected counts: a fifth, which is allowed.
    fifth = association([[9, 9, 9, 9, 3], [9, 9, 9, 9, 3]])
    assert (fifth.small_expected, fifth.cells, fifth.test.test) == (2, 10, "chi_square")
    two = association([[9, 9, 9, 3, 3], [9, 9, 9, 3, 3]])
    assert (two.small_expected, two.test.test) == (4, "freeman_halton")
    # A single expected count below 1 is not allowed, of exactly 1 it is.
    assert association([[90, 90, 90, 90, 1], [90, 90, 90, 90, 0]]).test.test == "freeman_halton"
    assert association([[90, 90, 90, 90, 1], [90, 90, 90, 90, 1]]).test.test == "chi_square"


def test_categories_that_nobody_used_change_nothing():
    assert chi_square([[16, 0, 34], [10, 0, 40], [0, 0, 0]]) == chi_square(STUDY_2019)
    assert association([[3, 1, 0], [1, 3, 0]]).cells == 4


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([[0, 0], [0, 0]], Undefined.NO_UNITS),
        ([], Undefined.NO_UNITS),
        ([[3, 2], [0, 0]], Undefined.ONE_GROUP),
        ([[3, 0], [4, 0]], Undefined.ONE_VALUE),
    ],
)
def test_a_table_that_says_nothing_says_so(counts, reason):
    found = association(counts)
    assert (found.test.undefined, found.test.p, found.smallest_expected) == (reason, None, None)
    assert cramers_v(counts).undefined == freeman_halton(counts).undefined == reason
    assert likelihood_ratio(counts).undefined == reason
    assert freeman_halton(counts).test == "freeman_halton"


def test_boschloo_takes_the_chance_that_makes_its_tables_likeliest():
    """The groups are fixed at 12, not the columns: every pair of counts, every chance in steps of .001."""
    many = np.arange(13)
    fisher = np.array([[fisher_p(((a, 12 - a), (b, 12 - b))) for b in many] for a in many])
    as_unlikely = fisher <= fisher[6, 2] * (1 + 1e-9)
    chances = [stats.binom.pmf(many, 12, chance) for chance in np.linspace(0.001, 0.999, 999)]
    brute = max(float(one_group @ as_unlikely @ one_group) for one_group in chances)
    assert boschloo_p(((6, 6), (2, 10))) == pytest.approx(brute, abs=1e-4)
    assert round(boschloo_p(STUDY_2019), 3) == 0.193


def test_exact_tests_need_units_in_both_groups():
    assert boschloo_p(((0, 0), (1, 2))) is None
    assert fisher_p(((1, 2), (0, 0))) is None
