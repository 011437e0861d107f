"""The scale that the codebook declares decides by what agreement is measured."""

from dataclasses import replace
from decimal import Decimal

import krippendorff
import numpy as np
import pytest

from annotations.codebooks.reading import read_codebook
from annotations.codebooks.values import Missing
from annotations.reliability.data import data_of
from annotations.reliability.report import measure
from tests.factories import SMALL_CODEBOOK

SPEC = read_codebook(SMALL_CODEBOOK)
SOLVED, DAYS = SPEC.by_key["solved"], SPEC.by_key["waiting_days"]
CATEGORIES = ("not", "partly", "fully", "not", "fully", "partly", "not", "fully")
OTHERS = ("partly", "partly", "fully", "not", "partly", "fully", "not", "fully")


def measured(variable, one, other):
    units = {(number, None): {1: a, 2: b} for number, (a, b) in enumerate(zip(one, other, strict=True))}
    return measure(data_of(variable, [1, 2], units), ["anna", "bart"], 200, 0)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval"])
def test_of_a_choice(scale):
    variable = replace(SOLVED, scale=scale)
    result = measured(variable, CATEGORIES, OTHERS)
    codes = [[variable.by_key[key].code for key in coder] for coder in (CATEGORIES, OTHERS)]
    expected = krippendorff.alpha(reliability_data=codes, level_of_measurement=scale)
    assert result.level == scale
    assert result.alpha == pytest.approx(expected, abs=1e-12)
    assert [each.category for each in result.categories] == ["not", "partly", "fully"]


@pytest.mark.parametrize("scale", ["ordinal", "interval", "ratio"])
def test_of_a_number(scale):
    one, other = [1, 2, 3, 10, 20, 40], [1, 2, 4, 12, 20, 80]
    result = measured(replace(DAYS, scale=scale), map(Decimal, one), map(Decimal, other))
    expected = krippendorff.alpha(reliability_data=[one, other], level_of_measurement=scale)
    assert result.level == scale
    assert result.alpha == pytest.approx(expected, abs=1e-12)
    assert result.categories == []


BESIDE = {
    "nominal": {"gwet_ac1", "fleiss_kappa", "brennan_prediger", "light_kappa"},
    "ordinal": {"weighted_kappa"},
    "interval": {"icc", "sd_differences"},
}


@pytest.mark.parametrize("scale", BESIDE)
def test_the_coefficients_beside_alpha_are_those_of_the_scale(scale):
    result = measured(replace(SOLVED, scale=scale), CATEGORIES, OTHERS)
    given = {name for names in BESIDE.values() for name in names if getattr(result, name) is not None}
    assert given == BESIDE[scale]
    assert set(result.intervals) == BESIDE[scale]
    for name, interval in result.intervals.items():
        assert interval.low <= getattr(result, name) <= interval.high
    assert (result.pairs[0].cohen_kappa is not None) == (scale == "nominal")


def test_quadratic_weights_count_places_and_icc_counts_the_codes():
    skewed = [replace(each, code=code) for each, code in zip(SOLVED.categories, (1, 2, 9, 98), strict=False)]
    variable = replace(SOLVED, categories=tuple(skewed))
    codes = {each.key: each.code for each in skewed}
    a, b = (np.array([codes[key] for key in coder]) for coder in (CATEGORIES, OTHERS))
    result = measured(replace(variable, scale="interval"), CATEGORIES, OTHERS)
    assert result.sd_differences == pytest.approx(float(np.std(a - b, ddof=1)))
    assert measured(replace(variable, scale="ordinal"), CATEGORIES, OTHERS).weighted_kappa == pytest.approx(
        measured(replace(SOLVED, scale="ordinal"), CATEGORIES, OTHERS).weighted_kappa
    )


def test_numbers_below_nought_have_no_ratio_alpha_and_the_report_says_why():
    result = measured(replace(DAYS, scale="ratio", minimum=None), [Decimal(-1), Decimal(2)], [Decimal(1)] * 2)
    assert result.alpha is None
    assert result.undefined.startswith("numbers below 0")


def test_missing_codes_that_nobody_chose_are_not_counted_as_given():
    units = {
        (1, None): {1: "cannot_tell" if "cannot_tell" in SOLVED.by_key else Missing.UNDETERMINED, 2: "not"},
        (2, None): {1: Missing.NOT_CODED, 2: "not"},
        (3, None): {1: Missing.NOT_APPLICABLE, 2: Missing.NOT_APPLICABLE},
    }
    data = data_of(SOLVED, [1, 2], units)
    assert sum(data.missing.values()) == 4
    assert data.missing_given == 1


def test_the_number_97_is_no_question_that_was_not_asked():
    variable = replace(DAYS, show_if={"solved": ("*",)}, maximum=None)
    units = {
        (1, None): {1: Decimal(97), 2: Decimal(97)},
        (2, None): {1: Decimal(97), 2: Missing.NOT_APPLICABLE},
    }
    data = data_of(variable, [1, 2], units)
    assert (len(data.rows), data.not_asked_units) == (1, 1)
