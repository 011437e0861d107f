"""The pages of a draft: one edit at a time, two supervisors, publishing, proposals."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from annotations.codebooks.changes import changes_of
from annotations.codebooks.document import read_document
from annotations.codebooks.lookup import lookup
from annotations.codebooks.proposals import propose
from annotations.codebooks.writing import csv_header, csv_rows
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import save_answer
from annotations.drafts.files import read_qdc, read_table
from annotations.drafts.starting import document_from, document_from_file
from annotations.drafts.store import draft_of, start
from annotations.errors import BadInput
from annotations.exchange.codebook_qdc import write_qdc
from annotations.models import CodebookDraft, Proposal
from tests.factories import SMALL_CODEBOOK, make_coding, make_conversation, make_member, make_study

from .help import Drafting, coded_study, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = make_study("zilver")
    study.boss = make_member(study, "boss", "supervisor")
    study.second = make_member(study, "second", "supervisor")
    study.coder = make_member(study, "coder")
    return study


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, study, what, revision, shown=""):
    body = {"revision": revision, "edit": what, "item": shown}
    return client.post(
        reverse("codebook_draft_edit", args=[study.slug]), body, content_type="application/json"
    )


def label(study, words):
    draft = draft_of(study)
    return {"do": "set", "item": item(draft.document, "solved"), "field": ["label", "nl"], "value": words}


def test_an_edit_is_saved_and_draws_the_page_anew(study):
    draft = start(study.pk, actor_id=study.boss.pk)
    answer = post(client_of(study.boss), study, label(study, "Klaar"), draft.revision)
    reply = answer.json()
    assert (answer.status_code, reply["revision"]) == (200, 2)
    assert set(reply["html"]) == {"bar", "tree", "form", "preview"}
    assert "Klaar" in reply["html"]["tree"]


def test_two_supervisors_at_one_draft_the_second_sees_both_versions(study):
    draft = start(study.pk, actor_id=study.boss.pk)
    assert post(client_of(study.boss), study, label(study, "Klaar"), draft.revision).status_code == 200
    answer = post(client_of(study.second), study, label(study, "Opgelost?"), draft.revision)
    reply = answer.json()
    assert (answer.status_code, reply["current"], reply["mine"]) == (409, {"value": "Klaar"}, "Opgelost?")
    assert draft_of(study).revision == 2
    again = post(client_of(study.second), study, label(study, "Opgelost?"), reply["revision"])
    assert again.status_code == 200


def test_sending_again_what_is_stored_changes_nothing(study):
    draft = start(study.pk, actor_id=study.boss.pk)
    what = label(study, "Klaar")
    for _time in range(2):
        assert post(client_of(study.boss), study, what, draft.revision).json()["revision"] == 2


def test_an_edit_that_makes_no_sense_is_one_sentence(study):
    draft = start(study.pk, actor_id=study.boss.pk)
    for what in ({"do": "nonsense"}, {"do": "split", "item": item(draft.document, "note")}):
        answer = post(client_of(study.boss), study, what, draft.revision)
        assert answer.status_code == 422
        assert answer.json()["problem"]
    assert draft_of(study).revision == 1


def test_a_fault_stands_beside_its_field_and_shuts_publishing(study):
    drafting = Drafting(study)
    drafting.set(drafting.id("solved", "not"), "shortcut", "2")
    page = client_of(study.boss).get(
        reverse("codebook_draft", args=[study.slug]), {"item": drafting.id("solved")}
    )
    assert "Vrij: 1" not in page.text
    assert page.text.count('aria-invalid="true"') == 2  # both categories with the same key
    answer = client_of(study.boss).post(
        reverse("codebook_publish", args=[study.slug]), {"revision": drafting.draft.revision}
    )
    assert answer.status_code == 422
    assert draft_of(study) is not None


def test_a_real_looking_example_is_named_and_a_made_up_one_is_not(study):
    drafting = Drafting(study)
    place = drafting.id("info_type", "phone")
    drafting.set(place, "example.nl", "Bel 06-21835472")
    url = reverse("codebook_draft", args=[study.slug])
    real = client_of(study.boss).get(url, {"item": drafting.id("info_type")}).text
    drafting.set(place, "example.nl", "Bel 06-00000011")
    made_up = client_of(study.boss).get(url, {"item": drafting.id("info_type")}).text
    assert ("echte persoonsgegevens" in real, "echte persoonsgegevens" in made_up) == (True, False)


def test_a_question_that_can_never_be_asked_is_named(study):
    drafting = Drafting(study)
    drafting.set(drafting.id("removal_request"), "show_if", {"contains_pii": ["no"], "channels": ["dm"]})
    url = reverse("codebook_draft", args=[study.slug])
    page = client_of(study.boss).get(url, {"item": drafting.id("removal_request")})
    assert "kan nooit worden gesteld" in page.text


def test_publishing_an_old_page_is_refused_and_a_new_one_leads_to_coding_again(study):
    drafting = Drafting(study)
    drafting.set(drafting.id("solved"), "label.nl", "Klaar")
    url = reverse("codebook_publish", args=[study.slug])
    client = client_of(study.boss)
    assert client.post(url, {"revision": 1}).status_code == 409
    answer = client.post(url, {"revision": drafting.draft.revision})
    assert answer.url == reverse("codebook_recode", args=[study.slug])
    study.refresh_from_db()
    assert study.codebook_version.version == "1.0.1"
    assert client.get(answer.url).status_code == 200
    compare = client.get(reverse("codebook_compare", args=[study.slug]))
    assert "Klaar" in compare.text


def test_a_coder_at_work_goes_on_with_the_old_version_and_is_told(study):
    coding = make_coding(make_conversation(study, "Hallo"), study.coder)
    drafting = Drafting(study)
    drafting.set(drafting.id("solved"), "label.nl", "Klaar")
    drafting.publish()
    page = client_of(study.coder).get(reverse("coding_unit", args=[study.slug, coding.assignment_id]))
    assert "deze ronde gaat door met 1.0.0" in page.text
    save_answer(
        coding.pk, actor_id=study.coder.pk, key=CONVERSATION, variable="solved", value="not", revision=0
    )


def test_the_yaml_of_a_draft_starts_the_same_draft(study):
    drafting = Drafting(study)
    drafting.set(drafting.id("solved", "partly"), "label.nl", "Half")
    client = client_of(study.boss)
    file = client.get(reverse("codebook_draft_file", args=[study.slug]))
    upload = io.BytesIO(file.content)
    upload.name = "book.yaml"
    url = reverse("codebook_draft_upload", args=[study.slug])
    client.post(url, {"revision": drafting.draft.revision, "file": upload})
    draft = draft_of(study)
    assert draft.revision == drafting.draft.revision + 1
    found = changes_of(lookup(draft.base_id).spec, draft.document)
    assert [(change.kind, change.carries) for change in found] == [("wording", {"partly": "partly"})]


def test_drafts_start_from_the_library_nothing_a_table_and_another_program(study):
    spec = lookup(study.codebook_version_id).spec
    library = document_from(study, "library:webcare_privacy_core", study.boss.pk)
    assert read_document(library)[1] == []
    assert len(read_document(document_from(study, "blank", study.boss.pk))[0].variables) == 0
    rows = [csv_header(spec), *csv_rows(spec)]
    table = "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    from_table = read_document(document_from_file(study, "book.csv", table.encode()))[0]
    assert from_table.by_key.keys() == spec.by_key.keys()
    assert from_table.by_key["channels"].show_if == spec.by_key["channels"].show_if
    assert from_table.by_key["solved"].categories == spec.by_key["solved"].categories
    qdc = read_qdc(write_qdc(spec, "nl").encode(), "nl")
    assert [len(v.get("categories", [])) for v in qdc["variables"]][:2] == [3, 3]
    for name, content in (
        ("x.csv", b"a,b\n1,2"),
        ("x.qdc", b"<!DOCTYPE x><a/>"),
        ("x.docx", b""),
        ("x.qdc", b"<"),
    ):
        with pytest.raises(BadInput):
            document_from_file(study, name, content)


def test_a_plain_table_of_variables_and_categories_will_do():
    found = read_table(
        "a.csv", b"Variable,Category,Category definition\nTone of voice,Friendly,Nice\nTone of voice,Cold,\n"
    )
    [variable] = found["variables"]
    assert (variable["key"], [each["key"] for each in variable["categories"]]) == (
        "tone_of_voice",
        ["friendly", "cold"],
    )
    assert variable["categories"][0]["definition"] == {"nl": "Nice"}


def test_another_studys_codebook_is_for_whoever_supervises_both(study):
    other = make_study("goud", SMALL_CODEBOOK.replace("key: small", "key: other"))
    with pytest.raises(BadInput):
        document_from(study, f"study:{other.pk}", study.boss.pk)
    make_member(other, "boss", "supervisor")
    assert document_from(study, f"study:{other.pk}", study.boss.pk)["codebook"]["key"] == "small"


def test_a_coder_reads_the_answer_to_a_proposal_and_no_other_proposals(study):
    mine = propose(study.pk, actor_id=study.coder.pk, kind="category", text="Een chatnummer")
    propose(study.pk, actor_id=study.second.pk, kind="unclear", text="Geheim van een ander")
    boss, coder = client_of(study.boss), client_of(study.coder)
    url = reverse("proposal_answer", args=[study.slug, mine.pk])
    boss.post(url, {"revision": mine.revision, "state": "declined"})
    mine.refresh_from_db()
    assert mine.state == Proposal.State.OPEN  # not without a sentence
    boss.post(url, {"revision": mine.revision, "state": "declined", "sentence": "Dat is een handle."})
    page = coder.get(reverse("proposals", args=[study.slug])).text
    assert ("Dat is een handle." in page, "Geheim van een ander" in page) == (True, False)
    mine.refresh_from_db()
    assert mine.seen_at is not None


def test_a_proposal_of_the_coding_screen_names_its_message(study):
    coding = make_coding(make_conversation(study, "Hallo"), study.coder)
    message = coding.assignment.conversation.messages.get()
    body = {"kind": "unclear", "text": "Wat telt?", "message": message.pk, "variable": "solved"}
    url = reverse("proposal_new", args=[study.slug])
    assert client_of(study.coder).post(url, body, content_type="application/json").json() == {"done": True}
    assert Proposal.objects.get().message == message
    other = make_conversation(study, "Van een ander").messages.get()
    answer = client_of(study.coder).post(url, {**body, "message": other.pk}, content_type="application/json")
    assert answer.status_code == 404


def test_giving_up_keeps_the_draft_and_makes_room_for_another(study):
    draft = start(study.pk, actor_id=study.boss.pk)
    client_of(study.boss).post(
        reverse("codebook_draft_give_up", args=[study.slug]), {"revision": draft.revision}
    )
    assert draft_of(study) is None
    assert CodebookDraft.objects.filter(study=study).count() == 1
    assert start(study.pk, actor_id=study.boss.pk).pk != draft.pk


@pytest.mark.parametrize("size", [1, 4])
def test_the_queries_of_the_editor_do_not_grow(size, django_assert_max_num_queries):
    study = coded_study(conversations=size)
    client = client_of(study.boss)
    start(study.pk, actor_id=study.boss.pk)
    url = reverse("codebook_draft", args=[study.slug])
    client.get(url)
    with django_assert_max_num_queries(20):
        client.get(url)


def test_a_file_for_a_study_that_was_coded_becomes_a_draft(study):
    coding = make_coding(make_conversation(study, "Hallo"), study.coder)
    save_answer(
        coding.pk, actor_id=study.coder.pk, key=CONVERSATION, variable="solved", value="not", revision=0
    )
    file = io.BytesIO(SMALL_CODEBOOK.replace("version: 1.0.0", "version: 2.0.0").encode())
    file.name = "book.yaml"
    study.refresh_from_db()
    url = reverse("codebook_upload", args=[study.slug])
    answer = client_of(study.boss).post(url, {"file": file, "revision": study.revision})
    assert answer.url == reverse("codebook_draft", args=[study.slug])
    assert draft_of(study).document["codebook"]["version"] == "2.0.0"
    study.refresh_from_db()
    assert study.codebook_version.version == "1.0.0"
