"""The demo study in the hands of its three people: one difference settled, the published table read."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, sign_in

DEMO_PASSWORD = "Demo-password-of-the-tests-1"


def test_three_people_open_the_demo_study_and_a_settled_difference_leaves_the_published_table(
    demo_app: App, new_context: Callable[..., BrowserContext]
) -> None:
    study = f"{demo_app.url}/s/demo/"
    pages = {name: new_context().new_page() for name in ("supervisor", "coder1", "coder2")}
    for name, page in pages.items():
        sign_in(page, demo_app.url, name, DEMO_PASSWORD)
    for name in ("coder1", "coder2"):
        pages[name].goto(f"{study}code/")
        expect(pages[name].locator("main")).to_be_visible()
    supervisor = pages["supervisor"]
    supervisor.goto(f"{study}disagreements/")
    before = waiting(supervisor)
    supervisor.keyboard.press("1")
    supervisor.keyboard.press("Enter")
    expect(supervisor.locator(".queue .progress-line .num")).to_contain_text(f"{before - 1} ")
    supervisor.goto(f"{study}results/")
    expect(supervisor.locator("main")).to_contain_text(re.compile(r"32,0\s*%"))
    expect(supervisor.locator("main")).to_contain_text(re.compile(r"20,0\s*%"))


def waiting(page: Page) -> int:
    return int(page.locator(".queue .progress-line .num").inner_text().split()[0])
