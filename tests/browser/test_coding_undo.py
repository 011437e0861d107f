"""Undo and redo: back to how it was and forth again, with every step stored and logged."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible
from tests.browser.desk import Desk, choice, press, saved
from tests.browser.test_coding_keys import ABOUT_FRAGMENTS

LOG = """
import json
from annotations.models import Event
found = Event.objects.order_by("id").values_list("action", flat=True)
print("=>" + json.dumps([one for one in found if one.split(".")[0] in {"span", "code", "candidate"}]))
"""


@pytest.fixture
def desk(app: App, page: Page) -> Desk:
    """At a desk where fragments are asked about."""
    return Desk(app, more=ABOUT_FRAGMENTS).open(page)


def log(desk: Desk) -> list[str]:
    return json.loads(desk.app.shell(LOG).split("=>")[1])


def turn(page: Page, *keys: str) -> None:
    for key in keys:
        press(page, key)
        saved(page)


def test_answers_go_back_and_forth_and_the_log_has_every_step(desk: Desk, page: Page) -> None:
    press(page, "Escape")
    expect(page.locator("#redo")).to_be_hidden()
    turn(page, "y", "Control+z")
    expect(choice(page, "contains_pii", "yes")).not_to_be_checked()
    expect(page.locator("#redo")).to_be_visible()
    assert_accessible(page)
    turn(page, "Control+Shift+z")
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    expect(page.locator("#redo")).to_be_hidden()
    turn(page, "z", "Control+y", "z", "Z")
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    assert desk.stored()["codes"] == {"contains_pii0": "yes"}
    assert log(desk) == ["code.saved"] * 7


def test_something_new_leaves_nothing_to_redo(desk: Desk, page: Page) -> None:
    press(page, "Escape")
    turn(page, "y", "z", "n")
    expect(page.locator("#redo")).to_be_hidden()
    turn(page, "Z")
    assert desk.stored()["codes"] == {"contains_pii0": "no"}


def test_a_fragment_goes_back_to_its_candidate_and_forth_with_its_boundaries_type_and_answers(
    desk: Desk, page: Page
) -> None:
    """Removed and made again it is the same fragment to what was done before."""
    turn(page, "[", "t")
    press(page, "b")
    saved(page)
    press(page, "ArrowDown", "x")
    saved(page)
    press(page, ",", "x")
    saved(page)
    expect(page.locator("mark.is-open")).to_have_count(2)
    whole = [[" 06-00000011", "moved", "bsn"]]
    turn(page, "z")
    expect(page.locator("mark.is-accepted")).to_have_text(" 06-00000011")
    saved(page)
    assert desk.stored()["spans"] == whole
    turn(page, "z", "z", "z")
    expect(page.locator("mark.is-open")).to_have_count(2)
    assert desk.stored()["spans"] == []
    turn(page, "Z", "Z", "Z")
    expect(page.locator("mark.is-accepted")).to_have_text(" 06-00000011")
    assert desk.stored()["spans"] == whole
    page.locator("mark.is-accepted").click()
    expect(choice(page, "owner", "own")).to_be_checked()
    turn(page, "Z")
    expect(page.locator("mark.is-open")).to_have_count(2)
    assert desk.stored()["spans"] == []


def test_decisions_and_what_was_marked_by_hand_go_back_and_forth(desk: Desk, page: Page) -> None:
    turn(page, "x")
    expect(page.locator("mark.is-rejected")).to_have_count(1)
    turn(page, "z")
    expect(page.locator("mark.is-rejected")).to_have_count(0)
    turn(page, "Z")
    expect(page.locator("mark.is-rejected")).to_have_count(1)
    press(page, "Escape", "+", "Enter", "b")
    saved(page)
    expect(page.locator("mark.is-added")).to_have_text("Hoi")
    turn(page, "z", "Z")
    expect(page.locator("mark.is-added")).to_have_text("Hoi")
    assert desk.stored()["spans"] == [["Hoi", "added", "bsn"]]
