"""Training: who passes goes on, who does not gets fresh units; it counts nowhere; no key is seen early."""

import json
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from annotations.adjudication.cases import settled_cases
from annotations.adjudication.listing import choose_round
from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.coding.answers import CONVERSATION
from annotations.coding.queue import own_assignment, own_queue
from annotations.coding.save import (
    ImportedCoding,
    reopen,
    save_answer,
    start_coding,
    store_imported,
)
from annotations.errors import BadInput, NotAllowed
from annotations.exporting.study_data import StudyData
from annotations.finals.of_study import counted_rounds
from annotations.models import Attempt, Event, Question, Round, Training, TrainingUnit
from annotations.reliability.rounds import round_for_report, rounds_with_agreement
from annotations.studies.open_work import open_work
from annotations.training.attempts import give_reason, is_enough, let_pass, score, set_up, shares, start
from annotations.training.feedback import course, overview, unit_of
from annotations.training.key import pool
from annotations.training.standing import standing, waiting
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


class Scene:
    """Eight keyed conversations, of which an attempt takes three; the main round comes after it."""

    def __init__(self, **fields):
        self.study = make_study("leren", detector_version="1")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.noor, self.daan = (make_member(self.study, name) for name in ("noor", "daan"))
        self.conversations = [make_conversation(self.study, f"Hallo {n}") for n in range(8)]
        self.round = make_round(self.study, "training", kind="training", seed=3)
        self.main = make_round(self.study, "main", kind="main")
        for conversation in self.conversations[6:]:
            assign(conversation, self.noor, "main")
            assign(conversation, self.daan, "main")
        options = {"units": 3, "attempts": 2, "least": Decimal("0.66"), "per_variable": True}
        self.training = set_up(
            self.round.pk,
            key_round_id=None,
            next_round_id=self.main.pk,
            actor_id=self.chief.pk,
            **(options | fields),
        )
        for conversation in self.conversations:
            self.code(assign(conversation, self.chief, "training"), "fully")

    def code(self, assignment, solved, pii="no", spans=()):
        message = assignment.conversation.messages.get()
        answers = {CONVERSATION: {"solved": solved}, ("message", message.pk): {"contains_pii": pii}}
        item = ImportedCoding(assignment, answers=answers, spans=list(spans))
        store_imported(assignment.round, [item], actor_id=None)
        return assignment

    def own(self, coder):
        rows = TrainingUnit.objects.filter(assignment__coder=coder, right__isnull=True)
        return [row.assignment for row in rows.order_by("assignment__position")]

    def attempt(self, coder, *answers):
        for assignment, answer in zip(self.own(coder), answers, strict=True):
            self.code(assignment, answer)
            score(assignment.pk)
        return Attempt.objects.filter(coder=coder).order_by("number")

    def begin(self, *coders):
        return start(self.training.pk, [coder.pk for coder in coders], actor_id=self.chief.pk)


@pytest.fixture
def scene():
    return Scene()


def test_who_passes_goes_on_by_itself_and_who_does_not_gets_fresh_conversations(scene):
    scene.begin(scene.noor, scene.daan)
    assert {entry.round_name for entry in own_queue(scene.study.pk, scene.noor.pk)[:]} == {"training"}
    (passed,) = scene.attempt(scene.noor, "fully", "fully", "not")
    assert passed.state == Attempt.State.PASSED
    names = {entry.round_name for entry in own_queue(scene.study.pk, scene.noor.pk)[:]}
    assert names == {"training", "main"}

    first = {assignment.conversation_id for assignment in scene.own(scene.daan)}
    failed, second = scene.attempt(scene.daan, "fully", "not", "not")
    assert (failed.state, second.state, second.number) == ("failed", "under_way", 2)
    fresh = {assignment.conversation_id for assignment in scene.own(scene.daan)}
    assert len(fresh) == 3
    assert not fresh & first
    assert waiting(scene.study.pk) == [second]  # the supervisor is told of every failed attempt
    scene.attempt(scene.daan, "not", "not", "not")
    (waits,) = waiting(scene.study.pk)  # no attempt is left: the supervisor is told
    assert (waits.coder, waits.number) == (scene.daan, 2)
    assert list(Training.objects.barred_rounds(scene.daan.pk)) == [scene.main.pk]
    assert Event.objects.filter(action="training.failed").count() == 2


def test_each_failed_attempt_is_told_to_the_supervisor_and_the_coder_knows_how_many_are_left(
    scene, client, settings, django_capture_on_commit_callbacks
):
    scene.chief.email = "chief@example.org"
    scene.chief.save()
    settings.EMAIL_HOST = "mail.example.org"
    scene.begin(scene.daan)
    own = reverse("training_own", args=["leren"])
    client.force_login(scene.daan)
    assert "Na deze poging is er nog 1" in client.get(own).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        scene.attempt(scene.daan, "not", "not", "not")
    (sent,) = mail.outbox
    assert sent.to == ["chief@example.org"]
    assert "daan" not in sent.subject + sent.body
    assert "laatste poging" in client.get(own).content.decode()
    client.force_login(scene.chief)
    overview = reverse("study", args=["leren"])
    assert "bezig met poging 2 van 2" in client.get(overview).content.decode()


def test_a_round_behind_a_training_is_closed_to_who_did_not_pass_also_by_its_address(scene, client):
    scene.begin(scene.daan)
    own = scene.main.assignments.filter(coder=scene.daan).first()
    assert own_assignment(own.pk, study_id=scene.study.pk, coder_id=scene.daan.pk) is None
    client.force_login(scene.daan)
    assert client.get(reverse("coding_unit", args=["leren", own.pk])).status_code == 404
    coding = start_coding(own.pk, actor_id=scene.daan.pk)
    with pytest.raises(NotAllowed):
        save_answer(
            coding.pk, actor_id=scene.daan.pk, key=CONVERSATION, variable="solved", value="not", revision=0
        )
    with pytest.raises(BadInput):
        let_pass(scene.training.pk, scene.daan.pk, reason="kort", actor_id=scene.chief.pk)
    reason = "Codeerde al een eerdere studie."
    let_pass(scene.training.pk, scene.daan.pk, reason=reason, actor_id=scene.chief.pk)
    assert own_assignment(own.pk, study_id=scene.study.pk, coder_id=scene.daan.pk) == own
    with pytest.raises(BadInput):
        let_pass(scene.training.pk, scene.daan.pk, reason=reason, actor_id=scene.chief.pk)


def test_one_who_has_nothing_in_the_next_round_gets_what_everybody_codes(scene):
    scene.main.assignments.update(is_shared=True)
    olga = make_member(scene.study, "olga")
    scene.begin(olga)
    scene.attempt(olga, "fully", "fully", "fully")
    assert scene.main.assignments.filter(coder=olga).count() == 2


def test_feedback_says_what_differs_and_why_only_after_the_own_answer(scene, client):
    scene.begin(scene.noor)
    assignment = scene.own(scene.noor)[0]
    give_reason(
        scene.training.pk,
        conversation_id=assignment.conversation_id,
        message_id=None,
        variable="solved",
        reason="Er staat dat het klaar is.",
        actor_id=scene.chief.pk,
    )
    client.force_login(scene.noor)
    page = reverse("training_unit", args=["leren", assignment.pk])
    assert client.get(page).status_code == 404
    assert unit_of(assignment.pk, scene.noor.pk) is None
    scene.code(assignment, "not")
    assert client.get(page).status_code == 404  # finished, but not compared yet: as good as open
    score(assignment.pk)
    answer = client.get(page)
    (row,) = answer.context["rows"]
    assert (row.label, row.given, row.key) == ("Opgelost", "Niet", "Geheel")
    assert (row.reason, row.definition, row.category) == (
        "Er staat dat het klaar is.",
        "Is het opgelost?",
        "Geheel.",
    )
    client.force_login(scene.daan)
    assert client.get(page).status_code == 404


def test_an_objection_is_a_question_and_does_not_stop_anybody(scene, client):
    scene.begin(scene.noor)
    assignment = scene.own(scene.noor)[0]
    client.force_login(scene.noor)
    address = reverse("training_object", args=["leren", assignment.pk])
    sent = {"variable": "solved", "text": "Ik vind mijn antwoord beter."}
    assert client.post(address, sent).status_code == 404
    scene.code(assignment, "not")
    score(assignment.pk)
    assert client.post(address, sent).status_code == 302
    question = Question.objects.get()
    assert (question.kind, question.variable.key) == ("objection", "solved")
    client.post(address, {"variable": "solved", "text": ""})
    assert Question.objects.count() == 1


def test_the_first_answer_stands(scene):
    scene.begin(scene.noor)
    assignment = scene.own(scene.noor)[0]
    scene.code(assignment, "not")
    score(assignment.pk)
    with pytest.raises(NotAllowed):
        reopen(assignment.coding.pk, actor_id=scene.noor.pk)
    before = TrainingUnit.objects.get(assignment=assignment).right
    assert score(assignment.pk).right == before == {"contains_pii": True, "solved": False}


def test_the_coding_screen_leads_to_the_feedback_and_scores(scene, client):
    scene.begin(scene.noor)
    assignment = scene.own(scene.noor)[0]
    client.force_login(scene.noor)
    page = client.get(reverse("coding_unit", args=["leren", assignment.pk]))
    assert page.context["data"]["feedback"] == reverse("training_unit", args=["leren", assignment.pk])
    coding = start_coding(assignment.pk, actor_id=scene.noor.pk)
    message = assignment.conversation.messages.get()
    answers = ((CONVERSATION, "solved", "fully"), (("message", message.pk), "contains_pii", "yes"))
    for key, variable, value in answers:
        save_answer(coding.pk, actor_id=scene.noor.pk, key=key, variable=variable, value=value, revision=0)
    for variable, value in (("channels", frozenset({"none"})), ("removal_request", "no")):
        key = ("message", message.pk)
        save_answer(coding.pk, actor_id=scene.noor.pk, key=key, variable=variable, value=value, revision=0)
    saved = client.post(
        reverse("coding_save", args=["leren", assignment.pk]),
        json.dumps({"do": "finish"}),
        content_type="application/json",
    )
    assert saved.status_code == 200
    right = TrainingUnit.objects.get(assignment=assignment).right
    assert right == {"contains_pii": False, "solved": True}


def test_training_counts_in_no_result_and_no_agreement(scene, client):
    scene.begin(scene.noor)
    scene.attempt(scene.noor, "fully", "not", "not")
    training = scene.round
    assert training not in counted_rounds(scene.study)
    assert training not in rounds_with_agreement(scene.study)
    assert round_for_report(scene.study, None) == scene.main
    with pytest.raises(BadInput, match="training round"):
        round_for_report(scene.study, "training")
    data = StudyData(scene.study, profile=None)
    assert training in data.rounds
    assert training not in data.independent_rounds
    chosen, listed = choose_round(scene.study, str(training.pk))
    assert training not in listed
    assert chosen == scene.main
    client.force_login(scene.chief)
    report = reverse("reliability", args=["leren"])
    assert client.get(f"{report}?round={training.pk}").status_code == 404
    assert open_work(scene.study.pk).comparable == 0


def test_a_key_of_settled_units_leaves_out_what_was_not_settled(scene):
    earlier = make_round(scene.study, "earlier", kind="pilot")
    for place, conversation in enumerate(scene.conversations[:5]):
        for coder, value in ((scene.chief, "fully"), (scene.daan, "not" if place < 2 else "fully")):
            scene.code(assign(conversation, coder, "earlier"), value)
    unit = find_unit(earlier, "solved", scene.conversations[0].pk, None)
    ruling = Ruling("fully", reason="Zo besloten.", is_settled_case=True)
    settle(unit, ruling, revision=0, actor_id=scene.chief.pk)
    new = make_round(scene.study, "training 2", kind="training")
    training = set_up(
        new.pk,
        key_round_id=earlier.pk,
        next_round_id=None,
        units=3,
        attempts=1,
        least=Decimal("0.8"),
        per_variable=False,
        actor_id=scene.chief.pk,
    )
    keyed = [scene.conversations[place].pk for place in (0, 2, 3, 4)]
    assert pool(training) == keyed
    with pytest.raises(BadInput):  # daan coded those himself: nothing fresh is left
        start(training.pk, [], actor_id=scene.chief.pk)
    (attempt,) = start(training.pk, [scene.noor.pk], actor_id=scene.chief.pk)
    assert attempt.units.count() == 3
    version = scene.study.codebook_version_id
    assert settled_cases(scene.study, version, "solved")["fully"]
    assert settled_cases(scene.study, version, "solved", coder_id=scene.noor.pk) == {}
    for assignment in scene.own(scene.noor):
        scene.code(assignment, "fully")
        score(assignment.pk)
    assert settled_cases(scene.study, version, "solved", coder_id=scene.noor.pk) != {}


def test_too_few_keys_wrong_people_and_wrong_rounds_are_refused(scene):
    with pytest.raises(BadInput):
        scene.begin(scene.chief)
    with pytest.raises(BadInput):
        scene.begin()
    scene.training.units = 9
    scene.training.save()
    with pytest.raises(BadInput):
        scene.begin(scene.noor)
    wrong = {"key_round_id": None, "next_round_id": None, "per_variable": True, "actor_id": scene.chief.pk}
    sizes = {"units": 3, "attempts": 1, "least": Decimal("0.5")}
    for fields in (sizes, sizes | {"units": 0}):
        with pytest.raises(BadInput):
            set_up(scene.main.pk, **wrong, **fields)
    other = make_round(scene.study, "another", kind="training")
    with pytest.raises(BadInput):
        set_up(other.pk, **(wrong | {"next_round_id": scene.round.pk}), **sizes)
    with pytest.raises(BadInput):
        set_up(other.pk, **wrong, **(sizes | {"attempts": 0}))


@pytest.mark.parametrize(
    ("per_variable", "enough"),
    [(True, False), (False, True)],
)
def test_enough_of_every_variable_or_of_all_together(scene, per_variable, enough):
    scene.training.per_variable, scene.training.least = per_variable, Decimal("0.80")
    assert is_enough(scene.training, {"solved": (4, 4), "contains_pii": (3, 4)}) is enough
    assert is_enough(scene.training, {})


def test_the_own_course_counts_and_names_confusions(scene, client):
    scene.begin(scene.noor)
    scene.attempt(scene.noor, "fully", "not", "not")
    rows = {row.label: row for row in overview(scene.training, scene.noor.pk, "nl")}
    assert (rows["Opgelost"].right, rows["Opgelost"].of) == (1, 3)
    assert rows["Opgelost"].common == [(("Niet", "Geheel"), 2)]
    attempt = Attempt.objects.get(number=1)
    by_key = {row.variable: row for row in course(scene.training, attempt, "nl")}
    assert by_key["solved"].is_low
    assert not by_key["contains_pii"].is_low
    assert sorted(by_key["solved"].marks) == [False, False, True]
    assert shares(list(attempt.units.all()))["solved"] == (1, 3)
    client.force_login(scene.noor)
    page = client.get(reverse("training_own", args=["leren"]))
    assert len(page.context["own"][0]["cases"]) == 2
    client.force_login(scene.daan)
    assert client.get(reverse("training_own", args=["leren"])).context["own"] == []


def test_a_supervisor_makes_one_by_the_pages(scene, client):
    client.force_login(scene.chief)
    new = reverse("training_new", args=["leren"])
    assert client.get(new).status_code == 200
    sent = {
        "name": "Nieuw",
        "key": "own",
        "number": "3",
        "units": "2",
        "attempts": "2",
        "least": "80",
        "per_variable": "yes",
        "next_round": str(scene.main.pk),
    }
    assert client.post(new, sent | {"number": ""}).status_code == 422
    assert client.post(new, sent).status_code == 422  # every conversation is in a round already
    for number in range(3):
        make_conversation(scene.study, f"Vers {number}")
    assert client.post(new, sent).status_code == 302
    made = Round.objects.get(name="Nieuw")
    assert made.assignments.filter(coder=scene.chief).count() == 3
    page = client.get(reverse("training", args=["leren", made.pk]))
    assert (page.context["keyed"], page.context["others"]) == (0, [])

    first = reverse("training", args=["leren", scene.round.pk])
    assert [name for _pk, name in client.get(first).context["others"]] == ["daan", "noor"]
    client.post(reverse("training_start", args=["leren", scene.round.pk]), {"coder": [scene.noor.pk, "x"]})
    assert [row.name for row in standing(scene.training, "nl")] == ["noor"]
    key = reverse("training_key", args=["leren", scene.round.pk])
    (entry,) = [one for one in client.get(key).context["rows"][0]["entries"] if one["label"] == "Opgelost"]
    assert entry["value"] == "Geheel"
    assert client.post(key, {entry["name"]: "Omdat het zo is."}).status_code == 302
    assert client.post(key, {entry["name"]: "x" * 2001}).status_code == 422
    assert b"Omdat het zo is." in client.get(key).content
    let = reverse("training_pass", args=["leren", scene.round.pk])
    client.post(let, {"coder": scene.noor.pk, "reason": "Zij codeerde al eerder."})
    assert Attempt.objects.get(coder=scene.noor).state == "passed"
    client.post(let, {"coder": "x", "reason": "Zij codeerde al eerder."})
    assert client.get(reverse("training_own", args=["leren"])).status_code == 200
