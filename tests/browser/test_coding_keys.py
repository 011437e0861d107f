"""Who has the keys: the fragment in focus or the active question; what looks like a key is one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible
from tests.browser.desk import Desk, choice, press, saved

ABOUT_FRAGMENTS = """
- key: owner
  module: core
  level: span
  kind: single
  applies_to: any
  required: true
  scale: nominal
  label: {nl: Van wie, en: Whose}
  definition: {nl: Van wie is het?, en: Whose is it?}
  categories:
  - {key: own, code: 1, shortcut: x, label: {nl: Zelf, en: Own}, definition: {nl: Zelf., en: Own.}}
  - {key: else, code: 2, shortcut: t, label: {nl: Ander, en: Else}, definition: {nl: Ander., en: Else.}}
- key: remark
  module: core
  level: span
  kind: text
  applies_to: any
  required: false
  reliability: false
  label: {nl: Opmerking, en: Remark}
  definition: {nl: Vrij., en: Free.}
"""
BAR = "#span-bar"
Q = '.q[data-variable="{}"]'
LOOKS_LIKE_A_KEY = "one => getComputedStyle(one).borderTopStyle === 'solid'"


@pytest.fixture
def desk(app: App, page: Page) -> Desk:
    return Desk(app).open(page)


@pytest.fixture
def deep(app: App, page: Page) -> Desk:
    """At a desk where fragments are asked about."""
    return Desk(app, more=ABOUT_FRAGMENTS).open(page)


def is_key(page: Page, place: str) -> bool:
    return page.locator(f"{place} kbd").first.evaluate(LOOKS_LIKE_A_KEY)


def has_keys(page: Page, variable: str) -> None:
    """This question, and no fragment, has the keys; the screen says so."""
    expect(page.locator(Q.format(variable))).to_contain_class("is-active")
    assert is_key(page, Q.format(variable))
    if page.locator(BAR).is_visible():
        assert not is_key(page, BAR)


def test_a_question_that_is_clicked_takes_the_keys_from_the_candidate(desk: Desk, page: Page) -> None:
    expect(page.locator(BAR)).to_be_visible()
    assert is_key(page, BAR)
    assert not is_key(page, Q.format("contains_pii"))
    press(page, "y")
    expect(choice(page, "contains_pii", "yes")).not_to_be_checked()
    page.locator("#n-contains_pii").click()
    expect(page.locator(BAR)).to_be_hidden()
    has_keys(page, "contains_pii")
    press(page, "y")
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    saved(page)
    assert desk.stored()["spans"] == []
    press(page, ".", "a")
    expect(page.locator("mark.is-accepted")).to_have_text("06-00000011")


@pytest.mark.parametrize("way", ["Tab", "ArrowDown", "Escape"])
def test_every_key_into_the_questions_takes_the_keys_from_the_candidate(
    desk: Desk, page: Page, way: str
) -> None:
    """Tab by way of the buttons of the bar; the arrow to the question that waits, not past it."""
    for _ in range(30):
        press(page, way)
        if page.locator(BAR).is_hidden():
            break
    has_keys(page, "contains_pii")
    press(page, "n")
    expect(choice(page, "contains_pii", "no")).to_be_checked()


@pytest.mark.parametrize(("variable", "value"), [("contains_pii", "yes"), ("solved", "fully")])
def test_a_choice_that_is_clicked_while_a_candidate_has_the_keys_is_made(
    desk: Desk, page: Page, variable: str, value: str
) -> None:
    choice(page, variable, value).click()
    expect(choice(page, variable, value)).to_be_checked()
    expect(page.locator(BAR)).to_be_hidden()
    saved(page)
    assert list(desk.stored()["codes"].values()) == [value]


def test_a_conversation_question_takes_the_keys_too(desk: Desk, page: Page) -> None:
    page.locator("#n-solved").click()
    has_keys(page, "solved")
    press(page, "2")
    expect(choice(page, "solved", "partly")).to_be_checked()


def test_questions_about_a_fragment_keep_it_and_have_its_keys(deep: Desk, page: Page) -> None:
    press(page, "a", "x")
    saved(page)
    press(page, "Enter")
    has_keys(page, "owner")
    expect(page.locator("mark.is-focus")).to_have_text("06-00000011")
    press(page, "x")
    has_keys(page, "contains_pii")
    saved(page)
    expect(page.locator("mark.is-accepted")).to_have_text("06-00000011")
    press(page, ".", "ArrowDown")
    expect(choice(page, "owner", "own")).to_be_checked()
    has_keys(page, "owner")
    press(page, "ArrowDown")
    expect(page.locator(f"{Q.format('remark')} .q__input")).to_be_focused()
    press(page, "Escape", "Escape")
    assert is_key(page, BAR)
    press(page, "ArrowDown", "t", ".", "ArrowDown")
    expect(choice(page, "owner", "else")).to_be_checked()
    expect(page.locator("#type-menu")).to_be_hidden()
    press(page, "Escape", "t")
    expect(page.locator("#type-menu")).to_be_visible()
    press(page, "Escape", "x")
    expect(page.locator("mark.is-accepted")).to_have_count(0)


def test_a_reply_does_not_take_the_keyboard_from_whoever_types(deep: Desk, page: Page) -> None:
    """The answer about a fragment draws its message anew; the field beside it keeps the cursor."""
    press(page, "a", "x")
    saved(page)
    press(page, "Enter", "x", ".", "ArrowDown", "ArrowDown")
    field = page.locator(f"{Q.format('remark')} .q__input")
    expect(field).to_be_focused()
    saved(page)
    with page.expect_response("**/save/"):
        field.press_sequentially("van haar ", delay=20)
    saved(page)
    page.keyboard.type("moeder")
    expect(field).to_have_value("van haar moeder")
    expect(field).to_be_focused()


def test_a_reply_does_not_take_the_keyboard_from_the_list_of_types(desk: Desk, page: Page) -> None:
    held = []
    page.route("**/save/", lambda route: held.append(route), times=1)
    press(page, "a", "t")
    expect(page.locator("mark.is-pending")).to_have_count(1)
    held[0].continue_()
    expect(page.locator("mark.is-accepted:not(.is-pending)")).to_have_count(1)
    expect(page.locator('#type-menu button[value="email"]')).to_be_focused()
    press(page, "Enter")
    expect(page.locator("mark.is-accepted")).to_have_count(2)


# Each key goes to what has the focus then, and no frame is painted between them.
AT_ONCE = """keys => keys.forEach((key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""


def test_keys_that_follow_at_once_are_not_lost_on_the_closed_list(desk: Desk, page: Page) -> None:
    press(page, "a", "t")
    expect(page.locator("#type-menu")).to_be_visible()
    page.evaluate(AT_ONCE, ["t", "Escape", "+", "ArrowRight", "Enter"])
    expect(page.locator("#type-menu")).to_be_visible()


def test_forced_colours_show_a_key_only_where_it_works(app: App, new_context) -> None:
    page = new_context(forced_colors="active").new_page()
    Desk(app).open(page)
    assert is_key(page, BAR)
    assert not is_key(page, Q.format("contains_pii"))


def test_nothing_looks_like_a_key_while_somebody_types(desk: Desk, page: Page) -> None:
    press(page, "Escape")
    page.locator(f"{Q.format('waiting_days')} input.q__input").click()
    for place in (Q.format("waiting_days"), "#skip", "#onward", ".panel__nav"):
        assert not is_key(page, place), place
    press(page, "Escape")
    assert is_key(page, "#skip")


def test_a_person_sets_keys_and_codes_with_them(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.app.url}/keys/")
    field = page.get_by_label("kandidaat klopt")
    field.fill("x")
    page.get_by_role("button", name="Toetsen opslaan").click()
    expect(page.locator(".field__error").first).to_contain_text("“x” is al de toets voor")
    assert_accessible(page)
    field.fill("w")
    page.get_by_label("volgend bericht").fill("n")
    page.get_by_role("button", name="Toetsen opslaan").click()
    expect(page.locator("#messages")).to_contain_text("opgeslagen")
    page.goto(desk.url)
    expect(page.locator(f"{BAR} [value=accept] kbd")).to_have_text("w")
    press(page, "a")
    expect(page.locator("mark.is-accepted")).to_have_count(0)
    press(page, "w", "w")
    expect(page.locator("mark.is-accepted")).to_have_count(2)
    # The key of an answer goes first while its question is active.
    has_keys(page, "contains_pii")
    press(page, "n")
    expect(page.locator(".msg[aria-current]")).to_contain_text("Dank!")
    press(page, "Escape", "n")
    expect(page.locator(".msg[aria-current]")).to_contain_text("Graag")
    saved(page)
    assert desk.stored()["codes"] == {"contains_pii0": "no"}
    press(page, "?")
    expect(page.locator("#keys")).to_contain_text("volgend bericht")
    expect(page.locator("#keys dt:has(+ dd:text-is('volgend bericht'))")).to_have_text("n")
    saved(page)
    page.goto(f"{desk.app.url}/keys/")
    page.get_by_role("button", name="Alle toetsen terugzetten").click()
    page.goto(desk.url)
    expect(page.locator(f"{BAR} [value=accept] kbd")).to_have_text("a")
