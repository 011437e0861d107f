"""What has to hold for any reliability data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement import reliability, set_reliability, unitizing_reliability

pytestmark = pytest.mark.pure

COEFFICIENTS = (
    "alpha", "percent_agreement", "holsti", "gwet_ac1", "fleiss_kappa", "brennan_prediger", "light_kappa",
)  # fmt: skip

codes = st.sampled_from(["a", "b", "c", None])
units_of_codes = st.integers(2, 5).flatmap(
    lambda coders: st.lists(st.lists(codes, min_size=coders, max_size=coders), min_size=1, max_size=15)
)
some_set = st.one_of(st.none(), st.frozensets(st.sampled_from("abc")))
units_of_sets = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(some_set, min_size=coders, max_size=coders), min_size=1, max_size=10)
)


@st.composite
def continua(draw):
    found = []
    for _ in range(draw(st.integers(1, 4))):
        length = draw(st.integers(1, 40))
        by_coder = {}
        for coder in draw(st.lists(st.sampled_from("ABC"), unique=True, min_size=1)):
            edges = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
            by_coder[coder] = [
                (start, end, draw(st.sampled_from("xyz")))
                for start, end in zip(edges[::2], edges[1::2], strict=False)
            ]
        found.append((length, by_coder))
    return found


def coefficients(units, names=COEFFICIENTS, **options):
    result = reliability(units, bootstrap=0, **options)
    return [getattr(result, name) for name in names]


def same(one, other):
    for left, right in zip(one, other, strict=True):
        assert (left is None) == (right is None)
        if left is not None:
            assert left == pytest.approx(right, abs=1e-9)


@given(units_of_codes, st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_coders_changes_nothing(units, chance):
    coders = list(range(len(units[0])))
    chance.shuffle(coders)
    shuffled = [[unit[coder] for coder in coders] for unit in units]
    chance.shuffle(shuffled)
    same(coefficients(units), coefficients(shuffled))


@given(units_of_codes, st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_coders_leaves_the_interval_as_it_was(units, chance):
    coders = list(range(len(units[0])))
    chance.shuffle(coders)
    shuffled = [[unit[coder] for coder in coders] for unit in units]
    chance.shuffle(shuffled)
    one, other = reliability(units, bootstrap=30).alpha_ci, reliability(shuffled, bootstrap=30).alpha_ci
    same(one or [None], other or [None])


@given(units_of_codes, st.permutations(["a", "b", "c"]))
def test_renaming_the_categories_changes_nothing(units, names):
    new = dict(zip("abc", names, strict=True)) | {None: None}
    same(coefficients(units), coefficients([[new[code] for code in unit] for unit in units]))


@given(units_of_codes, st.sampled_from(["a", "b", "c"]))
def test_a_unit_coded_once_changes_nothing(units, code):
    names = (*COEFFICIENTS, "alpha_ci", "intervals", "pairable_units")
    more = [*units, [code] + [None] * (len(units[0]) - 1)]
    before, after = (reliability(each, categories=["a", "b", "c"], bootstrap=20) for each in (units, more))
    assert [getattr(before, name) for name in names] == [getattr(after, name) for name in names]


@given(units_of_codes)
def test_a_unit_nobody_coded_changes_nothing(units):
    same(coefficients(units), coefficients([*units, [None] * len(units[0])]))


@given(st.lists(codes.filter(bool), min_size=2).filter(lambda row: len(set(row)) > 1), st.integers(2, 5))
def test_perfect_agreement_with_variation_is_one(row, coders):
    units = [[code] * coders for code in row]
    same(coefficients(units), [1] * len(COEFFICIENTS))
    for level in ("ordinal", "interval", "ratio"):
        numbers = [["abc".index(code)] * coders for code in row]
        assert reliability(numbers, level=level, bootstrap=0).alpha == pytest.approx(1)


@given(units_of_codes)
def test_coefficients_are_defined_or_say_why_and_never_exceed_one(units):
    result = reliability(units, bootstrap=10)
    assert (result.alpha is None) == (result.undefined is not None)
    for name in COEFFICIENTS:
        value = getattr(result, name)
        assert value is None or value <= 1 + 1e-12
    for pair in result.pairs:
        assert (pair.alpha is None) == (pair.undefined_key is not None)
    for category in result.categories:
        assert (category.alpha is None) == (category.undefined_key is not None)
    if result.alpha_ci is not None:
        assert result.alpha_ci[0] <= result.alpha_ci[1]
        assert 0 <= result.p_alpha_below_667 <= result.p_alpha_below_800 <= 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=20))
def test_for_two_coders_fleiss_which_is_then_scotts_pi_never_exceeds_cohens_kappa(units):
    """Warrens (2010), Inequalities between multi-rater kappas; for two coders: pi ≤ kappa."""
    result = reliability(units, bootstrap=0)
    if result.fleiss_kappa is not None and result.cohen_kappa["1|2"] is not None:
        assert result.fleiss_kappa <= result.cohen_kappa["1|2"] + 1e-12


@given(units_of_codes.filter(lambda units: all(None not in unit for unit in units)))
def test_alpha_is_fleiss_kappa_corrected_for_the_size_of_the_sample(units):
    """Krippendorff 2011: for complete data 1 − alpha = (1 − pi) (n − 1) / n."""
    result = reliability(units, bootstrap=0)
    if result.alpha is not None:
        n = result.pairable_values
        assert 1 - result.alpha == pytest.approx((1 - result.fleiss_kappa) * (n - 1) / n)


@given(units_of_sets, st.randoms(use_true_random=False))
def test_sets_in_another_order_of_units_coders_and_categories_agree_as_much(units, chance):
    coders = list(range(len(units[0])))
    chance.shuffle(coders)
    names = list("abc")
    chance.shuffle(names)
    new = dict(zip("abc", names, strict=True))
    other = [
        [None if unit[coder] is None else frozenset(new[name] for name in unit[coder]) for coder in coders]
        for unit in units
    ]
    chance.shuffle(other)
    one, two = set_reliability(units, bootstrap=0), set_reliability(other, bootstrap=0)
    names = ("masi_alpha", "jaccard_alpha", "mv_alpha")
    same([one.extra[name] for name in names], [two.extra[name] for name in names])
    same([one.percent_agreement, one.holsti], [two.percent_agreement, two.holsti])


@given(st.lists(st.lists(codes, min_size=3, max_size=3), min_size=1, max_size=10))
def test_sets_of_one_category_each_agree_as_single_choice_does(units):
    as_sets = [[None if code is None else frozenset([code]) for code in unit] for unit in units]
    single, sets = reliability(units, bootstrap=0), set_reliability(as_sets, bootstrap=0)
    same([single.alpha] * 2, [sets.extra["masi_alpha"], sets.extra["jaccard_alpha"]])
    # mv-alpha draws its sets from all sizes seen; with one size it is alpha, but for the empty data.
    same([single.alpha], [sets.extra["mv_alpha"]])


@given(continua())
def test_spans_agree_perfectly_with_a_copy_of_themselves(found):
    copies = [(length, {"A": spans, "B": spans}) for length, by_coder in found for spans in by_coder.values()]
    result = unitizing_reliability(copies, bootstrap=0)
    for value in (result.alpha, result.binary_alpha, result.cu_alpha, result.f1_exact, result.f1_overlap):
        assert value is None or value == pytest.approx(1)
    assert result.differing_units == []


@given(continua(), st.randoms(use_true_random=False))
def test_the_order_of_continua_coders_and_types_changes_nothing_for_spans(found, chance):
    coders, types = list("ABC"), list("xyz")
    chance.shuffle(coders)
    chance.shuffle(types)
    coder_of, type_of = dict(zip("ABC", coders, strict=True)), dict(zip("xyz", types, strict=True))
    other = [
        (
            length,
            {coder_of[coder]: [(s, e, type_of[t]) for s, e, t in spans[::-1]] for coder, spans in by.items()},
        )
        for length, by in found
    ]
    chance.shuffle(other)
    names = ("alpha", "binary_alpha", "cu_alpha", "percent_agreement", "f1_exact", "f1_overlap")
    one, two = unitizing_reliability(found, bootstrap=0), unitizing_reliability(other, bootstrap=0)
    same([getattr(one, name) for name in names], [getattr(two, name) for name in names])


@given(continua())
def test_binary_agreement_on_spans_forgets_the_types(found):
    one_type = [
        (length, {coder: [(s, e, "x") for s, e, _ in spans] for coder, spans in by.items()})
        for length, by in found
    ]
    typed, untyped = unitizing_reliability(found, bootstrap=0), unitizing_reliability(one_type, bootstrap=0)
    same([typed.binary_alpha] * 2, [untyped.alpha, untyped.binary_alpha])
    if untyped.categories:
        same([untyped.alpha], [untyped.categories[0].alpha])
