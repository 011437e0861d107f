"""Gates: what a round waits for is chosen before, judged when all is in, opened by agreement or a reason."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.errors import BadInput, StaleWrite
from annotations.models import Coding, Event, Gate, Round
from annotations.reliability.data import ReportScope
from annotations.reliability.methods import paragraphs
from annotations.sampling.assign import open_or_close
from annotations.sampling.gates import gate_of, gate_standing, judge, look_after, open_with_reason, set_gate
from annotations.sampling.planned import outlook, set_plan
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
YES = {"solved": 0.8}


class Scene:
    """A reliability round that both coders share, and a main round in which nobody coded yet."""

    def __init__(self):
        self.study = make_study("poort")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.coders = [make_member(self.study, name) for name in ("noor", "daan")]
        self.reliability = make_round(self.study, "reliability", kind="reliability")
        self.main = make_round(self.study, "main", kind="main")
        self.conversations = [make_conversation(self.study, f"Hallo {n}") for n in range(10)]

    def share(self, values, coder_number, conversations=None):
        coder = self.coders[coder_number]
        items = []
        for conversation, value in zip(conversations or self.conversations, values, strict=True):
            given = assign(conversation, coder, "reliability", is_shared=True)
            message = conversation.messages.get()
            if value:
                answers = {CONVERSATION: {"solved": value}, ("message", message.pk): {"contains_pii": "no"}}
                items.append(ImportedCoding(given, answers=answers))
        store_imported(self.reliability, items, actor_id=self.chief.pk)

    def gate(self, thresholds=YES, bound="point", revision=0, after=None):
        return set_gate(
            self.main.pk,
            after_id=(after or self.reliability).pk,
            bound=bound,
            thresholds=thresholds,
            revision=revision,
            actor_id=self.chief.pk,
        )


MIXED = ["not", "not", "partly", "partly", "partly", "fully", "fully", "fully", "not", "partly"]


@pytest.fixture
def scene():
    return Scene()


def test_a_gate_shuts_the_round_and_opens_it_by_itself_when_agreement_is_reached(scene):
    gate = scene.gate()
    scene.main.refresh_from_db()
    assert not scene.main.is_open
    with pytest.raises(BadInput):
        open_or_close(scene.main.pk, True, actor_id=scene.chief.pk)
    scene.share(MIXED, 0)
    scene.share([*MIXED[:9], ""], 1)
    assert gate_standing(gate).left == 1
    judge.func(scene.reliability.pk)
    assert not Round.objects.get(pk=scene.main.pk).is_open  # one is still to be finished

    coding = scene.reliability.assignments.get(coder=scene.coders[1], coding=None)
    message = coding.conversation.messages.get()
    answers = {CONVERSATION: {"solved": "partly"}, ("message", message.pk): {"contains_pii": "no"}}
    store_imported(scene.reliability, [ImportedCoding(coding, answers=answers)], actor_id=scene.chief.pk)
    judge.func(scene.reliability.pk)
    assert Round.objects.get(pk=scene.main.pk).is_open
    gate.refresh_from_db()
    assert gate.reached == {"solved": 1.0}
    assert (gate.opened_by, gate.reason) == (None, "")


def test_the_last_one_who_finishes_makes_it_be_judged(scene, django_capture_on_commit_callbacks):
    scene.gate()
    scene.share(MIXED, 0)
    scene.share(MIXED, 1)
    with django_capture_on_commit_callbacks(execute=True):
        look_after(scene.reliability.pk)
    assert Round.objects.get(pk=scene.main.pk).is_open


def test_below_the_threshold_it_takes_a_reason_which_goes_into_log_and_methods_text(scene):
    gate = scene.gate()
    scene.share(MIXED, 0)
    scene.share(MIXED[::-1], 1)
    judge.func(scene.reliability.pk)
    standing = gate_standing(gate)
    assert [row.is_reached for row in standing.rows] == [False]
    assert not Round.objects.get(pk=scene.main.pk).is_open
    with pytest.raises(BadInput):
        open_with_reason(scene.main.pk, reason=" kort ", actor_id=scene.chief.pk)
    open_with_reason(scene.main.pk, reason="Het verschil zit in één regel.", actor_id=scene.chief.pk)
    assert Round.objects.get(pk=scene.main.pk).is_open
    event = Event.objects.get(action="gate.opened_with_reason")
    assert event.after == {"reason": "Het verschil zit in één regel."}
    texts = paragraphs(scene.reliability, ReportScope(), [], "1")
    assert "niet gehaald voor Opgelost" in texts["nl"]
    assert "omdat: Het verschil zit in één regel." in texts["nl"]
    assert "it was not for Solved" in texts["en"]


def test_the_lower_end_asks_more_than_the_figure_itself(scene):
    scene.share(MIXED, 0)
    scene.share([*MIXED[:8], "fully", "not"], 1)
    point = gate_standing(scene.gate({"solved": 0.5})).rows[0].figure
    lower = gate_standing(scene.gate({"solved": 0.5}, bound="lower", revision=1)).rows[0].figure
    assert lower < point < 1


def test_an_undefined_figure_is_no_agreement(scene):
    scene.share(["not"] * 10, 0)
    scene.share(["not"] * 10, 1)
    (row,) = gate_standing(scene.gate()).rows
    assert (row.figure, row.is_reached) == (None, False)


@pytest.mark.parametrize("wrong", [{}, {"solved": 0}, {"solved": 1.5}, {"unknown": 0.8}])
def test_a_gate_of_nothing_is_refused(scene, wrong):
    with pytest.raises(BadInput):
        scene.gate(wrong)
    assert not Gate.objects.exists()


def test_what_it_asks_is_chosen_before_anybody_codes(scene):
    assignment = assign(scene.conversations[0], scene.coders[0], "main")
    message = scene.conversations[0].messages.get()
    answers = {CONVERSATION: {"solved": "not"}, ("message", message.pk): {"contains_pii": "no"}}
    store_imported(scene.main, [ImportedCoding(assignment, answers=answers)], actor_id=scene.chief.pk)
    with pytest.raises(BadInput):
        scene.gate()


def test_a_second_tab_does_not_overwrite_what_the_first_chose(scene):
    scene.gate()
    with pytest.raises(StaleWrite):
        scene.gate({"solved": 0.1})
    assert gate_of(scene.main).thresholds == YES


def test_no_round_waits_for_training(scene):
    training = make_round(scene.study, "training", kind="training")
    with pytest.raises(BadInput):
        scene.gate(after=training)


def test_the_page_sets_gate_and_plan_and_shows_them(scene, client):
    client.force_login(scene.chief)
    address = reverse("round_plan", args=["poort", scene.main.pk])
    form = client.get(address).context["form"]
    assert form["threshold"].value() == 0.8
    sent = {
        "due_on": "2026-12-13",
        "per_week": "40",
        "after": scene.reliability.pk,
        "bound": "lower",
        "threshold": "0.8",
        "counts": ["solved", "contains_pii"],
        "own_solved": "0.667",
        "revision": "0",
    }
    assert client.post(address, sent).status_code == 302
    assert gate_of(scene.main).thresholds == {"solved": 0.667, "contains_pii": 0.8}
    assert client.post(address, sent).status_code == 409
    page = client.get(reverse("round", args=["poort", scene.main.pk]))
    assert sorted(row[1] for row in page.context["gate_rows"]) == [".667", ".80"]
    assert page.context["round"].due_on == date(2026, 12, 13)
    client.post(reverse("round_state", args=["poort", scene.main.pk]), {"state": "open"})
    assert not Round.objects.get(pk=scene.main.pk).is_open
    opened = reverse("round_gate_open", args=["poort", scene.main.pk])
    client.post(opened, {"reason": "We beginnen alvast met de helft."})
    assert Round.objects.get(pk=scene.main.pk).is_open


def test_a_gate_can_be_taken_away_before_coding(scene):
    scene.gate()
    set_gate(scene.main.pk, after_id=None, bound="", thresholds={}, revision=1, actor_id=scene.chief.pk)
    assert Round.objects.get(pk=scene.main.pk).is_open
    assert not Gate.objects.exists()


def test_who_is_late_and_behind(scene):
    set_plan(scene.reliability.pk, due_on=date(2026, 5, 20), per_week=5, actor_id=scene.chief.pk)
    scene.share(["not", *[""] * 9], 0)
    scene.share([""] * 10, 1)
    scene.reliability.refresh_from_db()
    Coding.objects.update(finished_at="2026-05-01T12:00:00+00:00")
    seen = outlook(scene.reliability, date(2026, 5, 10))
    assert seen.left == 19
    assert seen.behind == [("daan", 0), ("noor", 0)]
    assert seen.is_late
    assert seen.expected.day > date(2026, 5, 20)
    assert seen.expected.day - date(2026, 5, 10) > timedelta(days=100)
