"""What is easily lost in a change: seeds and clusters passed on, limits, offsets, what is refused."""

import numpy as np
import pytest

from annotations.agreement import (
    bootstrap,
    companions,
    conditional_reliability,
    reliability,
    unitizing_reliability,
)
from annotations.agreement.reading import read_units

PARENT = [["yes", "yes"], ["yes", "no"], ["no", "no"], ["yes", "yes"], ["no", "yes"], ["yes", "yes"]]
CLUSTERS = [1, 1, 2, 2, 3, 3]


def test_each_of_three_coders_is_left_out_in_turn():
    units = [["a", "a", "b"], ["b", "b", "b"], ["a", "a", "a"], ["b", "a", "b"]]
    rows = reliability(units, bootstrap=0).coder_rows
    for coder, row in enumerate(rows):
        rest = [[value for other, value in enumerate(unit) if other != coder] for unit in units]
        assert row.alpha_without == reliability(rest, bootstrap=0).alpha
    assert [row.alpha_without for row in reliability([["a", "a"]], bootstrap=0).coder_rows] == [None, None]


@pytest.mark.parametrize(("columns", "has_kappa"), [(17, False), (18, True)])
def test_kappas_of_pairs_are_resampled_as_long_as_their_columns_fit(monkeypatch, columns, has_kappa):
    monkeypatch.setattr(companions, "MOST_COLUMNS", columns)
    data = read_units([["a", "a", "b"], ["b", "b", "b"], ["a", "b", "a"]])
    assert (data.n_categories, len(data.coder_pairs())) == (2, 3)
    assert ("light_kappa" in companions.point_values(data, "nominal")) is has_kappa or not has_kappa
    drawn = bootstrap.resampled_companions(data, "nominal", resamples=5, seed=1)
    assert ("light_kappa" in drawn) is has_kappa


def test_an_icc_far_from_zero_is_that_of_the_same_numbers_near_zero():
    near = [[1.0, 2.0], [4.0, 4.0], [2.0, 3.0], [9.0, 7.0], [5.0, 6.0]]
    far = [[value + 2e11 for value in unit] for unit in near]
    expected = reliability(near, level="interval", bootstrap=0).icc
    assert reliability(far, level="interval", bootstrap=0).icc == pytest.approx(expected, abs=1e-9)


def test_the_parent_is_resampled_by_the_same_clusters_and_seed():
    found = conditional_reliability(PARENT, PARENT, clusters=CLUSTERS, bootstrap=60, seed=3)
    alone = reliability(PARENT, clusters=CLUSTERS, bootstrap=60, seed=3)
    assert found.parent.interval == alone.interval
    assert alone.interval != reliability(PARENT, bootstrap=60, seed=3).interval


@pytest.mark.parametrize("numbers", [[1.0], [1.0, 2.0, 3.0]])
def test_numbers_are_one_for_each_declared_category(numbers):
    with pytest.raises(ValueError, match="expected one for each of the 2 declared categories"):
        reliability([["a", "b"]], categories=["a", "b"], numbers=numbers, level="interval")
    with pytest.raises(ValueError, match="expected one for each"):
        reliability([["a", "b"]], numbers=[1.0, 2.0], level="interval")


def test_the_length_on_which_coders_say_the_same():
    found = unitizing_reliability([(10, {"noor": [(0, 5, "x")], "daan": [(0, 4, "x")]})], bootstrap=0)
    assert found.percent_agreement == pytest.approx(0.9)
    alone = unitizing_reliability([(10, {"noor": [(0, 5, "x")]})], bootstrap=0)
    assert alone.percent_agreement is None
    assert alone.differing_units == []


def test_without_variation_the_bootstrap_of_hayes_and_krippendorff_gives_nothing():
    same = read_units([["a", "a"], ["a", "a"]])
    assert np.isnan(bootstrap.hayes_krippendorff_alphas(same, "nominal", resamples=4, seed=1)).all()
    assert bootstrap.hayes_krippendorff_interval(same) is None


def test_fragments_of_one_type_that_overlap_are_refused_and_of_two_types_only_where_asked():
    def read(spans, overlaps):
        return unitizing_reliability([(20, {"noor": spans, "daan": []})], bootstrap=0, overlaps=overlaps)

    nested = [(0, 10, "a"), (1, 3, "b"), (4, 6, "b")]
    assert read(nested, "per_type").spans == 3
    with pytest.raises(ValueError, match="0–10"):
        read(nested, "error")
    with pytest.raises(ValueError, match="0–10"):
        read([(0, 10, "a"), (1, 3, "b"), (4, 6, "a")], "per_type")
    assert read([(0, 5, "a"), (5, 9, "b")], "error").spans == 2
