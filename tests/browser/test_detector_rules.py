"""A supervisor turns what was missed into rules: proposed, edited, accepted, scanned, turned down."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible_in_light_and_dark, assert_fits, sign_in

PASSWORD = "Long-enough-for-a-test-7"
STUDY = f"""
from django.contrib.auth.models import User
from annotations.pii import DETECTOR_VERSION
from tests.detector.test_rules import coded
from tests.factories import add_member, make_conversation, make_study
study = make_study("privacy", detector_version=DETECTOR_VERSION)
add_member(study, User.objects.create_user("sofie", password={PASSWORD!r}), "supervisor")
coded(study, "mijn schelp is AB 123 45 en verder niks", ("AB 123 45", "phone"))
coded(study, "Schelp: XY 987 65, dank", ("XY 987 65", "phone"))
coded(study, "mijn parel is 12/34/56/7 en verder niks", ("12/34/56/7", "phone"))
coded(study, "parel: 98/76/54/3, dank", ("98/76/54/3", "phone"))
make_conversation(study, "schelp ZZ 333 44 nog door niemand gelezen")
"""
DECISIONS = """
from annotations.models import Candidate, CandidateDecision
print(CandidateDecision.objects.count(), Candidate.objects.filter(version__contains="+").count())
"""


def proposed(page: Page) -> list[str]:
    return page.locator("section[aria-labelledby=proposed] tbody th").all_inner_texts()


def test_a_rule_is_proposed_edited_accepted_scanned_and_another_turned_down(
    app: App, page: Page, worker: Callable[[App], None]
) -> None:
    app.shell(STUDY)
    decided = app.shell(DECISIONS).split()[0]
    sign_in(page, app.url, "sofie", PASSWORD)
    page.goto(f"{app.url}/s/privacy/detector/rules/")
    rules = page.url
    assert len(proposed(page)) == 2
    assert_accessible_in_light_and_dark(page)
    assert_fits(page)

    shell = page.locator("section[aria-labelledby=proposed] tbody tr", has_text="schelp")
    shell.locator("a").click()
    expect(page.locator("#word")).to_have_value("schelp")
    expect(page.locator("#group-new")).to_contain_text("(1)")
    page.locator("#shape").fill("A{2} 9{2,4} 9{2}")
    page.keyboard.press("Enter")
    expect(page.locator("#shape")).to_have_value("A{2} 9{2,4} 9{2}")
    assert_accessible_in_light_and_dark(page)
    assert_fits(page)
    page.locator("section[aria-labelledby=found] form button").first.click()

    expect(page.locator("section[aria-labelledby=holding] tbody th")).to_contain_text("schelp")
    assert len(proposed(page)) == 1, "a proposal that the edited rule covers is not made again"
    assert_accessible_in_light_and_dark(page)
    worker(app)
    page.locator("section.notice form button").click()
    expect(page.locator("#rescan")).to_have_count(0)
    page.goto(rules)
    expect(page.locator("section.notice form")).to_have_count(0)
    assert app.shell(DECISIONS).split() == [decided, "3"]

    page.locator("section[aria-labelledby=proposed] tbody tr", has_text="parel").locator(
        "form button"
    ).last.click()
    expect(page.locator("section[aria-labelledby=proposed] tbody th")).to_have_count(0)
    page.locator("section[aria-labelledby=holding] tbody form button").click()
    expect(page.locator("section[aria-labelledby=holding] tbody th")).to_have_count(0)
    assert app.shell(DECISIONS).split() == [decided, "3"]
