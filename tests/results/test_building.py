"""The table builder on frames whose figures were worked out by hand, or were published."""

import numpy as np
import pytest
from django.utils import translation

from annotations.errors import BadInput
from annotations.results.building import Definition, build, find_units
from annotations.results.building.definition import Filter, from_query, read_filter
from annotations.results.units.frame import packed, unpacked
from tests.results.frames import answer, frame_of_messages, numbers


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def study_of_2019():
    """Fifty messages of each organisation, each of a conversation of its own; 16 and 10 requests."""
    frame = frame_of_messages(range(100))
    answer(frame, "organisation", ["north"] * 50 + ["south"] * 50, level="conversation", is_coded=False)
    answer(frame, "removal", ["yes"] * 16 + ["no"] * 34 + ["yes"] * 10 + ["no"] * 40)
    return frame


def test_the_figures_of_2019_come_out_as_published():
    """Belastingdienst 32 %, T-Mobile 20 %, and the intervals, difference and ratios that belong to them."""
    layer = build(Definition("removal", "organisation"), study_of_2019(), "en").only
    north, south = layer.cells["yes", "north"], layer.cells["yes", "south"]
    assert (north.n, north.of, north.percent) == (16, 50, 32.0)
    assert (south.n, south.of, south.percent) == (10, 50, 20.0)
    assert [round(bound, 1) for bound in north.interval] == [20.8, 45.8]
    assert [round(bound, 1) for bound in south.interval] == [11.2, 33.0]
    assert layer.cells["yes", ""].percent == 26.0
    (test,) = layer.comparisons
    assert (test.name, round(test.statistic, 3), test.df, round(test.p, 3)) == ("chi_square", 1.871, 1, 0.171)
    assert round(test.effect, 3) == 0.137
    assert round(test.details["fisher_p"], 3) == 0.254
    # Yes stands second: categories come in the order of the codebook, here of the alphabet.
    assert round(test.details["difference"], 1) == -12.0
    assert [round(bound, 1) for bound in test.details["newcombe"]] == [-28.4, 5.2]
    assert round(1 / test.details["odds_ratio"], 2) == 1.88


def test_units_without_a_value_are_left_out_with_their_reason_and_absent_ones_are_not():
    frame = frame_of_messages(range(6))
    answer(frame, "colour", ["red", "red", "!unresolved", "!undetermined", None, None])
    answer(frame, "size", ["big", None, "big", "big", "big", None])
    table = build(Definition("colour", "size"), frame, "en")
    assert table.units == 1
    assert table.left_out == {"unresolved": 1, "undetermined": 1, "not_coded": 2}


def test_percentages_of_fewer_than_ten_units_are_withheld():
    frame = frame_of_messages(range(21))
    answer(frame, "colour", ["red", "blue"] * 10 + ["red"])
    answer(frame, "size", ["big"] * 9 + ["small"] * 12)
    cells = build(Definition("colour", "size"), frame, "en").only.cells
    assert cells["red", "big"].is_withheld
    assert cells["red", "big"].percent is None
    assert not cells["red", "small"].is_withheld
    by_row = build(Definition("colour", "size", percentages="row"), frame, "en").only.cells
    assert (by_row["red", "big"].of, by_row["red", "big"].is_withheld) == (11, False)


def test_of_several_answers_percentages_are_of_units_and_every_row_has_its_test_after_holm():
    frame = frame_of_messages(range(40))
    answer(frame, "kinds", ["a+b"] * 10 + ["a"] * 10 + ["b"] * 5 + ["c"] * 15)
    answer(frame, "size", ["big", "small"] * 20)
    table = build(Definition("kinds", "size"), frame, "en")
    assert table.is_multiple
    assert (table.only.cells["a", ""].n, table.only.cells["a", ""].of) == (20, 40)
    assert [test.subject for test in table.only.comparisons] == ["a", "b", "c"]
    assert {test.family for test in table.only.comparisons} == {3}
    assert all(test.p_holm >= test.p for test in table.only.comparisons)


def test_what_an_organisation_does_not_deal_in_is_told_from_what_did_not_occur():
    frame = study_of_2019()
    answer(frame, "kinds_shared", ["order"] * 60 + ["debt+order"] * 40)
    never = {"north": frozenset({"debt"})}
    cells = build(Definition("kinds_shared", "organisation"), frame, "en", impossible=never).only.cells
    assert cells["debt", "north"].is_structural
    assert not cells["debt", "south"].is_structural
    plain = build(Definition("kinds_shared", "organisation"), frame, "en").only
    assert not plain.cells["debt", "north"].is_structural
    with_never = build(Definition("kinds_shared", "organisation"), frame, "en", impossible=never).only
    assert "debt" not in {test.subject for test in with_never.comparisons}


def test_units_of_one_conversation_widen_the_interval():
    """Four conversations of ten messages, all alike in each: forty units say as much as four."""
    alike = frame_of_messages([0] * 10 + [1] * 10 + [2] * 10 + [3] * 10)
    answer(alike, "colour", ["red"] * 10 + ["blue"] * 10 + ["red"] * 10 + ["blue"] * 10)
    loose = frame_of_messages(range(40))
    answer(loose, "colour", ["red", "blue"] * 20)
    wide, narrow = (build(Definition("colour"), frame, "en") for frame in (alike, loose))
    assert wide.only.cells["red", ""].percent == narrow.only.cells["red", ""].percent == 50.0
    assert wide.design_effect > 10
    assert narrow.design_effect is None
    answer(alike, "shape", ["round"] * 10 + ["square"] * 10 + ["round", "square"] * 10)
    answer(loose, "shape", ["round", "square"] * 20)
    (beside,) = build(Definition("colour", "shape"), alike, "en").only.comparisons
    assert beside.details["clustered_p"] > 10 * beside.p
    assert beside.details["clustered_statistic"] < beside.statistic / 3
    (loosely,) = build(Definition("colour", "shape"), loose, "en").only.comparisons
    assert "clustered_p" not in loosely.details
    low, high = wide.only.cells["red", ""].interval
    assert high - low > 2 * (
        narrow.only.cells["red", ""].interval[1] - narrow.only.cells["red", ""].interval[0]
    )


def test_a_message_has_the_answers_of_its_conversation_and_a_conversation_any_of_its_messages():
    frame = frame_of_messages([0, 0, 1])
    answer(frame, "outcome", ["solved", "silent"], level="conversation")
    answer(frame, "colour", ["red", "blue", "red"])
    down = build(Definition("outcome", unit="message"), frame, "en").only
    assert (down.cells["solved", ""].n, down.cells["silent", ""].n) == (2, 1)
    up = build(Definition("colour", unit="conversation"), frame, "en")
    assert up.is_multiple
    assert (up.only.cells["red", ""].n, up.only.cells["blue", ""].n, up.units) == (2, 1, 2)


def test_numbers_have_median_quartiles_mean_and_deviation_per_group_and_a_test_of_ranks():
    frame = frame_of_messages(range(8))
    numbers(frame, "followers", [1, 2, 3, 4, 10, 20, 30, None])
    answer(frame, "size", ["big"] * 4 + ["small"] * 4, is_coded=False)
    table = build(Definition("size", "followers"), frame, "en")  # a number stands in the rows, however asked
    assert table.kind == "numbers"
    big = table.only.summaries["big"]
    assert (big.n, big.median, big.q1, big.q3, big.mean) == (4, 2.5, 1.75, 3.25, 2.5)
    assert round(big.sd, 3) == 1.291
    assert table.left_out == {"unknown": 1}
    assert table.only.comparisons[0].name == "mann_whitney"


def test_times_count_who_still_waits_and_are_compared_by_log_rank():
    frame = frame_of_messages(range(6))
    numbers(frame, "wait", [1, 2, 3, 10, 10, 10], happened=[True, True, True, False, False, True])
    answer(frame, "size", ["big"] * 3 + ["small"] * 3)
    layer = build(Definition("wait", "size"), frame, "en").only
    assert {curve.key: (curve.n, curve.events, curve.median) for curve in layer.curves} == {
        "big": (3, 3, 2.0),
        "small": (3, 1, None),
    }
    assert layer.comparisons[0].name == "log_rank"


def test_whether_something_goes_with_sharing_is_refused_without_a_comparison_sample():
    frame = frame_of_messages(range(60))
    answer(frame, "asked", ["much", "little"] * 30, level="conversation")
    answer(frame, "shares", ["yes"] * 55 + ["no"] * 5, level="conversation")
    refused = build(Definition("asked", "shares"), frame, "en").only.comparisons[0]
    assert refused.p is None
    assert "comparison sample" in refused.refused
    answer(frame, "shares", ["yes"] * 40 + ["no"] * 20, level="conversation")
    (test,) = build(Definition("asked", "shares"), frame, "en").only.comparisons
    assert test.details["odds_ratio"] == 1.0
    assert "risk_ratio" not in test.details
    assert "difference" not in test.details


@pytest.mark.parametrize("percentages", ["column", "row"])
def test_every_cell_opens_as_many_units_as_it_says(percentages):
    frame = frame_of_messages([0, 0, 1, 1, 2, 3, 4, 5])
    answer(frame, "kinds", ["a+b", "a", "b", "a+b", None, "!unresolved", "a", "b"])
    answer(frame, "size", ["big", "small"] * 4)
    answer(frame, "outcome", ["x", "y", "x", "y", "x", "y"], level="conversation")
    asked = Definition(
        "kinds", "size", "outcome", percentages=percentages, filters=(Filter("size", ("big", "small")),)
    )
    table = build(asked, frame, "en")
    cells = [
        (layer.heading.key, place, cell) for layer in table.layers for place, cell in layer.cells.items()
    ]
    assert len(cells) == 12
    for layer, (row, column), cell in cells:
        assert len(find_units(asked, frame, row=row, column=column, layer=layer)) == cell.n


def test_a_number_is_filtered_by_its_bounds_and_a_category_by_any_of_its_values():
    frame = frame_of_messages(range(5))
    numbers(frame, "followers", [1, 5, 10, 50, None])
    answer(frame, "size", ["big", "mid", "small", "big", "mid"])
    table = build(Definition("size", filters=(read_filter("followers=5..20"),)), frame, "en")
    assert table.units == 2
    only = build(Definition("size", filters=(read_filter("size=big,mid"),)), frame, "en")
    assert [row.key for row in only.only.rows] == ["big", "mid"]


def test_a_definition_stands_in_an_address_and_comes_back():
    from django.http import QueryDict

    asked = Definition("a", "b", "c", "message", (Filter("d", ("x", "y")), Filter("e", ("..5",))), "row")
    given = QueryDict(asked.query())
    assert from_query(given.dict(), given.getlist("f")) == asked


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Definition(""), "Choose what the rows"),
        (Definition("nothing"), "There is no variable or fact “nothing”"),
        (Definition("size", "size"), "have to differ"),
        (Definition("size", unit="person"), "no unit of counting"),
        (Definition("size", filters=(Filter("size", ("huge",)),)), "has no value “huge”"),
        (Definition("size", filters=(Filter("followers", ("many",)),)), "is a number"),
        (Definition("size", layer="followers"), "cannot be the layer"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(asked, said):
    frame = frame_of_messages(range(3))
    answer(frame, "size", ["big", "mid", "small"])
    numbers(frame, "followers", [1, 2, 3])
    with pytest.raises(BadInput, match=said):
        build(asked, frame, "en")


def test_a_frame_is_kept_as_bytes_and_comes_back():
    frame = study_of_2019()
    numbers(frame, "wait", range(100), happened=[True] * 100)
    again = unpacked(packed(frame))
    assert again.fields == frame.fields
    for key, column in frame.columns.items():
        for name, values in column.items():
            assert np.array_equal(again.columns[key][name], values)
    assert build(Definition("removal", "organisation"), again, "en") == build(
        Definition("removal", "organisation"), frame, "en"
    )
