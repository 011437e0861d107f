"""Answers that contradict each other: in the way of finishing, or kept and told to the supervisor."""

import csv

import pytest
from django.urls import reverse
from django.utils import translation

from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import (
    add_span,
    finish,
    keep_contradiction,
    remove_span,
    reopen,
    save_answer,
    start_coding,
)
from annotations.errors import BadInput, NotAllowed
from annotations.exporting.reading.codings import import_codings
from annotations.models import Event, KeptContradiction
from tests.coding.contradicting import CONSISTENCY
from tests.coding.scene import Scene, data_of
from tests.factories import SMALL_CODEBOOK

pytestmark = pytest.mark.django_db


@pytest.fixture
def contradicting(client_of):
    """Every question is answered; a fragment is marked in the first message, and the answer there is no."""
    scene = Scene(client_of, codebook=SMALL_CODEBOOK + CONSISTENCY)
    scene.coding = start_coding(scene.assignment.pk, actor_id=scene.noor.pk)
    by = {"actor_id": scene.noor.pk}
    for message in (scene.message, scene.reply):
        key = ("message", message.pk)
        save_answer(scene.coding.pk, key=key, variable="contains_pii", value="no", revision=0, **by)
    save_answer(scene.coding.pk, key=CONVERSATION, variable="solved", value="fully", revision=0, **by)
    scene.span = mark(scene, "phone")
    return scene


def mark(scene, kind):
    place = {"message_id": scene.message.pk, "start": 4, "end": 15, "quote": scene.message.text[4:15]}
    span, _state = add_span(scene.coding.pk, actor_id=scene.noor.pk, info_type=kind, **place)
    return span


def keep(scene, rule="marked_but_no", key=None):
    key = key or ("message", scene.message.pk)
    return keep_contradiction(scene.coding.pk, actor_id=scene.noor.pk, rule=rule, key=key)


def kept(scene):
    return list(KeptContradiction.objects.values_list("coding_id", "rule", "message_id"))


def test_a_soft_contradiction_is_asked_about_once(contradicting):
    with pytest.raises(BadInput, match="Gemarkeerd, en toch nee"):
        finish(contradicting.coding.pk, actor_id=contradicting.noor.pk)
    contradicting.coding.refresh_from_db()
    assert contradicting.coding.state == "open"
    for _ in range(2):
        keep(contradicting)
    assert kept(contradicting) == [(contradicting.coding.pk, "marked_but_no", contradicting.message.pk)]
    event = Event.objects.get(action="contradiction.kept")
    assert event.after == {"message": contradicting.message.pk, "rule": "marked_but_no"}
    assert finish(contradicting.coding.pk, actor_id=contradicting.noor.pk).coding.state == "finished"
    reopen(contradicting.coding.pk, actor_id=contradicting.noor.pk)
    assert finish(contradicting.coding.pk, actor_id=contradicting.noor.pk).coding.state == "finished"
    assert len(kept(contradicting)) == 1


def test_a_hard_contradiction_is_refused_before_a_soft_one_and_cannot_be_kept(contradicting):
    mark(contradicting, "bsn")
    assert [item.key for _, item in load_state(contradicting.coding).contradictions()] == [
        "marked_but_no",
        "bsn_solved",
    ]
    with pytest.raises(BadInput, match="Met een bsn is niets opgelost"):
        finish(contradicting.coding.pk, actor_id=contradicting.noor.pk)
    with pytest.raises(BadInput, match="Met een bsn is niets opgelost"):
        keep(contradicting, "bsn_solved", CONVERSATION)
    assert kept(contradicting) == []


def test_what_is_no_contradiction_is_not_kept(contradicting):
    keep(contradicting, key=("message", contradicting.reply.pk))
    keep(contradicting, key=("message", 999_999))
    keep(contradicting, "no_such_rule")
    assert kept(contradicting) == []
    with pytest.raises(NotAllowed):
        keep_contradiction(
            contradicting.coding.pk,
            actor_id=contradicting.sam.pk,
            rule="marked_but_no",
            key=("message", contradicting.message.pk),
        )


def test_what_was_kept_and_is_solved_is_forgotten(contradicting):
    keep(contradicting)
    remove_span(
        contradicting.coding.pk,
        actor_id=contradicting.noor.pk,
        span_id=contradicting.span.pk,
        revision=contradicting.span.revision,
    )
    finish(contradicting.coding.pk, actor_id=contradicting.noor.pk)
    assert kept(contradicting) == []
    event = Event.objects.get(action="contradiction.resolved")
    assert event.after == {"message": contradicting.message.pk, "rule": "marked_but_no"}


def test_the_page_knows_the_rules_and_keeps(contradicting):
    data = data_of(contradicting.get(contradicting.noor))
    assert [rule["key"] for rule in data["consistency"]] == ["marked_but_no", "bsn_solved"]
    assert data["consistency"][0]["text"] == "Gemarkeerd, en toch nee."
    assert data["kept"] == []
    unit = f"m{contradicting.message.pk}"
    refused = contradicting.post({"do": "finish"})
    assert (refused.status_code, refused.json()["problem"]) == (422, "Gemarkeerd, en toch nee.")
    answer = contradicting.post({"do": "keep", "rule": "marked_but_no", "unit": unit})
    assert (answer.status_code, answer.json()["kept"]) == (200, [f"marked_but_no {unit}"])
    assert data_of(contradicting.get(contradicting.noor))["kept"] == [f"marked_but_no {unit}"]
    for body in ({"unit": unit}, {"unit": "x", "rule": "marked_but_no"}, {"rule": "marked_but_no"}):
        assert contradicting.post({"do": "keep"} | body).status_code == 422
    assert contradicting.post({"do": "finish"}).json()["finished"] is True


def test_the_supervisor_sees_what_was_kept(contradicting, client_of):
    slug = contradicting.study.slug
    client = client_of(contradicting.chief)
    link = f"{reverse('conversations', args=[slug])}?coded=contradicted"
    assert link not in client.get(reverse("study", args=[slug])).content.decode()
    keep(contradicting)
    assert link in client.get(reverse("study", args=[slug])).content.decode()
    address = reverse("conversation", args=[slug, contradicting.conversation.number])
    assert f'href="{address}' in client.get(link).content.decode()
    page = client.get(address)
    assert [(kept.number, kept.text) for kept in page.context["work"][0].kept] == [
        (1, "Gemarkeerd, en toch nee.")
    ]
    assert "Gemarkeerd, en toch nee." in page.content.decode()


def test_an_import_of_codings_only_warns(contradicting, tmp_path):
    file = tmp_path / "codings.csv"
    message = contradicting.message.external_id
    with file.open("w", newline="") as out:
        write = csv.writer(out)
        write.writerow(["coder", "conversation_id", "message_id", "variable", "value", "start", "end"])
        start = ["sam", contradicting.conversation.key]
        write.writerow([*start, message, "contains_pii", "no", "", ""])
        write.writerow([*start, message, "info_type", "phone", "4", "15"])
    with translation.override("en"):
        report = import_codings(contradicting.study, file, actor_id=contradicting.chief.pk)
    assert report["codings_new"] == 1
    found = [warning["message"] for warning in report["warnings"] if warning["code"] == "contradiction"]
    assert found == [f"sam, message {message}: Marked, and yet no."]
    assert kept(contradicting) == []
