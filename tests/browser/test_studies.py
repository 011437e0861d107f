"""A supervisor makes a study, looks after its settings and assigns conversations; axe looks at every page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    CONTRAST,
    App,
    assert_accessible,
    assert_accessible_in_light_and_dark,
    assert_fits,
    sign_in,
)

PASSWORD = "Long-enough-for-a-test-7"
PEOPLE = f"""
from django.contrib.auth.models import User
from annotations.models import Study
from tests.factories import add_conversations, add_member
for name in ("sofie", "anna", "bram"):
    User.objects.create_user(name, password={PASSWORD!r}, is_staff=name == "sofie")
"""
CORPUS = """
study = Study.objects.get(slug="privacy-2019")
for name in ("anna", "bram"):
    add_member(study, User.objects.get(username=name))
add_conversations(study, {"Zwaluwlijn": 30, "Dienst Rijksheffingen": 20})
"""
ADDRESSES = [
    "/",
    "/studies/new/",
    "/s/privacy-2019/",
    "/s/privacy-2019/settings/",
    "/s/privacy-2019/organisations/",
    "/s/privacy-2019/organisations/new/",
    "/s/privacy-2019/codebook/",
    "/s/privacy-2019/log/",
    "/s/privacy-2019/rounds/",
    "/s/privacy-2019/rounds/new/",
]


@pytest.fixture
def supervisor(app: App, page: Page) -> Page:
    app.shell(PEOPLE)
    sign_in(page, app.url, "sofie", PASSWORD)
    return page


def make_study(page: Page, url: str) -> None:
    page.goto(f"{url}/studies/new/")
    # The cursor comes to the first field when the page is first drawn, which is after it has loaded.
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type("Privacy 2019")
    page.locator("[name=organisations-0-name]").fill("Zwaluwlijn")
    page.locator("[name=organisations-0-handles]").fill("@ZwaluwlijnHulp, Zwaluwlijn")
    page.locator("[name=organisations-1-name]").fill("Dienst Rijksheffingen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{url}/s/privacy-2019/")


def test_from_an_empty_site_to_assigned_conversations(app: App, supervisor: Page) -> None:
    page = supervisor
    make_study(page, app.url)
    expect(page.locator(".steps li")).to_have_count(4)
    app.shell(PEOPLE.split("for name")[0] + CORPUS)
    page.goto(f"{app.url}/s/privacy-2019/rounds/new/")
    page.locator("[name=number]").fill("20")
    page.locator("[name=seed]").fill("20190401")
    page.locator("button[value=preview]").click()
    outcome = page.locator("#outcome")
    expect(outcome.locator("tbody tr")).to_have_count(2)
    expect(outcome.locator("tfoot td").last).to_have_text("20")
    assert_accessible(page)
    outcome.locator("button[value=confirm]").click()
    expect(page.locator("progress")).to_have_count(2)
    expect(page.get_by_text("20190401")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{app.url}/s/privacy-2019/")
    expect(page.locator("table").first.locator("tbody tr")).to_have_count(2)


def test_a_codebook_of_ones_own_is_asked_for_only_when_chosen(app: App, supervisor: Page) -> None:
    supervisor.goto(f"{app.url}/studies/new/")
    file = supervisor.locator("[name=codebook_file]")
    expect(file).to_be_hidden()
    supervisor.locator("[value=own]").check()
    expect(file).to_be_visible()


@pytest.mark.slow
def test_two_tabs_do_not_overwrite_each_other(app: App, supervisor: Page) -> None:
    page = supervisor
    make_study(page, app.url)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{app.url}/s/privacy-2019/settings/")
    other.locator("[name=name]").fill("From the other tab")
    other.locator("main form").first.locator("button[type=submit]").click()
    expect(other.locator(".notice--success")).to_be_visible()
    page.locator("[name=name]").fill("From this tab")
    page.locator("main form").first.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("From the other tab")
    expect(page.locator("[name=name]")).to_have_value("From this tab")
    assert_accessible(page)


def test_axe_finds_nothing_and_nothing_is_cut_off_also_on_a_phone(app: App, supervisor: Page) -> None:
    page = supervisor
    make_study(page, app.url)
    app.shell(PEOPLE.split("for name")[0] + CORPUS)
    for address in ADDRESSES:
        page.set_viewport_size({"width": 1366, "height": 768})
        answer = page.goto(f"{app.url}{address}")
        assert answer is not None
        assert answer.ok
        assert_accessible_in_light_and_dark(page)
        assert_fits(page)
        page.set_viewport_size({"width": 390, "height": 800})
        assert_fits(page)


def test_a_theme_that_was_chosen_stays(app: App, supervisor: Page) -> None:
    page = supervisor
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": app.url}])
    page.goto(app.url)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert_accessible(page, CONTRAST)


def test_closed_parts_are_open_on_paper(demo_app: App, page: Page) -> None:
    sign_in(page, demo_app.url, "supervisor", "Demo-password-of-the-tests-1")
    page.goto(f"{demo_app.url}/s/demo/conversations/20/")
    closed = page.locator("main details:not([open])")
    before = closed.count()
    assert before
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(closed).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(closed).to_have_count(before)
