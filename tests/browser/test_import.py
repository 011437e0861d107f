"""A supervisor imports a file, with the worker in a process of its own; axe looks at every page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

PASSWORD = "Long-enough-for-a-test-7"
PEOPLE = f"""
from django.contrib.auth.models import User
from tests.factories import add_member, make_study
study = make_study("webcare", privacy="open")
person = User.objects.create_user("sofie", password={PASSWORD!r})
add_member(study, person, "supervisor")
"""
HOSTILE = '<img src=x onerror="document.title=1">'


@pytest.fixture
def supervisor(app: App, page: Page) -> Page:
    app.shell(PEOPLE)
    sign_in(page, app.url, "sofie", PASSWORD)
    return page


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "gesprekken.csv"
    rows = [["id", "parent_id", "created_at", "author_handle", "text"]]
    for number in range(1, 121, 2):
        text = f"@ZwaluwlijnHulp mijn bsn is 111222333 {HOSTILE}"
        rows.append([str(number), "", "2019-05-01T09:00:00Z", "kees_demo", text])
        rows.append(
            [str(number + 1), str(number), "2019-05-01T09:20:00Z", "ZwaluwlijnHulp", "Stuur een DM ^KC"]
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_from_a_file_to_conversations(
    app: App, supervisor: Page, table: Path, worker: Callable[[App], None]
) -> None:
    page = supervisor
    page.goto(f"{app.url}/s/webcare/import/")
    assert_accessible(page)
    page.locator("input[type=file]").set_input_files(table)
    expect(page.locator("[data-drop-names]")).to_have_text("gesprekken.csv")
    page.locator("[data-drop] button[type=submit]").click()
    expect(page.locator(".msg--organisation").first).to_contain_text("Stuur een DM")
    expect(page.locator(".msg__text img")).to_have_count(0)
    assert_accessible(page)
    page.locator("form[action$='/start/'] button").first.click()
    expect(page.locator("#standing")).to_be_visible()
    assert_accessible(page)
    worker(app)
    # The page asks by itself how far it is, and becomes the report.
    expect(page.locator(".stepper li").last).to_have_attribute("aria-current", "step", timeout=60_000)
    expect(page.locator(".figures dd").nth(1)).to_have_text("120")
    assert_accessible(page)
    page.goto(f"{app.url}/s/webcare/conversations/")
    expect(page.locator("tbody tr")).to_have_count(50)
    assert_accessible(page)
    page.locator("[rel=next]").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.locator("tbody a").first.click()
    expect(page.locator(".msg mark")).to_have_text("111222333")
    assert_accessible(page)
    assert page.title() != "1"


def test_a_conversation_is_typed_over(app: App, supervisor: Page) -> None:
    page = supervisor
    page.goto(f"{app.url}/s/webcare/import/type/")
    assert_accessible(page)
    page.locator("[name=form-0-text]").fill("@ZwaluwlijnHulp wanneer komt mijn pakket?")
    page.locator("[name=form-0-author]").fill("kees_demo")
    page.locator("[name=form-1-text]").fill("Morgen! ^KC")
    page.locator("[name=form-1-author]").fill("ZwaluwlijnHulp")
    page.locator("form.form button[type=submit]").first.click()
    expect(page.locator(".msg")).to_have_count(2)
    expect(page.locator(".msg--organisation")).to_contain_text("Morgen!")
