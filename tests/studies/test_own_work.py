"""A coder's own page: the own pace, questions and days away, and nothing of anybody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.figures.records import Trend
from annotations.models import Coding
from annotations.questions.ask import ask
from annotations.studies.own_work import own_work, pace_figure
from tests.factories import assign, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Noor: two days ago 2 in 60 and 120 seconds and one of unknown time, today 1 in 30; Sem: one of 999."""
    study = make_study("eigen")
    study.noor, study.sem = make_member(study, "noor"), make_member(study, "sem")
    now = timezone.now()
    for coder, days, seconds in (
        (study.noor, 2, 60),
        (study.noor, 2, 120),
        (study.noor, 2, 0),
        (study.noor, 0, 30),
        (study.sem, 0, 999),
    ):
        row = assign(make_conversation(study, "Hoi"), coder)
        Coding.objects.create(
            assignment=row,
            state="finished",
            finished_at=now - timedelta(days=days),
            active_seconds=seconds,
        )
    study.left = assign(make_conversation(study, "Nog een"), study.noor)
    return study


def test_the_pace_is_that_of_what_was_timed(scene, django_assert_num_queries):
    with django_assert_num_queries(2):
        work = own_work(scene.pk, scene.noor.pk)
    assert [(day.finished, day.timed, day.per_unit) for day in work.days] == [(3, 2, 90), (1, 1, 30)]
    assert (work.per_unit, work.finished, work.left, work.today.finished) == (70, 4, 1, 1)
    figure = pace_figure(work, "en")
    assert isinstance(figure, Trend)
    assert [point.value for point in figure.points[0]] == [90, 30]
    assert pace_figure(own_work(scene.pk, scene.sem.pk), "en") is None


def test_days_long_ago_are_not_shown(scene):
    later = timezone.localdate() + timedelta(days=60)
    assert own_work(scene.pk, scene.noor.pk, later).days == []


def test_the_page_holds_the_own_questions_and_nothing_of_another_coder(scene, client):
    others = scene.rounds.get().assignments.filter(coder=scene.sem).get()
    ask(others.pk, actor_id=scene.sem.pk, text="Van een ander")
    ask(scene.left.pk, actor_id=scene.noor.pk, text="Van mij zelf")
    client.force_login(scene.noor)
    page = client.get(reverse("training_own", args=["eigen"])).content.decode()
    assert "Van mij zelf" in page
    assert "Van een ander" not in page
    assert "999" not in page
    assert "sem" not in page.split("<main")[1].replace("semi", "")
