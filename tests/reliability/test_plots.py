"""Scatter and difference plots of the numbers of two coders."""

from dataclasses import replace
from decimal import Decimal

import pytest

from annotations.codebooks.store import store_codebook
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.reliability.plots import MARGIN, pair_plots
from annotations.reliability.report import agreement_of
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
GIVEN = [(0, 0), (5, 5), (5, 5), (5, 5), (7, 5), (31, 33), (2, None)]


@pytest.fixture
def round_():
    codebook = SMALL_CODEBOOK.replace("  scale: ratio\n", "  scale: ratio\n  unit: dagen\n")
    study = make_study("study", codebook_version=store_codebook(codebook))
    coders = [make_member(study, name) for name in ("anna", "bart<b>")]
    make_member(study, "chief", role="supervisor")
    items = []
    for pair in GIVEN:
        conversation = make_conversation(study, "Hoi")
        for coder, number in zip(coders, pair, strict=True):
            answers = {CONVERSATION: {} if number is None else {"waiting_days": Decimal(number)}}
            items.append(ImportedCoding(assign(conversation, coder), answers=answers))
    store_imported(make_round(study), items, actor_id=None)
    return make_round(study)


def plot_of(round_):
    (plot,) = pair_plots(next(agreement_of(round_, variables=["waiting_days"], bootstrap=0)).result.data)
    return plot


def test_units_at_one_place_are_one_dot_and_the_area_says_how_many(round_):
    dots = {(dot.across, dot.up): dot for dot in plot_of(round_).scatter.dots}
    assert {place: dot.times for place, dot in dots.items()} == {(0, 0): 1, (5, 5): 3, (7, 5): 1, (31, 33): 1}
    assert (dots[5, 5].size / dots[7, 5].size) ** 2 == pytest.approx(3, rel=0.01)
    assert (plot_of(round_).units, plot_of(round_).equal) == (6, 4)


def test_every_dot_lies_whole_inside_its_frame_and_where_the_axes_say(round_):
    plot = plot_of(round_)
    for drawn in (plot.scatter, plot.differences):
        for dot in drawn.dots:
            assert dot.size <= min(dot.x, dot.y, 100 - dot.x, 100 - dot.y)
            for place, value, ticks in ((dot.x, dot.across, drawn.across), (dot.y, dot.up, drawn.up)):
                first, last = ticks[0], ticks[-1]
                share = (value - first.value) / (last.value - first.value)
                assert place == pytest.approx(first.place + share * (last.place - first.place), abs=0.02)
    assert [tick.value for tick in plot.scatter.across] == [0, 10, 20, 30, 40]
    assert plot.scatter.across[0].place == MARGIN
    assert plot.scatter.up[0].place == 100 - MARGIN
    assert all(MARGIN <= height <= 100 - MARGIN for height in plot.lines.values())


def test_coders_who_never_differ_and_always_give_one_number_can_be_drawn(round_):
    data = next(agreement_of(round_, variables=["waiting_days"], bootstrap=0)).result.data
    patterns = data.patterns.copy()
    patterns[patterns >= 0] = 1
    (plot,) = pair_plots(replace(data, patterns=patterns))
    assert [(dot.x, dot.y) for dot in plot.scatter.dots] == [(50, 50)]
    assert (plot.mean, plot.limits, plot.lines["mean"]) == (0, (0, 0), 50)


def test_the_page_names_the_axes_with_their_unit_and_gives_the_values_as_a_table(round_, client_of):
    chief = client_of(round_.study.memberships.get(role="supervisor").user)
    page = chief.get("/s/study/reliability/waiting_days/", headers={"accept-language": "en"}).content.decode()
    assert "anna (dagen)</text>" in page
    assert "bart<b>" not in page
    assert "4 of 6 units on the line of equal values, at most 3 at one place" in page
    assert page.count('<td class="num">31</td><td class="num">33</td><td class="num">1</td>') == 1
