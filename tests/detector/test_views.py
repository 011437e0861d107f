"""The detector's page: supervisors only, lists to click through, hostile text inert."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.common.progress import Teller
from annotations.detector.rescan import RESCANS
from annotations.models import Event, Rescan
from annotations.pii import DETECTOR_VERSION
from tests.factories import assign, make_candidate, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
TEXT = "<script>alert(1)</script> bel 06-00000011"


@pytest.fixture
def study():
    study = make_study("study", detector_version="1")
    conversation = make_conversation(study, TEXT)
    message = conversation.messages.get()
    start = TEXT.index("06")
    span = ImportedSpan(message.pk, start, start + 11, {"info_type": "phone"})
    item = ImportedCoding(assign(conversation, make_member(study, "noor")), answers={}, spans=[span])
    store_imported(make_round(study), [item], actor_id=None)
    make_candidate(message, "alert(1)", "bsn")
    return study


@pytest.fixture
def supervisor(study, client_of):
    return client_of(make_member(study, "chief", role="supervisor"))


def test_the_page_shows_shares_with_intervals_and_links_to_what_went_wrong(supervisor):
    page = supervisor.get("/s/study/detector/").content.decode()
    assert "0,0 %" in page
    assert "/s/study/detector/phone/missed/?version=1" in page
    assert "/s/study/detector/bsn/false/?version=1" in page


def test_a_list_quotes_the_text_inertly_and_is_logged(supervisor):
    page = supervisor.get("/s/study/detector/bsn/false/").content.decode()
    assert "&lt;script&gt;<mark>alert(1)</mark>" in page
    assert "<script>alert" not in page
    assert Event.objects.filter(action="detector.quoted").exists()


def test_in_a_masked_study_the_fragment_is_hidden(study, supervisor):
    study.privacy = "masked"
    study.save()
    page = supervisor.get("/s/study/detector/phone/missed/").content.decode()
    assert "00000011" not in page
    assert "•••" in page


def test_scanning_again_takes_the_newest_version(study, supervisor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert supervisor.post("/s/study/detector/rescan/").status_code == 302
    study.refresh_from_db()
    assert study.detector_version == DETECTOR_VERSION
    assert "rescan/" not in supervisor.get("/s/study/detector/").content.decode()


def test_the_page_shows_how_far_a_scan_is_until_it_ends(study, supervisor, settings, tmp_path):
    settings.JOB_DIR = tmp_path
    for _ in range(2):
        supervisor.post("/s/study/detector/rescan/")
    row = Rescan.objects.get()
    page = supervisor.get("/s/study/detector/").content.decode()
    assert "/s/study/detector/rescan/progress/" in page
    assert 'action="/s/study/detector/rescan/"' not in page
    Rescan.objects.update(state="running", started_at=timezone.now(), starts=1)
    Teller(RESCANS.path(row.pk, "json"))(0.25, messages=1000, total=4000)
    part = supervisor.get("/s/study/detector/rescan/progress/")
    assert 'max="4000" value="1000"' in part.content.decode()
    assert "HX-Refresh" not in part.headers
    Rescan.objects.update(state="done")
    assert supervisor.get("/s/study/detector/rescan/progress/").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    "trouble",
    [{"state": "failed", "problem": "The disk is full."}, {"asked_at": datetime(2020, 1, 1, tzinfo=UTC)}],
)
def test_a_scan_that_failed_or_is_not_taken_up_says_what_to_do(
    study, supervisor, settings, tmp_path, trouble, django_capture_on_commit_callbacks
):
    settings.JOB_DIR = tmp_path
    supervisor.post("/s/study/detector/rescan/")
    Rescan.objects.update(**trouble)
    page = supervisor.get("/s/study/detector/").content.decode()
    assert 'role="alert"' in page
    assert trouble.get("problem", "") in page
    assert "every 1s" not in page
    assert page.count('action="/s/study/detector/rescan/"') == 1
    with django_capture_on_commit_callbacks(execute=True):
        supervisor.post("/s/study/detector/rescan/")
    assert Rescan.objects.get().state == "done"


@pytest.mark.parametrize("address", ["", "phone/missed/"])
def test_coders_and_strangers_stay_out(study, client_of, make_user, address):
    assert client_of(make_member(study, "daan")).get(f"/s/study/detector/{address}").status_code == 403
    assert client_of(make_user("stranger")).get(f"/s/study/detector/{address}").status_code == 404


@pytest.mark.parametrize("address", ["phone/other/", "colour/missed/", "?version=77"])
def test_what_is_not_there_is_404(supervisor, address):
    assert supervisor.get(f"/s/study/detector/{address}").status_code == 404


def test_it_rejects_get(supervisor):
    assert supervisor.get("/s/study/detector/rescan/").status_code == 405
