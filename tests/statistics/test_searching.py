"""Screening until enough was found: estimates that are right on average, intervals that cover."""

from math import comb

import pytest
from scipy import stats

from annotations.statistics import (
    Estimate,
    Undefined,
    clopper_pearson,
    elusion,
    inverse_sampling,
    share_found,
    two_step,
)


@pytest.mark.parametrize(("r", "p"), [(2, 0.3), (5, 0.1), (5, 0.6)])
def test_haldanes_estimate_is_right_on_average_and_finds_over_screened_is_too_high(r, p):
    chances = {n: comb(n - 1, r - 1) * p**r * (1 - p) ** (n - r) for n in range(r, 900)}
    assert sum(chance * inverse_sampling(r, n).value for n, chance in chances.items()) == pytest.approx(p)
    assert sum(chance * r / n for n, chance in chances.items()) > p * 1.04


@pytest.mark.parametrize(("r", "p"), [(1, 0.2), (3, 0.25), (10, 0.5)])
def test_the_interval_of_inverse_sampling_covers(r, p):
    covered = sum(
        stats.nbinom.pmf(n - r, r, p)
        for n in range(r, 400)
        if inverse_sampling(r, n).interval[0] <= p <= inverse_sampling(r, n).interval[1]
    )
    assert 0.95 <= covered < 0.999


def test_a_first_find_has_the_limits_of_george_and_elston():
    found = inverse_sampling(1, 20)
    # Statistics in Medicine 12 (1993), 685-690: 1 - .975^(1/n) and 1 - .025^(1/(n - 1)).
    assert found.interval == pytest.approx((1 - 0.975 ** (1 / 20), 1 - 0.025 ** (1 / 19)))
    assert (found.value, found.undefined) == (None, Undefined.TOO_FEW)


@pytest.mark.parametrize(
    ("found", "screened", "low", "high"),
    [(5, 67, 0.02467471, 0.1479676), (10, 87, 0.05651668, 0.1893855)],
)
def test_the_interval_is_that_of_the_examples_of_statpsych(found, screened, low, high):
    # R, statpsych 1.7 and 1.8, ?ci.prop.inv (Zou 2010, Computational Statistics & Data Analysis 54, 55-64).
    estimate = inverse_sampling(found, screened)
    assert estimate.interval == pytest.approx((low, high), rel=1e-6)
    assert estimate.value == pytest.approx((found - 1) / (screened - 1))  # Haldane's, not found / screened


def test_inverse_sampling_at_its_edges():
    assert inverse_sampling(3, 3) == Estimate(1, (pytest.approx(0.025 ** (1 / 3)), 1))
    assert inverse_sampling(0, 30).undefined == Undefined.NO_EVENTS
    assert inverse_sampling(0, 0).undefined == Undefined.NO_UNITS
    # The lower limit is that of a fixed number, the upper one that of a message less.
    low, high = inverse_sampling(50, 412).interval
    assert low == pytest.approx(clopper_pearson(50, 412)[0])
    assert high == pytest.approx(clopper_pearson(49, 411)[1])


def test_a_screening_that_another_rule_ended_is_found_over_screened():
    assert share_found(50, 412, until_found=True) == inverse_sampling(50, 412)
    assert share_found(20, 200, until_found=False) == Estimate(0.1, clopper_pearson(20, 200))
    assert share_found(0, 0, until_found=False).undefined == Undefined.NO_UNITS


@pytest.mark.parametrize(("sampled", "unseen"), [(5, 12), (10, 40), (12, 12)])
def test_the_interval_of_an_elusion_sample_covers_whatever_was_missed(sampled, unseen):
    intervals = [elusion(x, sampled, unseen).missed.interval for x in range(sampled + 1)]
    for missed in range(unseen + 1):
        chances = stats.hypergeom.pmf(range(sampled + 1), unseen, missed, sampled)
        covered = sum(
            chance for chance, (low, high) in zip(chances, intervals, strict=True) if low <= missed <= high
        )
        assert covered >= 0.95


def test_an_interval_of_an_elusion_sample_is_no_wider_than_it_must_be():
    low, high = elusion(3, 20, 50).missed.interval
    at = lambda missed: stats.hypergeom(50, int(missed), 20)  # noqa: E731
    assert at(low).sf(2) > 0.025 >= at(low - 1).sf(2)
    assert at(high).cdf(3) > 0.025 >= at(high + 1).cdf(3)
    found = elusion(3, 20, 50)
    assert (found.share.value, found.missed.value) == pytest.approx((0.15, 7.5))
    assert found.share.interval == (low / 50, high / 50)


def test_an_elusion_sample_of_everything_or_of_nothing():
    assert elusion(4, 30, 30).missed == Estimate(4, (4, 4))
    assert elusion(0, 0, 0).share == Estimate(0, (0, 0))
    assert elusion(0, 0, 0).missed == Estimate(0, (0, 0))
    assert elusion(0, 0, 50).share.undefined == elusion(0, 0, 50).missed.undefined == Undefined.NO_UNITS
    assert elusion(20, 20, 50).missed.interval[1] == 50


def test_an_elusion_sample_of_a_million_is_quick():
    assert elusion(0, 3000, 1_000_000).missed.interval[1] == pytest.approx(1228, abs=3)


def test_two_steps_weigh_both_kinds_of_messages():
    found = two_step(50, 400, until_found=True, elusion_found=1, sampled=300, unseen=9600)
    assert found.share.value == pytest.approx((400 * 49 / 399 + 9600 / 300) / 10_000)
    assert found.missed == elusion(1, 300, 9600).missed
    assert found.recall.value == pytest.approx(50 / 82)
    assert found.recall.interval == pytest.approx((50 / (50 + 174), 50 / 51))
    # Zou & Donner (2008): the root of the squared distances, weighted.
    seen, rest = inverse_sampling(50, 400), elusion(1, 300, 9600).share
    below = (
        (0.04 * (seen.value - seen.interval[0])) ** 2 + (0.96 * (rest.value - rest.interval[0])) ** 2
    ) ** 0.5
    above = (
        (0.04 * (seen.interval[1] - seen.value)) ** 2 + (0.96 * (rest.interval[1] - rest.value)) ** 2
    ) ** 0.5
    assert found.share.interval == pytest.approx((found.share.value - below, found.share.value + above))


def test_two_steps_that_lack_one_say_so():
    unsampled = two_step(50, 400, until_found=True, elusion_found=0, sampled=0, unseen=9600)
    assert unsampled.share.undefined == unsampled.recall.undefined == Undefined.NO_UNITS
    nothing = two_step(0, 400, until_found=False, elusion_found=0, sampled=300, unseen=9600)
    assert nothing.recall.undefined == Undefined.NO_EVENTS
    assert nothing.share.interval[0] == 0
    only_missed = two_step(0, 400, until_found=False, elusion_found=3, sampled=300, unseen=9600)
    assert only_missed.recall == Estimate(0, (0, 0))
    everything = two_step(4, 10, until_found=False, elusion_found=0, sampled=0, unseen=0)
    alone = share_found(4, 10, until_found=False)
    assert everything.share.value == alone.value
    assert everything.share.interval == pytest.approx(alone.interval)
    assert everything.recall == Estimate(1, (1, 1))
