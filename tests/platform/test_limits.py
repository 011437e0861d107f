"""Bodies are refused before they are read, and files are taken by one page from its own people only."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import make_member, make_study
from webcare_coding.logs import RefusedInOneLine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = settings.UPLOAD_DIR = tmp_path


@pytest.fixture
def study():
    return make_study("study")


class Unread:
    """A body that fails whoever reads it."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def send(client, address, length, kind="multipart/form-data; boundary=x"):
    answer = client.generic("POST", address, b"", content_type=kind)  # the session and the door first
    return (
        client.generic(
            "POST",
            address,
            b"",
            content_type=kind,
            CONTENT_LENGTH=str(length),
            **{"wsgi.input": Unread()},
        )
        or answer
    )


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_stranger_sends_no_more_than_a_form(kind):
    assert send(Client(), "/sign-in/", 20_000, kind).status_code == 413
    assert send(Client(), "/s/study/import/", 20_000, kind).status_code == 413


def test_the_import_page_takes_files_from_its_supervisors_only(study, client_of):
    outside = client_of(make_member(make_study("other"), "otto", role="supervisor"))
    coder, chief = (
        client_of(make_member(study, "noor")),
        client_of(make_member(study, "sara", role="supervisor")),
    )
    for client in (outside, coder):
        assert send(client, "/s/study/import/", 3_000_000).status_code == 413
    assert send(chief, "/s/study/import/", settings.MOST_UPLOAD + 1).status_code == 413
    upload = SimpleUploadedFile("a.csv", b"id,text\n" + b"1,hallo\n" * 400_000)
    assert chief.post("/s/study/import/", {"files": upload}).status_code == 302


def test_a_script_is_told_in_json(study, client_of):
    client = client_of(make_member(study, "noor"))
    answer = client.generic(
        "POST",
        "/s/study/export/",
        b"",
        content_type="application/json",
        headers={"Accept": "application/json"},
        CONTENT_LENGTH="3000000",
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert answer.json()["error"] == "too_large"


def test_files_that_nobody_asked_for_are_not_written(study, client_of, tmp_path):
    client = client_of(make_member(study, "sara", role="supervisor"))
    kept = []
    client.post("/password/", {"old_password": "x", "file": SimpleUploadedFile("a.bin", b"x" * 100_000)})
    kept += list(tmp_path.iterdir())
    assert kept == []


def test_a_form_of_too_many_fields_is_one_line_in_the_log(study, client_of, caplog):
    body = "&".join(f"field{n}=1" for n in range(2100))
    client = client_of(make_member(study, "sara", role="supervisor"))
    answer = client.post("/password/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    (record,) = (record for record in caplog.records if record.name.startswith("django.security"))
    record.exc_info = (ValueError, ValueError(), None)
    assert RefusedInOneLine().filter(record)
    assert record.getMessage() == "refused (TooManyFieldsSent): POST /password/"
    assert record.exc_info is None
