"""What public bug reports of other tools told of: fields that are lost, refusals nobody sees, selections."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.desk import Desk, choice, press, saved, slow
from tests.browser.test_coding_keys import ABOUT_FRAGMENTS
from tests.coding.contradicting import CONSISTENCY

REMARK = '.q[data-variable="remark"] .q__input'
WRITTEN = """
from annotations.models import Code
print("=>" + str(list(Code.objects.filter(variable__key="remark").values_list("text", flat=True))))
"""
OTHER_KIND = """
from annotations.models import Message
from tests.factories import make_candidate
make_candidate(Message.objects.get(text__startswith="Hoi"), "groet", "name")
"""


@pytest.fixture
def desk(app: App, page: Page) -> Desk:
    return Desk(app, more=ABOUT_FRAGMENTS).open(page)


def select(page: Page, start: str, end: str) -> None:
    """A selection as the mouse leaves it; `start` and `end` are expressions for (node, offset)."""
    page.evaluate(
        f"""() => {{
          const text = document.querySelector(".msg__text");
          const range = document.createRange();
          range.setStart(...{start});
          range.setEnd(...{end});
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          text.dispatchEvent(new MouseEvent("mousedown", {{bubbles: true}}));
          document.querySelector(".panel").dispatchEvent(new MouseEvent("mouseup", {{bubbles: true}}));
        }}"""
    )


def words_of(page: Page, selector: str) -> Callable[[], list[str]]:
    """What an element says from now on, also if only for a moment."""
    page.evaluate(
        """(selector) => {
          window.told = [];
          const element = document.querySelector(selector);
          const tell = () => window.told.push(element.textContent);
          new MutationObserver(tell).observe(element, {childList: true, characterData: true, subtree: true});
        }""",
        selector,
    )
    return lambda: page.evaluate("window.told")


def test_a_field_of_a_fragment_is_saved_when_a_choice_of_the_message_is_clicked(
    desk: Desk, page: Page
) -> None:
    press(page, "a", "x", ".", "ArrowDown", "ArrowDown")
    expect(page.locator(REMARK)).to_be_focused()
    told = words_of(page, "#save")
    page.keyboard.type("12")
    assert "Nog niet opgeslagen" in told()
    choice(page, "contains_pii", "yes").click()
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    saved(page)
    assert "['12']" in desk.app.shell(WRITTEN)
    assert desk.stored()["codes"] == {"contains_pii0": "yes"}


def test_what_is_typed_and_erased_again_is_not_unsaved(desk: Desk, page: Page) -> None:
    press(page, "a", "x", ".", "ArrowDown", "ArrowDown")
    expect(page.locator(REMARK)).to_be_focused()
    told = words_of(page, "#save")
    press(page, "5", "Backspace")
    assert "Nog niet opgeslagen" in told()
    saved(page)


def test_a_field_is_saved_before_another_conversation_comes(desk: Desk, page: Page) -> None:
    """The server says only then that it made the fragment; what is typed about it stays where it is."""
    slow(page)
    press(page, "a", "x", ".", "ArrowDown", "ArrowDown")
    expect(page.locator(REMARK)).to_be_focused()
    page.keyboard.type("nog even", delay=80)
    page.locator("#skip").click()
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    saved(page)
    assert "['nog even']" in desk.app.shell(WRITTEN)


def test_a_fragment_that_is_marked_twice_is_refused_where_it_happened(desk: Desk, page: Page) -> None:
    for _ in range(2):
        press(page, "Escape", "Escape", "+", "Enter", "b")
        expect(page.locator("#save")).not_to_have_attribute("data-state", "saving")
    expect(page.locator("#span-refused")).to_contain_text("al met deze soort gemarkeerd")
    expect(page.locator("mark.is-added")).to_have_count(1)
    assert desk.stored()["spans"] == [["Hoi", "added", "bsn"]]


def test_a_kind_that_the_codebook_lacks_is_not_offered(app: App, page: Page) -> None:
    desk = Desk(app)
    desk.app.shell(OTHER_KIND)
    desk.open(page)
    expect(page.locator("mark.is-open")).to_have_count(2)


def test_a_selection_that_ends_outside_the_text_is_clipped(desk: Desk, page: Page) -> None:
    select(page, "[text.lastChild, text.lastChild.length - 5]", "[document.querySelectorAll('.msg')[1], 0]")
    page.locator('#type-menu button[value="bsn"]').click()
    saved(page)
    assert desk.stored()["spans"] == [["groet", "added", "bsn"]]


def test_a_selection_starts_at_the_first_letter_of_a_candidate(desk: Desk, page: Page) -> None:
    mark = page.locator("mark.is-open").first
    expect(mark).not_to_have_attribute("tabindex", "-1")
    box = mark.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.locator("#type-menu")).to_be_visible()
    assert page.evaluate("getSelection().toString()").startswith("06-")


def test_boundaries_move_by_word_and_without_brackets(desk: Desk, page: Page) -> None:
    press(page, "Shift+U")
    expect(page.locator("mark.is-accepted")).to_have_text("bel 06-00000011")
    press(page, "i", "p")
    expect(page.locator("mark.is-accepted")).to_have_text("el 06-00000011 ")
    saved(page)
    assert desk.stored()["spans"] == [["el 06-00000011 ", "moved", "phone"]]


def test_first_and_last_message_and_the_previous_conversation(desk: Desk, page: Page) -> None:
    press(page, "Escape", "End")
    expect(page.locator("#panel-title")).to_have_text("Bericht 3")
    press(page, "Home")
    expect(page.locator("#panel-title")).to_have_text("Bericht 1")
    press(page, "s")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    press(page, "Shift+K")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 1")


def test_skipping_is_remembered(desk: Desk, page: Page) -> None:
    press(page, "s")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    saved(page)
    page.goto(desk.url)
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")


@pytest.mark.parametrize("size", [(360, 740), (683, 384)])
def test_message_and_question_are_in_view_together(desk: Desk, page: Page, size: tuple[int, int]) -> None:
    """On a phone, and magnified to 200 %; nothing runs out at the side."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    press(page, "Escape")
    expect(page.locator('.msg[aria-current="true"] .msg__text')).to_be_in_viewport()
    expect(choice(page, "contains_pii", "yes")).to_be_in_viewport()
    expect(page.locator("#onward")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_choice_is_named_as_people_say_it(desk: Desk, page: Page) -> None:
    expect(page.get_by_role("radio", name="Ja, toets y").first).to_be_attached()


KEPT = """
from annotations.models import Coding, KeptContradiction
print("=>" + str([(k.rule, k.message.position) for k in KeptContradiction.objects.all()]))
print(str(list(Coding.objects.order_by("id").values_list("state", flat=True))))
"""


def test_a_contradiction_is_shown_where_it_is_and_kept_by_a_key(app: App, page: Page) -> None:
    desk = Desk(app, more=CONSISTENCY)
    desk.open(page)
    notice = page.locator("#contradiction")
    press(page, "a", "a", "n", "n", "n", "3")
    expect(page.locator("#open-count")).to_have_text("niets open")
    expect(notice).to_be_hidden()
    press(page, "Enter")
    expect(notice).to_contain_text("Gemarkeerd, en toch nee.")
    expect(page.locator(".msg[aria-current]")).to_contain_text("Hoi")
    expect(page.locator('.q[data-variable="contains_pii"]')).to_have_class(re.compile("is-active"))
    press(page, "y")
    expect(notice).to_be_hidden()
    press(page, "ArrowUp", "n", "Enter")
    expect(notice).to_be_visible()
    press(page, "=")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    saved(page)
    stored = desk.app.shell(KEPT)
    assert "[('marked_but_no', 0)]" in stored
    assert "'finished'" in stored


def test_a_hard_contradiction_keeps_the_conversation_open(app: App, page: Page) -> None:
    desk = Desk(app, more=CONSISTENCY.replace("soft", "hard"))
    desk.open(page)
    press(page, "a", "a", "n", "n", "n", "3", "Enter")
    notice = page.locator("#contradiction")
    expect(notice).to_contain_text("Gemarkeerd, en toch nee.")
    expect(notice.get_by_role("button")).to_be_hidden()
    press(page, "=", "Enter")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 1")
    saved(page)
    assert "[]" in desk.app.shell(KEPT)
