"""The pages beside the report, on the demo study: what goes into a paper, and agreement over time."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible_in_light_and_dark, assert_fits, sign_in


def test_the_paper_and_the_course_of_agreement_are_within_reach(demo_app: App, page: Page) -> None:
    sign_in(page, demo_app.url, "supervisor", demo_app.environment["WEBCARE_DEMO_PASSWORD"])
    page.goto(f"{demo_app.url}/s/demo/reliability/")
    expect(page.locator("main tbody tr").first).to_be_visible()
    assert_accessible_in_light_and_dark(page)
    page.locator("a[href*='/reliability/methods/']").click()
    expect(page.locator("#methods-nl")).to_have_value(re.compile("Van de 145 afgeronde"))
    assert_accessible_in_light_and_dark(page)
    with page.expect_download() as download:
        page.locator("a[href*='reliability.csv']").click()
    assert download.value.suggested_filename == "reliability.csv"
    page.goto(f"{demo_app.url}/s/demo/reliability/time/")
    expect(page.locator("svg.course").first).to_be_visible()
    assert_accessible_in_light_and_dark(page)
    assert_fits(page)
