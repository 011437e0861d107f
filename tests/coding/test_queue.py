"""A coder's queue: what comes next, before and after, against a reading of the whole of it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations.coding.queue import own_queue
from annotations.coding.save import skip, start_coding
from annotations.models import Assignment, Coding, Round, triggers
from tests.factories import make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
Progress = Assignment.Progress


class Scene:
    def __init__(self):
        self.study = make_study()
        self.coder = make_member(self.study, "noor")
        self.number = 0

    def round(self, name, positions, *, into=None):
        row = make_round(self.study, name, woven_into=into)
        for position in positions:
            self.number += 1
            conversation = make_conversation(self.study, f"bericht {self.number}")
            Assignment.objects.create(
                round=row, conversation=conversation, coder=self.coder, position=position
            )
        return row

    def queue(self):
        return own_queue(self.study.pk, self.coder.pk)

    def in_order(self):
        """The whole of it, in the order of the page: round by round, what is woven in among the rest."""
        rows = Assignment.objects.filter(coder=self.coder, round__is_open=True).select_related(
            "round", "coding"
        )

        def place(row):
            base = row.round.woven_into or row.round
            return base.created_at, base.pk, row.position, row.pk

        return sorted(rows, key=place)


@pytest.fixture
def scene():
    return Scene()


def next_by_reading(rows, after):
    """As the page promises it: onwards and from the start again; skipped ones last, the oldest first."""
    place = -1 if after is None else rows.index(after)
    turned = [*rows[place + 1 :], *rows[: max(place, 0)]]
    left = [row for row in turned if row.progress != Progress.FINISHED]
    todo = [row for row in left if row.progress == Progress.TODO]
    skipped = sorted(
        (row for row in left if row.progress == Progress.SKIPPED), key=lambda row: row.coding.skipped_at
    )
    return next((row.pk for row in [*todo, *skipped]), None)


@pytest.mark.parametrize("seed", range(8))
def test_the_queue_says_what_a_reading_of_all_of_it_says(scene, seed):
    dice = random.Random(seed)
    first = scene.round("main", sorted(dice.sample(range(1, 40), 9)))
    scene.round("woven", sorted(dice.sample(range(1, 40), 4)), into=first)
    scene.round("again", sorted(dice.sample(range(1, 40), 3)), into=first)
    scene.round("later", range(1, 5))
    Round.objects.filter(pk=scene.round("shut", [1, 2]).pk).update(is_open=False)
    began = timezone.now()
    for row in Assignment.objects.filter(coder=scene.coder):
        fate = dice.choice(["", "open", "skipped", "finished"])
        if fate:
            Coding.objects.create(
                assignment=row,
                state="finished" if fate == "finished" else "open",
                finished_at=began if fate == "finished" else None,
                skipped_at=began - timedelta(minutes=dice.randrange(10**6)) if fate == "skipped" else None,
            )
    rows, queue = scene.in_order(), scene.queue()
    assert [entry.assignment_id for entry in queue[:]] == [row.pk for row in rows]
    assert [entry.assignment_id for entry in queue[5:14]] == [row.pk for row in rows[5:14]]
    assert [entry.round_name for entry in queue[:]] == ["main"] * 16 + ["later"] * 4
    assert (len(queue), queue.finished) == (20, sum(row.progress == Progress.FINISHED for row in rows))
    for place, row in enumerate(rows):
        assert queue.position(row) == place + 1
        assert queue.previous(row) == (rows[place - 1].pk if place else None)
        assert queue.following(row) == (rows[place + 1].pk if place + 1 < len(rows) else None)
        assert queue.next_open(row) == next_by_reading(rows, row)
    assert queue.next_open() == next_by_reading(rows, None)


def test_an_empty_queue_has_nothing(scene):
    queue = scene.queue()
    assert (len(queue), queue.finished, queue.next_open(), queue[:]) == (0, 0, None, [])


def test_the_only_one_left_is_not_given_after_itself(scene):
    scene.round("main", [1])
    (row,) = scene.in_order()
    assert scene.queue().next_open(row) is None
    assert scene.queue().next_open() == row.pk
    coding = start_coding(row.pk, actor_id=scene.coder.pk)
    skip(coding.pk, actor_id=scene.coder.pk)
    assert scene.queue().next_open(row) is None
    assert scene.queue().next_open() == row.pk


def test_the_database_keeps_how_an_assignment_stands(scene):
    scene.round("main", [1, 2])
    row = scene.in_order()[0]

    def progress():
        row.refresh_from_db()
        return row.progress

    assert progress() == Progress.TODO
    coding = Coding.objects.create(assignment=row)
    assert progress() == Progress.TODO
    Coding.objects.filter(pk=coding.pk).update(skipped_at=timezone.now())
    assert progress() == Progress.SKIPPED
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=timezone.now())
    assert progress() == Progress.FINISHED
    Coding.objects.filter(pk=coding.pk).update(state="open", finished_at=None, skipped_at=None)
    assert progress() == Progress.TODO
    other = Assignment.objects.exclude(pk=row.pk).get()
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=timezone.now())
    other.refresh_from_db()
    assert other.progress == Progress.TODO, "another one's is left alone"
    coding.delete()
    assert progress() == Progress.TODO


def test_a_page_asks_the_database_no_more_of_a_longer_queue(scene, client):
    client.force_login(scene.coder)
    counts = []
    for name, positions in (("short", range(1, 4)), ("long", range(4, 64))):
        scene.round(name, positions)
        path = reverse("coding_unit", args=[scene.study.slug, scene.in_order()[1].pk])
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
        read = [query["sql"] for query in captured if 'FROM "annotations_assignment"' in query["sql"]]
        assert read
        assert all("LIMIT" in sql or "COUNT" in sql for sql in read), "nothing reads the whole queue"
    assert counts[0] == counts[1]


def test_the_list_of_own_conversations_is_in_pages(scene, client):
    scene.round("main", range(1, 131))
    client.force_login(scene.coder)
    path = reverse("coding_list", args=[scene.study.slug])
    last = scene.in_order()[-1]
    assert reverse("coding_unit", args=[scene.study.slug, last.pk]) not in client.get(path).content.decode()
    second = client.get(path, {"page": 2}).content.decode()
    assert reverse("coding_unit", args=[scene.study.slug, last.pk]) in second
    assert '<td class="num">130</td>' in second
    assert "0 van 130" in second or "0 of 130" in second


def test_what_was_written_while_the_rule_was_missing_is_put_right(scene):
    scene.round("main", [1, 2])
    done, other = scene.in_order()
    triggers.drop(connection)
    Coding.objects.create(assignment=done, state="finished", finished_at=timezone.now())
    Assignment.objects.filter(pk=other.pk).update(progress=Progress.SKIPPED)
    triggers.ensure(connection)
    assert [row.progress for row in scene.in_order()] == [Progress.FINISHED, Progress.TODO]
