"""A coder's hours: by keyboard, by mouse, through a dead network, two tabs, an expired sign-in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible, assert_accessible_in_light_and_dark
from tests.browser.desk import PASSWORD, Desk, choice, press, saved


@pytest.fixture
def desk(app: App, page: Page) -> Desk:
    return Desk(app).open(page)


def test_a_conversation_is_coded_by_keyboard_alone(desk: Desk, page: Page) -> None:
    """From the first candidate to the next conversation, without the mouse."""
    expect(page.locator("#span-bar strong")).to_have_text("Telefoon?")
    assert_accessible(page)
    press(page, "a")
    expect(page.locator("#span-bar strong")).to_have_text("E-mail?")
    press(page, "x")
    expect(page.locator("mark.is-accepted")).to_have_text("06-00000011")
    expect(page.locator("mark.is-rejected")).to_have_text("noor@example.org")
    expect(page.locator("#span-bar")).to_be_hidden()
    press(page, "y")
    expect(page.locator('.q[data-variable="channels"]')).to_have_class("q q--child is-active")
    press(page, "2", "1", "Enter")
    expect(page.locator('.q[data-variable="removal_request"]')).to_have_class("q q--child is-active")
    press(page, "n", "Enter")
    expect(page.locator("#panel-title")).to_have_text("Bericht 2")
    press(page, "n", "Enter")
    expect(page.locator("#panel-title")).to_have_text("Bericht 3")
    press(page, "0", "Enter")
    press(page, "3")
    expect(choice(page, "solved", "fully")).to_be_checked()
    saved(page)
    expect(page.locator("#onward")).to_contain_text("Afronden")
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("Coderen: gesprek 2")
    stored = desk.stored()
    assert stored["spans"] == [["06-00000011", "accepted", "phone"]]
    assert (
        stored["codes"]
        | {
            "contains_pii0": "yes",
            "channels0": ["dm", "mail"],
            "removal_request0": "no",
            "contains_pii1": "no",
            "contains_pii2": "cannot_tell",
            "solved": "fully",
        }
        == stored["codes"]
    )


def test_a_fragment_is_marked_by_keyboard_behind_an_emoji(desk: Desk, page: Page) -> None:
    press(page, "Escape", "+", "ArrowRight", "ArrowRight")
    expect(page.locator("#caret-hint")).to_be_visible()
    press(page, "Shift+ArrowRight", "Enter")
    expect(page.locator("#type-menu")).to_be_visible()
    assert_accessible(page)
    press(page, "b")
    expect(page.locator("mark.is-added").first).to_be_visible()
    saved(page)
    assert desk.stored()["spans"] == [["bel 06-00000011", "added", "bsn"]]


def test_a_selection_with_the_mouse_across_an_entity_and_emoji_is_stored_as_it_stands(
    desk: Desk, page: Page
) -> None:
    page.evaluate(
        """() => {
          const text = document.querySelector(".msg__text");
          const atom = text.querySelector("[data-stored]");
          const range = document.createRange();
          range.setStart(atom.firstChild, 0);
          range.setEnd(text.lastChild, text.lastChild.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          text.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
        }"""
    )
    page.locator('#type-menu button[value="bsn"]').click()
    expect(page.locator("mark.is-added").first).to_be_visible()
    saved(page)
    assert desk.stored()["spans"] == [["&amp; mail noor@example.org 😅 groet", "added", "bsn"]]


def test_every_place_in_a_text_goes_to_its_offset_and_back(desk: Desk, page: Page) -> None:
    """The one module that counts: UTF-16 units, code points, entities, emoji."""
    assert (
        page.evaluate(
            """async () => {
          const script = document.querySelector('script[src*="coding/main"]').src;
          const {leaves, offsetAt, points, rangeOf, storedText} = await import(script.replace("coding/main", "common/offsets"));
          const text = document.querySelector(".msg__text");
          const whole = [...storedText(text)];
          const wrong = [];
          if (whole.length !== Number(text.dataset.length)) wrong.push("length");
          const inside = (place) => leaves(text).some((leaf) => leaf.atom && leaf.start < place && place < leaf.end);
          for (let start = 0; start < whole.length; start += 1) {
            for (let end = start + 1; end <= whole.length; end += 1) {
              if (inside(start) || inside(end)) continue;
              const range = rangeOf(text, start, end);
              const back = [offsetAt(text, range.startContainer, range.startOffset), offsetAt(text, range.endContainer, range.endOffset, true)];
              if (back[0] !== start || back[1] !== end) wrong.push([start, end, ...back]);
            }
          }
          return wrong;
        }"""  # noqa: E501
        )
        == []
    )


def test_boundaries_are_moved_by_key_and_the_last_action_is_undone(desk: Desk, page: Page) -> None:
    press(page, "[", "[")
    expect(page.locator("mark.is-accepted")).to_have_text("l 06-00000011")
    press(page, "}")
    expect(page.locator("mark.is-accepted")).to_have_text("l 06-0000001")
    saved(page)
    press(page, "Control+z")
    expect(page.locator("mark.is-accepted")).to_have_text("l 06-00000011")
    saved(page)
    press(page, "Escape", "Escape", "j", "y")
    expect(page.locator("#panel-title")).to_have_text("Bericht 3")
    press(page, "k")
    expect(choice(page, "contains_pii", "yes")).to_be_checked()
    press(page, "z")
    expect(choice(page, "contains_pii", "yes")).not_to_be_checked()
    saved(page)
    assert desk.stored()["codes"] == {"contains_pii1": 99}


def test_another_type_by_mouse_and_a_removed_fragment_comes_back(desk: Desk, page: Page) -> None:
    page.locator("#span-bar button[value=retype]").click()
    page.locator('#type-menu button[value="bsn"]').click()
    expect(page.locator("mark.is-accepted")).to_have_attribute("data-tag", "BSN ✓")
    page.locator("mark.is-accepted").click()
    page.locator("#span-bar button[value=reject]:visible").click()
    expect(page.locator("mark.is-accepted")).to_have_count(0)
    page.locator("[data-act=undo]").click()
    expect(page.locator('mark[data-tag="BSN ✓"]')).to_be_visible()
    saved(page)
    assert desk.stored()["spans"] == [["06-00000011", "retyped", "bsn"]]


def test_nothing_is_lost_while_the_network_is_away(desk: Desk, page: Page, new_context) -> None:
    page.context.set_offline(True)
    press(page, "a", "x", "y")
    expect(page.locator("#save")).to_have_attribute("data-state", "waiting")
    expect(page.locator("#save")).to_contain_text("(3)")
    expect(page.locator("#trouble")).to_be_visible()
    kept = page.evaluate("JSON.stringify({...sessionStorage})")
    assert "06-00000011" not in kept
    assert desk.stored()["codes"] == {}
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#trouble")).to_be_hidden()
    stored = desk.stored()
    assert stored["codes"] == {"contains_pii0": "yes"}
    assert stored["spans"] == [["06-00000011", "accepted", "phone"]]


def test_what_waits_survives_a_reload_of_the_tab(desk: Desk, page: Page) -> None:
    page.route("**/save/", lambda route: route.abort())
    press(page, "a")
    expect(page.locator("#save")).to_have_attribute("data-state", "waiting")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/save/")
    page.reload()
    expect(page.locator("mark.is-accepted")).to_have_text("06-00000011")
    saved(page)
    assert desk.stored()["spans"] == [["06-00000011", "accepted", "phone"]]


def test_a_reply_that_was_lost_makes_nothing_twice(desk: Desk, page: Page) -> None:
    lost = []

    def lose(route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/save/", lose)
    press(page, "a")
    expect(page.locator("mark.is-accepted")).to_have_text("06-00000011")
    saved(page)
    assert lost == [200, 200]
    assert len(desk.stored()["spans"]) == 1


def test_leaving_with_unsaved_work_asks_first_and_otherwise_does_not(desk: Desk, page: Page) -> None:
    asked = []

    def answer(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.reload()
    assert asked == []
    page.context.set_offline(True)
    press(page, "a")
    expect(page.locator("#save")).to_have_attribute("data-state", "waiting")
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    expect(page.locator("#save")).to_have_attribute("data-state", "waiting")
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    saved(page)


def test_two_tabs_show_both_versions_and_the_coder_decides(desk: Desk, page: Page) -> None:
    other = page.context.new_page()
    other.goto(desk.url)
    choice(other, "solved", "fully").click()
    saved(other)
    choice(page, "solved", "not").click()
    expect(page.locator("#save")).to_have_attribute("data-state", "conflict")
    expect(page.locator(".conflict")).to_contain_text("Niet")
    expect(page.locator(".conflict")).to_contain_text("Geheel")
    assert_accessible(page)
    assert desk.stored()["codes"] == {"solved": "fully"}
    page.get_by_role("button", name="Mijn antwoord houden").click()
    saved(page)
    assert desk.stored()["codes"] == {"solved": "not"}
    choice(other, "solved", "partly").click()
    other.get_by_role("button", name="Andere overnemen").click()
    expect(choice(other, "solved", "not")).to_be_checked()
    saved(other)
    assert desk.stored()["codes"] == {"solved": "not"}


def test_an_expired_sign_in_keeps_the_work_and_goes_on_after_signing_in(desk: Desk, page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
    press(page, "a")
    expect(page.locator("#save")).to_have_attribute("data-state", "failed")
    expect(page.locator("#trouble")).to_contain_text("uitgelogd")
    with page.context.expect_page() as opened:
        page.locator("#trouble-sign-in").click()
    tab = opened.value
    tab.locator("input[name=username]").fill("noor")
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("main form button[type=submit]").click()
    expect(tab.locator("h1")).to_have_text("Mijn gesprekken")
    page.bring_to_front()
    saved(page)
    expect(page.locator("#trouble")).to_be_hidden()
    assert desk.stored()["spans"] == [["06-00000011", "accepted", "phone"]]


def test_keys_do_nothing_while_somebody_types_and_can_be_switched_off(desk: Desk, page: Page) -> None:
    press(page, "Escape")
    field = page.locator('.q[data-variable="waiting_days"] input.q__input')
    field.click()
    page.keyboard.type("2,5")
    press(page, "j", "Backspace", "Tab")
    expect(page.locator("#panel-title")).to_have_text("Bericht 1")
    saved(page)
    assert desk.stored()["codes"] == {"waiting_days": "2.500000"}
    press(page, "Escape")
    page.locator("[data-open-dialog=keys]").click()
    assert_accessible(page)
    page.locator("#single-keys").uncheck()
    press(page, "Escape", "j")
    expect(page.locator("#panel-title")).to_have_text("Bericht 1")
    page.reload()
    expect(page.locator("#open-count")).not_to_be_empty()
    press(page, "j")
    expect(page.locator("#panel-title")).to_have_text("Bericht 1")


def test_a_number_that_is_none_is_refused_beside_its_question(desk: Desk, page: Page) -> None:
    field = page.locator('.q[data-variable="waiting_days"] input.q__input')
    field.fill("veel")
    field.blur()
    expect(page.locator('.q[data-variable="waiting_days"] .q__error')).to_contain_text("Vul een getal in")
    assert desk.stored()["codes"] == {}


def test_choosing_again_takes_an_answer_back_and_rapid_clicks_keep_one(desk: Desk, page: Page) -> None:
    for value in ("not", "partly", "fully"):
        choice(page, "solved", value).click()
    saved(page)
    assert desk.stored()["codes"] == {"solved": "fully"}
    choice(page, "solved", "fully").click()
    expect(choice(page, "solved", "fully")).not_to_be_checked()
    saved(page)
    assert desk.stored()["codes"] == {"solved": 99}


def test_a_masked_message_is_shown_on_request_and_hidden_again(app: App, page: Page) -> None:
    desk = Desk(app, "masked")
    desk.open(page)
    expect(page.locator(".msg__text").first).not_to_contain_text("06-00000011")
    press(page, "/")
    expect(page.locator(".msg__text").first).to_contain_text("06-00000011")
    press(page, "/")
    expect(page.locator(".msg__text").first).not_to_contain_text("06-00000011")
    assert desk.stored()["reveals"] == 1
    press(page, "a")
    saved(page)
    assert desk.stored()["spans"] == [["06-00000011", "accepted", "phone"]]
    expect(page.locator(".msg__text").first).not_to_contain_text("06-00000011")


def test_the_pages_of_a_coder_are_accessible(desk: Desk, page: Page) -> None:
    assert_accessible_in_light_and_dark(page)
    press(page, "a", "x")
    saved(page)
    assert_accessible_in_light_and_dark(page)
    page.locator("[data-context]").first.click()
    assert_accessible_in_light_and_dark(page)
    page.goto(f"{desk.url}list/")
    assert_accessible_in_light_and_dark(page)


def test_context_is_filled_in_on_the_page(desk: Desk, page: Page) -> None:
    page.locator("[data-context]").first.click()
    page.locator("#context-followers").fill("1204")
    page.locator("#context-created").fill("2015-03-01")
    page.locator("#context-dialog button[value=save]").click()
    expect(page.locator(".msg__meta").first).to_contain_text("1.204 volgers")
    expect(page.locator(".msg__meta").first).to_contain_text("account 4 jaar")
