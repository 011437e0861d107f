"""A study is scanned again in portions, and goes on where it was stopped."""

import pytest

from annotations.detector import rescan as module
from annotations.detector.rescan import RESCANS
from annotations.errors import BadInput
from annotations.models import Candidate, Event, Message, Rescan, Study
from annotations.pii import DETECTOR_VERSION
from tests.factories import make_conversation, make_study, rescan

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(monkeypatch, settings, tmp_path):
    settings.JOB_DIR = tmp_path
    monkeypatch.setattr(module, "PORTION", 2)
    study = make_study("study")
    for n in range(3):
        make_conversation(study, f"Bel 06-0000001{n}", f"Of mail kees{n}@voorbeeld.invalid")
    Candidate.objects.all().delete()
    Study.objects.update(detector_version="0")
    return study


def stop_at(monkeypatch, number):
    """Storing fails at this portion; gives the keys of the messages that were stored."""
    real, stored = module._store, []

    def store(chunk, scanned):
        if len(stored) == number:
            raise RuntimeError("killed")
        real(chunk, scanned)
        stored.append([message.pk for message in chunk])

    monkeypatch.setattr(module, "_store", store)
    return stored


def test_what_was_found_before_it_stopped_is_kept_and_the_next_goes_on_from_there(study, monkeypatch):
    with monkeypatch.context() as patch:
        stored = stop_at(patch, 2)
        with pytest.raises(BadInput):
            rescan(study.pk, actor_id=None)
    row = Rescan.objects.get()
    assert (row.state, row.last_message) == ("failed", stored[-1][-1])
    kept = set(Candidate.objects.values_list("message_id", flat=True))
    assert kept
    study.refresh_from_db()
    assert study.detector_version == "0"
    rest = stop_at(monkeypatch, 99)
    added = rescan(study.pk, actor_id=None)
    assert [pk for chunk in rest for pk in chunk] == sorted(
        set(Message.objects.values_list("pk", flat=True)) - {pk for chunk in stored for pk in chunk}
    )
    assert Candidate.objects.count() == added
    assert Rescan.objects.get().state == "done"
    study.refresh_from_db()
    assert study.detector_version == DETECTOR_VERSION
    assert Event.objects.get(action="study.rescanned").after["candidates"] == added


def test_other_handles_begin_anew(study, monkeypatch):
    with monkeypatch.context() as patch:
        stop_at(patch, 1)
        with pytest.raises(BadInput):
            rescan(study.pk, actor_id=None)
    Rescan.objects.update(handles=["somebody_else"])
    stored = stop_at(monkeypatch, 99)
    rescan(study.pk, actor_id=None)
    assert sum(map(len, stored)) == Message.objects.filter(state="present").count()
    assert sorted(Rescan.objects.values_list("state", flat=True)) == ["cancelled", "done"]


def test_a_killed_one_is_taken_up_by_the_next_worker(study):
    row = module.ask(study.pk, actor_id=None)
    Rescan.objects.update(state="running", starts=1)
    RESCANS.take_up()
    row.refresh_from_db()
    assert row.state == "waiting"
    module.run_rescan.func(row.pk)
    row.refresh_from_db()
    assert (row.state, row.added) == ("done", Candidate.objects.count())


def test_each_portion_is_a_transaction_of_its_own(study, django_assert_max_num_queries):
    stored = []
    with pytest.MonkeyPatch.context() as patch:
        real = module._store
        patch.setattr(module, "_store", lambda chunk, found: (stored.append(len(chunk)), real(chunk, found)))
        rescan(study.pk, actor_id=None)
    assert max(stored) == 2
    assert sum(stored) == Message.objects.filter(state="present").count()


def test_a_candidate_keeps_whose_it_is(study):
    theirs = make_conversation(study, "Het bsn van mijn moeder is 999993653").messages.get()
    mine = make_conversation(study, "Mijn bsn is 999993653").messages.get()
    rescan(study.pk, actor_id=None)
    found = dict(Candidate.objects.filter(info_type="bsn").values_list("message_id", "subject"))
    assert found == {theirs.pk: "other_person", mine.pk: ""}
