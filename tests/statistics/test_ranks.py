"""Ranks, trend, families of tests and summaries against published figures."""

from math import isclose, sqrt

import pytest

from annotations.statistics import (
    Summary,
    Undefined,
    cochran_armitage,
    holm,
    kruskal_wallis,
    mann_whitney,
    spearman,
    summary,
)
from annotations.statistics.ranks import superiority

# Hollander & Wolfe (1973), p. 69 f., ?wilcox.test in R: permeability of the chorioamnion.
AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLY = [1.15, 0.88, 0.90, 0.74, 1.21]
# Bonett (2021), ?ci.mann of statpsych: with ties.
TIED = (
    [9.4, 10.3, 58.3, 106.0, 31.0, 46.2, 12.0, 19.0, 135.0, 159.0],
    [14.6, 5.1, 8.1, 22.7, 6.4, 4.4, 19.0, 3.2],
)


def test_mann_whitney_gives_the_published_exact_p():
    found = mann_whitney(AT_TERM, EARLY)
    assert (found.test, found.statistic, round(found.p, 4)) == ("mann_whitney", 35, 0.2544)
    assert (found.effect_name, found.effect.value) == ("superiority", 0.7)


def test_mann_whitney_with_ties_counts_half():
    found = mann_whitney(*TIED)
    assert found.effect.value == 0.86875
    assert found.statistic == 69.5
    # Normal, with correction for ties and continuity, as wilcox.test(exact = FALSE) has it.
    assert round(found.p, 5) == 0.00994


def test_p_is_counted_out_while_a_group_is_small_and_nothing_is_tied():
    from scipy import stats

    def p_values(m, n):
        first, second = list(range(m)), [value * 0.7 + 0.35 for value in range(n)]
        by = {how: stats.mannwhitneyu(first, second, method=how).pvalue for how in ("exact", "asymptotic")}
        return mann_whitney(first, second).p, by

    for m, n, how in [(49, 49, "exact"), (50, 3, "asymptotic"), (3, 50, "asymptotic"), (9, 12, "exact")]:
        p, by = p_values(m, n)
        assert by["exact"] != by["asymptotic"]
        assert p == by[how]
    # 2 of the C(4, 2) = 6 orders are as extreme.
    assert mann_whitney([1, 2], [3, 4]).p == pytest.approx(1 / 3)


def test_the_interval_of_superiority_solves_its_equation():
    # Hanley & McNeil (1982), table II: an area of .893 of 51 and 58 images, with standard error .032.
    theta, m, n = 0.893, 51, 58
    low, high = superiority(theta, m, n).interval
    assert (round(low, 4), round(high, 4)) == (0.8115, 0.9399)
    for bound in (low, high):
        rest = 1 + ((m + n) / 2 - 1) * ((1 - bound) / (2 - bound) + bound / (1 + bound))
        standard_error = sqrt(bound * (1 - bound) * rest / (m * n))
        assert isclose(abs(bound - theta) / standard_error, 1.959964, rel_tol=1e-5)
    assert isclose((high - low) / 2 / 1.96, 0.032, abs_tol=0.002)


def test_complete_superiority_has_a_lower_bound_below_it():
    found = mann_whitney([3, 4, 5], [0, 1, 2]).effect
    assert found.value == 1
    assert 0.3 < found.interval[0] < 0.9
    assert found.interval[1] == 1
    mirrored = mann_whitney([0, 1, 2], [3, 4, 5]).effect
    assert mirrored.interval == pytest.approx((0, 1 - found.interval[0]))


def test_kruskal_wallis_gives_the_published_figures():
    # Hollander & Wolfe (1973), p. 116, ?kruskal.test in R.
    found = kruskal_wallis([[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [], [2.8, 3.4, 3.7, 2.2, 2.0]])
    assert (round(found.statistic, 5), found.df, round(found.p, 2)) == (0.77143, 2, 0.68)
    assert (found.test, found.effect_name) == ("kruskal_wallis", "epsilon_squared")
    assert found.effect.value == pytest.approx(0.77143 / 13, abs=1e-6)


def test_spearman_gives_the_published_figures():
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    found = spearman(iq, [7, 27, 2, 50, 28, 29, 20, 12, 6, 17])
    assert (found.test, found.effect_name) == ("spearman", "rho")
    assert (found.statistic, found.effect.value) == pytest.approx((-29 / 165, -29 / 165))
    assert round(found.p, 4) == 0.6272
    # Worked out by hand: z = -.17763, standard error sqrt((1 + .01545) / 7) = .38087.
    assert [round(bound, 3) for bound in found.effect.interval] == [-0.728, 0.515]


def test_spearman_has_no_interval_where_its_formula_has_none():
    assert spearman([1, 2, 3], [2, 1, 3]).effect.interval is None
    assert spearman([1, 2, 3, 4], [2, 1, 3, 4]).effect.interval is not None
    assert spearman([1, 2, 3, 4], [2, 3, 4, 5]).effect.interval is None


def test_cochran_armitage_gives_the_published_figures():
    # Holmes & Williams (1954), in Armitage (1955): carriers of streptococci by size of the tonsils.
    assert round(cochran_armitage([19, 29, 24], [516, 589, 293]).statistic ** 2, 2) == 7.19
    # Fleiss (1981), ?prop.trend.test in R: smokers among patients.
    smokers = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82])
    assert (round(smokers.statistic**2, 4), round(smokers.p, 6)) == (8.2249, 0.004132)
    assert smokers.statistic < 0
    # Agresti (2007), 2.5.1: malformation by drinks a day.
    drinks = cochran_armitage([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], [0, 0.5, 1.5, 4, 7])
    assert (round(drinks.statistic**2, 2), round(drinks.p, 3)) == (6.57, 0.010)
    assert (drinks.test, drinks.df) == ("cochran_armitage", None)


def test_holm_gives_the_published_figures():
    # p.adjust(c(.01, .02, .03, .04, .05), "holm") in R.
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, None, 0.01, 0.6]) == [0.08, None, 0.03, 0.6]
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([]) == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (mann_whitney([], [1]), Undefined.EMPTY_GROUP),
        (mann_whitney([1, 1], [1]), Undefined.ONE_VALUE),
        (kruskal_wallis([]), Undefined.NO_UNITS),
        (kruskal_wallis([[1, 2], []]), Undefined.ONE_GROUP),
        (kruskal_wallis([[1], [1, 1]]), Undefined.ONE_VALUE),
        (spearman([1, 2], [3, 4]), Undefined.TOO_FEW),
        (spearman([1, 1, 1], [3, 4, 5]), Undefined.ONE_VALUE),
        (spearman([3, 4, 5], [1, 1, 1]), Undefined.ONE_VALUE),
        (cochran_armitage([0, 0], [0, 0]), Undefined.NO_UNITS),
        (cochran_armitage([0, 0], [3, 4]), Undefined.ONE_VALUE),
        (cochran_armitage([3, 4], [3, 4]), Undefined.ONE_VALUE),
        (cochran_armitage([2, 0], [4, 0]), Undefined.ONE_GROUP),
    ],
)
def test_what_cannot_be_tested_says_why(found, reason):
    assert (found.statistic, found.p, found.undefined) == (None, None, reason)
    assert found.test in {"mann_whitney", "kruskal_wallis", "spearman", "cochran_armitage"}


def test_a_summary_has_the_quartiles_that_r_has():
    found = summary([1, 2, 3, 4, 10])
    assert found == Summary(5, 4, sqrt(12.5), 1, 2, 3, 4, 10)
    assert summary([1, 2, 3, 4]).lower_quartile == 1.75
    assert summary([7]) == Summary(1, 7, None, 7, 7, 7, 7, 7)
    assert summary([]) == Summary(0)
