"""What is remembered of a round is forgotten whenever anything it rests on changes."""

import pytest

from annotations.adjudication.disagreements import Filter, disagreement_list
from annotations.coding.stamp import stamp_of
from annotations.models import Code, Coding, Conversation, Membership, Message, Organisation, Round, Span
from annotations.reliability.data import ReportScope
from annotations.reliability.stored import report_for
from tests.adjudication.help import make_scene

pytestmark = pytest.mark.django_db

CHANGES = {
    "organisation": lambda: Conversation.objects.update(
        organisation=Organisation.objects.order_by("pk").last()
    ),
    "number": lambda: Conversation.objects.update(number=77),
    "position": lambda: Message.objects.update(position=5),
    "state": lambda: Message.objects.update(text="", state=Message.State.DELETED),
    "context": lambda: Message.objects.update(revision=9),
    "code": lambda: Code.objects.update(revision=9),
    "span": lambda: Span.objects.update(revision=9),
    "pseudonym": lambda: Membership.objects.update(pseudonym="K"),
    "coding": lambda: Coding.objects.update(revision=9),
    "modules": lambda: Round.objects.update(modules=["none"]),
}


@pytest.fixture
def scene():
    scene = make_scene()
    scene.code(
        scene.conversation(),
        {"contains_pii": "yes"},
        {"contains_pii": "no"},
        spans=(((20, 31, "phone"),), ()),
    )
    Organisation.objects.create(study=scene.study, name="Andere")
    Conversation.objects.update(organisation=Organisation.objects.order_by("pk").first())
    return scene


@pytest.mark.parametrize("change", CHANGES)
def test_the_stamp_changes_with_everything_a_figure_rests_on(scene, change):
    before = stamp_of(scene.round)
    assert stamp_of(scene.round) == before
    if change == "pseudonym":
        Membership.objects.exclude(pk=Membership.objects.first().pk).delete()
    CHANGES[change]()
    assert stamp_of(Round.objects.get()) != before


def test_two_conversations_that_change_places_change_it(scene):
    first = Conversation.objects.get()
    one, *_, other = Organisation.objects.order_by("pk")
    scene.code(scene.conversation(), {"contains_pii": "yes"}, {"contains_pii": "yes"})
    second = Conversation.objects.exclude(pk=first.pk).get()
    Conversation.objects.filter(pk=first.pk).update(organisation=one)
    Conversation.objects.filter(pk=second.pk).update(organisation=other)
    before = stamp_of(scene.round)
    Conversation.objects.filter(pk=first.pk).update(organisation=other)
    Conversation.objects.filter(pk=second.pk).update(organisation=one)
    assert stamp_of(scene.round) != before


def test_a_moved_conversation_changes_the_report_and_the_queue(scene):
    one, *_, other = Organisation.objects.order_by("pk")

    def units_and_rows(organisation):
        report = report_for(scene.round, ReportScope(organisation_id=organisation.pk))
        units = next((row["units"] for row in report.result if row["key"] == "contains_pii"), 0)
        return units, len(disagreement_list(scene.round, Filter(organisation_id=organisation.pk)).rows)

    assert units_and_rows(one)[1] > 0
    assert units_and_rows(other) == (0, 0)
    before = units_and_rows(one)
    Conversation.objects.update(organisation=other)
    assert units_and_rows(one) == (0, 0)
    assert units_and_rows(other) == before


def test_nothing_finished_has_no_stamp(scene):
    Coding.objects.update(state="open", finished_at=None)
    assert stamp_of(scene.round) is None
