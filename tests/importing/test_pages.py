"""The pages of the import: who may, hand in, look, choose, wait, report, type over."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from annotations.importing.uploads import path_of
from annotations.importing.web.forms import ChoicesForm
from annotations.importing.web.preview import Column, FilePreview
from annotations.models import ColumnMapping, Event, ImportBatch, Message
from tests.factories import make_study
from tests.importing.help_pages import TABLE, hand_in, page

State = ImportBatch.State
PAGES = ["import", "import_type", "import_batch", "import_progress"]
POSTS = ["import_choices", "import_start", "import_cancel"]


@pytest.mark.parametrize("name", PAGES + POSTS)
def test_only_supervisors_of_the_study_import(study, client_of, name):
    batch = ImportBatch.objects.create(study=study, state=State.DONE)
    arguments = [study.slug] + ([batch.pk] if name not in {"import", "import_type"} else [])
    address = reverse(name, args=arguments)
    for user, status in [(study.bram, 403), (study.stranger, 404)]:
        browser = client_of(user)
        assert (browser.post if name in POSTS else browser.get)(address).status_code == status
    supervisor = client_of(study.anna)
    assert supervisor.get(address).status_code == (405 if name in POSTS else 200)


@pytest.mark.parametrize("name", [name for name in PAGES + POSTS if name not in {"import", "import_type"}])
def test_the_import_of_another_study_does_not_exist(study, client, name):
    other = ImportBatch.objects.create(study=make_study("other"), state=State.DONE)
    address = reverse(name, args=[study.slug, other.pk])
    assert (client.post if name in POSTS else client.get)(address).status_code == 404


def test_from_a_file_to_a_report(study, client, django_capture_on_commit_callbacks):
    batch = hand_in(client, study)
    path = path_of(batch.files[0])
    assert path.stat().st_mode & 0o777 == 0o600
    assert "gesprekken" not in path.name
    looked = page(client, study, batch).content.decode()
    assert "gesprekken.csv" in looked
    assert not Message.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (State.DONE, "")
    assert Message.objects.count() == 2
    assert not path.exists()
    assert batch.files[0]["sha256"]
    assert "path" not in batch.files[0]
    assert "SHA-256" in page(client, study, batch).content.decode()
    assert list(
        Event.objects.filter(action__startswith="import").order_by("id").values_list("action", flat=True)
    ) == [
        "import.started",
        "import.done",
    ]


def test_hostile_texts_are_inert_in_the_preview(study, client):
    batch = hand_in(client, study)
    looked = page(client, study, batch).content.decode()
    assert "<script>alert" not in looked
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in looked
    assert "\u202e" not in looked.split("<table")[0]


def test_a_masked_study_shows_no_personal_data_in_the_preview(study, client):
    study.privacy = "masked"
    study.save()
    table = TABLE + "3,kees_demo,mijn bsn is 111222333,2019-05-01 10:00,2\n"
    looked = page(client, study, hand_in(client, study, table)).content.decode()
    assert "111222333" not in looked
    assert "•••••••••" in looked


def test_columns_are_chosen_and_the_mapping_is_kept(study, client, django_capture_on_commit_callbacks):
    table = "a;b;c\n10;Hallo;kees_demo\n"
    batch = hand_in(client, study, table)
    assert 'role="alert"' in page(client, study, batch).content.decode()
    chosen = {
        "format": "auto",
        "timezone": "",
        "column-0": "id",
        "column-1": "text",
        "column-2": "author_handle",
        "name": "ABC",
    }
    client.post(reverse("import_choices", args=[study.slug, batch.pk]), chosen)
    batch.refresh_from_db()
    assert batch.options["mapping"] == {"id": "a", "text": "b", "author_handle": "c"}
    assert ColumnMapping.objects.get(name="ABC").mapping == batch.options["mapping"]
    other = hand_in(client, study, table)
    saved = ColumnMapping.objects.get().pk
    client.post(reverse("import_choices", args=[study.slug, other.pk]), {"saved": saved})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, other.pk]))
    assert Message.objects.get().text == "Hallo"


def test_a_column_that_was_recognised_can_be_left_out(study, client):
    batch = hand_in(client, study)
    columns = {
        "column-0": "id",
        "column-1": "",
        "column-2": "text",
        "column-3": "created_at",
        "column-4": "parent_id",
    }
    client.post(reverse("import_choices", args=[study.slug, batch.pk]), {"format": "auto", **columns})
    batch.refresh_from_db()
    assert batch.options["mapping"].get("author_handle", "") == ""
    assert page(client, study, batch).status_code == 200


def test_ids_are_made_where_a_file_has_none_and_somebody_asks_for_it(
    study, client, django_capture_on_commit_callbacks
):
    batch = hand_in(client, study, "tekst,datum\nhallo,2019-01-01\ndag,2019-01-02\n")
    assert "er is geen kolom voor id" in page(client, study, batch).content.decode()
    url = reverse("import_choices", args=[study.slug, batch.pk])
    given = {"format": "auto", "column-0": "text", "column-1": "created_at", "make_ids": "on"}
    seen = client.post(url, given, follow=True).content.decode()
    assert "gemaakt uit tekst, auteur en tijd" in seen
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_start", args=[study.slug, batch.pk]))
    assert sorted(study.messages.values_list("text", flat=True)) == ["dag", "hallo"]


def test_a_field_is_read_from_one_column_only(study, client):
    batch = hand_in(client, study, "a;b\n1;x\n")
    given = {"format": "auto", "column-0": "author_handle", "column-1": "author_handle"}
    answer = client.post(reverse("import_choices", args=[study.slug, batch.pk]), given)
    assert answer.status_code == 422
    batch.refresh_from_db()
    assert batch.options == {}


def test_a_name_cannot_lead_out_of_the_folder(study, client):
    batch = hand_in(client, study, name="../../etc/passwd")
    assert batch.files[0]["name"] == "passwd"
    assert path_of({"path": "../../etc/passwd"}).parent == Path(settings.UPLOAD_DIR)


def test_a_conversation_typed_by_hand_is_stored_like_any_other(study, client):
    given = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-author": "@kees_demo",
        "form-0-text": "=1+1 mijn bsn is 111222333\r\nen nu?",
        "form-0-at": "2019-05-01T09:00",
        "form-0-link": "https://twitter.com/kees_demo/status/8990000000000000017",
        "form-1-author": "ZwaluwlijnHulp",
        "form-1-text": "We kijken mee",
        "form-1-at": "2019-05-01T09:10",
        "form-2-text": "",
    }
    answer = client.post(reverse("import_type", args=[study.slug]), given)
    assert answer.status_code == 302
    first, second = Message.objects.order_by("position").select_related("account")
    assert (first.external_id, first.text) == ("8990000000000000017", "=1+1 mijn bsn is 111222333\nen nu?")
    assert first.candidates.get().info_type == "bsn"
    assert (second.parent, second.author_role) == (first, "organisation")
    assert first.conversation.first_response_minutes == 10
    again = client.post(reverse("import_type", args=[study.slug]), given)
    assert again.status_code == 422
    assert Message.objects.count() == 2


def test_more_lines_to_type_in_keep_what_was_typed(study, client):
    given = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-text": "bewaar mij", "more": "1"}
    answer = client.post(reverse("import_type", args=[study.slug]), given)
    assert answer.status_code == 200
    assert "bewaar mij" in answer.content.decode()
    assert 'name="form-7-text"' in answer.content.decode()


@pytest.mark.parametrize("number", [10, 200])
def test_the_list_of_imports_costs_the_same_however_long(study, client, django_assert_num_queries, number):
    ImportBatch.objects.bulk_create(
        ImportBatch(study=study, created_by=study.anna, state=State.DONE, report={"messages_new": 1})
        for _ in range(number)
    )
    with django_assert_num_queries(5):
        assert client.get(reverse("import", args=[study.slug])).status_code == 200


def test_columns_that_are_one_time_together_may_be_looked_at_again():
    """Date and time apart are joined; looking again keeps that, and changes nothing else."""
    columns = [
        Column("Datum", [], "created_at", "created_at"),
        Column("Tijd", [], "created_at", "created_at"),
    ]
    columns += [Column("Bericht", [], "text", "text"), Column("Titel", [], "", "")]
    table = FilePreview("in.csv", columns=columns)
    given = {"format": "auto", "column-0": "created_at", "column-1": "created_at", "column-2": "text"}
    form = ChoicesForm(given, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {}
    form = ChoicesForm({**given, "column-3": "text"}, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {"text": "Bericht + Titel"}
    form = ChoicesForm({**given, "column-1": ""}, table=table)
    assert form.is_valid(), form.errors
    assert form.options()["mapping"] == {"created_at": "Datum"}
    form = ChoicesForm({**given, "column-1": "id", "column-3": "id"}, table=table)
    assert not form.is_valid()


def test_another_sheet_of_a_workbook_can_be_chosen(study, client, tmp_path):
    book = Workbook()
    for number, name in enumerate(("Berichten", "Meer")):
        sheet = book.create_sheet(name)
        sheet.append(["id", "tekst"])
        sheet.append([str(number), f"van {name}"])
    book.save(tmp_path / "in.xlsx")
    upload = SimpleUploadedFile("in.xlsx", (tmp_path / "in.xlsx").read_bytes())
    client.post(reverse("import", args=[study.slug]), {"files": upload})
    batch = study.import_batches.latest("pk")
    seen = client.get(reverse("import_batch", args=[study.slug, batch.pk])).content.decode()
    assert "van Berichten" in seen
    assert '<option value="Meer">' in seen
    url = reverse("import_choices", args=[study.slug, batch.pk])
    seen = client.post(url, {"format": "auto", "sheet": "Meer"}, follow=True).content.decode()
    assert "van Meer" in seen
