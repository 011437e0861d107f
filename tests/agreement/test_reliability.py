"""The one call for single-choice, yes/no, numeric and text variables."""

import json

import numpy as np
import pandas
import pytest

from annotations.agreement import reliability

FOUR_CODERS = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        strict=True,
    )
)


def test_the_record_is_json_ready_and_keeps_the_contract_fields():
    record = json.loads(json.dumps(reliability(FOUR_CODERS, bootstrap=50).as_dict()))
    assert {
        "level",
        "kind",
        "coders",
        "units",
        "pairable_units",
        "percent_agreement",
        "holsti",
        "alpha",
        "alpha_ci",
        "p_alpha_below_667",
        "p_alpha_below_800",
        "gwet_ac1",
        "fleiss_kappa",
        "brennan_prediger",
        "cohen_kappa",
        "undefined",
        "warnings",
        "categories",
        "pairs",
    } <= set(record)
    assert record["coders"] == 4
    assert record["units"] == 12
    assert record["pairable_units"] == 11
    assert set(record["cohen_kappa"]) == {"1|2", "1|3", "1|4", "2|3", "2|4", "3|4"}
    assert record["undefined"] is None


@pytest.mark.parametrize(
    ("units", "key", "words"),
    [
        ([], "nothing_coded", "nothing coded"),
        ([[None, None]], "nothing_coded", "nothing coded"),
        ([["a"], ["b"]], "one_coder", "one coder"),
        ([["a", None], ["b", None]], "one_coder", "one coder"),
        ([["a", None], [None, "b"]], "no_pairable_unit", "no pairable unit"),
        ([["a", "a"], ["a", "a"]], "no_variation", "no variation"),
        ([["a", "a"], ["b", None]], "no_variation", "no variation"),
    ],
)
def test_undefined_alpha_is_none_with_the_reason_in_words(units, key, words):
    result = reliability(units)
    assert result.alpha is None
    assert result.alpha_ci is None
    assert result.p_alpha_below_667 is None
    assert result.undefined_key == key
    assert words in result.undefined
    assert result.why_undefined("nl") != result.undefined
    json.dumps(result.as_dict())


def test_one_pairable_unit_has_an_alpha_but_no_interval():
    result = reliability([["a", "b"]])
    assert result.alpha == pytest.approx(0)
    assert result.alpha_ci is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": [["a", "b"], ["a"]]}, "Unit 1: expected 2 values"),
        ({"units": ["ab", "ab"]}, "Unit 0: expected a sequence"),
        ({"units": [["a", "b"], ["a", "x"]], "categories": ["a", "b"]}, "Unit 1: 'x' is not among"),
        ({"units": [["a", "b"]], "categories": ["a", "b", "a"]}, "declared twice"),
        (
            {"units": [["a", "b"]], "level": "scale"},
            "level: expected one of nominal, ordinal, interval, ratio",
        ),
        ({"units": [[1, -2]], "level": "ratio"}, "level ratio: every value has to be 0 or more, got -2"),
        ({"units": [[1, "x"]], "level": "ratio"}, "level ratio: every value has to be a number, got 'x'"),
        ({"units": [["a", "b"]], "level": "interval"}, "has to be a number, got 'a'"),
        ({"units": [["a", "b"]], "level": "ordinal"}, "declare the categories in their order"),
        ({"units": [["a", "b"]], "bootstrap": -1}, "bootstrap: expected"),
        ({"units": [["a", "b"]], "bootstrap": 2.5}, "bootstrap: expected a whole number"),
        ({"units": [["a", "b"]], "seed": True}, "seed: expected a whole number"),
        ({"units": [["a", "b"]], "coder_names": ["anna"]}, "Unit 0: expected 1 values"),
        ({"units": [["a", "b"]], "coder_names": ["anna", "anna"]}, "a name of their own"),
        ({"units": [["a", "b"]], "clusters": [1, 2]}, "clusters: expected one for each of the 1 units"),
        ({"units": [[["a"], ["b"]]]}, "Unit 0: a value has to be a text, a number or a boolean, got list"),
        ({"units": "ab"}, "units: expected one sequence per unit"),
    ],
)
def test_bad_input_gives_one_clear_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        reliability(**arguments)


def test_numpy_arrays_and_nan_are_read_as_lists_with_none():
    array = np.array([[np.nan if value is None else value for value in unit] for unit in FOUR_CODERS])
    assert reliability(array, bootstrap=0).as_dict() == reliability(FOUR_CODERS, bootstrap=0).as_dict()


def test_numpy_values_inside_lists_and_pandas_tables_give_plain_results():
    numbers = [[np.int64(1), np.int64(2)], [np.int64(2), None], [np.float64(1), np.int64(1)]]
    plain = [[1, 2], [2, None], [1, 1]]
    expected = reliability(plain, bootstrap=0).as_dict()
    assert json.loads(json.dumps(reliability(numbers, bootstrap=0).as_dict())) == expected
    table = pandas.DataFrame({"anna": pandas.array([1, 2, 1]), "bas": pandas.array([2, None, 1])})
    assert reliability(table, bootstrap=0).as_dict() == expected


def test_a_coder_who_coded_nothing_is_named_and_changes_no_coefficient():
    two = [["a", "a"], ["a", "b"], ["b", "b"], ["c", "c"]]
    three = [[*unit, None] for unit in two]
    with_idle, without = reliability(three), reliability(two)
    assert with_idle.coders == 2
    for name in ("alpha", "alpha_ci", "percent_agreement", "holsti", "gwet_ac1", "fleiss_kappa"):
        assert getattr(with_idle, name) == getattr(without, name)
    assert with_idle.cohen_kappa["1|3"] is None
    assert "idle_coder" in [notice.key for notice in with_idle.warnings]


def test_a_category_declared_but_never_used_counts_in_q_and_not_in_alpha():
    units = [["a", "a"], ["a", "b"], ["b", "b"]]
    used, declared = reliability(units), reliability(units, categories=["a", "b", "c"])
    assert declared.alpha == used.alpha
    assert used.brennan_prediger == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert declared.brennan_prediger == pytest.approx((2 / 3 - 1 / 3) / (2 / 3))
    assert declared.categories[2].alpha is None
    assert declared.categories[2].undefined_key == "never_used"
