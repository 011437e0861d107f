from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebooks.conversion import check_value, parse_value, write_value
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.values import InvalidValue, Missing, is_answer

from .books import BOOK

SPEC = read_codebook(BOOK)
SINGLE, BOOLEAN, MULTI = SPEC.by_key["has_data"], SPEC.by_key["answered"], SPEC.by_key["acts"]
NUMBER, TEXT = SPEC.by_key["wait"], SPEC.by_key["note"]


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        (SINGLE, "maybe", "has_data has no category maybe; choose one of yes, no, cannot_tell."),
        (SINGLE, frozenset({"yes"}), "has no category"),
        (SINGLE, Decimal(1), "has no category 1"),
        (BOOLEAN, "true", "choose one of yes, no"),
        (BOOLEAN, True, "choose one of yes, no"),
        (MULTI, "thanks", "takes a set"),
        (MULTI, frozenset({"thanks", "gift"}), "no category gift"),
        (MULTI, frozenset({"thanks", "none"}), "none excludes every other category"),
        (NUMBER, "3", "takes a number"),
        (NUMBER, Decimal("nan"), "takes a number"),
        (NUMBER, Decimal("1e30"), "ordinary size"),
        (NUMBER, Decimal("-0.1"), "at least 0"),
        (NUMBER, Decimal("100.6"), "at most 100.5"),
        (TEXT, "  ", "takes text"),
        (TEXT, "x" * 5_001, "5000 characters; this is 5001"),
        (TEXT, "98", "missing codes"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_sentence(variable, value, words):
    with pytest.raises(InvalidValue, match=words) as caught:
        check_value(variable, value)
    assert str(caught.value) == caught.value.sentence % caught.value.params
    assert str(caught.value).endswith(".")


def test_values_that_fit_come_back_in_one_form():
    assert check_value(SINGLE, "no") == "no"
    assert check_value(MULTI, {"thanks", "apology"}) == frozenset({"thanks", "apology"})
    assert check_value(MULTI, frozenset()) == frozenset()
    assert str(check_value(NUMBER, Decimal("2.50"))) == "2.5"
    assert str(check_value(NUMBER, Decimal("1E+1"))) == "10"
    assert check_value(TEXT, " a\r\nb\x00 ") == "a\nb"


def test_a_missing_code_becomes_the_category_that_stands_for_it():
    assert check_value(SINGLE, Missing.UNDETERMINED) == "cannot_tell"
    assert parse_value(SINGLE, ["98"]) == "cannot_tell"
    assert check_value(SINGLE, Missing.NOT_CODED) is Missing.NOT_CODED
    assert check_value(BOOLEAN, Missing.UNDETERMINED) is Missing.UNDETERMINED


@pytest.mark.parametrize("code", list(Missing))
def test_97_98_and_99_are_numbers_and_their_missing_codes_lie_below_the_range(code):
    number = Decimal(int(code))
    assert write_value(NUMBER, number) == [str(int(code))]
    assert parse_value(NUMBER, [str(int(code))]) == number
    assert write_value(NUMBER, code) == [str(-int(code))]
    assert parse_value(NUMBER, [str(-int(code))]) is code


def number(**fields):
    return replace(NUMBER, **({"minimum": None, "maximum": None, "scale": "interval"} | fields))


@pytest.mark.parametrize(
    ("variable", "codes"),
    [
        (number(minimum=Decimal(0)), (-97, -98, -99)),
        (number(minimum=Decimal(-96)), (-97, -98, -99)),
        (number(scale="ratio"), (-97, -98, -99)),
        (number(minimum=Decimal(-97)), (-999_999_997, -999_999_998, -999_999_999)),
        (number(), (-999_999_997, -999_999_998, -999_999_999)),
        (number(minimum=Decimal(1), missing_codes={97: -1, 98: -2, 99: -3}), (-1, -2, -3)),
    ],
)
def test_missing_codes_of_a_number_lie_outside_its_range(variable, codes):
    assert tuple(variable.of_kind.missing_codes(variable).values()) == codes
    for missing, code in zip(Missing, codes, strict=True):
        with pytest.raises(InvalidValue):
            check_value(variable, Decimal(code))
        assert parse_value(variable, write_value(variable, missing)) is missing
    [column] = variable.of_kind.export_columns(variable, "en")
    assert tuple(column.missing) == codes


def test_a_missing_code_of_every_kind_is_still_read_where_it_cannot_be_a_number():
    assert parse_value(number(maximum=Decimal(10)), ["97"]) is Missing.NOT_APPLICABLE
    assert parse_value(number(maximum=Decimal(97)), ["97"]) == Decimal(97)


def test_nothing_chosen_is_one_row_with_an_empty_value():
    assert write_value(MULTI, frozenset()) == [""]
    assert parse_value(MULTI, [""]) == frozenset()
    assert parse_value(MULTI, ["thanks", "apology"]) == frozenset({"thanks", "apology"})


@pytest.mark.parametrize(
    ("variable", "written", "words"),
    [
        (SINGLE, ["yes", "no"], "one value; found 2"),
        (SINGLE, [], "one value; found 0"),
        (MULTI, ["thanks", "98"], "cannot stand beside"),
        (NUMBER, ["many"], "takes a number"),
    ],
)
def test_rows_that_make_no_value_are_refused(variable, written, words):
    with pytest.raises(InvalidValue, match=words):
        parse_value(variable, written)


def test_only_an_empty_choice_or_not_coded_is_no_answer():
    assert not any(is_answer(value) for value in (None, "", frozenset(), Missing.NOT_CODED))
    assert all(is_answer(value) for value in ("no", Decimal(0), Missing.NOT_APPLICABLE, Missing.UNDETERMINED))


def test_codes_are_the_numbers_of_the_book():
    assert [SINGLE.of_kind.code(SINGLE, key) for key in SINGLE.values] == ["1", "2", "98"]
    assert [BOOLEAN.of_kind.code(BOOLEAN, key) for key in ("yes", "no")] == ["1", "0"]


def test_labels_follow_the_language_that_is_asked_for():
    assert BOOLEAN.of_kind.label(BOOLEAN, "yes", "en") == "Yes"
    assert BOOLEAN.of_kind.label(BOOLEAN, "yes", "nl") == "Ja"
    assert BOOLEAN.of_kind.export_columns(BOOLEAN, "en")[0].labels == {1: "Yes", 0: "No"}
    assert MULTI.of_kind.export_columns(MULTI, "en")[0].labels == {1: "yes", 0: "no"}
    assert NUMBER.of_kind.label(NUMBER, Decimal("2.5"), "nl").startswith("2,5")
    assert MULTI.of_kind.label(MULTI, frozenset(), "nl") == "niets gekozen"


numbers = st.decimals(min_value=0, max_value=Decimal("100.5"), places=3).map(lambda value: (NUMBER, value))
texts = st.text(min_size=1, max_size=50).map(lambda value: (TEXT, value))
choices = st.frozensets(st.sampled_from(["thanks", "apology"])).map(lambda value: (MULTI, value))
missing = st.tuples(st.sampled_from(SPEC.variables), st.sampled_from(list(Missing)))


@given(st.one_of(numbers, texts, choices, missing))
def test_what_is_accepted_is_read_back_from_a_file_unchanged_and_stays_accepted(case):
    variable, value = case
    try:
        accepted = check_value(variable, value)
    except InvalidValue:
        assert variable.kind == "text"
        return
    assert check_value(variable, accepted) == accepted
    assert parse_value(variable, write_value(variable, accepted)) == accepted


@pytest.mark.parametrize("code", list(Missing))
def test_a_number_never_equals_a_missing_code(code):
    assert Decimal(int(code)) != code
    assert code != Decimal(int(code))
    assert len({code, Decimal(int(code)), int(code)}) == 2
