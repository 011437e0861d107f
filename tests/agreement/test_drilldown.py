"""From a figure back to exactly the units behind it."""

from itertools import combinations, product

import numpy as np
import pytest

from annotations.agreement import drilldown, read_units, set_reliability

UNITS = [
    ["a", "a", None],
    ["a", "b", "b"],
    [None, "b", None],
    ["b", "b", "b"],
    ["a", "b", "c"],
    ["a", "a", None],
    [None, None, None],
    ["c", None, "c"],
]
CODERS = ["anna", "bas", "carl"]
DATA = read_units(UNITS, coder_names=CODERS)


def test_every_cell_of_a_confusion_matrix_opens_as_many_units_as_it_counts():
    for one, other in combinations(CODERS, 2):
        matrix = drilldown.confusion_matrix(DATA, one, other)
        for (i, row), (j, column) in product(enumerate(DATA.domain), repeat=2):
            units = drilldown.confusion_units(DATA, one, other, row, column)
            assert len(units) == matrix[i, j]
            for unit in units:
                assert UNITS[unit][CODERS.index(one)] == row
                assert UNITS[unit][CODERS.index(other)] == column
        assert matrix.sum() == len(drilldown.pair_units(DATA, one, other))


def test_every_cell_of_the_coincidence_matrix_opens_the_units_that_fill_it():
    matrix = drilldown.coincidence_matrix(DATA)
    assert matrix.sum() == pytest.approx(sum(len(u) - u.count(None) for u in UNITS if u.count(None) < 2))
    assert np.allclose(matrix, matrix.T)
    for (i, one), (j, other) in product(enumerate(DATA.domain), repeat=2):
        units = drilldown.coincidence_units(DATA, one, other)
        left_out = read_units(
            [unit for n, unit in enumerate(UNITS) if n not in units], categories=DATA.domain
        )
        assert drilldown.coincidence_matrix(left_out)[i, j] == 0
        assert (matrix[i, j] > 0) == (len(units) > 0)


def test_units_of_a_pair_split_into_agreeing_and_differing():
    assert drilldown.pair_units(DATA, "anna", "bas").tolist() == [0, 1, 3, 4, 5]
    assert drilldown.pair_units(DATA, "anna", "bas", agreeing=True).tolist() == [0, 3, 5]
    assert drilldown.pair_units(DATA, "anna", "bas", agreeing=False).tolist() == [1, 4]


def test_units_of_one_coder_against_the_rest():
    assert drilldown.coder_units(DATA, "anna").tolist() == [0, 1, 3, 4, 5, 7]
    assert drilldown.coder_units(DATA, "anna", agreeing=True).tolist() == [0, 3, 5, 7]
    assert drilldown.coder_units(DATA, "anna", agreeing=False).tolist() == [1, 4]


def test_units_of_a_category_split_into_agreed_and_disputed():
    assert drilldown.category_units(DATA, "b").tolist() == [1, 3, 4]
    assert drilldown.category_units(DATA, "b", agreeing=True).tolist() == [3]
    assert drilldown.category_units(DATA, "b", agreeing=False).tolist() == [1, 4]


def test_disagreement_units_are_the_pairable_ones_with_different_codes():
    assert drilldown.disagreement_units(DATA).tolist() == [1, 4]
    assert drilldown.disagreement_units(read_units([])).tolist() == []


def test_a_category_of_sets_opens_the_units_in_which_a_set_holds_it():
    data = set_reliability([[{"x"}, {"x", "y"}], [{"y"}, {"y"}], [set(), {"x"}]], bootstrap=0).data
    assert drilldown.category_units(data, "x").tolist() == [0, 2]
    assert drilldown.category_units(data, "y", agreeing=True).tolist() == [1]


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="'dirk' is not among the coders"):
        drilldown.pair_units(DATA, "anna", "dirk")
    with pytest.raises(ValueError, match="'z' is not among the categories"):
        drilldown.coincidence_units(DATA, "a", "z")
