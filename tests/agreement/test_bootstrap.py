"""Intervals: seeded, honest about nesting, and covering what they should cover."""

import numpy as np
import pytest

from annotations.agreement import read_units, reliability, set_reliability, unitizing_reliability
from annotations.agreement.bootstrap import resampled_weights
from annotations.agreement.coincidence import alpha

pytestmark = pytest.mark.pure

UNITS = [["a", "a"]] * 30 + [["a", "b"]] * 6 + [["b", "b"]] * 20 + [["b", None]] * 4


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    first, again, other = (reliability(UNITS, seed=seed) for seed in (1, 1, 2))
    assert first.as_dict() == again.as_dict()
    assert first.alpha_ci != other.alpha_ci


def test_without_resamples_there_is_no_interval():
    result = reliability(UNITS, bootstrap=0)
    assert result.alpha_ci is None
    assert result.p_alpha_below_800 is None


@pytest.mark.parametrize(
    "weights", [[5, 3, 2, 90], [1, 1, 2, 1, 1]], ids=["few patterns", "hardly any alike"]
)
def test_every_resample_draws_as_many_units_as_there_are(weights):
    drawn = np.concatenate(list(resampled_weights(np.array(weights), 2000, seed=0)))
    assert drawn.shape == (2000, len(weights))
    assert (drawn.sum(axis=1) == sum(weights)).all()
    assert drawn.mean(axis=0) == pytest.approx(weights, rel=0.1)


def test_resampling_by_patterns_is_resampling_units_and_computing_alpha_anew():
    units = np.array(
        [[0, 0, 0], [0, 1, 1], [2, 2, -1], [1, 1, 1], [0, 2, 2], [2, 2, 2], [1, -1, 1], [0, 0, 1]]
    )
    values = [[None if code < 0 else int(code) for code in unit] for unit in units]
    for level in ("nominal", "ordinal", "interval", "ratio"):
        expected = []
        generator = np.random.default_rng(5)
        for _ in range(1500):
            sample = [values[unit] for unit in generator.integers(len(units), size=len(units))]
            expected.append(alpha(read_units(sample, categories=[0, 1, 2]), level))
        defined = [value for value in expected if value is not None]
        result = reliability(values, level=level, bootstrap=20_000)
        assert result.p_alpha_below_667 == pytest.approx(np.mean(np.array(defined) < 0.667), abs=0.03)
        assert result.alpha_ci == pytest.approx(tuple(np.quantile(defined, [0.025, 0.975])), abs=0.06)


def test_resamples_without_variation_are_left_out_and_counted():
    result = reliability([["a", "a"]] * 5 + [["a", "b"]], bootstrap=1000)
    notice = next(notice for notice in result.warnings if notice.key == "undefined_resamples")
    # Every resample misses the one unit that varies with probability (5/6)^6 = .335.
    assert notice.values["undefined"] == pytest.approx(335, abs=45)
    assert result.interval.undefined == notice.values["undefined"]


@pytest.mark.long("annotations/agreement")
@pytest.mark.parametrize("share", [0.3, 0.5])
def test_the_95_percent_interval_holds_the_true_alpha_about_95_times_in_100(share):
    """Two coders who each see the true category in 90 % of 200 units: the true alpha is known."""
    generator = np.random.default_rng(2026)
    right = 0.9
    seen = share * right + (1 - share) * (1 - right)
    agreeing = right**2 + (1 - right) ** 2
    true_alpha = 1 - (1 - agreeing) / (2 * seen * (1 - seen))
    hits = 0
    for trial in range(2000):
        truth = generator.random(200) < share
        codes = [np.where(generator.random(200) < right, truth, ~truth) for _ in range(2)]
        low, high = reliability(np.column_stack(codes).tolist(), bootstrap=400, seed=trial).alpha_ci
        hits += low <= true_alpha <= high
    assert 0.925 <= hits / 2000 <= 0.965


def test_messages_of_one_conversation_are_not_independent_so_conversations_are_resampled():
    """Fifty conversations of ten equal messages hold the information of fifty units, not of five hundred."""
    conversations = [["a", "a"]] * 20 + [["a", "b"]] * 10 + [["b", "b"]] * 20
    units = [unit for unit in conversations for _ in range(10)]
    clusters = [number for number in range(50) for _ in range(10)]
    flat, nested = reliability(units), reliability(units, clusters=clusters)
    as_units = reliability(conversations)

    def width(result):
        return result.alpha_ci[1] - result.alpha_ci[0]

    assert nested.alpha == flat.alpha
    assert width(nested) == pytest.approx(width(as_units), rel=0.1)
    assert width(flat) < width(nested) / 2.5


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_a_cluster_of_its_own_for_every_unit_is_resampling_units(level):
    units = [[1, 1], [1, 2], [2, 2], [3, 3], [3, 2], [1, 1], [2, 2], [3, None]] * 5
    flat = reliability(units, level=level, bootstrap=20_000)
    nested = reliability(units, level=level, bootstrap=20_000, clusters=list(range(len(units))))
    assert nested.alpha_ci == pytest.approx(flat.alpha_ci, abs=0.02)


def test_a_single_conversation_has_no_interval():
    assert reliability(UNITS, clusters=["only"] * len(UNITS)).alpha_ci is None


def test_whole_numbers_may_come_as_r_sends_them():
    assert (
        reliability(UNITS, bootstrap=100.0, seed=3.0).alpha_ci
        == reliability(UNITS, bootstrap=100, seed=3).alpha_ci
    )


def test_a_long_ordinal_scale_is_resampled_in_little_memory(monkeypatch):
    units = [[n % 37, (n * 5) % 41] for n in range(80)]
    whole = reliability(units, level="ordinal", bootstrap=60)
    monkeypatch.setattr("annotations.agreement.sums.MOST_DENSE_CELLS", 0)
    monkeypatch.setattr("annotations.agreement.bootstrap.CELLS_AT_ONCE", 5000)
    assert reliability(units, level="ordinal", bootstrap=60).alpha_ci == pytest.approx(whole.alpha_ci)


def test_sets_can_be_resampled_by_conversation_too():
    units = [[{"a"}, {"a"}], [{"a", "b"}, {"a"}], [set(), set()], [{"b"}, {"b"}]] * 10
    nested = set_reliability(units, clusters=[number // 4 for number in range(40)])
    # Every conversation holds the same four units: nothing varies between resamples.
    assert nested.alpha_ci == pytest.approx((nested.alpha, nested.alpha))


def test_many_different_texts_are_resampled_without_a_table_of_all_of_them(monkeypatch):
    units = [[f"text {n}", f"text {n}" if n % 4 else "other"] for n in range(60)]
    dense = reliability(units, kind="text", bootstrap=50)
    monkeypatch.setattr("annotations.agreement.sums.MOST_DENSE_CELLS", 0)
    sparse = reliability(units, kind="text", bootstrap=50)
    assert sparse.alpha_ci == pytest.approx(dense.alpha_ci)
    clusters = [n // 3 for n in range(60)]
    assert reliability(units, kind="text", bootstrap=50, clusters=clusters).alpha_ci is not None


def test_numbers_far_from_zero_lose_no_precision_in_the_interval():
    units = [[1, 1], [2, 3], [5, 5], [4, 4], [2, 2], [1, 3]]
    far = [[value + 1_000_000 for value in unit] for unit in units]
    near, shifted = (reliability(each, level="interval") for each in (units, far))
    assert shifted.alpha == pytest.approx(near.alpha, abs=1e-9)
    assert shifted.alpha_ci == pytest.approx(near.alpha_ci, abs=1e-9)


def test_equal_numbers_have_no_alpha_whatever_the_rounding():
    assert reliability([[0.1, 0.1], [0.1, 0.1]], level="interval").undefined_key == "no_variation"
    result = reliability([[0.1, 0.1]] * 6 + [[0.1, 0.3]], level="interval", bootstrap=500)
    assert result.interval.undefined > 100


def test_spans_resample_texts_and_a_single_text_has_no_interval():
    text = (20, {"anna": [(0, 5, "x")], "bas": [(0, 5, "x")]})
    other = (20, {"anna": [(3, 9, "x")], "bas": [(10, 12, "x")]})
    assert unitizing_reliability([text]).alpha_ci is None
    low, high = unitizing_reliability([text, other, text]).alpha_ci
    assert low < high <= 1


def test_the_library_and_numpy_agree_where_the_library_would_need_too_much_memory(monkeypatch):
    with_library = reliability(UNITS, bootstrap=0).alpha
    monkeypatch.setattr("annotations.agreement.coincidence.MOST_CELLS_FOR_LIBRARY", 0)
    without = reliability(UNITS, bootstrap=0)
    assert without.alpha == pytest.approx(with_library, abs=1e-14)
    assert alpha(without.data) == without.alpha
