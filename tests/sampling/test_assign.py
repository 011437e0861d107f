"""Rounds and assignments as they are written."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.coding.save import add_seconds, start_coding
from annotations.errors import BadInput, StaleWrite
from annotations.models import Assignment, Coding, Event, Round
from annotations.sampling.assign import add_to_round, create_round, open_or_close, share_with
from annotations.sampling.plan import NEW, OUTSIDE, Wish, make_plan, pool_sizes
from annotations.sampling.reassign import give_to, take_back
from tests.factories import add_coding, add_conversations, add_member, make_study, with_people


@pytest.fixture
def study(make_user):
    study = with_people(make_study("privacy"), make_user, anna="coder", bram="coder", cleo="")
    add_conversations(study, {"Zwaluwlijn": 30, "Rijksheffingen": 20, "": 10})
    return study


def wish(study, **fields):
    return Wish(**({"coder_ids": (study.anna.pk, study.bram.pk), "seed": 7} | fields))


def first_round(study, **fields):
    return create_round(study.pk, wish(study, **fields), name="Main", kind="main", actor_id=None)


def given(of_round, coder):
    return dict(of_round.assignments.filter(coder=coder).values_list("conversation_id", "position"))


def test_a_round_is_written_as_planned_with_its_seed_and_the_codebook_of_the_moment(study):
    plan = make_plan(study.pk, wish(study, number=20, shared=4)).plan
    of_round = first_round(study, number=20, shared=4)
    for coder, order in plan.by_coder.items():
        rows = of_round.assignments.filter(coder_id=coder).order_by("position")
        assert list(rows.values_list("conversation_id", flat=True)) == list(order)
        assert list(rows.values_list("position", flat=True)) == list(range(1, len(order) + 1))
    shared = of_round.assignments.filter(is_shared=True)
    assert set(shared.values_list("conversation_id", flat=True)) == plan.shared
    assert shared.count() == 8
    assert (of_round.seed, of_round.codebook_version, of_round.modules) == (
        7,
        study.codebook_version,
        ["core"],
    )


def test_the_draw_is_recorded_so_that_it_can_be_described_and_repeated(study):
    of_round = first_round(study, number=30, shared=6)
    [record] = of_round.draw
    assert record["seed"] == 7
    assert record["pool"] == {"Zwaluwlijn": 30, "Rijksheffingen": 20, "": 10}
    assert record["drawn"] == {"": 5, "Rijksheffingen": 10, "Zwaluwlijn": 15}
    assert record["shared"] == 6
    event = Event.objects.get(action="conversations.assigned")
    assert event.after == record
    assert event.subject_id == of_round.pk


def test_a_share_coded_by_everybody_is_rounded_up(study):
    outcome = make_plan(study.pk, wish(study, number=15, shared_percent=Decimal("10")))
    assert len(outcome.plan.shared) == 2


def test_a_second_draw_takes_other_conversations_and_moves_nothing(study):
    of_round = first_round(study, number=20, shared=4)
    before = list(of_round.assignments.order_by("pk").values())
    add_to_round(of_round.pk, wish(study, number=10, shared=2), actor_id=None)
    assert list(of_round.assignments.order_by("pk").values())[: len(before)] == before
    times = Counter(of_round.assignments.values_list("conversation_id", "is_shared"))
    assert len(times) == 30
    assert all(count == (2 if shared else 1) for (_conversation, shared), count in times.items())
    assert [record["shared"] for record in Round.objects.get().draw] == [4, 2]


def test_new_conversations_only_or_those_of_another_round_as_well(study):
    of_round = first_round(study, number=50)
    assert sum(pool_sizes(study.pk, None, NEW).values()) == 10
    assert sum(pool_sizes(study.pk, None, OUTSIDE).values()) == 60
    assert sum(pool_sizes(study.pk, of_round.pk, OUTSIDE).values()) == 10
    drift = create_round(
        study.pk, wish(study, scope=OUTSIDE, number=60), name="Drift", kind="drift", actor_id=None
    )
    assert drift.assignments.count() == 60


def test_a_draw_from_one_organisation_leaves_the_others(study):
    of_round = first_round(study, organisations=("Rijksheffingen",))
    names = set(of_round.assignments.values_list("conversation__organisation__name", flat=True))
    assert names == {"Rijksheffingen"}
    assert of_round.assignments.count() == 20


def test_the_conversations_of_another_study_are_never_drawn(study):
    add_conversations(make_study("other"), {"Zwaluwlijn": 5})
    assert first_round(study).assignments.count() == 60


def test_highlights_are_withheld_on_the_share_the_study_says(study):
    study.withheld_share = Decimal("0.25")
    study.save()
    of_round = first_round(study, number=40, shared=40)
    for coder in (study.anna, study.bram):
        assert of_round.assignments.filter(coder=coder, highlights=False).count() == 10


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"coder_ids": ()}, "coder|codeur"),
        ({"number": 61}, "60"),
        ({"number": 0}, "60"),
        ({"number": 5, "shared": 6}, "5"),
        ({"shared_percent": Decimal(101)}, "100"),
        ({"seed": -1}, "seed"),
        ({"scope": "everything"}, "hoose|ies"),
        ({"organisations": ("Nobody",)}, "onversation|esprek"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_nothing_is_written(study, fields, words):
    with pytest.raises(BadInput, match=words):
        first_round(study, **fields)
    assert not Round.objects.exists()
    assert not Assignment.objects.exists()


def test_somebody_outside_the_study_gets_no_conversations(study):
    with pytest.raises(BadInput):
        first_round(study, coder_ids=(study.anna.pk, study.cleo.pk))


def test_one_coder_shares_with_nobody(study):
    of_round = first_round(study, number=5, coder_ids=(study.anna.pk,), shared=3)
    assert list(of_round.assignments.values_list("is_shared", flat=True)) == [False] * 5


@pytest.mark.parametrize("move", [take_back, give_to])
def test_a_conversation_that_was_only_looked_at_can_be_moved(study, move):
    of_round = first_round(study, number=20, shared=0)
    looked_at = of_round.assignments.filter(coder=study.anna).first()
    coding = start_coding(looked_at.pk, actor_id=study.anna.pk)
    add_seconds(coding.pk, actor_id=study.anna.pk, seconds=20)
    others = (study.bram.pk,) if move is give_to else ()
    assert move(of_round.pk, study.anna.pk, *others, actor_id=None) == 10
    assert not Coding.objects.exists()
    assert not of_round.assignments.filter(coder=study.anna).exists()


def test_a_round_name_is_used_once_whatever_its_case(study):
    first_round(study, number=5)
    with pytest.raises(BadInput):
        create_round(study.pk, wish(study), name="  MAIN ", kind="main", actor_id=None)


def test_a_draw_after_new_conversations_came_in_is_stale(study):
    shown = make_plan(study.pk, wish(study, number=5))
    add_conversations(study, {"Zwaluwlijn": 1})
    with pytest.raises(StaleWrite) as stale:
        create_round(
            study.pk,
            wish(study, number=5),
            name="Main",
            kind="main",
            actor_id=None,
            fingerprint=shown.fingerprint,
        )
    assert sum(stale.value.current.pool.values()) == 61
    assert not Round.objects.exists()


def test_taking_back_removes_the_last_untouched_ones_and_nothing_a_coder_opened(study):
    of_round = first_round(study, number=20)
    mine = of_round.assignments.filter(coder=study.anna)
    opened = mine.get(position=10)
    add_coding(opened, finished=True)
    assert take_back(of_round.pk, study.anna.pk, number=3, actor_id=None) == 3
    assert set(mine.values_list("position", flat=True)) == {1, 2, 3, 4, 5, 6, 10}
    assert take_back(of_round.pk, study.anna.pk, actor_id=None) == 6
    assert list(mine) == [opened]
    assert of_round.assignments.filter(coder=study.bram).count() == 10
    assert Event.objects.filter(action="assignments.taken_back").count() == 2


def test_taking_back_a_number_leaves_what_everybody_codes(study):
    of_round = first_round(study, number=20, shared=10)
    with pytest.raises(BadInput, match="5"):
        take_back(of_round.pk, study.anna.pk, number=6, actor_id=None)
    take_back(of_round.pk, study.anna.pk, number=5, actor_id=None)
    assert of_round.assignments.filter(coder=study.anna, is_shared=True).count() == 10


def test_conversations_taken_back_can_be_drawn_again(study):
    of_round = first_round(study)
    take_back(of_round.pk, study.anna.pk, actor_id=None)
    add_to_round(of_round.pk, wish(study, coder_ids=(study.bram.pk,)), actor_id=None)
    assert len(given(of_round, study.bram)) == 60


def test_giving_to_another_coder_keeps_the_order_and_comes_after_their_own(study):
    of_round = first_round(study, number=20, shared=4)
    hers, his = given(of_round, study.anna), given(of_round, study.bram)
    opened = of_round.assignments.filter(coder=study.anna, is_shared=False).order_by("position").first()
    add_coding(opened, finished=True)
    moved = give_to(of_round.pk, study.anna.pk, study.bram.pk, actor_id=None)
    after = given(of_round, study.bram)
    assert moved == 7
    assert {conversation: after[conversation] for conversation in his} == his
    new = sorted(set(after) - set(his), key=after.__getitem__)
    assert new == sorted(new, key=hers.__getitem__)
    assert min(after[conversation] for conversation in new) > max(his.values())
    assert opened.conversation_id in given(of_round, study.anna)


def test_a_conversation_is_not_given_to_a_coder_who_has_it(study):
    of_round = first_round(study, number=20, shared=20)
    with pytest.raises(BadInput):
        give_to(of_round.pk, study.anna.pk, study.bram.pk, actor_id=None)


def test_a_coder_who_joins_later_gets_what_everybody_codes(study):
    of_round = first_round(study, number=20, shared=6)
    add_member(study, study.cleo)
    assert share_with(of_round.pk, study.cleo.pk, actor_id=None) == 6
    shared = of_round.assignments.filter(coder=study.bram, is_shared=True)
    assert set(given(of_round, study.cleo)) == set(shared.values_list("conversation_id", flat=True))
    assert share_with(of_round.pk, study.cleo.pk, actor_id=None) == 0


def test_a_closed_round_gets_no_new_assignments_until_it_is_opened(study):
    of_round = first_round(study, number=20)
    open_or_close(of_round.pk, False, actor_id=None)
    with pytest.raises(BadInput):
        add_to_round(of_round.pk, wish(study), actor_id=None)
    with pytest.raises(BadInput):
        give_to(of_round.pk, study.anna.pk, study.bram.pk, actor_id=None)
    open_or_close(of_round.pk, True, actor_id=None)
    add_to_round(of_round.pk, wish(study), actor_id=None)
    assert Event.objects.filter(action__in=["round.closed", "round.opened"]).count() == 2


def test_the_number_of_queries_does_not_grow_with_the_corpus(study):
    def queries(name):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            create_round(study.pk, wish(study, number=10, shared=2), name=name, kind="main", actor_id=None)
        return len(captured)

    small = queries("small")
    add_conversations(study, {"Zwaluwlijn": 500, "Rijksheffingen": 500})
    assert queries("large") == small
