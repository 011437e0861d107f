"""Units woven into a queue: nobody can tell them from the rest, nothing is coded twice that need not be."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.coding.answers import CONVERSATION
from annotations.coding.queue import own_queue
from annotations.coding.save import ImportedCoding, store_imported
from annotations.errors import BadInput
from annotations.finals.of_study import counted_rounds
from annotations.models import Assignment, Coding, Round
from annotations.reliability.over_time import with_themselves
from annotations.sampling.woven import weave_repeats, weave_shared, woven_into
from annotations.statistics.control import follow
from annotations.studies.progress import own_rounds
from annotations.watch.drift import alarms, follow_again, followed
from annotations.watch.twins import contradicting
from bench.drift import first_alarm
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


class Scene:
    """A main round: forty conversations of each of two coders, none begun."""

    def __init__(self, each=40):
        self.study = make_study("scherp")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.noor, self.daan = (make_member(self.study, name) for name in ("noor", "daan"))
        self.main = make_round(self.study, "main", kind="main")
        conversations = [make_conversation(self.study, f"Hallo {n}") for n in range(2 * each)]
        for place, conversation in enumerate(conversations):
            assign(conversation, (self.noor, self.daan)[place % 2], "main")

    def code(self, assignments, value="not", pii="no", days=0):
        at = timezone.now() - timedelta(days=days)
        for step, assignment in enumerate(assignments):
            message = assignment.conversation.messages.get()
            answers = {CONVERSATION: {"solved": value}, ("message", message.pk): {"contains_pii": pii}}
            moment = at + timedelta(seconds=step)
            item = ImportedCoding(assignment, answers=answers, finished_at=moment)
            store_imported(assignment.round, [item], actor_id=None)

    def of(self, coder, round_=None):
        rows = (round_ or self.main).assignments.filter(coder=coder, coding=None)
        return list(rows.select_related("conversation", "round").order_by("position"))


@pytest.fixture
def scene():
    return Scene()


def test_one_in_twenty_is_shared_and_stands_among_the_rest_under_the_same_name(scene):
    assert weave_shared(scene.main.pk, one_in=20, actor_id=scene.chief.pk) == 2
    drift = Round.objects.get(kind="drift")
    assert drift.assignments.count() == 4
    assert Assignment.objects.count() == 80 - 2 + 4  # what is shared was taken from one and given to both
    for coder in (scene.noor, scene.daan):
        queue = own_queue(scene.study.pk, coder.pk)
        assert {(entry.round_id, entry.round_name) for entry in queue[:]} == {(scene.main.pk, "main")}
        shared = set(drift.assignments.filter(coder=coder).values_list("pk", flat=True))
        places = [place for place, entry in enumerate(queue[:]) if entry.assignment_id in shared]
        assert places[0] < 20 <= places[1]
        assert [(row.name, counts.assigned) for row, counts in own_rounds(scene.study.pk, coder.pk)] == [
            ("main", len(queue))
        ]
    assert drift in counted_rounds(scene.study)


def test_the_coding_page_of_a_woven_unit_says_nothing_of_it(scene, client):
    weave_shared(scene.main.pk, one_in=20, actor_id=scene.chief.pk)
    unit = Round.objects.get(kind="drift").assignments.filter(coder=scene.noor).first()
    client.force_login(scene.noor)
    pages = [
        client.get(reverse("coding_unit", args=["scherp", unit.pk])),
        client.get(reverse("coding_list", args=["scherp"])),
        client.get(reverse("study", args=["scherp"])),
    ]
    for page in pages:
        assert unit.round.name not in page.content.decode()
    assert pages[0].context["data"]["round"] == scene.main.pk


def test_what_was_begun_or_is_shared_already_is_left_alone(scene):
    scene.code(scene.of(scene.noor)[:39])
    before = set(Coding.objects.values_list("pk", flat=True))
    weave_shared(scene.main.pk, one_in=2, actor_id=scene.chief.pk)
    assert set(Coding.objects.values_list("pk", flat=True)) == before
    positions = list(scene.main.assignments.values_list("coder_id", "position"))
    assert len(set(positions)) == len(positions)


def test_weaving_again_adds_without_a_clash(scene):
    for _time in range(3):
        weave_shared(scene.main.pk, one_in=10, actor_id=scene.chief.pk)
    (row,) = woven_into(scene.main)
    assert (row.conversations, row.codings, row.finished) == (12, 24, 0)


@pytest.mark.parametrize("one_in", [0, 1, 1001])
def test_one_in_so_many_is_a_number_that_makes_sense(scene, one_in):
    with pytest.raises(BadInput):
        weave_shared(scene.main.pk, one_in=one_in, actor_id=None)


def test_one_coder_alone_shares_nothing(scene):
    scene.code(scene.of(scene.noor))
    with pytest.raises(BadInput):
        weave_shared(scene.main.pk, one_in=20, actor_id=None)
    assert not Round.objects.filter(kind="drift").exists()


def test_own_units_come_back_after_fourteen_days_and_never_count(scene):
    scene.code(scene.of(scene.noor)[:20], days=20)
    scene.code(scene.of(scene.daan)[:20], days=13)
    given = weave_repeats(scene.main.pk, one_in=5, actor_id=scene.chief.pk)
    assert given == {scene.noor.pk: 4}
    again = Round.objects.get(kind="repeat")
    own = set(scene.main.assignments.filter(coder=scene.noor).values_list("conversation_id", flat=True))
    back = set(again.assignments.values_list("conversation_id", flat=True))
    assert back < own
    assert again not in counted_rounds(scene.study)
    weave_repeats(scene.main.pk, one_in=5, actor_id=scene.chief.pk)
    assert again.assignments.values("conversation_id").distinct().count() == 8  # others, not the same again
    scene.code(scene.of(scene.noor, again), value="fully")
    rows = {row.variable.key: row.result for row in with_themselves(scene.study)}
    assert rows["solved"].pairable_units == 8
    assert rows["solved"].percent_agreement == 0


def test_nothing_comes_back_where_nothing_is_old_enough(scene):
    with pytest.raises(BadInput):
        weave_repeats(scene.main.pk, one_in=5, actor_id=None)


def test_agreement_is_followed_and_a_fall_is_told(scene):
    weave_shared(scene.main.pk, one_in=2, actor_id=scene.chief.pk)
    weave_shared(scene.main.pk, one_in=2, actor_id=scene.chief.pk)
    weave_shared(scene.main.pk, one_in=2, actor_id=scene.chief.pk)
    drift = Round.objects.get(kind="drift")
    shared = sorted(set(drift.assignments.values_list("conversation_id", flat=True)))
    assert len(shared) >= 32
    for place, conversation in enumerate(shared[:32]):
        values = ("not", "not" if place < 24 else "fully")
        for coder, value in zip((scene.noor, scene.daan), values, strict=True):
            row = drift.assignments.get(coder=coder, conversation=conversation)
            scene.code([row], value=value, days=40 - place)
    rows = {row.variable: row for row in followed(scene.main, "nl")}
    assert rows["contains_pii"].alarm_at is None
    assert rows["solved"].expected == 1.0
    assert rows["solved"].agrees == (True,) * 4 + (False,) * 8
    assert rows["solved"].began_at is not None
    assert [(base, row.variable) for base, row in alarms(scene.study, "nl")] == [(scene.main, "solved")]
    with pytest.raises(BadInput):
        follow_again(scene.main.pk, reason="kort", actor_id=scene.chief.pk)
    follow_again(scene.main.pk, reason="Besproken; regel 4 is verduidelijkt.", actor_id=scene.chief.pk)
    assert alarms(scene.study, "nl") == []
    scene.main.refresh_from_db()
    assert {row.variable: row.agrees for row in followed(scene.main, "nl")}["solved"] == ()
    with pytest.raises(BadInput):
        follow_again(scene.main.pk, reason="Nog eens hetzelfde.", actor_id=scene.chief.pk)


def test_shared_units_of_an_ordinary_round_are_followed_against_the_reliability_round(scene):
    units = [make_conversation(scene.study, f"Dag {n}") for n in range(34)]
    early = make_round(scene.study, "rel", kind="reliability", created_at=timezone.now() - timedelta(days=90))
    for place, conversation in enumerate(units):
        name = "rel" if place < 12 else "main"
        for coder in (scene.noor, scene.daan):
            row = assign(conversation, coder, name, is_shared=True)
            value = "fully" if place >= 26 and coder == scene.daan else "not"
            scene.code([row], value=value, days=60 - place)
    assert early.assignments.count() == 24
    rows = {row.variable: row for row in followed(scene.main, "nl")}
    assert rows["solved"].expected == 1.0
    assert rows["solved"].agrees == (True,) * 14 + (False,) * 8
    assert rows["solved"].alarm_at is not None


def test_the_chart_needs_a_run_of_differences_not_one():
    assert follow([True] * 50 + [False] + [True] * 50, (90, 100)).alarm is None
    course = follow([True] * 30 + [False, True] * 8 + [False] * 4, (90, 100))
    assert course.alarm is not None
    assert course.began == 30
    assert max(course.sums) > course.limit
    assert course.needs_attention


def test_the_more_is_followed_the_higher_the_limit_but_attention_is_asked_as_soon():
    units = [True] * 30 + [False] * 6
    alone, among = (follow(units, (90, 100), shares=shares) for shares in (1, 10))
    assert (alone.alarm is None, among.alarm is None) == (False, True)
    assert among.limit > alone.limit == among.attention
    assert among.needs_attention


def test_after_an_alarm_was_dealt_with_the_sum_starts_half_way():
    units = [False] * 4
    assert follow(units, (90, 100)).alarm is None
    assert follow(units, (90, 100), half_way=True).alarm is not None


@pytest.mark.parametrize(("before", "known"), [(0.85, 100), (0.95, 20)])
def test_steady_coders_give_few_false_alarms(before, known):
    """Asked for are 10 % of studies within 400 units at most; bench/drift.py counts more runs."""
    rng = random.Random(18)
    alarms = [first_alarm([before] * 400, before, known, 1, rng) for _run in range(300)]
    assert sum(alarm is not None for alarm in alarms) / 300 <= 0.10


def test_a_fall_that_matters_is_found():
    rng = random.Random(18)
    chances = [0.9] * 50 + [0.6] * 60
    alarms = [first_alarm(chances, 0.9, 100, 5, rng) for _run in range(100)]
    assert sum(alarm is not None and alarm >= 50 for alarm in alarms) >= 85


def test_near_identical_messages_coded_differently_are_listed(scene):
    texts = ("@bank mijn pas is kwijt, wat nu 12?", "@ing Mijn pas is kwijt! Wat nu 987", "Dank je wel hoor")
    conversations = [make_conversation(scene.study, text) for text in texts]
    for conversation, pii in zip(conversations, ("yes", "no", "no"), strict=True):
        scene.code([assign(conversation, scene.noor, "main")], pii=pii)
    scene.code([assign(make_conversation(scene.study, texts[0]), scene.daan, "main")], pii="no")
    (twin,) = contradicting(scene.main, "nl")
    assert {twin.first[3], twin.second[3]} == {"Ja", "Nee"}
    assert twin.coder == "noor"


def test_the_pages(scene, client):
    client.force_login(scene.chief)
    address = reverse("watch", args=["scherp"])
    assert client.get(address).status_code == 200
    weave = reverse("watch_weave", args=["scherp", scene.main.pk])
    client.post(weave, {"what": "shared", "one_in": "20"})
    assert Round.objects.filter(kind="drift").count() == 1
    client.post(weave, {"what": "repeats", "one_in": "x"})
    assert not Round.objects.filter(kind="repeat").exists()
    assert b"2 gesprekken" in client.get(address).content
    twins = client.get(reverse("watch_twins", args=["scherp", scene.main.pk]))
    assert twins.context["twins"] == []
