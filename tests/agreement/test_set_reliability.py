"""Variables where several categories may be chosen."""

import json

import pytest

from annotations.agreement import set_reliability
from annotations.agreement.sets import read_sets

NONE = frozenset()


def distance(name, one, other):
    sets = read_sets([[frozenset(one), frozenset(other)]])
    position = {value: index for index, value in enumerate(sets.data.domain)}
    matrix = sets.matrix(name)
    return float(matrix[position[frozenset(one)], position[frozenset(other)]])


@pytest.mark.parametrize(
    ("one", "other", "masi", "jaccard", "dice"),
    [
        ("", "", 0, 0, 0),
        ("ab", "ab", 0, 0, 0),
        ("a", "b", 1, 1, 1),
        ("", "a", 1, 1, 1),
        ("a", "ab", 1 - 1 / 2 * 2 / 3, 1 / 2, 1 / 3),
        ("ab", "abcd", 1 - 1 / 2 * 2 / 3, 1 / 2, 1 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3, 2 / 3, 1 / 2),
        ("abc", "bcd", 1 - 1 / 2 * 1 / 3, 1 / 2, 1 / 3),
    ],
)
def test_distances_between_sets_are_those_of_passonneau_jaccard_and_dice(one, other, masi, jaccard, dice):
    assert distance("masi", one, other) == pytest.approx(masi)
    assert distance("jaccard", one, other) == pytest.approx(jaccard)
    assert distance("dice", one, other) == pytest.approx(dice)


def test_an_empty_set_is_a_value_and_a_missing_one_is_not():
    empty = set_reliability([[NONE, NONE], [{"a"}, {"a"}], [NONE, {"a"}]], bootstrap=0)
    missing = set_reliability([[None, None], [{"a"}, {"a"}], [None, {"a"}]], bootstrap=0)
    assert empty.pairable_units == 3
    assert empty.alpha == pytest.approx(1 - 5 * 2 / 18)
    assert missing.pairable_units == 1
    assert missing.undefined_key == "no_variation"


def test_two_empty_sets_everywhere_have_no_variation():
    result = set_reliability([[NONE, NONE], [NONE, NONE]])
    assert result.alpha is None
    assert "no variation" in result.undefined
    assert result.percent_agreement == 1
    assert result.categories == []


def test_the_category_that_fails_shows_in_its_own_alpha():
    units = [[{"x", "y"}, {"x"}], [{"x"}, {"x", "y"}], [{"y"}, {"y"}], [NONE, NONE], [{"x"}, {"x"}]]
    per_category = {each.category: each for each in set_reliability(units, bootstrap=0).categories}
    assert per_category["x"].alpha == pytest.approx(1)
    assert per_category["y"].alpha < 0.3
    assert per_category["y"].positive_agreement == pytest.approx(1 / 2)


def test_declared_categories_nobody_chose_are_listed_as_never_used():
    result = set_reliability([[{"a"}, {"a"}], [NONE, {"a"}]], categories=["a", "b"], bootstrap=0)
    assert [each.category for each in result.categories] == ["a", "b"]
    assert result.categories[1].undefined_key == "never_used"
    assert result.categories[1].prevalence == 0


def test_lists_and_tuples_do_as_sets_and_the_record_is_json_ready():
    lists = [[["a"], ("a", "b")], [[], []], [None, ["b"]], [["b"], ["b"]]]
    sets = [[{"a"}, {"a", "b"}], [set(), set()], [None, {"b"}], [{"b"}, {"b"}]]
    one, other = set_reliability(lists, bootstrap=20), set_reliability(sets, bootstrap=20)
    assert one.as_dict() == other.as_dict()
    record = json.loads(json.dumps(one.as_dict()))
    assert record["kind"] == "set"
    assert record["distance"] == "masi"
    assert record["cohen_kappa"] == {}
    assert record["gwet_ac1"] is None


def test_the_headline_follows_the_distance_asked_for():
    units = [[{"a"}, {"a", "b"}], [{"b"}, {"b"}], [{"a", "c"}, {"a", "b"}], [{"c"}, {"c"}]]
    for name in ("masi", "jaccard"):
        result = set_reliability(units, distance=name, bootstrap=0)
        assert result.alpha == result.extra[f"{name}_alpha"]
    assert (
        set_reliability(units, bootstrap=0).extra["mv_alpha"]
        == set_reliability(units, distance="jaccard", bootstrap=0).extra["mv_alpha"]
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": [["a", {"a"}]]}, "Unit 0: expected a set of categories or None"),
        ({"units": [[{"a"}, {"a"}], [{"a"}]]}, "Unit 1: expected 2 values"),
        ({"units": [[{"a"}, {"a"}]], "distance": "cosine"}, "distance: expected one of masi, jaccard, dice"),
        ({"units": [[{"a"}, {"x"}]], "categories": ["a"]}, "Unit 0: 'x' is not among the declared"),
        ({"units": [{"a"}, {"b"}]}, "Unit 0: expected a sequence"),
    ],
)
def test_bad_sets_give_one_clear_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        set_reliability(**arguments)


@pytest.mark.parametrize("units", [[], [[None, None]], [[{"a"}], [{"b"}]]])
def test_sets_that_cannot_be_compared_say_why(units):
    result = set_reliability(units)
    assert result.alpha is None
    assert result.extra["mv_alpha"] is None
    assert result.undefined
