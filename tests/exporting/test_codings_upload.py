"""A supervisor hands in a file of codings in the browser: looked at first, stored on request."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.exporting.reading import uploads
from annotations.exporting.reading.uploads import receive, remove_old, store
from annotations.models import Coding, CodingsUpload, Event
from tests.exporting.test_export import empty_copy, study  # noqa: F401 (a fixture)
from tests.factories import make_member

pytestmark = pytest.mark.django_db
LONG = "codings_long.csv"


@pytest.fixture
def copy(study, settings, tmp_path):  # noqa: F811
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    return empty_copy(study, "copy")


@pytest.fixture
def chief(copy, client):
    chief = make_member(copy, "chief", role="supervisor")
    client.force_login(chief)
    return chief


@pytest.fixture
def content(study, tmp_path):  # noqa: F811
    write_export(study, tmp_path, profile="restricted", only=[LONG])
    return (tmp_path / LONG).read_bytes()


def hand_in(client, copy, content, name=LONG, **fields):
    data = {"file": SimpleUploadedFile(name, content), **fields}
    return client.post(reverse("codings", args=[copy.slug]), data, follow=True)


def test_a_file_is_looked_at_then_stored_and_is_gone(copy, chief, client, content):
    page = hand_in(client, copy, content, create_coders="on")
    row = CodingsUpload.objects.get()
    assert row.report["codings_new"] == 4
    assert set(row.report["coders_created"]) == {"coder2", "noor"}
    assert "Dit zou worden opgeslagen" in page.content.decode()
    assert not Coding.objects.filter(assignment__round__study=copy).exists()
    assert not copy.memberships.filter(user__username="noor").exists()
    page = client.post(reverse("codings_store", args=[copy.slug, row.pk]), follow=True)
    assert "<h2>Opgeslagen</h2>" in page.content.decode()
    assert Coding.objects.filter(assignment__round__study=copy).count() == 4
    assert not list(Path(settings.UPLOAD_DIR).iterdir())
    assert Event.objects.get(action="codings.imported", study=copy).actor == chief
    client.post(reverse("codings_store", args=[copy.slug, row.pk]))
    assert Event.objects.filter(action="codings.imported", study=copy).count() == 1


def test_what_is_wrong_is_told_in_dutch_with_its_line_and_nothing_is_stored(copy, chief, client, content):
    page = hand_in(client, copy, content.replace(b",40,", b",41,", 1), create_coders="on")
    told = page.content.decode()
    assert "Er is niets opgeslagen." in told
    assert "codings_long.csv, regel 2: een van de kolommen die zeggen wie, waar en wanneer" in told
    assert not list(Path(settings.UPLOAD_DIR).iterdir())
    with pytest.raises(BadInput):
        store(CodingsUpload.objects.get())


def test_a_file_without_a_row_is_gone_after_a_day(copy, chief):
    for name, age in (("codings-old.csv", 2), ("codings-new.csv", 0), ("import-old", 2)):
        path = Path(settings.UPLOAD_DIR) / name
        path.write_bytes(b"x")
        at = time.time() - age * uploads.KEPT.total_seconds()
        os.utime(path, (at, at))
    remove_old()
    assert {path.name for path in Path(settings.UPLOAD_DIR).iterdir()} == {"codings-new.csv", "import-old"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("codings.pdf", b"%PDF", "kies een bestand dat eindigt op"),
        ("codings.csv", b"", "Dit bestand is leeg."),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_beside_the_field(copy, chief, client, name, content, sentence):
    page = hand_in(client, copy, content, name)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not CodingsUpload.objects.exists()


def test_a_hostile_file_is_text(copy, chief, client):
    header = b"coder,conversation_id,message_id,variable,value\n"
    page = hand_in(client, copy, header + b"<script>alert(1)</script>,x,,solved,fully\n", "<b>.csv")
    assert b"<script>alert(1)" not in page.content
    assert b"&lt;script&gt;alert(1)" in page.content


def test_only_who_handed_it_in_sees_it(copy, chief, client, content):
    hand_in(client, copy, content, create_coders="on")
    row = CodingsUpload.objects.get()
    client.force_login(make_member(copy, "other", role="supervisor"))
    for name in ("codings_upload", "codings_store", "codings_delete"):
        ask = client.get if name == "codings_upload" else client.post
        assert ask(reverse(name, args=[copy.slug, row.pk])).status_code == 404


def test_a_file_that_nobody_stored_is_forgotten_after_a_day(copy, chief, client, content):
    hand_in(client, copy, content, create_coders="on")
    CodingsUpload.objects.update(asked_at=timezone.now() - uploads.KEPT)
    remove_old()
    assert not CodingsUpload.objects.exists()
    assert not list(Path(settings.UPLOAD_DIR).iterdir())


def test_a_large_file_is_left_to_the_worker(copy, chief, content, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_IN_A_REQUEST", 10)
    row = receive(copy, SimpleUploadedFile(LONG, content), create_coders=True, actor_id=chief.pk)
    row.refresh_from_db()
    assert row.state == CodingsUpload.State.WAITING
    uploads.read_codings.func(row.pk)
    row.refresh_from_db()
    assert (row.state, row.report["codings_new"]) == (CodingsUpload.State.DONE, 4)
