"""From a figure to the units behind it and through them with the keyboard, on the demo study."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in


def test_a_figure_opens_its_units_and_keys_walk_through_them(demo_app: App, page: Page) -> None:
    sign_in(page, demo_app.url, "supervisor", demo_app.environment["WEBCARE_DEMO_PASSWORD"])
    page.goto(f"{demo_app.url}/s/demo/reliability/contains_pii/")
    assert_accessible(page)
    cell = page.locator(".matrix td.is-differ a").last
    units = int(cell.inner_text())
    cell.click()
    assert_accessible(page)
    expect(page.locator("main tbody tr")).to_have_count(units)
    page.locator("main tbody a.row-link").first.click()
    # Each of these is a page of its own: its scripts are there when it has loaded.
    page.wait_for_url(re.compile(r"/units/1/"))
    assert_accessible(page)
    page.keyboard.press("j")
    page.wait_for_url(re.compile(r"/units/2/"))
    page.keyboard.press("k")
    page.wait_for_url(re.compile(r"/units/1/"))
    page.keyboard.press("s")
    page.wait_for_url(re.compile(r"/disagreements/\d+/contains_pii/message/\d+/"))
