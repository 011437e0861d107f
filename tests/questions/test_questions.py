"""Questions from a unit to the supervisor and back, as answers and rules; nobody learns how others coded."""

import json

import pytest
from django.core import mail
from django.urls import reverse

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, save_answer, store_imported
from annotations.documents.report import study_report
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Event, Proposal, Question
from annotations.questions.ask import answer, ask, read
from annotations.questions.case import answer_of_asker, shown
from annotations.questions.seen import counted, questions_of, searched, seen_by, still_to_code, unread_by
from tests.factories import assign, make_candidate, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
TEXT = "Bel mij op 06-00000011, graag"


class Scene:
    def __init__(self):
        self.study = make_study("vragen", detector_version="1")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.noor, self.daan = (make_member(self.study, name) for name in ("noor", "daan"))
        self.conversation = make_conversation(self.study, TEXT)
        self.message = self.conversation.messages.get()
        self.noors = make_coding(self.conversation, self.noor)
        self.daans = assign(self.conversation, self.daan)

    def ask(self, text="Telt een nummer van een ander?", **fields):
        return ask(self.noors.assignment_id, actor_id=self.noor.pk, text=text, **fields)

    def answer(self, question, *, is_rule=False, text="Ja, ook dan.", revision=1):
        return answer(question.pk, text=text, is_rule=is_rule, revision=revision, actor_id=self.chief.pk)

    def finish_daans(self):
        answers = {CONVERSATION: {"solved": "not"}, ("message", self.message.pk): {"contains_pii": "no"}}
        store_imported(self.daans.round, [ImportedCoding(self.daans, answers=answers)], actor_id=None)


@pytest.fixture
def scene():
    return Scene()


def test_a_question_stands_with_its_unit_and_the_log_keeps_no_word_of_it(scene):
    question = scene.ask(message_id=scene.message.pk, variable="contains_pii", place=(11, 22))
    (row,) = shown(scene.study, questions_of(scene.study.pk), "nl")
    assert (row.variable, row.quote) == ("Bevat persoonsgegevens", "06-00000011")
    event = Event.objects.get(action="question.asked")
    assert event.after["message"] == scene.message.pk
    assert "nummer" not in json.dumps(event.after)
    assert str(question.pk) in str(question)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "  "},
        {"text": "x" * 4001},
        {"text": "a\0b"},
        {"message_id": 999_999},
        {"variable": "unknown"},
        {"place": (0, 3)},
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_stands(scene, wrong):
    with pytest.raises(BadInput):
        scene.ask(**wrong)
    assert not Question.objects.exists()


def test_a_fragment_lies_in_its_message(scene):
    with pytest.raises(BadInput):
        scene.ask(message_id=scene.message.pk, place=(5, len(TEXT) + 1))


def test_nobody_asks_about_the_unit_of_somebody_else(scene):
    with pytest.raises(NotAllowed):
        ask(scene.noors.assignment_id, actor_id=scene.daan.pk, text="Wat gaf zij?")


def test_an_answer_goes_to_the_one_who_asked_only(scene):
    question = scene.ask()
    assert list(seen_by(scene.study.pk, scene.daan.pk)) == []
    scene.answer(question)
    assert list(unread_by(scene.study.pk, scene.noor.pk)) == [question]
    scene.finish_daans()
    assert list(seen_by(scene.study.pk, scene.daan.pk)) == []
    read(question.pk, actor_id=scene.noor.pk)
    assert list(unread_by(scene.study.pk, scene.noor.pk)) == []
    with pytest.raises(NotAllowed):
        read(question.pk, actor_id=scene.daan.pk)


def test_a_rule_reaches_a_coder_only_after_the_own_coding_of_its_case(scene):
    question = scene.answer(scene.ask(), is_rule=True)
    other = make_member(scene.study, "olga")
    assert list(seen_by(scene.study.pk, other.pk)) == [question]  # does not code the case at all
    assert list(seen_by(scene.study.pk, scene.daan.pk)) == []
    assert still_to_code(question) == 1
    scene.finish_daans()
    assert list(unread_by(scene.study.pk, scene.daan.pk)) == [question]
    again = assign(scene.conversation, scene.daan, "later")
    assert list(seen_by(scene.study.pk, scene.daan.pk)) == []  # the same conversation in a later round
    again.delete()


def test_a_changed_answer_is_unread_again_and_two_supervisors_do_not_overwrite_each_other(scene):
    question = scene.answer(scene.ask())
    read(question.pk, actor_id=scene.noor.pk)
    assert scene.answer(question).revision == 2  # the same again, by a page that never heard the reply
    with pytest.raises(StaleWrite):
        scene.answer(question, text="Nee.")
    scene.answer(question, text="Nee.", revision=2)
    assert list(unread_by(scene.study.pk, scene.noor.pk)) == [question]
    with pytest.raises(NotAllowed):
        answer(question.pk, text="Ik weet het", is_rule=True, revision=3, actor_id=scene.noor.pk)
    with pytest.raises(BadInput):
        scene.answer(question, text=" ", revision=3)


def test_a_rule_can_be_proposed_for_the_draft_of_the_codebook(scene, client):
    question = scene.ask(variable="contains_pii", message_id=scene.message.pk)
    client.force_login(scene.chief)
    sent = {"answer": "Ook van een ander.", "to": "all", "propose": "on", "revision": "1"}
    assert client.post(reverse("question", args=["vragen", question.pk]), sent).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.text, proposal.variable) == ("Ook van een ander.", "contains_pii")
    assert (proposal.message_id, proposal.proposed_by) == (scene.message.pk, scene.chief)


def test_searching_finds_words_of_question_and_answer(scene):
    question = scene.answer(scene.ask(variable="contains_pii"))
    everything = questions_of(scene.study.pk)
    for words in ("nummer ANDER", "ook", "contains"):
        assert list(searched(everything, words, "")) == [question]
    assert list(searched(everything, "nummer", "open")) == []
    assert list(searched(everything, "paard", "all")) == []


def test_the_supervisor_sees_what_the_asker_answered_so_far(scene):
    save_answer(
        scene.noors.pk,
        actor_id=scene.noor.pk,
        key=("message", scene.message.pk),
        variable="contains_pii",
        value="yes",
        revision=0,
    )
    asked = scene.ask(message_id=scene.message.pk, variable="contains_pii")
    assert answer_of_asker(questions_of(scene.study.pk).get(pk=asked.pk), "nl") == "Ja"
    assert answer_of_asker(scene.ask(), "nl") == ""


def test_a_masked_study_masks_the_case(scene):
    make_candidate(scene.message, "06-00000011", "phone")
    scene.study.privacy = "masked"
    scene.study.save()
    scene.ask(message_id=scene.message.pk)
    (row,) = shown(scene.study, questions_of(scene.study.pk), "nl")
    assert "06-00000011" not in row.quote
    assert row.quote.startswith("Bel mij op")


def test_a_finished_unit_is_provisional_while_its_question_is_open(scene):
    question = ask(scene.daans.pk, actor_id=scene.daan.pk, text="Zo?")
    scene.finish_daans()
    (row,) = shown(scene.study, questions_of(scene.study.pk), "nl")
    assert row.is_provisional
    scene.answer(question)
    (row,) = shown(scene.study, questions_of(scene.study.pk), "nl")
    assert not row.is_provisional


def test_the_report_counts_them(scene):
    scene.answer(scene.ask(), is_rule=True)
    scene.ask()
    scene.finish_daans()
    assert counted(scene.study.pk).__dict__ == {"all": 2, "open": 1, "rules": 1, "objections": 0}
    text = str(study_report(scene.study, "nl"))
    assert "stelden codeurs 2 vragen" in text


def test_the_pages_of_both_sides(scene, client):
    client.force_login(scene.noor)
    address = reverse("question_ask", args=["vragen", scene.noors.assignment_id])
    body = {"text": "<b>Telt</b> dit?", "message": scene.message.pk, "start": 11, "end": 22}
    assert client.post(address, body, content_type="application/json").status_code == 200
    for wrong in ({"text": ""}, {"text": 5}, {"text": "a", "message": -1}, [], {"text": "a", "message": "x"}):
        assert client.post(address, json.dumps(wrong), content_type="application/json").status_code == 422
    foreign = reverse("question_ask", args=["vragen", scene.daans.pk])
    assert client.post(foreign, body, content_type="application/json").status_code == 404
    question = Question.objects.get()
    assert client.get(reverse("question", args=["vragen", question.pk])).status_code == 403

    client.force_login(scene.chief)
    inbox = client.get(reverse("questions", args=["vragen"]))
    assert b"&lt;b&gt;Telt&lt;/b&gt; dit?" in inbox.content
    assert b"1" in client.get(reverse("questions_count", args=["vragen"])).content
    page = reverse("question", args=["vragen", question.pk])
    assert b"Bel mij op" in client.get(page).content
    assert client.post(page, {"answer": "", "revision": "1"}).status_code == 422
    assert client.post(page, {"answer": "Ja.", "to": "all", "revision": "0"}).status_code == 409
    assert client.post(page, {"answer": "Ja.", "to": "all", "revision": "1"}).status_code == 302
    assert client.get(reverse("questions_count", args=["vragen"])).status_code == 204

    client.force_login(scene.daan)
    assert b"Telt" not in client.get(reverse("questions", args=["vragen"])).content
    hidden = reverse("question_read", args=["vragen", question.pk])
    assert client.post(hidden).status_code == 404
    assert client.get(reverse("questions_count", args=["vragen"])).status_code == 204
    scene.finish_daans()
    assert b"Telt" in client.get(reverse("questions", args=["vragen"])).content
    assert client.post(hidden).status_code == 302
    assert client.get(reverse("questions_count", args=["vragen"])).status_code == 204


def test_the_list_asks_as_much_of_the_database_for_many_as_for_few(
    scene, client, django_assert_max_num_queries
):
    client.force_login(scene.chief)
    for number in range(20):
        scene.ask(f"Vraag {number}?", message_id=scene.message.pk, variable="contains_pii")
    with django_assert_max_num_queries(16):
        client.get(reverse("questions", args=["vragen"]))


def test_mail_goes_out_only_where_a_server_is_set_and_tells_nothing(
    scene, client, settings, django_capture_on_commit_callbacks
):
    for person in (scene.chief, scene.noor):
        person.email = f"{person.username}@example.org"
        person.save()
    client.force_login(scene.noor)
    address = reverse("question_ask", args=["vragen", scene.noors.assignment_id])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"text": "Geheim woord?"}, content_type="application/json")
    assert mail.outbox == []
    settings.EMAIL_HOST = "mail.example.org"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"text": "Geheim woord?"}, content_type="application/json")
    (sent,) = mail.outbox
    assert sent.to == ["chief@example.org"]
    assert "Geheim" not in sent.subject + sent.body
    assert "Bel mij" not in sent.subject + sent.body
    client.force_login(scene.chief)
    page = reverse("question", args=["vragen", Question.objects.first().pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"answer": "Antwoordwoord", "revision": "1"})
    assert mail.outbox[1].to == ["noor@example.org"]
    assert "Antwoordwoord" not in mail.outbox[1].body
