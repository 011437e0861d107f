"""How fast a round is coded, and when it is expected to be done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from annotations.figures.records import Progress, Trend
from annotations.models import Coding
from annotations.studies.pace import Expected, days_of, expected_end, pace_figures, round_under_way
from tests.factories import assign, make_coding, make_conversation, make_member, make_round, make_study

TODAY = date(2026, 11, 28)


def days(*counts: int) -> dict[date, int]:
    """The last days up to today."""
    return {TODAY - timedelta(days=back): count for back, count in enumerate(reversed(counts))}


def test_the_expected_end_by_hand() -> None:
    """Ten a day for four days, then 4, 16, 4, 16: mean 10, sd of the eight 4.5."""
    found = expected_end(days(10, 10, 10, 10, 4, 16, 4, 16), 100, TODAY)
    assert found is not None
    half = 1.96 * (4 * 36 / 7) ** 0.5 / 8**0.5
    assert found.per_day == 10
    assert found.day == TODAY + timedelta(days=10)
    assert found.earliest == TODAY + timedelta(days=-(-100 // (10 + half)))
    assert found.latest == TODAY + timedelta(days=-(-100 // (10 - half)))


def test_days_without_work_count() -> None:
    found = expected_end({TODAY - timedelta(days=9): 50}, 50, TODAY)
    assert found is not None
    assert (found.per_day, found.day, found.latest) == (5, TODAY + timedelta(days=10), None)


def test_nothing_of_late_gives_no_end() -> None:
    assert expected_end({TODAY - timedelta(days=20): 50}, 50, TODAY) is None
    assert expected_end({TODAY: 1}, 800, TODAY) is None
    assert isinstance(expected_end({TODAY: 1}, 700, TODAY), Expected)


@pytest.mark.django_db
def test_the_pictures_of_a_round(client: Client) -> None:
    study = make_study("ours", language="en")
    supervisor, coder = make_member(study, "sup", "supervisor"), make_member(study, "noor")
    for day, seconds in ((20, 60), (21, 120), (21, 240)):
        coding = make_coding(make_conversation(study, "Hoi", "Dag"), coder)
        Coding.objects.filter(pk=coding.pk).update(
            state="finished", finished_at=datetime(2026, 11, day, 12, tzinfo=UTC), active_seconds=seconds
        )
    round_ = make_round(study)
    assert round_under_way(study.pk) is None
    assign(make_conversation(study, "Hoi"), coder)
    assert round_under_way(study.pk) == round_
    assert [(row.day.day, row.coder, row.finished, row.seconds) for row in days_of(round_)] == [
        (20, "noor", 1, 60),
        (21, "noor", 2, 360),
    ]
    progress, share, pace = pace_figures(round_, "en", date(2026, 11, 22))
    assert isinstance(progress, Progress)
    assert (progress.done, progress.total) == ((1, 2, 0), 4)
    assert isinstance(share, Trend)
    assert [point.value for point in share.points[0]] == [25, 75]
    assert isinstance(pace, Trend)
    assert [point.value for point in pace.points[0]] == [1, 3]
    client.force_login(supervisor)
    assert b"Tempo per gesprek" in client.get(reverse("study", args=["ours"])).content
    client.force_login(coder)
    assert b"Tempo per gesprek" not in client.get(reverse("study", args=["ours"])).content
