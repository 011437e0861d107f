"""The records as dicts, the warnings at their boundaries, and figures as the field writes them."""

from dataclasses import asdict, replace

import pytest

from annotations.agreement import reliability
from annotations.agreement.bootstrap import Interval
from annotations.agreement.results import CategoryAgreement
from annotations.agreement.warn import warnings_for
from annotations.agreement.wording import REASONS, apa

UNITS = [["a", "a", "b"], ["a", "b", "b"], ["b", "b", None], ["a", "a", "a"]] * 5
RESULT = reliability(UNITS, bootstrap=50, coder_names=["anna", "bas", "cas"])


def test_rows_become_dicts_with_every_field_under_its_own_name():
    for row in (*RESULT.categories, *RESULT.pairs):
        expected = asdict(row)
        expected["undefined"] = expected.pop("undefined_key")
        if "coders" in expected:
            expected["coders"] = list(row.coders)
        assert row.as_dict() == expected
        undefined = replace(row, undefined_key="no_variation").as_dict()
        assert undefined["undefined"] == REASONS["no_variation"]["en"]
    for coder in RESULT.coder_rows:
        assert coder.as_dict() == asdict(coder)


def test_the_whole_record_holds_the_rows_and_the_words():
    record = RESULT.as_dict()
    assert record["alpha_ci"] == [RESULT.interval.low, RESULT.interval.high]
    assert record["p_alpha_below_667"] == RESULT.interval.p_below_667
    assert record["p_alpha_below_800"] == RESULT.interval.p_below_800
    assert record["cohen_kappa"] == {
        f"{one}|{other}": pair.cohen_kappa
        for (one, other), pair in zip(
            [("anna", "bas"), ("anna", "cas"), ("bas", "cas")], RESULT.pairs, strict=True
        )
    }
    assert record["undefined"] is None
    without = replace(RESULT, interval=None, undefined_key="no_variation")
    assert (without.alpha_ci, without.p_alpha_below_667, without.p_alpha_below_800) == (None, None, None)
    assert without.as_dict()["alpha_ci"] is None
    assert without.undefined == REASONS["no_variation"]["en"]
    assert without.why_undefined("nl") == REASONS["no_variation"]["nl"]


def keys(shares, *, agreement=0.8, alpha=0.5, interval=None, counts=(5, 5)):
    import numpy as np

    categories = [CategoryAgreement(name, 1, share, None, None) for name, share in shares.items()]
    found = warnings_for(
        RESULT.data, categories, counts=np.array(counts), p_a=agreement, alpha=alpha, interval=interval
    )
    return [notice.key for notice in found]


@pytest.mark.parametrize(
    ("agreement", "alpha", "largest", "warned"),
    [
        (0.80, 0.666, 0.75, True),
        (0.799, 0.666, 0.75, False),
        (0.80, 0.667, 0.75, False),
        (0.80, 0.666, 0.749, False),
        (1.0, -0.1, 1.0, True),
    ],
)
def test_the_paradox_is_named_from_its_three_boundaries_on(agreement, alpha, largest, warned):
    found = keys({"a": largest, "b": 1 - largest}, agreement=agreement, alpha=alpha)
    assert ("prevalence_paradox" in found) == warned


@pytest.mark.parametrize(("share", "warned"), [(0.0499, True), (0.05, False), (0.0, False)])
def test_a_category_is_rare_below_one_in_twenty(share, warned):
    assert ("rare_category" in keys({"a": 0.5, "b": share})) == warned


def test_what_is_not_known_is_not_warned_of():
    assert keys({}, agreement=None, alpha=None) == []
    assert keys({"a": 0.01}, agreement=None) == []
    assert keys({"a": 0.01}, alpha=None) == []
    assert "few_units" not in keys({"a": 1.0})


def test_resamples_without_variation_are_counted_in_a_warning():
    whole = Interval(0.1, 0.9, 0.2, 0.3, 50, 0)
    assert "undefined_resamples" not in keys({}, interval=whole)
    assert "undefined_resamples" in keys({}, interval=replace(whole, undefined=1))


def test_one_value_only_is_constant():
    assert "constant" in keys({}, counts=(0, 7))
    assert "constant" not in keys({}, counts=(1, 7))


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (None, 2, "–"),
        (0.86, 2, ".86"),
        (-0.02, 2, "-.02"),
        (1.0, 2, "1.00"),
        (-1.0, 2, "-1.00"),
        (0.0, 2, ".00"),
        (-0.001, 2, ".00"),
        (-0.001, 3, "-.001"),
        (0.9999, 3, "1.000"),
        (10.5, 1, "10.5"),
    ],
)
def test_a_figure_is_written_as_the_field_writes_it(value, digits, written):
    assert apa(value, digits) == written
