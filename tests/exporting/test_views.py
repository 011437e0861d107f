"""The export page: supervisors only, restricted files with a reason in the log."""

import io
import zipfile

import pytest

from annotations.models import Event
from tests.factories import make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = make_study("study")
    make_coding(make_conversation(study, "Bel 06-00000011"), make_member(study, "noor"))
    return study


@pytest.fixture
def supervisor(study, client_of):
    return client_of(make_member(study, "chief", role="supervisor"))


def test_a_supervisor_downloads_every_file_in_one_zip(supervisor):
    answer = supervisor.post("/s/study/export/", {"profile": "research"})
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert "study/codings_long.csv" in names
    assert "study/manifest.json" in names
    assert answer["Content-Type"] == "application/zip"


def test_restricted_files_need_a_reason_and_the_log_keeps_it(supervisor):
    refused = supervisor.post("/s/study/export/", {"profile": "restricted"})
    assert refused.status_code == 422
    assert not Event.objects.filter(action="study.exported").exists()
    given = supervisor.post("/s/study/export/", {"profile": "restricted", "reason": "analysis in R"})
    assert given.status_code == 200
    event = Event.objects.get(action="study.exported")
    assert (event.after["reason"], event.after["profile"]) == ("analysis in R", "restricted")
    assert "analysis in R" in supervisor.get("/s/study/export/").content.decode()


def test_coders_and_strangers_get_no_files(study, client_of, make_user):
    for user, status in ((make_member(study, "daan"), 403), (make_user("stranger"), 404)):
        assert client_of(user).get("/s/study/export/").status_code == status
        assert client_of(user).post("/s/study/export/", {"profile": "research"}).status_code == status


def test_the_page_says_what_stays_out(supervisor):
    assert "1 " in supervisor.get("/s/study/export/", headers={"accept-language": "en"}).content.decode()
