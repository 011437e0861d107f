"""Drift: the parts of a round, rounds beside each other, a coder with themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.models import Coding
from annotations.reliability.data import ReportScope
from annotations.reliability.over_time import by_part, by_round, parts_of, with_themselves
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db

# The coders agree in the first four conversations and never in the last four.
EARLY = [("not", "not"), ("fully", "fully")] * 2
LATE = [("not", "fully"), ("fully", "not")] * 2


@pytest.fixture
def study():
    study = make_study("study")
    anna, bart = make_member(study, "anna"), make_member(study, "bart")
    items = []
    for one, other in [*EARLY, *LATE]:
        conversation = make_conversation(study, "Hoi")
        for coder, solved in ((anna, one), (bart, other)):
            items.append(
                ImportedCoding(assign(conversation, coder), answers={CONVERSATION: {"solved": solved}})
            )
    store_imported(make_round(study), items, actor_id=None)
    start = timezone.now() - timedelta(days=30)
    for coding in Coding.objects.select_related("assignment__conversation"):
        at = start + timedelta(days=coding.assignment.conversation.number)
        Coding.objects.filter(pk=coding.pk).update(finished_at=at)
    return study


def test_parts_follow_the_order_in_which_conversations_were_finished(study):
    round_ = study.rounds.get()
    numbers = dict(study.conversations.values_list("pk", "number"))
    parts = parts_of(round_, ReportScope(), parts=2)
    assert [sorted(numbers[pk] for pk in part.conversations) for part in parts] == [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
    ]


def test_coders_who_drift_apart_show_it(study):
    round_ = study.rounds.get()
    parts = parts_of(round_, ReportScope(), parts=2)
    early, late = {v.key: figures for v, figures in by_part(round_, ReportScope(), parts)}["solved"]
    assert (early.alpha, early.units) == (1.0, 4)
    assert late.alpha < 0


def test_too_few_conversations_make_no_parts(study):
    assert parts_of(study.rounds.get(), ReportScope(coder_ids=frozenset({0}))) == []


def test_a_coder_who_codes_a_conversation_again_is_compared_with_themselves(study):
    anna = study.memberships.get(pseudonym="anna").user
    again = make_round(study, "again")
    items = [
        ImportedCoding(assign(conversation, anna, again), answers={CONVERSATION: {"solved": value}})
        for conversation, value in zip(
            study.conversations.order_by("number")[:3], ("not", "fully", "fully"), strict=True
        )
    ]
    store_imported(again, items, actor_id=None)
    found = [each for each in with_themselves(study) if each.variable.key == "solved"]
    assert [(each.coder, each.rounds) for each in found] == [("anna", ("main", "again"))]
    assert found[0].result.percent_agreement == pytest.approx(2 / 3)
    rounds, alphas = by_round(study)
    assert [round_.name for round_ in rounds] == ["main"]
    assert alphas["solved"][0].units == 8
