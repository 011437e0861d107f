"""What must not change a figure does not: order, labels, sides, units of measurement; and bounds hold."""

from math import inf, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.statistics import (
    MatchedSet,
    Proportion,
    Undefined,
    association,
    chi_square,
    clopper_pearson,
    clustered_share,
    cochran_armitage,
    conditional_odds_ratio,
    cramers_v,
    design_effect,
    elusion,
    exact_odds_ratio,
    fisher_p,
    holm,
    inverse_sampling,
    kaplan_meier,
    kruskal_wallis,
    log_rank,
    mann_whitney,
    mantel_haenszel,
    matched_odds_ratio,
    newcombe,
    risk_ratio,
    spearman,
    two_step,
    wilson,
)

pytestmark = pytest.mark.pure

FEWER = settings().max_examples // 3
"""For what draws thousands of tables, or looks for bounds, per example."""

counts = st.integers(0, 30)
rows = st.tuples(counts, counts)
tables = st.tuples(rows, rows)
numbers = st.lists(st.integers(-20, 20), min_size=0, max_size=12)
shares = st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def same(first, second):
    return first == second or first == pytest.approx(second, rel=1e-5, abs=1e-9)


def turned(estimate):
    """An odds ratio seen from the other side."""
    if estimate.value is None:
        return None, None
    over = [inf if not value else 0.0 if value == inf else 1 / value for value in (estimate.value,)]
    bounds = estimate.interval and tuple(
        inf if not bound else 0.0 if bound == inf else 1 / bound for bound in reversed(estimate.interval)
    )
    return over[0], bounds


@given(shares)
def test_a_share_lies_in_its_intervals_and_the_opposite_mirrors_them(share):
    n, of = share
    for interval in (wilson, clopper_pearson):
        found = interval(n, of)
        if not of:
            assert found is None
            continue
        assert 0 <= found[0] <= n / of <= found[1] <= 1
        opposite = interval(of - n, of)
        assert same(found, (1 - opposite[1], 1 - opposite[0]))


@given(shares, shares)
def test_the_other_difference_is_the_same_with_the_other_sign(first, second):
    found = newcombe(Proportion(*first), Proportion(*second))
    opposite = newcombe(Proportion(*second), Proportion(*first))
    if found is None:
        assert opposite is None
    else:
        assert -1 <= found[0] <= found[1] <= 1
        assert same(found, (-opposite[1], -opposite[0]))


@settings(max_examples=FEWER)
@given(tables)
def test_ratios_turn_over_with_the_groups(table):
    (first, second), other = table, (table[1], table[0])
    for ratio in (conditional_odds_ratio, risk_ratio):
        found, opposite = ratio((first, second)), ratio(other)
        assert found.undefined == opposite.undefined
        value, interval = turned(opposite)
        assert same(found.value, value)
        assert found.interval is None or same(found.interval, interval)
    assert fisher_p(table) is None or same(fisher_p(table), fisher_p(other))


@settings(max_examples=FEWER)
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=4), st.randoms())
def test_the_order_of_rows_and_columns_changes_no_test(table, random):
    shuffled = [list(row) for row in zip(*random.sample(list(zip(*table, strict=True)), 3), strict=True)]
    random.shuffle(shuffled)
    found, other = chi_square(table), chi_square(shuffled)
    assert found.undefined == other.undefined
    assert same(found.statistic, other.statistic)
    across = cramers_v([list(column) for column in zip(*table, strict=True)])
    assert same(cramers_v(table).value, across.value)
    if across.value is not None:
        assert 0 <= across.interval[0] <= across.value <= across.interval[1] <= 1
    chosen = association(table).test
    assert chosen.undefined or 0 < chosen.p <= 1


@settings(max_examples=FEWER)
@given(numbers, numbers)
def test_ranks_see_order_only(first, second):
    cubed = [value**3 for value in first], [value**3 for value in second]
    found = mann_whitney(first, second)
    assert found == mann_whitney(*cubed)
    opposite = mann_whitney(second, first)
    assert same(found.p, opposite.p)
    if found.effect:
        assert same(found.effect.value, 1 - opposite.effect.value)
        low, high = found.effect.interval
        assert 0 <= low <= found.effect.value <= high <= 1
    groups = kruskal_wallis([first, second]), kruskal_wallis([cubed[1], cubed[0]])
    assert same(groups[0].statistic, groups[1].statistic)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_a_rank_correlation_has_two_equal_sides_and_lies_in_its_interval(pairs):
    first, second = [a for a, _b in pairs], [b for _a, b in pairs]
    found = spearman(first, second)
    assert same(found.statistic, spearman(second, first).statistic)
    if found.effect and found.effect.interval:
        assert -1 <= found.effect.interval[0] <= found.statistic <= found.effect.interval[1] <= 1
        assert same(found.statistic, -spearman(first, [-value for value in second]).statistic)


@given(st.lists(shares, max_size=6), st.integers(-5, 5), st.integers(1, 9))
def test_a_trend_does_not_depend_on_where_scores_start_or_how_far_they_lie_apart(groups, start, step):
    n, of = [n for n, _of in groups], [of for _n, of in groups]
    found = cochran_armitage(n, of)
    scaled = cochran_armitage(n, of, [start + step * at for at in range(len(n))])
    assert found.undefined == scaled.undefined
    assert same(found.statistic, scaled.statistic)
    turned_round = cochran_armitage(n[::-1], of[::-1])
    assert found.statistic is None or same(found.statistic, -turned_round.statistic)


@given(st.lists(st.none() | st.floats(0, 1), max_size=8), st.randoms())
def test_holm_never_lowers_a_p_and_keeps_their_order(p_values, random):
    adjusted = holm(p_values)
    assert [p is None for p in adjusted] == [p is None for p in p_values]
    pairs = sorted((p, q) for p, q in zip(p_values, adjusted, strict=True) if p is not None)
    assert all(p <= q <= 1 for p, q in pairs)
    assert [q for _p, q in pairs] == sorted(q for _p, q in pairs)
    order = list(range(len(p_values)))
    random.shuffle(order)
    assert holm([p_values[at] for at in order]) == [adjusted[at] for at in order]


times = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=15)


@settings(max_examples=FEWER)
@given(times, times, st.integers(2, 5))
def test_a_survival_curve_falls_and_does_not_mind_the_unit_of_time(first, second, scale):
    def split(pairs, by=1):
        return [by * time for time, _yes in pairs], [yes for _time, yes in pairs]

    curve, scaled = kaplan_meier(*split(first)), kaplan_meier(*split(first, scale))
    assert [step.share for step in curve.steps] == [step.share for step in scaled.steps]
    levels = [1.0, *(step.share for step in curve.steps)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] >= 0
    assert sum(step.events for step in curve.steps) == curve.events
    assert sum(step.events + step.censored for step in curve.steps) == curve.n
    for step in curve.steps:
        assert step.interval is None or step.interval[0] <= step.share <= step.interval[1]
    if curve.median.value is not None:
        assert curve.median.interval[0] <= curve.median.value <= curve.median.interval[1]
        assert scaled.median.value == scale * curve.median.value
    found = log_rank([split(first), split(second)])
    other = log_rank([split(second, scale), split(first, scale)])
    assert found.undefined == other.undefined
    assert same(found.statistic, other.statistic)


@settings(max_examples=FEWER)
@given(st.lists(tables, max_size=5))
def test_strata_in_another_order_and_from_the_other_side(strata):
    found, reverse = mantel_haenszel(strata), mantel_haenszel(strata[::-1])
    assert same(found.odds_ratio.value, reverse.odds_ratio.value)
    assert same(found.homogeneity.statistic, reverse.homogeneity.statistic)
    exact, test = exact_odds_ratio(strata)
    opposite, other_test = exact_odds_ratio([(second, first) for first, second in strata])
    assert same(exact.value, turned(opposite)[0])
    assert same(test.p, other_test.p)
    if exact.value is not None:
        assert exact.interval[0] <= exact.value <= exact.interval[1]
        assert same(exact.interval, turned(opposite)[1])
        assert (test.p < 0.02) <= (exact.interval[0] > 1 or exact.interval[1] < 1)


@settings(max_examples=FEWER)
@given(st.integers(0, 25), st.integers(0, 25), st.integers(0, 9), st.integers(0, 9))
def test_pairs_are_the_ratio_of_their_discordant_kinds(only_case, only_control, both, neither):
    pairs = (
        [MatchedSet(True, 0)] * only_case
        + [MatchedSet(False, 1)] * only_control
        + [MatchedSet(True, 1)] * both
        + [MatchedSet(False, 0)] * neither
    )
    found = matched_odds_ratio(pairs).odds_ratio
    discordant = only_case + only_control
    if not discordant:
        assert found.undefined == Undefined.NO_DISCORDANT
        return
    assert same(found.value, only_case / only_control if only_control else inf)
    low, high = clopper_pearson(only_case, discordant)
    assert same(found.interval, (low / (1 - low), high / (1 - high) if high < 1 else inf))


@settings(max_examples=FEWER)
@given(st.integers(0, 20), st.integers(0, 60), st.booleans(), shares, st.integers(0, 500))
def test_every_screening_has_a_share_between_its_bounds_or_a_reason(
    found, more, until_found, sample, more_unseen
):
    missed, sampled = sample
    of = found + more
    share = inverse_sampling(found, of)
    assert (share.value is None) == (share.undefined is not None)
    if share.value is not None:
        assert share.interval[0] <= share.value <= share.interval[1]
    rest = elusion(missed, sampled, sampled + more_unseen)
    if rest.missed.value is not None:
        assert missed <= rest.missed.interval[0] <= rest.missed.value <= rest.missed.interval[1]
        assert rest.missed.interval[1] <= sampled + more_unseen
    both = two_step(
        found,
        of,
        until_found=until_found,
        elusion_found=missed,
        sampled=sampled,
        unseen=sampled + more_unseen,
    )
    if both.share.value is not None:
        assert 0 <= both.share.interval[0] <= both.share.value <= both.share.interval[1] <= 1
    if both.recall.value is not None:
        assert 0 <= both.recall.interval[0] <= both.recall.value <= both.recall.interval[1] <= 1


@given(st.lists(shares, max_size=8), st.randoms())
def test_clusters_in_another_order_and_without_units(clusters, random):
    found = design_effect([n for n, _of in clusters], [of for _n, of in clusters])
    shuffled = [*clusters, (0, 0)]
    random.shuffle(shuffled)
    other = design_effect([n for n, _of in shuffled], [of for _n, of in shuffled])
    assert (found.undefined, found.units, found.clusters) == (other.undefined, other.units, other.clusters)
    assert same(found.value, other.value)
    share = clustered_share([n for n, _of in clusters], [of for _n, of in clusters])
    if share.value is not None:
        assert isfinite(share.interval[0])
        low, high = wilson(sum(n for n, _of in clusters), sum(of for _n, of in clusters))
        assert share.interval[0] <= low + 1e-12
        assert share.interval[1] >= high - 1e-12
