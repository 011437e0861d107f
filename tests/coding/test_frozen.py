"""A coder cannot copy the consensus: agreement counts what was given before anything was decided."""

import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.coding.coded import coded_values
from annotations.coding.counted import counted_values
from annotations.coding.save import remove_span, reopen, save_answer
from annotations.models import Coding, Event, FrozenCoding
from annotations.reliability.data import ReportScope, spans_by_coders, units_by_coders
from annotations.reliability.methods import paragraphs
from annotations.reliability.report import agreement_of
from tests.adjudication.help import make_scene

pytestmark = pytest.mark.django_db
PHONE = (20, 31, "phone")


@pytest.fixture
def scene():
    """Two coders on two conversations: they differ on the first message of each."""
    scene = make_scene()
    for _ in range(2):
        message = scene.code(
            scene.conversation(),
            {"contains_pii": "yes", "channels": frozenset({"dm", "mail"})},
            {"contains_pii": "no", "channels": frozenset()},
            spans=((PHONE,), ()),
        )
    scene.message = message
    scene.coding = Coding.objects.get(
        assignment__conversation=message.conversation, assignment__coder=scene.coders[1]
    )
    return scene


def decide(scene):
    unit = find_unit(
        scene.round,
        "contains_pii",
        conversation_id=scene.message.conversation_id,
        message_id=scene.message.pk,
    )
    return unit, settle(
        unit,
        Ruling("yes", reason="Er staat een nummer.", cause="mistake", is_settled_case=True),
        revision=0,
        actor_id=scene.supervisor.pk,
    )


def copy_the_consensus(scene):
    """Reopen, take over what was decided, mark the fragment too."""
    actor = scene.coding.assignment.coder_id
    state = reopen(scene.coding.pk, actor_id=actor)
    key = ("message", scene.message.pk)
    save_answer(
        scene.coding.pk,
        actor_id=actor,
        key=key,
        variable="contains_pii",
        value="yes",
        revision=state.answers[key]["contains_pii"].revision,
    )


def given(scene):
    data = [
        (found.variable.key, found.units, found.rows) for found in units_by_coders(scene.round, ReportScope())
    ]
    spans = spans_by_coders(scene.round, ReportScope())
    return data, spans.units, spans.spans, spans.coder_ids


def test_agreement_stays_what_it_was_when_a_settled_case_is_copied(scene):
    before = given(scene)
    alphas = [item.result.alpha for item in agreement_of(scene.round, bootstrap=0)]
    decide(scene)
    copy_the_consensus(scene)
    assert given(scene) == before
    Coding.objects.filter(pk=scene.coding.pk).update(state="finished", finished_at=scene.coding.finished_at)
    assert given(scene) == before
    assert [item.result.alpha for item in agreement_of(scene.round, bootstrap=0)] == alphas
    changed = [row for row in coded_values(scene.round) if row.coding_id == scene.coding.pk]
    counted = [row for row in counted_values(scene.round) if row.coding_id == scene.coding.pk]
    assert [row.value for row in changed] != [row.value for row in counted]


def test_without_a_decision_a_coder_may_correct_what_agreement_counts(scene):
    before = given(scene)
    copy_the_consensus(scene)
    Coding.objects.filter(pk=scene.coding.pk).update(state="finished", finished_at=scene.coding.finished_at)
    assert given(scene) != before
    assert not FrozenCoding.objects.exists()


def test_a_decision_that_was_taken_back_was_seen_all_the_same(scene):
    unit, consensus = decide(scene)
    withdraw(unit, revision=consensus.revision, actor_id=scene.supervisor.pk)
    before = given(scene)
    copy_the_consensus(scene)
    assert given(scene) == before


def test_what_is_kept_is_the_first_and_nobody_changes_it(scene):
    decide(scene)
    copy_the_consensus(scene)
    kept = FrozenCoding.objects.get()
    Coding.objects.filter(pk=scene.coding.pk).update(state="finished", finished_at=scene.coding.finished_at)
    reopen(scene.coding.pk, actor_id=scene.coding.assignment.coder_id)
    assert FrozenCoding.objects.get() == kept
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenCoding.objects.update(answers=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()


def test_fragments_are_kept_where_they_were(scene):
    coding = Coding.objects.get(
        assignment__conversation=scene.message.conversation, assignment__coder=scene.coders[0]
    )
    decide(scene)
    before = given(scene)
    reopen(coding.pk, actor_id=coding.assignment.coder_id)
    span = coding.spans.get()
    remove_span(coding.pk, actor_id=coding.assignment.coder_id, span_id=span.pk, revision=span.revision)
    assert given(scene) == before


def test_paragraph_and_command_say_so_where_there_are_any(scene, capsys):
    def said():
        text = paragraphs(scene.round, ReportScope(), [], "1.2.3")
        call_command("agreement", scene.study.slug, "--json", "--bootstrap", "0")
        answer = json.loads(capsys.readouterr().out)
        call_command("agreement", scene.study.slug, "--bootstrap", "0")
        return text["nl"], text["en"], answer["reopened_after_decision"], capsys.readouterr().out

    decide(scene)
    dutch, english, count, shown = said()
    assert count == 0
    assert not [text for text in (dutch, english, shown) if "heropend" in text or "reopened" in text]
    copy_the_consensus(scene)
    dutch, english, count, shown = said()
    assert count == 1
    assert "heropend na een besluit over het gesprek, is 1;" in dutch
    assert "reopened after a decision on their conversation is 1;" in english
    assert "1 reopened after a decision" in shown
    elsewhere = ReportScope(organisation_id=-1)
    assert "heropend" not in paragraphs(scene.round, elsewhere, [], "1.2.3")["nl"]


def test_log_and_report_say_so(scene, client_of):
    decide(scene)
    copy_the_consensus(scene)
    event = Event.objects.get(action="coding.frozen")
    assert event.after["answers"] == len(FrozenCoding.objects.get().answers)
    page = client_of(scene.supervisor).get(
        f"/s/{scene.study.slug}/reliability/", headers={"accept-language": "en"}
    )
    assert "1 conversation was reopened by its coder after a decision" in page.content.decode()
