"""A meeting from the agenda to the minutes: a supervisor at the wall by keyboard, a coder with a phone."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import (
    App,
    assert_accessible,
    assert_accessible_in_light_and_dark,
    assert_fits,
    sign_in,
)

PASSWORD = "Vergader-wachtwoord-1"
ROOM = f"""
from django.contrib.auth.models import User
from tests.meeting.help import NO, YES, Room
from annotations.questions.ask import ask
room = Room(slug="samen", name="Samen")
long = "Wil je mij alsjeblieft bellen op het nummer dat ik stuurde, want ik wacht al drie weken. " * 3
for place in range(16):
    room.scene.code(room.scene.conversation(long + str(place), "Stuur een DM"), YES, NO, NO)
assignment = room.round.assignments.get(coder=room.noor, conversation=room.one)
words, first = "Telt een nummer van een ander?", room.one.messages.get(position=0)
ask(assignment.pk, actor_id=room.noor.pk, text=words, message_id=first.pk)
for user in User.objects.all():
    user.set_password({PASSWORD!r})
    user.save()
"""
OUTCOMES = """
from annotations.models import MeetingCase, Vote
print("=>" + " ".join(case.outcome or "-" for case in MeetingCase.objects.order_by("position")))
print("=>" + str(Vote.objects.filter(voter__username="noor").count()))
"""


@pytest.fixture
def room(app: App) -> App:
    app.shell(ROOM)
    return app


def on_case(page: Page, number: int) -> None:
    expect(page.locator(".wall__bar")).to_contain_text(f"geval {number} van")


def test_a_meeting_by_keyboard_with_a_phone_in_the_room(
    room: App, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    sign_in(page, room.url, "sara", PASSWORD)
    page.goto(f"{room.url}/s/samen/meetings/")
    assert_accessible_in_light_and_dark(page)
    page.locator("#people").fill("3")
    page.locator("#count").fill("2")
    page.locator("[name=question]").check()
    page.locator("main form button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".meeting__agenda > li")).to_have_count(3)
    assert_accessible_in_light_and_dark(page)
    page.locator("button[value=begin]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#wall:focus")).to_have_count(1)
    expect(page.locator(".wall__qr svg")).to_be_visible()
    assert_accessible_in_light_and_dark(page)

    phone = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    sign_in(phone, room.url, "noor", PASSWORD)
    phone.goto(f"{room.url}/s/samen/meetings/now/")
    expect(phone.locator("#own")).to_contain_text("Er is nu niets voor jou")

    page.keyboard.press("n")
    on_case(page, 1)
    assert_accessible_in_light_and_dark(page)
    # The phone follows by itself; it votes, and thinks better of it.
    answers = phone.locator("button.own__answer")
    expect(answers).to_have_count(4)
    expect(phone.locator("#own")).not_to_contain_text("daan")
    assert_accessible_in_light_and_dark(phone)
    assert_fits(phone)
    answers.nth(1).tap()
    expect(answers.nth(1)).to_have_attribute("aria-pressed", "true")
    answers.nth(0).tap()
    expect(answers.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".wall__voted")).to_contain_text("1 van 3 gestemd")
    expect(page.locator(".dot")).to_have_count(0)

    # Two hands, quicker than the server: nothing is lost, and one too many is taken back.
    page.keyboard.press("2")
    page.keyboard.press("Shift+2")
    page.keyboard.press("1")
    expect(page.locator(".wall__voted")).to_contain_text("2 van 3 gestemd")
    page.keyboard.press("2")
    expect(page.locator(".answers.is-shown")).to_be_visible()
    expect(page.locator(".answer.is-leading .answer__label")).to_have_text("Ja")
    expect(page.locator(".dot--now")).to_have_count(3)
    expect(phone.locator("#own")).to_contain_text("De stemmen zijn zichtbaar")
    assert_accessible_in_light_and_dark(page)

    # The reason, with letters that are keys elsewhere; a rule; settled.
    page.keyboard.press("Control+Enter")
    expect(page.locator("#wall > [role=alert]")).to_contain_text("Schrijf ook de reden op")
    expect(page.locator("#reason:focus")).to_have_count(1)
    page.keyboard.type("Een nummer is een gegeven, vn 12 oh")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("input[name=rule]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wall__outcome")).to_contain_text("Ja")
    expect(page.locator(".wall__steps .is-done")).to_have_count(1)
    expect(phone.locator("#own .chip--good")).to_be_visible()

    # The next one: what is being written stays when hands go up, and it is put off.
    page.keyboard.press("n")
    on_case(page, 2)
    page.keyboard.press("w")
    page.keyboard.type("Volgende keer")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator(".wall__voted")).to_contain_text("1 van 3")
    expect(page.locator("#reason")).to_have_value("Volgende keer")
    page.keyboard.press("h")
    expect(page.locator(".wall__outcome")).to_contain_text("Volgende keer")

    # A question becomes a rule.
    page.keyboard.press("n")
    on_case(page, 3)
    expect(page.locator(".wall__question")).to_contain_text("Telt een nummer")
    page.keyboard.press("r")
    page.keyboard.press("w")
    page.keyboard.type("Ja, ook dat.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wall__outcome")).to_contain_text("Ja, ook dat.")
    assert_accessible_in_light_and_dark(page)
    page.keyboard.press("p")
    on_case(page, 2)

    # Back leads to the agenda, once.
    page.go_back()
    expect(page.locator(".meeting__agenda > li")).to_have_count(3)
    page.locator("button[value=end]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".document")).to_contain_text("Een nummer is een gegeven")
    expect(page.locator(".document")).not_to_contain_text("noor")
    assert_accessible_in_light_and_dark(page)
    expect(phone.locator("#own")).to_contain_text("Er is nu niets voor jou")
    assert room.shell(OUTCOMES).split() == ["=>settled", "put_off", "rule", "=>1"]


def test_two_supervisors_see_where_the_wall_is(
    room: App, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    room.shell("""
from django.contrib.auth.models import User
from annotations.models import Membership, Study
from tests.meeting.help import Room
study = Study.objects.get(slug="samen")
second = User.objects.create(username="tweede")
second.set_password("Vergader-wachtwoord-1")
second.save()
Membership.objects.create(study=study, user=second, role="supervisor", pseudonym="S2")
""")
    sign_in(page, room.url, "sara", PASSWORD)
    page.goto(f"{room.url}/s/samen/meetings/")
    page.locator("main form button[type=submit]").click()
    page.locator("button[value=begin]").click()
    expect(page.locator("#wall:focus")).to_have_count(1)
    page.keyboard.press("n")
    on_case(page, 1)
    other = new_context().new_page()
    sign_in(other, room.url, "tweede", PASSWORD)
    other.goto(page.url)
    on_case(other, 1)
    page.keyboard.press("n")
    on_case(page, 2)
    on_case(other, 2)  # by itself
    other.keyboard.press("w")
    other.keyboard.type("Ik schrijf nog")
    page.keyboard.press("n")
    on_case(page, 3)
    expect(other.locator("#live .conflict")).to_be_visible()
    expect(other.locator("#reason")).to_have_value("Ik schrijf nog")
    other.keyboard.press("Control+Enter")
    expect(other.locator("#wall > .conflict")).to_contain_text("Er is niets overschreven")


def test_agenda_and_minutes_of_a_full_meeting_fit_on_two_pages(room: App, page: Page) -> None:
    room.shell("""
from annotations.meeting import lead
from annotations.meeting.outcome import put_off
from annotations.meeting.prepare import begin
from annotations.models import Meeting, MeetingCase, Study
from tests.meeting.help import NO, YES
from tests.adjudication.help import Scene
study = Study.objects.get(slug="samen")
sara = study.memberships.get(role="supervisor").user
coders = [m.user for m in study.memberships.filter(role="coder").order_by("pk")]
scene = Scene(study, sara, coders)
for place in range(6):
    text = "Wat een verhaal is dit toch weer met jullie klantenservice. " * 6
    scene.code(scene.conversation(text, "Ja"), YES, NO, NO)
from annotations.meeting.choosing import Wish, choose
from annotations.meeting.prepare import make_meeting
who = {"actor_id": sara.pk}
chosen, _hidden = choose(scene.round, Wish(scene.round.pk, count=20))
fields = {"name": "Vol", "minutes": 90, "people": 0, "round_": scene.round, "chosen": chosen}
meeting = make_meeting(study.pk, **fields, questions=[], **who)
meeting = begin(meeting.pk, people=0, **who)
assert meeting.cases.count() == 20
word = "Dit bespreken we nog eens met iedereen erbij, want het hangt af van de vorige vraag. " * 6
for case in meeting.cases.all():
    meeting = lead.go_to(meeting.pk, case.pk, revision=meeting.revision, **who)
    put_off(case.pk, word, revision=1, **who)
""")
    sign_in(page, room.url, "sara", PASSWORD)
    for part in ("agenda", "minutes"):
        page.goto(f"{room.url}/s/samen/meetings/")
        page.get_by_role("link", name="Vol").first.click()
        page.goto(f"{page.url}{part}/")
        assert_accessible(page)
        paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
        text = " ".join(sheet.extract_text() for sheet in paper.pages)
        assert len(paper.pages) <= 2
        assert "20. " in text
        assert "noor" not in text
