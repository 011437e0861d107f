"""Conditional variables: the child is measured where the coders agree on the parent."""

import pytest

from annotations.agreement import agreed_units, conditional_reliability, reliability, set_reliability

PARENT = [["yes", "yes"], ["yes", "no"], ["no", "no"], ["yes", "yes"], ["yes", None], ["yes", "yes"]]
CHILD = [["a", "a"], ["a", None], [None, None], ["a", "b"], ["a", None], ["b", "b"]]


def test_only_units_with_an_agreed_opening_answer_count():
    result = conditional_reliability(PARENT, CHILD, opens=["yes"], bootstrap=0)
    assert result.units == [0, 3, 5]
    assert (result.differing, result.other) == (1, 1)
    assert result.child.alpha == reliability([CHILD[0], CHILD[3], CHILD[5]], bootstrap=0).alpha
    assert result.parent.alpha == reliability(PARENT, bootstrap=0).alpha
    record = result.as_dict()
    assert record["parent_alpha"] == result.parent.alpha
    assert record["units_differing_on_parent"] == 1


def test_without_named_answers_every_agreed_answer_counts():
    agreeing, differing = agreed_units(PARENT)
    assert agreeing.tolist() == [0, 2, 3, 5]
    assert differing.tolist() == [1]


def test_a_coder_who_did_not_code_the_parent_is_left_out_of_the_unit():
    parent = [["yes", "yes", None], ["yes", "yes", "yes"]]
    child = [["a", "a", "b"], ["b", "b", "b"]]
    assert conditional_reliability(parent, child, bootstrap=0).child.alpha == pytest.approx(1)


def test_a_child_with_several_categories_is_measured_as_sets_by_conversation():
    child = [[{"a"}, {"a"}], [{"a"}, None], [None, None], [{"a"}, {"a", "b"}], [{"a"}, None], [{"b"}, {"b"}]]
    result = conditional_reliability(
        PARENT, child, opens=["yes"], measure=set_reliability, clusters=[1, 1, 2, 2, 3, 3], bootstrap=50
    )
    assert result.child.kind == "set"
    assert result.child.pairable_units == 3
    assert result.child.alpha_ci is not None


def test_no_agreed_parent_leaves_the_child_undefined():
    result = conditional_reliability([["yes", "no"]], [["a", "b"]])
    assert result.child.alpha is None
    assert result.child.undefined_key == "nothing_coded"
    assert result.units == []


def test_parent_and_child_need_the_same_units():
    with pytest.raises(ValueError, match="expected the same units, got 6 and 1"):
        conditional_reliability(PARENT, [["a", "a"]])
