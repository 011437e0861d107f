"""Asking from the coding screen, what follows a training unit, a break proposed, and answers from a phone."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, assert_accessible_in_light_and_dark, assert_fits, sign_in
from tests.browser.desk import PASSWORD, Desk, press

ASKED = """
import json
from annotations.models import Coding, Question
print("=>" + json.dumps({
    "asked": [
        [q.kind, q.text, q.message and q.message.position, q.variable and q.variable.key, q.start, q.end]
        for q in Question.objects.order_by("pk")
    ],
    "aside": Coding.objects.filter(skipped_at__isnull=False).count(),
}))
"""
SUPERVISOR = f"""
from annotations.models import Study
from annotations.questions.ask import ask
from annotations.models import Assignment
from tests import factories as f
study = Study.objects.get(slug="desk")
mila = f.make_member(study, "mila", "supervisor")
mila.set_password("{PASSWORD}")
mila.save()
first = Assignment.objects.filter(coder__username="noor").order_by("position").first()
message = first.conversation.messages.get(position=0)
ask(first.pk, actor_id=first.coder_id, text="Telt een nummer dat half is weggelaten ook mee als nummer?",
    message_id=message.pk, variable="contains_pii")
ask(first.pk, actor_id=first.coder_id, text="Is dit gesprek wel van ons?")
"""
TRAINED = """
from decimal import Decimal
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.models import Study
from annotations.training.attempts import give_reason, score, set_up, start
from tests import factories as f
study = Study.objects.get(slug="desk")
chief = f.make_member(study, "chief", "supervisor")
noor = study.memberships.get(user__username="noor").user
round_ = f.make_round(study, "Training", kind="training")
units = [f.make_conversation(study, "Kan dit sneller?", "We kijken mee") for _n in range(4)]
training = set_up(round_.pk, key_round_id=None, next_round_id=None, units=2, attempts=2, least=Decimal("0.8"),
    per_variable=True, actor_id=chief.pk)
for one in units:
    key = ImportedCoding(f.assign(one, chief, "Training"), {CONVERSATION: {"solved": "fully"}})
    store_imported(round_, [key], actor_id=None)
give_reason(training.pk, conversation_id=units[0].pk, message_id=None, variable="solved",
    reason="Er staat: gelukt.", actor_id=chief.pk)
start(training.pk, [noor.pk], actor_id=chief.pk)
first = round_.assignments.filter(coder=noor).order_by("position").first()
store_imported(round_, [ImportedCoding(first, {CONVERSATION: {"solved": "not"}})], actor_id=None)
score(first.pk)
print("=>" + str(first.pk))
"""


@pytest.fixture
def desk(app: App) -> Desk:
    return Desk(app)


def asked(desk: Desk) -> dict:
    return json.loads(desk.app.shell(ASKED).split("=>")[1])


def test_a_question_by_key_is_tied_to_what_the_coder_is_at(desk: Desk, page: Page) -> None:
    desk.open(page)
    dialog, field = page.locator("#ask-dialog"), page.locator("#ask-text")
    press(page, "q")
    expect(field).to_be_focused()
    assert_accessible_in_light_and_dark(page)
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    # With a fragment in focus the question is about it.
    press(page, ".", "q")
    expect(dialog.locator("[data-about=fragment] input")).to_be_checked()
    expect(dialog.locator("[data-about=fragment] q")).to_have_text(re.compile("06-00000011|noor@example.org"))
    field.fill("Is dit een nummer?")
    press(page, "Control+Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#opened-said")).not_to_be_empty()
    # The active question, chosen by key among what may be meant; the unit is set aside.
    press(page, "Escape", "q")
    expect(field).to_be_focused()
    expect(dialog.locator("[data-about=variable] input")).to_be_checked()
    field.fill("En wat als het half is?")
    dialog.get_by_role("button", name="opzij").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".thread")).to_contain_text("Tweede gesprek")
    # The whole conversation, with the keyboard alone.
    press(page, "q")
    expect(field).to_be_focused()
    press(page, "Shift+Tab")
    while not dialog.locator("[data-about=conversation] input").is_checked():
        press(page, "ArrowDown")
    field.focus()
    page.keyboard.type("Hoort dit erbij?")
    press(page, "Control+Enter")
    expect(dialog).to_be_hidden()
    found = asked(desk)
    first, second, third = found["asked"]
    assert first[:2] == ["question", "Is dit een nummer?"]
    assert (first[2], first[3]) == (0, None)
    assert first[4] is not None
    assert second[1] == "En wat als het half is?"
    assert second[3] is not None
    assert third == ["question", "Hoort dit erbij?", None, None, None, None]
    assert found["aside"] == 1


def test_after_a_training_unit_the_key_stands_beside_the_answer_and_v_objects(desk: Desk, page: Page) -> None:
    unit = desk.app.shell(TRAINED).split("=>")[1].strip()
    sign_in(page, desk.app.url, "noor", PASSWORD)
    page.goto(f"{desk.app.url}/s/desk/training/unit/{unit}/")
    expect(page.locator("#next")).to_be_focused()
    for size in ({"width": 1366, "height": 768}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        assert_fits(page)
        assert_accessible_in_light_and_dark(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    press(page, "v")
    expect(page.locator("[data-objection] textarea").first).to_be_focused()
    page.keyboard.type("Er staat niet dat het is gelukt.")
    press(page, "Tab", "Enter")
    expect(page.locator(".notice--success")).to_be_visible()
    assert asked(desk)["asked"][0][:2] == ["objection", "Er staat niet dat het is gelukt."]
    page.locator("#next").focus()
    press(page, "Enter")
    expect(page.locator("#open-count")).not_to_be_empty()
    page.goto(f"{desk.app.url}/s/desk/training/")
    assert_fits(page)
    assert_accessible_in_light_and_dark(page)


def test_a_break_is_proposed_after_fifty_minutes_and_put_away_by_key(desk: Desk, page: Page) -> None:
    page.clock.install()
    desk.open(page)
    proposed = page.locator("#pause")
    for _stretch in range(55):
        press(page, "Shift")
        page.clock.run_for(49_000)
    expect(proposed).to_be_hidden()
    for _stretch in range(9):
        press(page, "Shift")
        page.clock.run_for(49_000)
    expect(proposed).to_be_visible()
    assert_accessible_in_light_and_dark(page)
    proposed.get_by_role("button").focus()
    press(page, "Enter")
    expect(proposed).to_be_hidden()


def test_a_supervisor_answers_on_a_phone_with_a_rule(desk: Desk, page: Page) -> None:
    desk.app.shell(SUPERVISOR)
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, desk.app.url, "mila", PASSWORD)
    page.goto(f"{desk.app.url}/s/desk/questions/")
    assert_fits(page)
    assert_accessible_in_light_and_dark(page)
    page.get_by_role("link", name="Antwoord").first.click()
    field = page.locator("#answer")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    assert_fits(page)
    assert_accessible_in_light_and_dark(page)
    page.keyboard.type("Ja, ook een deel telt mee.")
    press(page, "Tab", "ArrowDown")
    expect(page.locator("input[name=to][value=all]")).to_be_checked()
    page.get_by_role("button", name="Antwoord").click()
    expect(page.locator(".asked__text")).to_have_text("Is dit gesprek wel van ons?")
    page.locator("#answer").fill("Ja.")
    press(page, "Control+Enter")
    expect(page).to_have_url(f"{desk.app.url}/s/desk/questions/")
    expect(page.locator(".chip--accent")).to_have_count(1)
