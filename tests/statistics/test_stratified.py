"""Strata and matched sets against published case-control studies and an independent library."""

from math import inf

import numpy as np
import pytest

from annotations.statistics import (
    Estimate,
    MatchedSet,
    Undefined,
    breslow_day,
    conditional_odds_ratio,
    exact_odds_ratio,
    fisher_p,
    mantel_haenszel,
    matched_odds_ratio,
)

# Breslow & Day (1980), Statistical methods in cancer research I, chapter 4: oesophageal cancer and alcohol in
# Ille-et-Vilaine, six age groups.
ALCOHOL = [
    ((1, 0), (9, 106)),
    ((4, 5), (26, 164)),
    ((25, 21), (29, 138)),
    ((42, 34), (27, 139)),
    ((19, 36), (18, 88)),
    ((5, 8), (0, 31)),
]
# ?mantelhaen.test in R: admission to six departments of Berkeley (Bickel, Hammel & O'Connell 1975, Science).
BERKELEY = [
    ((512, 313), (89, 19)),
    ((353, 207), (17, 8)),
    ((120, 205), (202, 391)),
    ((138, 279), (131, 244)),
    ((53, 138), (94, 299)),
    ((22, 351), (24, 317)),
]
# The same page: penicillin for rabbits (Mantel 1963, Agresti 1990, p. 231 f.).
RABBITS = [((0, 6), (0, 5)), ((3, 3), (0, 6)), ((6, 0), (2, 4)), ((5, 1), (6, 0)), ((2, 0), (5, 0))]


def rounded(estimate, decimals):
    return (round(estimate.value, decimals), *(round(bound, decimals) for bound in estimate.interval))


def test_alcohol_gets_the_figures_of_breslow_and_day():
    found = mantel_haenszel(ALCOHOL)
    assert rounded(found.odds_ratio, 2) == (5.16, 3.56, 7.47)
    assert round(found.test.statistic, 2) == 85.01
    assert (round(found.homogeneity.statistic, 2), found.homogeneity.df) == (9.30, 5)
    assert round(found.homogeneity.p, 3) == 0.098
    without = breslow_day(ALCOHOL, found.odds_ratio, tarone=False)
    assert (round(without.statistic, 2), round(without.p, 3)) == (9.32, 0.097)
    # The conditional estimate.
    assert round(exact_odds_ratio(ALCOHOL)[0].value, 2) == 5.25


def test_berkeley_gets_the_figures_of_r():
    found = mantel_haenszel(BERKELEY)
    assert rounded(found.odds_ratio, 5) == (0.90470, 0.77191, 1.06033)
    assert (round(found.test.statistic, 4), found.test.df, round(found.test.p, 4)) == (1.5246, 1, 0.2169)
    assert round(found.homogeneity.p, 6) == 0.002071
    assert (found.strata, found.left_out) == (6, 0)


def test_rabbits_get_the_figures_of_r():
    found = mantel_haenszel(RABBITS)
    assert rounded(found.odds_ratio, 4) == (7, 1.0267, 47.7251)
    assert (found.strata, found.left_out) == (3, 2)
    assert round(found.test.p, 5) == 0.01738
    ratio, test = exact_odds_ratio(RABBITS)
    assert (round(ratio.value, 3), round(ratio.interval[0], 3)) == (10.361, 1.077)
    assert (test.test, round(test.p, 5)) == ("exact_conditional", 0.03994)


def test_one_stratum_is_the_conditional_odds_ratio():
    table = ((16, 34), (10, 40))
    ratio, test = exact_odds_ratio([table])
    alone = conditional_odds_ratio(table)
    assert ratio.value == pytest.approx(alone.value, rel=1e-5)
    assert ratio.interval == pytest.approx(alone.interval, rel=1e-4)
    assert test.p == pytest.approx(fisher_p(table))
    found = mantel_haenszel([table])
    assert found.odds_ratio.value == pytest.approx(16 * 40 / 340)
    assert found.homogeneity.undefined == Undefined.ONE_GROUP
    assert breslow_day([table], Estimate(1.9)).test == "breslow_day"


def test_strata_without_an_association_agree_on_one():
    found = breslow_day([((5, 5), (5, 5)), ((5, 5), (5, 5))], Estimate(1.0))
    assert found.statistic == pytest.approx(0)
    apart = breslow_day([((8, 2), (2, 8)), ((2, 8), (8, 2))], Estimate(1.0))
    # Each stratum is 3 from 5, its variance 1 / (4 / 5) = 1.25.
    assert apart.statistic == pytest.approx(2 * 9 / 1.25)
    assert apart.df == 1


def test_a_side_that_nobody_is_on_leaves_the_ratio_open():
    found = mantel_haenszel([((3, 0), (1, 2)), ((2, 0), (1, 4))])
    assert found.odds_ratio == Estimate(inf)
    assert found.homogeneity.undefined == Undefined.ONE_VALUE
    ratio, _test = exact_odds_ratio([((3, 0), (1, 2)), ((2, 0), (1, 4))])
    assert ratio.value == ratio.interval[1] == inf
    assert 0.5 < ratio.interval[0] < 1
    mirrored, _test = exact_odds_ratio([((0, 3), (2, 1)), ((0, 2), (4, 1))])
    assert (mirrored.value, mirrored.interval[0]) == (0, 0)
    assert mirrored.interval[1] == pytest.approx(1 / ratio.interval[0])
    assert mantel_haenszel([((0, 3), (2, 1))]).odds_ratio == Estimate(0)
    assert mantel_haenszel([((0, 3), (2, 1)), ((0, 3), (2, 1))]).homogeneity.undefined == Undefined.ONE_VALUE


def test_strata_that_say_nothing_are_left_out_and_said():
    nothing = mantel_haenszel([((0, 3), (0, 4))])
    assert nothing.odds_ratio.undefined == nothing.test.undefined == Undefined.NO_DISCORDANT
    assert nothing.homogeneity.undefined == Undefined.NO_DISCORDANT
    assert (nothing.strata, nothing.left_out) == (0, 1)
    assert (nothing.test.test, nothing.homogeneity.test) == ("mantel_haenszel", "breslow_day")
    assert mantel_haenszel([]).odds_ratio.undefined == Undefined.NO_UNITS
    ratio, test = exact_odds_ratio([((0, 3), (0, 4))])
    assert (ratio.undefined, test.undefined) == (Undefined.NO_DISCORDANT, Undefined.NO_DISCORDANT)
    assert test.test == "exact_conditional"


def sets(rows, controls):
    """Rows of how many sets have 0, 1, ... exposed controls: case exposed, case not."""
    return [
        MatchedSet(exposed, k, controls)
        for exposed, row in zip((True, False), rows, strict=True)
        for k, times in enumerate(row)
        for _ in range(times)
    ]


def test_pairs_get_the_figures_of_breslow_and_day():
    # Oestrogens and endometrial cancer (Mack et al. 1976), 63 cases with the first of their controls, 5.2.
    found = matched_odds_ratio(sets(((29, 27), (4, 3)), 1))
    assert rounded(found.odds_ratio, 2) == (9.67, 3.00, 49.59)
    assert found.mantel_haenszel.value == pytest.approx(29 / 3)
    assert (found.sets, found.discordant) == (63, 32)
    # McNemar's exact test: 3 or fewer of 32.
    assert found.test.p == pytest.approx(2 * sum([1, 32, 496, 4960]) / 2**32)


def test_pairs_get_the_figures_of_newman():
    # Newman (2001), Biostatistical methods in epidemiology, example 11.3: Antunes et al. (1979).
    found = matched_odds_ratio(sets(((43, 12), (121, 7)), 1))
    assert round(found.odds_ratio.value, 2) == 6.14
    assert rounded(found.mantel_haenszel, 2) == (6.14, 2.76, 13.66)


def test_sets_of_one_to_four_are_those_of_conditional_logistic_regression():
    # Newman (2001), table 11.14: Mack et al. (1976), one case and four controls.
    given = sets(((1, 10, 10, 10, 2), (0, 1, 1, 1, 0)), 4)
    found = matched_odds_ratio(given)
    case, exposed, group = [], [], []
    for number, matched in enumerate(given):
        case += [1] + [0] * 4
        exposed += [int(matched.case_exposed)] + [1] * matched.exposed + [0] * (4 - matched.exposed)
        group += [number] * 5
    from statsmodels.discrete.conditional_models import ConditionalLogit

    fitted = ConditionalLogit(np.array(case), np.array(exposed)[:, None], groups=np.array(group)).fit(disp=0)
    assert found.odds_ratio.value == pytest.approx(np.exp(fitted.params[0]), rel=1e-3)
    assert found.odds_ratio.interval[0] < found.odds_ratio.value < found.odds_ratio.interval[1]
    assert (found.sets, found.discordant) == (36, 34)
    assert round(found.mantel_haenszel.value, 2) == 10.67


def test_many_sets_do_not_run_out_of_numbers():
    found = matched_odds_ratio(sets(((3000, 10), (10, 1000)), 1))
    assert found.odds_ratio.value == pytest.approx(3)


def test_sets_of_different_sizes_go_together():
    found = matched_odds_ratio([MatchedSet(True, 0), MatchedSet(False, 1), MatchedSet(True, 1, 3)])
    assert found.discordant == 3
    assert found.odds_ratio.value > 1
    assert matched_odds_ratio([]).odds_ratio.undefined == Undefined.NO_DISCORDANT
    assert MatchedSet(True, 0).table == ((1, 0), (0, 1))
    assert MatchedSet(False, 2, 3).table == ((0, 1), (2, 1))
