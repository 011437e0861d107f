"""How many units, against published figures."""

import pytest
from scipy import stats

from annotations.statistics import (
    cases_for_odds_ratio,
    power_two_shares,
    screens_until_found,
    units_for_precision,
    units_for_two_shares,
)

pytestmark = pytest.mark.pure


def test_two_shares_are_those_of_power_prop_test():
    # ?power.prop.test in R.
    assert round(power_two_shares(0.50, 0.75, 50), 7) == 0.7401659
    assert units_for_two_shares(0.50, 0.75, power=0.9) == (77, 77)
    assert units_for_two_shares(0.75, 0.50, power=0.9) == (77, 77)


def test_the_study_of_2019_had_little_power():
    assert round(power_two_shares(0.32, 0.20, 50), 2) == 0.28
    assert units_for_two_shares(0.32, 0.20) == (209, 209)
    assert power_two_shares(0.32, 0.20, 209) == pytest.approx(0.8, abs=0.002)


def test_a_comparison_sample_is_that_of_woodward():
    # Woodward (2014), Epidemiology: study design and data analysis; ?epi.sscc of epiR.
    assert cases_for_odds_ratio(2, 0.30, power=0.9) == (188, 188)
    cases, controls = cases_for_odds_ratio(2, 0.30, power=0.9, controls_per_case=4)
    assert (cases, controls) == (116, 462)
    first = 2 * 3 / 7 / (1 + 2 * 3 / 7)
    assert power_two_shares(first, 0.30, cases, controls) == pytest.approx(0.9, abs=0.005)
    assert power_two_shares(first, 0.30, cases, controls) > power_two_shares(first, 0.30, cases)


@pytest.mark.parametrize(
    ("population", "units"),
    # Krejcie & Morgan (1970), table 1, which rounds to the nearest.
    [(10, 10), (100, 80), (1000, 278), (10_000, 370), (100_000, 383), (1_000_000, 384)],
)
def test_precision_is_that_of_krejcie_and_morgan(population, units):
    assert units_for_precision(0.05, population=population) - units in {0, 1}


def test_precision_without_a_known_population():
    # Cochran (1977): 384.15 at 5 points, 96.04 at 10.
    assert (units_for_precision(0.05), units_for_precision(0.10)) == (385, 97)
    assert units_for_precision(0.05, share=0.1) == 139
    assert units_for_precision(0.4, population=1) == 1


def test_screening_until_found_takes_one_over_the_share_on_average():
    assert screens_until_found(50, 0.125) == (400, 469)
    assert screens_until_found(3, 1) == (3, 3)
    assert stats.nbinom.cdf(469 - 50, 50, 0.125) >= 0.9 > stats.nbinom.cdf(468 - 50, 50, 0.125)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: power_two_shares(0, 0.5, 10), "share"),
        (lambda: power_two_shares(0.5, 1, 10), "share"),
        (lambda: power_two_shares(0.5, 0.4, 0), "units"),
        (lambda: power_two_shares(0.5, 0.4, 10, 0), "units"),
        (lambda: units_for_two_shares(0.5, 0.5), "differ"),
        (lambda: units_for_two_shares(0.5, 1.2), "share"),
        (lambda: units_for_two_shares(0.5, 0.4, power=1), "power"),
        (lambda: units_for_two_shares(0.5, 0.4, power=0.025), "power"),
        (lambda: units_for_two_shares(0.5, 0.4, ratio=0), "ratio"),
        (lambda: cases_for_odds_ratio(1, 0.3), "odds_ratio"),
        (lambda: cases_for_odds_ratio(0, 0.3), "odds_ratio"),
        (lambda: cases_for_odds_ratio(2, 1), "exposed_controls"),
        (lambda: cases_for_odds_ratio(2, 0), "exposed_controls"),
        (lambda: units_for_precision(0), "half_width"),
        (lambda: units_for_precision(1), "half_width"),
        (lambda: units_for_precision(0.1, share=0), "share"),
        (lambda: units_for_precision(0.1, share=1), "share"),
        (lambda: units_for_precision(0.1, population=0), "population"),
        (lambda: screens_until_found(0, 0.5), "found"),
        (lambda: screens_until_found(1, 0), "share"),
        (lambda: screens_until_found(1, 1.1), "share"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
