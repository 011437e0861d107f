"""A supervisor keeps filters as a selection, finds it back and draws a sample from it, by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

PASSWORD = "Long-enough-for-a-test-7"
STUDY = f"""
from django.contrib.auth.models import User
from tests.factories import add_member, make_conversation, make_study
study = make_study("privacy")
for name in ("sofie", "anna", "bram"):
    user = User.objects.create_user(name, password={PASSWORD!r})
    add_member(study, user, "supervisor" if name == "sofie" else "coder")
for number in range(8):
    make_conversation(study, f"mijn iban staat hier {{number}}" if number % 2 else "storing", "Vervelend")
"""


def numbers(page: Page) -> list[str]:
    return page.locator("main tbody th").all_inner_texts()


def test_a_selection_is_saved_found_back_and_drawn_from(app: App, page: Page) -> None:
    app.shell(STUDY)
    sign_in(page, app.url, "sofie", PASSWORD)
    page.goto(f"{app.url}/s/privacy/conversations/")
    expect(page.locator("section.selection")).to_have_count(0)
    page.locator("#q").fill("iban")
    page.keyboard.press("Enter")
    disclosure = page.locator("section.selection summary")
    disclosure.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#selection-name")).to_be_focused()
    page.keyboard.type("Bank <b>bekend</b>")
    assert_accessible(page)
    page.keyboard.press("Enter")
    here = page.locator("nav.tabs [aria-current=page]")
    expect(here).to_have_text("Bank <b>bekend</b>")
    selection = page.url
    assert numbers(page) == ["2", "4", "6", "8"]
    assert_accessible(page)

    page.locator("#missing").check()
    page.keyboard.press("Enter")
    expect(page.locator("section.selection button[value=replace]")).to_be_visible()
    assert_accessible(page)
    page.locator("section.selection a").click()
    assert numbers(page) == ["2", "4", "6", "8"]

    page.locator("section.selection a.btn").click()
    expect(page.locator("[name=selection] option:checked")).to_have_text("Bank <b>bekend</b>")
    page.locator("button[value=preview]").click()
    expect(page.locator("#outcome tfoot td").last).to_have_text("4")
    assert_accessible(page)
    page.locator("button[value=confirm]").click()
    expect(page.locator("main")).to_contain_text("“Bank <b>bekend</b>”")
    assert_accessible(page)
    drawn = page.url

    page.goto(selection)
    page.locator("section.selection summary").last.click()
    page.locator("button[value=delete]").click()
    expect(page.locator("nav.tabs")).to_have_count(0)
    page.goto(drawn)
    expect(page.locator("main")).to_contain_text("“Bank <b>bekend</b>”")
