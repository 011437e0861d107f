"""Recode rounds of a large study: made in the background, all or nothing, and the page may be left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.drafts import jobs
from annotations.errors import BadInput
from annotations.models import Assignment, Coding, RecodingUnderWay, Round

from .help import Drafting, coded_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 3)
    study = coded_study()
    drafting = Drafting(study)
    drafting.split("solved", "partly")
    drafting.publish()
    return study


@pytest.fixture
def client(study):
    client = Client(headers={"accept-language": "en"})
    client.force_login(study.boss)
    return client


def page(study, name="codebook_recode"):
    return reverse(name, args=[study.slug])


def test_a_large_one_waits_for_the_worker_and_the_page_follows_it(client, study):
    assert client.post(page(study), {"old": "hidden"}).url == page(study)
    assert not Round.objects.filter(recodes__isnull=False).exists()
    told = client.get(page(study)).text
    assert "hx-trigger" in told
    assert "<progress" in told
    assert "Assign this" not in told
    assert client.post(page(study), {"old": "hidden"}).status_code == 422
    shares = []
    row = RecodingUnderWay.objects.get()
    original = jobs.recode

    def told_shares(*given, on_share, **others):
        return original(*given, on_share=lambda share: shares.append(share) or on_share(share), **others)

    jobs.recode = told_shares
    try:
        jobs.run_recoding.func(row.pk)
    finally:
        jobs.recode = original
    assert shares == [1.0]
    assert not RecodingUnderWay.objects.exists()
    [again] = Round.objects.filter(recodes__isnull=False)
    assert again.assignments.count() == 4
    assert not again.shows_old
    assert client.get(page(study, "codebook_recode_standing"))["HX-Refresh"] == "true"


def test_a_small_one_is_made_at_once_and_forgets_a_try_that_failed(client, study, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_IN_A_REQUEST", 4)
    RecodingUnderWay.objects.create(
        study=study, shows_old=False, asked_by=study.boss, state="failed", problem="It stopped."
    )
    assert "It stopped." in client.get(page(study)).text
    answer = client.post(page(study), {"old": "shown"})
    assert Round.objects.get(recodes__isnull=False).shows_old
    assert "/rounds/" in answer.url
    assert not RecodingUnderWay.objects.exists()


def test_an_error_stores_nothing_and_says_so(client, study, monkeypatch):
    client.post(page(study), {"old": "hidden"})
    monkeypatch.setattr("annotations.drafts.recode.store_carried", lambda *_args, **_more: 1 / 0)
    jobs.run_recoding.func(RecodingUnderWay.objects.get().pk)
    row = RecodingUnderWay.objects.get()
    assert (row.state, bool(row.problem)) == ("failed", True)
    assert not Round.objects.filter(recodes__isnull=False).exists()
    assert Assignment.objects.count() == Coding.objects.count() == 4
    assert row.problem in client.get(page(study)).text


def test_asked_again_it_waits_unless_nobody_is_at_it_any_more(study):
    jobs.recode_later(study.pk, shows_old=False, actor_id=study.boss.pk)
    with pytest.raises(BadInput):
        jobs.recode_later(study.pk, shows_old=False, actor_id=study.boss.pk)
    long_ago = timezone.now() - timedelta(hours=1)
    RecodingUnderWay.objects.update(state="running", started_at=long_ago)
    jobs.recode_later(study.pk, shows_old=True, actor_id=study.boss.pk)
    assert RecodingUnderWay.objects.get().shows_old
