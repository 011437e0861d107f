"""A large draw is done in the background: confirmed, followed or left, all of it or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.common.progress import Teller
from annotations.errors import BadInput
from annotations.models import Assignment, DrawUnderWay, Event, Round
from annotations.sampling import jobs
from annotations.sampling.assign import create_round
from annotations.sampling.plan import Wish
from tests.factories import add_conversations, add_round, make_study, with_people
from tests.sampling.test_views import NEW, confirmation, wish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path, monkeypatch):
    settings.JOB_DIR = tmp_path
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 10)


@pytest.fixture
def study(make_user):
    study = with_people(make_study("privacy"), make_user, sofie="supervisor", anna="coder", bram="coder")
    add_conversations(study, {"Zwaluwlijn": 24, "Rijksheffingen": 16})
    return study


@pytest.fixture
def client(study, client_of):
    return client_of(study.sofie)


def asked(study, **fields):
    coders = (study.anna.pk, study.bram.pk)
    return Wish(coder_ids=coders, seed=7, number=20, shared_percent=Decimal("12.5"), **fields)


def given(of_round):
    rows = Assignment.objects.filter(round=of_round).order_by("coder_id", "position")
    return list(rows.values_list("coder_id", "conversation_id", "position", "is_shared", "highlights"))


def page_of(of_round):
    return reverse("round", args=["privacy", of_round.pk])


def test_a_confirmed_large_draw_is_followed_on_the_page_of_its_round(
    client, study, django_capture_on_commit_callbacks
):
    preview = client.post(NEW, wish(study))
    answer = client.post(NEW, confirmation(preview, study))
    of_round = Round.objects.get()
    assert answer.url == page_of(of_round)
    assert not given(of_round)
    page = client.get(page_of(of_round), headers={"accept-language": "en"}).content.decode()
    assert "hx-trigger" in page
    assert "<progress" in page
    assert "imported" not in page
    jobs.run_draw.func(DrawUnderWay.objects.get().pk)
    assert Assignment.objects.filter(round=of_round).values("conversation").distinct().count() == 20
    assert not DrawUnderWay.objects.exists()
    part = client.get(reverse("round_drawing", args=["privacy", of_round.pk]))
    assert part["HX-Refresh"] == "true"
    assert Event.objects.get(action="conversations.assigned").actor == study.sofie


def test_the_worker_is_called_when_the_request_is_over(client, study, django_capture_on_commit_callbacks):
    preview = client.post(NEW, wish(study))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(NEW, confirmation(preview, study))
    assert len(given(Round.objects.get())) > 20


def test_the_same_wish_gives_the_same_assignments_at_once_and_in_the_background(study):
    now = create_round(study.pk, asked(study), name="now", kind="main", actor_id=study.sofie.pk)
    at_once = given(now)
    Assignment.objects.all().delete()
    later = jobs.draw_new(
        study.pk, asked(study), name="later", kind="main", actor_id=study.sofie.pk, fingerprint=""
    )
    jobs.run_draw.func(DrawUnderWay.objects.get().pk)
    assert given(later) == at_once
    assert later.seed == now.seed


@pytest.mark.parametrize(
    ("number", "share", "large"),
    [(10, 0, False), (11, 0, True), (9, 10, False), (9, 30, True), (None, 0, True)],
)
def test_it_is_the_number_of_assignments_that_makes_a_draw_large(study, number, share, large):
    wished = Wish((study.anna.pk, study.bram.pk), 7, number=number, shared_percent=Decimal(share))
    assert jobs.is_large(study.pk, None, wished) is large


def test_a_pool_that_changed_since_the_outcome_was_shown_is_refused_and_nothing_is_assigned(client, study):
    preview = client.post(NEW, wish(study))
    client.post(NEW, confirmation(preview, study))
    add_conversations(study, {"Zwaluwlijn": 1})
    DrawUnderWay.objects.update(language="en")
    jobs.run_draw.func(DrawUnderWay.objects.get().pk)
    assert not Assignment.objects.exists()
    page = client.get(page_of(Round.objects.get())).content.decode()
    assert "came in or were assigned meanwhile" in page
    assert "hx-trigger" not in page.split('id="drawing"')[1].split("</section>")[0]


def test_a_second_draw_waits_for_the_first_and_may_follow_one_that_stopped(study):
    of_round = add_round(study)
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    with pytest.raises(BadInput):
        jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    DrawUnderWay.objects.update(state="failed", problem="It stopped.")
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    DrawUnderWay.objects.update(state="running", started_at=timezone.now() - timedelta(hours=1))
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    assert DrawUnderWay.objects.get().started_at is None


def test_a_draw_that_was_asked_again_in_the_meantime_assigns_nothing_twice(study, monkeypatch):
    of_round = add_round(study)
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    row = DrawUnderWay.objects.get()
    assign = jobs.add_to_round

    def taken_over(*args, **kwargs):
        assign(*args, **kwargs)
        DrawUnderWay.objects.filter(pk=row.pk).update(started_at=timezone.now() + timedelta(hours=1))

    monkeypatch.setattr(jobs, "add_to_round", taken_over)
    jobs.run_draw.func(row.pk)
    assert not given(of_round)


def test_a_failure_is_told_and_rolled_back_and_its_words_stay_out_of_the_log(
    study, client, monkeypatch, caplog
):
    words = "06-" + "00000011"
    of_round = add_round(study)
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    assign = jobs.add_to_round

    def broken(*args, **kwargs):
        assign(*args, **kwargs)
        raise ValueError(words)

    monkeypatch.setattr(jobs, "add_to_round", broken)
    DrawUnderWay.objects.update(language="en")
    jobs.run_draw.func(DrawUnderWay.objects.get().pk)
    assert not given(of_round)
    assert "nothing was assigned" in client.get(page_of(of_round)).content.decode()
    assert "ValueError" in caplog.text
    assert words not in caplog.text


def test_how_far_it_is_stands_on_the_page(study, client):
    of_round = add_round(study)
    jobs.draw_more(of_round.pk, asked(study), actor_id=study.sofie.pk, fingerprint="")
    row = DrawUnderWay.objects.get()
    DrawUnderWay.objects.update(state="running", started_at=timezone.now())
    Teller(jobs.DRAWS.path(row.pk, "json"))(0.37)
    assert (
        'value="370"' in client.get(reverse("round_drawing", args=["privacy", of_round.pk])).content.decode()
    )


def test_a_small_draw_is_done_at_once(client, study, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 1_000)
    preview = client.post(NEW, wish(study))
    client.post(NEW, confirmation(preview, study))
    assert given(Round.objects.get())
    assert not DrawUnderWay.objects.exists()
