"""A column mapping as a file: what is saved can be read anywhere, and what is no mapping is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from annotations.errors import BadInput
from annotations.importing.mapping_file import as_file, read_file
from annotations.models import ColumnMapping, Message
from tests.factories import make_study
from tests.importing.help_pages import hand_in

MAPPING = {"id": "nr", "text": "wat", "created_at": "dag + uur", "lang": ""}
TABLE = "nr;wat;dag;uur\n1;Hallo;01-05-2019;09:00\n"


def test_what_is_written_is_read() -> None:
    assert read_file(as_file("Coosto ë", MAPPING).encode()) == ("Coosto ë", MAPPING)
    assert read_file(b'\xef\xbb\xbf{"columns": {"Author": "Wie"}}') == ("", {"author_handle": "Wie"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id;text", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 30_000, "not JSON"),
        (b"[]", "“columns”"),
        (b'{"columns": {}}', "“columns”"),
        (b'{"columns": {"colour": "Kleur"}}', "“colour” is no field"),
        (b'{"columns": {"text": 3}}', "The column of “text” is not a name"),
        (b'{"columns": {"author": "a", "handle": "b"}}', "twice"),
        (b" " * 70_000, "too large"),
    ],
)
def test_what_is_no_mapping_is_told(content: bytes, said: str) -> None:
    with translation.override("en"), pytest.raises(BadInput, match=said):
        read_file(content)


@pytest.mark.django_db
def test_a_mapping_goes_from_one_study_to_another(study, client, client_of) -> None:
    mine = ColumnMapping.objects.create(study=study, name="Coosto 2019", mapping=MAPPING)
    answer = client.get(reverse("import_mapping", args=[study.slug, mine.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="coosto-2019.mapping.json"'
    batch = hand_in(client, study, TABLE)
    mine.delete()
    address = reverse("import_mapping_file", args=[study.slug, batch.pk])
    file = SimpleUploadedFile("x.json", answer.content)
    looked = client.post(address, {"file": file}, follow=True).content.decode()
    assert ColumnMapping.objects.get(study=study).mapping == MAPPING
    assert "Coosto 2019" in looked
    batch.refresh_from_db()
    assert batch.options["mapping"] == MAPPING
    other = ColumnMapping.objects.create(study=make_study("other"), name="x", mapping=MAPPING)
    assert client.get(reverse("import_mapping", args=[study.slug, other.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_a_file_that_is_no_mapping_changes_nothing(study, client, content) -> None:
    batch = hand_in(client, study, TABLE)
    files = {} if content is None else {"file": SimpleUploadedFile("x.json", content)}
    client.post(reverse("import_mapping_file", args=[study.slug, batch.pk]), files)
    batch.refresh_from_db()
    assert "mapping" not in batch.options
    assert not ColumnMapping.objects.exists()


@pytest.mark.django_db
def test_the_command_takes_the_file_and_map_goes_first(tmp_path: Path) -> None:
    study = make_study()
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "m.json").write_text(json.dumps({"columns": {**MAPPING, "text": "nr"}}), encoding="utf-8")
    given = [study.slug, str(tmp_path / "a.csv"), "--map-file", str(tmp_path / "m.json")]
    call_command("import_conversations", *given, "--map", "text=wat", stdout=io.StringIO())
    message = Message.objects.get()
    assert (message.text, message.created_at.isoformat()) == ("Hallo", "2019-05-01T09:00:00+00:00")
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_conversations", *given[:3], str(tmp_path / "none.json"), stderr=said)
    assert "none.json" in said.getvalue()
