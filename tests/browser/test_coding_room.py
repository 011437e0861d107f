"""Texts from the right, narrow windows, keyboards without brackets, and what axe says of notices."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible_in_light_and_dark
from tests.browser.desk import Desk, press, saved
from tests.coding.contradicting import CONSISTENCY

RIGHT_TO_LEFT = """
from annotations.models import Message
from tests.factories import make_candidate
message = Message.objects.get(text="Graag")
message.text = "اتصل 06-12345678 شكرا"
message.save()
make_candidate(message, "06-1234", "phone")
"""
FACTS = """
from annotations.models import Message
Message.objects.filter(text__startswith="Hoi").update(
    text="https://example.org/a/rather/long/address #verhuizen #klantenservice @zwaluwlijnhulp " + "x" * 90)
"""
# The characters of the last message from left to right, as they are painted.
PAINTED = """() => {
  const text = [...document.querySelectorAll(".msg__text")].at(-1);
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      found.push([range.getBoundingClientRect().left, node.data[at]]);
    }
  }
  return found.sort((one, other) => one[0] - other[0]).map((pair) => pair[1]).join("");
}"""


@pytest.fixture
def desk(app: App) -> Desk:
    return Desk(app)


def test_a_tag_inside_a_number_does_not_turn_its_pieces_round(desk: Desk, page: Page) -> None:
    desk.app.shell(RIGHT_TO_LEFT)
    desk.open(page)
    tagged = page.evaluate(PAINTED)
    press(page, "j", "j", "a")  # drawn by the page itself, and then by the server
    at_once = page.evaluate(PAINTED)
    saved(page)
    accepted = page.evaluate(PAINTED)
    page.evaluate("document.querySelectorAll('mark').forEach((mark) => mark.removeAttribute('data-tag'))")
    assert tagged == at_once == accepted == page.evaluate(PAINTED)


def test_chips_names_and_the_foot_wrap_on_a_narrow_screen(desk: Desk, page: Page) -> None:
    desk.app.shell(FACTS)
    desk.open(page)
    press(page, "Escape")
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert_wraps(page)


def assert_wraps(page: Page) -> None:
    wide = """() => [...document.querySelectorAll(".msg__facts .chip, .msg__text, .panel__foot > *, .panel__nav > *")]
      .filter((part) => part.checkVisibility() && part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML)"""  # noqa: E501
    assert page.evaluate(wide) == []
    for place in (".thread", ".panel", ".panel__foot"):
        assert page.locator(place).evaluate("(part) => part.scrollWidth <= part.clientWidth"), place
    for button in ("#skip", "#onward", "[data-act=undo]"):
        expect(page.locator(f".panel__foot {button}")).to_be_in_viewport(ratio=1)


def test_boundaries_move_by_letters_on_keyboards_without_brackets(desk: Desk, page: Page) -> None:
    """AZERTY and Dutch keyboards have brackets with AltGr only. Each step is taken back before the next."""
    desk.open(page)
    for key, marked in (
        ("u", " 06-00000011"),
        ("i", "6-00000011"),
        ("o", "06-0000001"),
        ("p", "06-00000011 "),
        ("Shift+U", "bel 06-00000011"),
        ("Shift+P", "06-00000011 &"),
    ):
        page.locator("mark.is-open").first.click()
        expect(page.locator("mark.is-focus")).to_have_text("06-00000011", use_inner_text=False)
        press(page, key)
        saved(page)
        expect(page.locator("mark.is-accepted")).to_have_text(marked, use_inner_text=False)
        press(page, "Control+z")
        saved(page)


def test_a_bracket_by_alt_gr_moves_a_boundary_too(desk: Desk, page: Page) -> None:
    desk.open(page)
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "[", ctrlKey: true,
          altKey: true, modifierAltGraph: true, bubbles: true, cancelable: true}))"""
    )
    saved(page)
    expect(page.locator("mark.is-accepted").first).to_have_text(" 06-00000011", use_inner_text=False)


def test_notices_of_the_coding_screen_are_accessible(app: App, page: Page) -> None:
    Desk(app, more=CONSISTENCY).open(page)
    press(page, "a", "a", "n", "n", "n", "3", "Enter")
    expect(page.locator("#contradiction")).to_be_visible()
    assert_accessible_in_light_and_dark(page)
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    assert_accessible_in_light_and_dark(page)
