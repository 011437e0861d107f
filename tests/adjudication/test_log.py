"""The log of decisions: every decision, newest first, and as a file."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.finals.settled import SpanValue
from tests.adjudication.help import make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


def decide(scene, settlement="yes", variable="contains_pii", **words):
    message = scene.code(scene.conversation(), {"contains_pii": "yes"}, {"contains_pii": "no"})
    unit = find_unit(scene.round, variable, message.conversation_id, message.pk)
    settle(unit, Ruling(settlement, **words), revision=0, actor_id=scene.supervisor.pk)
    return unit


def page(scene, client_of, **query):
    address = reverse("decision_log", args=[scene.study.slug])
    return client_of(scene.supervisor).get(address, query)


def rows(scene, client_of, **query):
    address = reverse("decision_log_csv", args=[scene.study.slug])
    answer = client_of(scene.supervisor).get(address, query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if query else ","))


def test_every_decision_is_listed_also_what_was_taken_back(scene, client_of):
    unit = decide(scene, reason="Er staat een nummer.", cause="mistake")
    withdraw(unit, revision=1, actor_id=scene.supervisor.pk, reason="Te snel.")
    text = page(scene, client_of).content.decode()
    assert "Er staat een nummer." in text
    assert "teruggenomen" in text
    assert "Te snel." in text
    assert "S1" in text
    assert "sara" not in text.replace(">sara<", "").replace("</span>sara", "")


def test_a_changed_decision_says_what_stood_before_it(scene, client_of):
    unit, actor = decide(scene), scene.supervisor.pk
    settle(unit, Ruling("no"), revision=1, actor_id=actor)
    withdraw(unit, revision=2, actor_id=actor)
    settle(unit, Ruling("cannot_tell"), revision=3, actor_id=actor)
    told = re.findall(r'log__sentence">(S1 .*?) <a', page(scene, client_of).content.decode())
    assert told == [
        "S1 besliste “Bevat persoonsgegevens” als “Onduidelijk” in",
        "S1 nam de beslissing “Nee” over “Bevat persoonsgegevens” terug in",
        "S1 wijzigde de beslissing over “Bevat persoonsgegevens” van “Ja” in “Nee” in",
        "S1 besliste “Bevat persoonsgegevens” als “Ja” in",
    ]


def test_what_must_change_in_the_codebook_stands_apart(scene, client_of):
    decide(scene, reason="Gewoon.")
    unit = decide(scene, reason="Het codeboek zwijgt.", needs_codebook_change=True)
    text = page(scene, client_of, show="codebook").content.decode()
    assert "Het codeboek zwijgt." in text
    assert "Gewoon." not in text
    withdraw(unit, revision=1, actor_id=scene.supervisor.pk)
    assert "Het codeboek zwijgt." not in page(scene, client_of, show="codebook").content.decode()


def test_the_file_holds_every_decision_and_no_formula(scene, client_of):
    decide(scene, reason="=1+1", cause="borderline")
    decide(scene, (SpanValue(20, 31, "phone"),), "info_type")
    first, second = rows(scene, client_of)
    assert (first["variable"], first["value"], first["cause"]) == ("contains_pii", "yes", "borderline")
    assert first["reason"] == "'=1+1"
    assert second["value"] == "20-31:phone"
    assert (first["decided_by"], first["stands"], first["decision"]) == ("S1", "1", "settled")
    assert len(rows(scene, client_of)) == 2


def test_the_number_of_queries_does_not_grow_with_the_decisions(client_of):
    counts = []
    for size in (10, 60):
        scene = make_scene()
        client = client_of(scene.supervisor)
        for _ in range(size):
            decide(scene)
        address = reverse("decision_log", args=[scene.study.slug])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_entry_is_a_sentence_with_who_what_and_where(scene, client_of):
    unit = decide(scene, cause="codebook_gap", reason="Het codeboek zwijgt.")
    settle(unit, Ruling("no"), revision=1, actor_id=scene.supervisor.pk)
    withdraw(unit, revision=2, actor_id=scene.supervisor.pk)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page(scene, client_of).content.decode()))
    who = scene.study.memberships.get(user=scene.supervisor).pseudonym
    place = f"in gesprek {unit.conversation.number}, bericht 1"
    variable = "“Bevat persoonsgegevens”"
    assert f"{who} nam de beslissing “Nee” over {variable} terug {place}." in text
    assert f"{who} wijzigde de beslissing over {variable} van “Ja” in “Nee” {place}." in text
    assert f"{who} besliste {variable} als “Ja” {place}; oorzaak: " in text
