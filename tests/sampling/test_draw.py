"""Properties of the seeded draws, on corpora and groups of coders of any shape."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.sampling.draw import allocate, assign, draw_simple, draw_stratified, shuffled, withhold

SEEDS = st.integers(min_value=0, max_value=2**63 - 1)


@st.composite
def corpora(draw):
    """{organisation: [conversation id, …]}, ids all different."""
    sizes = draw(st.lists(st.integers(0, 25), min_size=1, max_size=5))
    ids = iter(draw(st.permutations(range(100, 100 + sum(sizes)))))
    return {
        organisation: [next(ids) for _ in range(size)] for organisation, size in enumerate(sizes, start=1)
    }


@st.composite
def cases(draw):
    corpus = draw(corpora())
    coders = draw(st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True))
    shared = draw(st.integers(0, sum(map(len, corpus.values()))))
    return corpus, coders, shared, draw(SEEDS)


def organisation_of(corpus):
    return {conversation: organisation for organisation, ids in corpus.items() for conversation in ids}


@given(corpora(), SEEDS, st.data())
def test_a_draw_takes_as_many_as_asked_each_once(corpus, seed, data):
    everything = [conversation for ids in corpus.values() for conversation in ids]
    size = data.draw(st.integers(0, len(everything)))
    for drawn in (draw_simple(everything, size, seed), draw_stratified(corpus, size, seed)):
        assert len(drawn) == len(set(drawn)) == size
        assert set(drawn) <= set(everything)


@given(corpora(), SEEDS, st.data())
def test_a_draw_does_not_depend_on_the_order_of_the_ids(corpus, seed, data):
    size = data.draw(st.integers(0, sum(map(len, corpus.values()))))
    backwards = {organisation: ids[::-1] for organisation, ids in reversed(corpus.items())}
    assert draw_stratified(corpus, size, seed) == draw_stratified(backwards, size, seed)
    assert assign(corpus, [1, 2, 3], shared=size, seed=seed) == assign(
        backwards, [3, 1, 2], shared=size, seed=seed
    )


def test_another_seed_gives_another_draw():
    draws = {tuple(draw_simple(range(1000), 10, seed)) for seed in range(50)}
    assert len(draws) == 50


def test_a_draw_stays_the_same_through_the_years():
    # Published with the seed, so it may never change: these were drawn once and written down.
    assert draw_simple(range(1, 101), 5, 20190401) == [100, 9, 63, 66, 34]
    plan = assign({"a": range(1, 7), "b": range(7, 11)}, [1, 2], shared=2, seed=7)
    assert {coder: list(order) for coder, order in plan.by_coder.items()} == {
        1: [3, 10, 7, 1, 5, 4],
        2: [10, 2, 6, 9, 3, 8],
    }
    assert plan.shared == {3, 10}


def test_every_conversation_is_drawn_equally_often():
    counts = Counter(drawn for seed in range(4000) for drawn in draw_simple(range(10), 3, seed))
    # Each of ten is expected 1,200 times; five standard deviations are 145.
    assert all(abs(counts[conversation] - 1200) < 145 for conversation in range(10))


@given(st.dictionaries(st.integers(), st.integers(0, 10**7), min_size=1), st.data())
def test_allocation_is_proportional_to_within_one_and_adds_up(sizes, data):
    total = data.draw(st.integers(0, sum(sizes.values())))
    allocation = allocate(sizes, total)
    assert sum(allocation.values()) == total
    for stratum, size in sizes.items():
        assert 0 <= allocation[stratum] <= size
        if sum(sizes.values()):
            assert abs(allocation[stratum] - size * total / sum(sizes.values())) < 1 + 1e-6


def test_allocation_gives_the_seat_to_the_largest_remainder():
    # Exact shares 4.7, 3.1 and 2.2: the last seat goes to the first.
    assert allocate({"a": 47, "b": 31, "c": 22}, 10) == {"a": 5, "b": 3, "c": 2}


@given(cases())
def test_every_conversation_goes_to_one_coder_and_a_shared_one_to_all(case):
    corpus, coders, shared, seed = case
    plan = assign(corpus, coders, shared=shared, seed=seed)
    assert len(plan.shared) == shared
    assert plan.conversations == set(organisation_of(corpus))
    assert set(plan.by_coder) == set(coders)
    times = Counter(conversation for order in plan.by_coder.values() for conversation in order)
    for conversation, count in times.items():
        assert count == (len(coders) if conversation in plan.shared else 1)


@given(cases())
def test_coders_differ_by_at_most_one_in_total_and_per_organisation(case):
    corpus, coders, shared, seed = case
    plan = assign(corpus, coders, shared=shared, seed=seed)
    organisation = organisation_of(corpus)
    totals = [len(order) for order in plan.by_coder.values()]
    assert max(totals) - min(totals) <= 1
    for stratum in corpus:
        counts = [sum(organisation[c] == stratum for c in order) for order in plan.by_coder.values()]
        assert max(counts) - min(counts) <= 1


@given(cases())
def test_shared_conversations_are_proportional_to_the_organisations(case):
    corpus, coders, shared, seed = case
    plan = assign(corpus, coders, shared=shared, seed=seed)
    counts = Counter(organisation_of(corpus)[conversation] for conversation in plan.shared)
    expected = allocate({stratum: len(ids) for stratum, ids in corpus.items()}, shared)
    assert all(counts[stratum] == expected[stratum] for stratum in corpus)


@given(cases())
def test_no_coder_gets_one_organisation_only_when_that_can_be_avoided(case):
    corpus, coders, _, seed = case
    plan = assign(corpus, coders, shared=0, seed=seed)
    sizes = sorted(map(len, corpus.values()))
    if sum(sizes[:-1]) < len(coders):
        return  # fewer conversations outside the largest organisation than coders: not for everybody
    organisation = organisation_of(corpus)
    for order in plan.by_coder.values():
        assert len(order) < 2 or len({organisation[conversation] for conversation in order}) > 1


@given(cases())
def test_each_coder_has_an_order_of_their_own(case):
    corpus, coders, _, seed = case
    everything = sum(map(len, corpus.values()))
    plan = assign(corpus, coders, shared=everything, seed=seed)
    orders = {tuple(order) for order in plan.by_coder.values()}
    if everything >= 20:
        assert len(orders) == len(coders)


def test_the_odd_conversation_goes_to_whoever_has_the_least():
    for seed in range(20):
        plan = assign({"a": [1, 2, 3, 4]}, [10, 20, 30], shared=0, seed=seed, load={10: 9, 20: 3, 30: 9})
        assert len(plan.by_coder[20]) == 2


@given(st.lists(st.integers(), unique=True, max_size=60), st.floats(0, 1), SEEDS)
def test_withholding_takes_the_share_to_the_nearest_conversation(order, share, seed):
    withheld = withhold(order, share, seed, coder=1)
    assert withheld <= set(order)
    assert abs(len(withheld) - share * len(order)) <= 0.5 + 1e-9
    assert withheld == withhold(sorted(order), share, seed, coder=1)


def test_coders_see_other_conversations_without_highlights():
    assert withhold(range(100), 0.5, 1, coder=1) != withhold(range(100), 0.5, 1, coder=2)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: draw_simple([1, 2], 3, 1),
        lambda: draw_stratified({"a": [1]}, 2, 1),
        lambda: allocate({"a": 1}, 2),
        lambda: assign({"a": [1]}, [], shared=0, seed=1),
        lambda: assign({"a": [1]}, [5, 5], shared=0, seed=1),
        lambda: assign({"a": [1]}, [5], shared=2, seed=1),
        lambda: withhold([1], 1.5, 1, coder=1),
    ],
)
def test_what_cannot_be_drawn_is_refused(impossible):
    with pytest.raises(ValueError, match=r"cannot|needed|share"):
        impossible()


def test_shuffling_leaves_its_input_alone():
    ids = [3, 1, 2]
    shuffled(ids, 1, "x")
    assert ids == [3, 1, 2]


@pytest.mark.parametrize(
    ("sizes", "total", "expected"),
    [
        # 2 of 4: shares .5 and 1.5, equal remainders; the larger stratum gets the odd one, whatever its name.
        ({"a": 1, "b": 3}, 2, {"a": 0, "b": 2}),
        ({"b": 1, "a": 3}, 2, {"b": 0, "a": 2}),
        # Equal remainders and equal sizes: the first key.
        ({"c": 1, "b": 1, "a": 1}, 1, {"a": 1, "b": 0, "c": 0}),
        ({"c": 3, "b": 3, "a": 3}, 5, {"a": 2, "b": 2, "c": 1}),
        # The larger remainder goes before the larger stratum: 1.2, 4.8 and 6 of 12 out of 20.
        ({"a": 2, "b": 8, "c": 10}, 12, {"a": 1, "b": 5, "c": 6}),
    ],
)
def test_ties_of_an_allocation_go_to_the_larger_stratum_then_to_the_first_key(
    sizes: dict[str, int], total: int, expected: dict[str, int]
) -> None:
    assert allocate(sizes, total) == expected


def test_equally_large_strata_are_drawn_and_dealt_in_the_order_of_their_names() -> None:
    strata = {"b": [1, 2], "a": [3, 4], "c": [5, 6, 7]}
    drawn = draw_stratified(strata, 7, seed=3)
    assert [next(name for name, ids in strata.items() if pk in ids) for pk in drawn] == list("cccaabb")
    plan = assign({"b": [1], "a": [2]}, [8, 9], shared=0, seed=3)
    first, second = shuffled([8, 9], 3, "coders")
    assert plan.by_coder == {first: [2], second: [1]}


def test_whoever_has_no_load_yet_comes_before_whoever_has_one() -> None:
    for seed in range(8):
        assert assign({"a": [1]}, [8, 9], shared=0, seed=seed, load={8: 1}).by_coder == {8: [], 9: [1]}


@pytest.mark.parametrize("size", [-1, 4])
def test_a_sample_is_not_less_than_nothing_nor_more_than_all(size: int) -> None:
    with pytest.raises(ValueError, match="cannot draw"):
        draw_simple([1, 2, 3], size, seed=1)
    assert draw_simple([1, 2, 3], 0, seed=1) == []
    assert sorted(draw_simple([1, 2, 3], 3, seed=1)) == [1, 2, 3]
