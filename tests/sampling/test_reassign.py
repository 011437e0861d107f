"""What a coder cannot finish goes to another: begun work is kept as it is, and nothing counts twice."""

import csv

import pytest
from django.urls import reverse

from annotations.coding.answers import CONVERSATION
from annotations.coding.counted import counted_assignments, counted_values
from annotations.coding.queue import own_queue
from annotations.coding.save import finish, save_answer, start_coding
from annotations.conversations.coder_work import coder_work
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Assignment, Code, Coding, Event
from annotations.questions.ask import ask
from annotations.questions.seen import seen_by
from annotations.sampling.assign import share_with
from annotations.sampling.reassign import give_to, plan_move, take_back
from annotations.studies.progress import coder_progress
from tests.exporting.reading import write_tables
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


def begin(assignment, coder, value="partly"):
    coding = start_coding(assignment.pk, actor_id=coder.pk)
    save_answer(coding.pk, actor_id=coder.pk, key=CONVERSATION, variable="solved", value=value, revision=0)
    return coding


class Scene:
    """Six conversations of Sem: one finished, two begun, one that everybody codes; Noor has the last two."""

    def __init__(self):
        self.study = make_study("over")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.sem, self.noor = (make_member(self.study, name) for name in ("sem", "noor"))
        self.round = make_round(self.study, "main", kind="main")
        self.conversations = [make_conversation(self.study, f"Hallo {n}") for n in range(6)]
        self.rows = [assign(one, self.sem, is_shared=n == 5) for n, one in enumerate(self.conversations)]
        assign(self.conversations[5], self.noor, is_shared=True)
        done = begin(self.rows[0], self.sem)
        Coding.objects.filter(pk=done.pk).update(state="finished", finished_at=done.started_at)
        self.begun = [begin(row, self.sem) for row in self.rows[1:3]]

    def move(self, **wish):
        return give_to(self.round.pk, self.sem.pk, self.noor.pk, actor_id=self.chief.pk, **wish)


@pytest.fixture
def scene():
    return Scene()


def test_the_outcome_is_told_before_it_is_done(scene):
    move = plan_move(scene.round.pk, scene.sem.pk, to=scene.noor.pk, begun=True)
    assert (len(move.untouched), len(move.begun), move.finished, move.shared) == (2, 2, 1, 1)
    assert Assignment.objects.filter(coder=scene.sem).count() == 6
    without = plan_move(scene.round.pk, scene.sem.pk, to=scene.noor.pk)
    assert (without.total, without.left) == (2, 2)
    some = plan_move(scene.round.pk, scene.sem.pk, to=scene.noor.pk, begun=True, number=3)
    assert (len(some.untouched), len(some.begun), some.left) == (2, 1, 1)


def test_begun_work_stays_with_its_maker_and_the_conversation_goes_on(scene):
    kept = {coding.pk: coding.assignment_id for coding in scene.begun}
    assert scene.move(begun=True) == 4
    assert dict(Coding.objects.filter(pk__in=kept).values_list("pk", "assignment_id")) == kept
    assert Code.objects.filter(coding__in=kept).count() == 2
    assert all(coding.state == "open" for coding in Coding.objects.filter(pk__in=kept))
    hers = {entry.conversation_number for entry in own_queue(scene.study.pk, scene.noor.pk)[:]}
    assert hers == {one.number for one in scene.conversations[1:]}
    his = [entry.conversation_number for entry in own_queue(scene.study.pk, scene.sem.pk)[:]]
    assert his == [scene.conversations[0].number, scene.conversations[5].number]
    counts = {row.name: row.counts for row in coder_progress(scene.study.pk)}
    assert (counts["sem"].assigned, counts["sem"].begun, counts["noor"].assigned) == (2, 0, 5)
    event = Event.objects.get(action="assignments.moved")
    assert event.after == {
        "from": scene.sem.pk,
        "to": scene.noor.pk,
        "conversations": 4,
        "begun": 2,
    }


def test_the_coder_who_had_it_can_write_nothing_more(scene):
    coding = scene.begun[0]
    scene.move(begun=True)
    with pytest.raises(NotAllowed, match="bewaard"):
        save_answer(
            coding.pk, actor_id=scene.sem.pk, key=CONVERSATION, variable="solved", value="fully", revision=1
        )
    with pytest.raises(NotAllowed):
        finish(coding.pk, actor_id=scene.sem.pk)
    with pytest.raises(NotAllowed):
        start_coding(coding.assignment_id, actor_id=scene.sem.pk)


def test_one_answer_counts_and_the_other_is_in_no_file(scene, tmp_path):
    scene.move(begun=True)
    again = Assignment.objects.get(coder=scene.noor, conversation=scene.conversations[1])
    coding = begin(again, scene.noor, "fully")
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=coding.started_at)
    values = [row.value for row in counted_values(scene.round, conversation_ids=[again.conversation_id])]
    assert values == ["fully"]
    assert counted_assignments(scene.round).filter(conversation=again.conversation).count() == 1
    left_out = " ".join(write_tables(scene.study, tmp_path)["left_out"])
    with (tmp_path / "codings_long.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["variable"] == "solved"]
    mine = [row["value"] for row in rows if row["conversation_id"] == again.conversation.key]
    assert mine == ["fully"]
    assert "2 codings that were begun before others took the conversations over" in left_out


def test_a_supervisor_reads_what_was_begun_beside_the_text(scene, client):
    scene.move(begun=True)
    work = coder_work(scene.conversations[1], "en")
    assert [(one.name, one.released_at is not None, len(one.units)) for one in work] == [
        ("noor", False, 0),
        ("sem", True, 1),
    ]
    client.force_login(scene.chief)
    page = client.get(reverse("conversation", args=["over", scene.conversations[1].number]))
    assert "telt nergens mee" in page.content.decode()


def test_it_may_come_back_to_the_first_coder_who_then_starts_afresh(scene):
    scene.move(begun=True)
    give_to(scene.round.pk, scene.noor.pk, scene.sem.pk, actor_id=None)
    mine = Assignment.with_released.filter(coder=scene.sem, conversation=scene.conversations[1])
    assert sorted(row.released_at is None for row in mine) == [False, True]
    assert start_coding(mine.get(released_at=None).pk, actor_id=scene.sem.pk).pk != scene.begun[0].pk


def test_what_everybody_codes_is_released_with_all_the_rest_and_can_be_given_again(scene):
    begin(scene.rows[5], scene.sem)
    assert take_back(scene.round.pk, scene.sem.pk, begun=True, actor_id=None) == 5
    assert share_with(scene.round.pk, scene.sem.pk, actor_id=None) == 1


def test_a_question_stays_with_who_asked_it(scene):
    asked = ask(scene.rows[3].pk, actor_id=scene.sem.pk, text="Hoort dit erbij?")
    assert plan_move(scene.round.pk, scene.sem.pk, to=scene.noor.pk).untouched == (scene.rows[4].pk,)
    assert take_back(scene.round.pk, scene.sem.pk, number=1, actor_id=None) == 1
    assert scene.move(begun=True) == 3
    asked.refresh_from_db()
    assert asked.assignment.coder == scene.sem
    assert seen_by(scene.study.pk, scene.sem.pk).filter(pk=asked.pk).exists()
    assert not seen_by(scene.study.pk, scene.noor.pk).filter(pk=asked.pk).exists()
    with pytest.raises(NotAllowed):
        ask(scene.rows[3].pk, actor_id=scene.sem.pk, text="En nu nog?")


def test_an_outcome_that_changed_meanwhile_is_shown_again(scene):
    shown = plan_move(scene.round.pk, scene.sem.pk, to=scene.noor.pk, begun=True)
    begin(scene.rows[3], scene.sem)
    with pytest.raises(StaleWrite) as stale:
        scene.move(begun=True, expected=shown.fingerprint)
    assert len(stale.value.current.begun) == 3
    assert Assignment.objects.filter(coder=scene.noor).count() == 1


@pytest.mark.parametrize("kind", ["training", "recode", "repeat"])
def test_units_that_belong_to_their_coder_are_not_moved(scene, kind):
    scene.round.kind = kind
    scene.round.save()
    with pytest.raises(BadInput, match="hun codeur"):
        scene.move()


def test_the_page_shows_first_and_does_on_confirmation(scene, client):
    client.force_login(scene.chief)
    address = reverse("round_move", args=["over", scene.round.pk])
    wish = {"coder": scene.sem.pk, "to": scene.noor.pk, "begun": "on", "action": "give"}
    page = client.post(address, wish)
    assert page.status_code == 200
    assert page.context["move"].total == 4
    assert Assignment.objects.filter(coder=scene.noor).count() == 1
    assert b"2 daarvan waren begonnen" in page.content
    assert f'name="expected" value="{page.context["move"].fingerprint}"' in page.content.decode()
    assert '<input type="hidden" name="action" value="give">' in page.content.decode()
    assert client.post(address, wish | {"expected": "9-9"}).status_code == 409
    assert client.post(address, wish | {"expected": page.context["move"].fingerprint}).status_code == 302
    assert Assignment.objects.filter(coder=scene.noor).count() == 5
