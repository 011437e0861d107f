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


DIFFERENCES = """
from datetime import date
from decimal import Decimal
from django.contrib.auth.models import User
from annotations.models import Study
from annotations.screening.decide import Given, decide
from annotations.screening.frame import FRAMES
from annotations.screening.queue import hand_out
from annotations.screening.setup import Plan, StopRule, make_screening, start
study = Study.objects.get(slug="demo")
organisation = study.organisations.get(name="Zwaluwlijn")
pair = [User.objects.get(username=name).pk for name in ("coder1", "coder2")]
stops = [StopRule(organisation.pk, "screened", 3)]
plan = Plan("Paar", "contains_pii", date(2019, 5, 31), stops, pair, double_percent=Decimal(100))
screening = start(make_screening(study.pk, plan, actor_id=None).pk, actor_id=None)
track = screening.tracks.get()
FRAMES.run(track.pk)
no, yes, doubt = Given("no", "nothing_visible"), Given("yes"), Given(is_doubt=True)
for coder, says in zip(pair, ((no, yes, doubt), (no, no))):
    for given in says:
        decide(hand_out(track.pk, coder).pk, given, coder_id=coder, revision=0)
print("=>" + str(screening.pk))
"""
SETTLED = """
from annotations.models import ScreeningDecision
rows = ScreeningDecision.objects.filter(is_settling=True, unit__track__screening={pk})
rows = rows.order_by("unit__position")
print("=>" + " ".join(f"{{row.answer}}:{{row.reason}}:{{row.cause}}" for row in rows))
"""


def test_a_supervisor_settles_with_the_keys_of_the_other_desk(demo_app: App, page: Page) -> None:
    pk = demo_app.shell(DIFFERENCES).split("=>")[1].split()[0]
    sign_in(page, demo_app.url, "supervisor", PASSWORD)
    page.goto(f"{demo_app.url}/s/demo/screening/{pk}/settle/")
    waiting = page.locator(".queue .progress-line .num")
    expect(waiting).to_contain_text("2 open")
    assert_accessible(page)
    # Two differ: what was given stands first, without names; w shows who.
    expect(page.locator(".given-value__who").first).to_contain_text("codeur")
    page.keyboard.press("w")
    expect(page.locator("#names")).to_contain_text("Verberg")
    page.keyboard.press("2")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    # The doubt is next; every answer has a digit.
    expect(page.locator(".settle__parent").first).to_contain_text("twijfel")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alles is beslist")).to_be_visible()
    told = demo_app.shell(SETTLED.format(pk=pk)).split("=>")[1].split()
    assert told == ["no:nothing_visible:borderline", "no:said_only:"]
