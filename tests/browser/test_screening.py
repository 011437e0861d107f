"""Two people screen by keyboard alone, at the same time, until the search ends by itself."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, assert_accessible, sign_in

PASSWORD = "Demo-password-of-the-tests-1"
BEGIN = """
from datetime import date
from django.contrib.auth.models import User
from annotations.models import Study
from annotations.screening.frame import FRAMES
from annotations.screening.setup import Plan, StopRule, make_screening, start
study = Study.objects.get(slug="demo")
organisation = study.organisations.get(name="Zwaluwlijn")
coders = list(User.objects.filter(username__in=["coder1", "coder2"]).values_list("pk", flat=True))
plan = Plan("Samen", "contains_pii", date(2019, 5, 31), [StopRule(organisation.pk, target=3)], coders)
track = start(make_screening(study.pk, plan, actor_id=None).pk, actor_id=None).tracks.get()
FRAMES.run(track.pk)
print("=>" + str(track.pk))
"""
OUTCOME = """
from annotations.models import ScreeningTrack
track = ScreeningTrack.objects.get(pk={pk})
rows = track.units.exclude(state="new").order_by("position")
print("=>" + " ".join(f"{{one.position}}:{{one.answer}}:{{one.reason}}" for one in rows), track.stop_position)
"""


def text(page: Page) -> str:
    return page.locator("#unit .msg__text").inner_text()


def answer(page: Page, key: str, expected: str) -> None:
    """Press a key and wait for what the counter says then."""
    page.keyboard.press(key)
    expect(page.locator(".tally")).to_contain_text(expected)


def test_two_screeners_find_three_by_keyboard(
    demo_app: App, new_context: Callable[..., BrowserContext]
) -> None:
    track = demo_app.shell(BEGIN).split("=>")[1].split()[0]
    address = f"{demo_app.url}/s/demo/screening/screen/{track}/"
    one, two = (new_context().new_page() for _ in range(2))
    for page, who in ((one, "coder1"), (two, "coder2")):
        sign_in(page, demo_app.url, who, PASSWORD)
        page.goto(address)
        expect(page.locator("#unit")).to_be_focused()
    assert text(one) != text(two)
    assert_accessible(one)

    # The first of them decides with one key; the reason goes along; a note is stored with the next answer.
    first = text(one)
    answer(one, "2", "1 bekeken")
    assert text(one) != first
    one.keyboard.press("m")
    expect(one.locator("#note")).to_be_focused()
    one.keyboard.type("y telt hier niet")
    one.keyboard.press("Escape")
    answer(one, "y", "1 van 3 gevonden")
    # Taken back, it is on screen again.
    second = one.locator(".screen__latest li").first.locator(".num").inner_text()
    answer(one, "z", "0 van 3 gevonden")
    expect(one.locator("#note")).to_have_value("y telt hier niet")
    answer(one, "y", "1 van 3 gevonden")
    expect(one.locator(".screen__latest li").first.locator(".num")).to_have_text(second)
    # A key that is held down decides once.
    before = text(one)
    one.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', repeat: true, bubbles: true}))"
    )
    assert text(one) == before

    # Both have a message on screen when one is missing; the first in time counts, whoever is quick.
    answer(two, "n", "3 bekeken")
    answer(two, "y", "2 van 3 gevonden")
    one.reload()
    expect(one.locator("#unit")).to_be_focused()
    answer(two, "y", "3 van 3 gevonden")
    expect(two.locator(".screen__end")).to_be_visible()
    one.keyboard.press("y")
    expect(one.locator(".screen__end")).to_contain_text(re.compile("klaar"))
    assert_accessible(one)
    units, stop = demo_app.shell(OUTCOME.format(pk=track)).split("=>")[1].rsplit(maxsplit=1)
    found = [int(row.split(":")[0]) for row in units.split() if row.split(":")[1] == "yes"]
    assert int(stop) == sorted(found)[2]
    assert "1:no:said_only" in units.split()
