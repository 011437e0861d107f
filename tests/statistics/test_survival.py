"""Times until something happens, against published figures and an independent library."""

from math import inf
from warnings import catch_warnings, simplefilter

import numpy as np
import pytest

from annotations.statistics import Estimate, Undefined, kaplan_meier, log_rank

# Freireich et al. (1963), Blood 21, 699-716: weeks of remission with 6-MP and with a placebo. The figures:
# Kleinbaum & Klein (2012), Survival analysis, 3rd ed., chapter 2, and of R's survfit and survdiff.
SIX_MP = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [c == "1" for c in "111010100110001100000"],
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [True] * 21)


def test_the_curve_is_that_of_the_textbook():
    curve = kaplan_meier(*SIX_MP)
    shares = {step.time: round(step.share, 4) for step in curve.steps if step.events}
    assert shares == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert (curve.n, curve.events) == (21, 9)
    first = curve.steps[0]
    assert (first.at_risk, first.events, first.censored) == (21, 3, 1)
    assert [round(bound, 3) for bound in first.interval] == [0.620, 0.952]
    at_ten = curve.steps[3]
    assert (at_ten.at_risk, at_ten.events, at_ten.censored) == (15, 1, 1)


def test_medians_are_those_of_the_textbook():
    assert kaplan_meier(*SIX_MP).median == Estimate(23, (13, inf))
    assert kaplan_meier(*PLACEBO).median == Estimate(8, (4, 11))


def test_a_share_of_exactly_a_half_is_the_median():
    assert kaplan_meier([1, 2, 3, 4], [True, True, True, False]).median.value == 2
    assert kaplan_meier([1, 2, 3], [True] * 3).steps[-1].interval is None


def test_bands_that_come_down_to_nothing_still_bound_the_median():
    # Two units that had it at once: the band is undefined, the share is 0.
    assert kaplan_meier([5, 5], [True, True]).median == Estimate(5, (5, inf))


def test_a_median_that_was_not_reached_says_so():
    curve = kaplan_meier([3, 4, 5], [True, False, False])
    assert curve.median == Estimate(None, undefined=Undefined.NOT_REACHED)
    nothing_happened = kaplan_meier([3, 4], [False, False])
    assert nothing_happened.median.undefined == Undefined.NOT_REACHED
    assert [step.share for step in nothing_happened.steps] == [1, 1]
    empty = kaplan_meier([], [])
    assert (empty.n, empty.steps, empty.median.undefined) == (0, (), Undefined.NO_UNITS)


def test_no_warning_reaches_the_log():
    with catch_warnings():
        simplefilter("error")
        kaplan_meier([1, 2], [True, True])


def test_log_rank_gives_the_published_figures():
    found = log_rank([SIX_MP, ([], []), PLACEBO])
    assert (found.test, round(found.statistic, 2), found.df) == ("log_rank", 16.79, 1)
    assert found.p == pytest.approx(4.17e-5, rel=1e-3)


def test_log_rank_of_more_groups_is_that_of_another_library():
    random = np.random.default_rng(3)
    times = random.integers(1, 12, 60)
    status = random.random(60) < 0.7
    group = np.repeat([0, 1, 2], 20)
    from statsmodels.duration.survfunc import survdiff

    statistic, p = survdiff(times, status, group)
    found = log_rank([(times[group == k], status[group == k]) for k in range(3)])
    assert (found.statistic, found.p) == pytest.approx((statistic, p))
    assert found.df == 2


def test_a_group_that_is_never_at_risk_does_not_count():
    # The last group was looked at for less time than anything took.
    found = log_rank([([2, 3], [True, True]), ([3, 4], [True, True]), ([1], [False])])
    assert found.df == 1


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ([], Undefined.NO_UNITS),
        ([SIX_MP, ([], [])], Undefined.ONE_GROUP),
        ([([1, 2], [False, False]), ([3], [False])], Undefined.NO_EVENTS),
    ],
)
def test_groups_that_cannot_be_compared_say_why(groups, reason):
    found = log_rank(groups)
    assert (found.test, found.p, found.undefined) == ("log_rank", None, reason)
