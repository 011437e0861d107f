"""Fragments in a training: the same kind, and places that overlap."""

import pytest

from annotations.coding.save import (
    ImportedSpan,
)
from annotations.finals.settled import SpanValue
from annotations.training.attempts import score
from annotations.training.feedback import differences, unit_of
from annotations.training.key import is_same, same_fragments
from tests.training.test_training import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def test_fragments_agree_in_kind_and_by_overlap():
    key = (SpanValue(4, 15, "phone", ()),)
    assert same_fragments((SpanValue(5, 15, "phone", ()),), key)
    assert not same_fragments((SpanValue(4, 15, "email", ()),), key)
    assert not same_fragments((SpanValue(15, 20, "phone", ()),), key)
    assert not same_fragments((), key)
    assert not same_fragments(key * 2, key)
    assert is_same(None, key) is False
    assert is_same("yes", None) is None


def test_marked_fragments_are_compared_too(scene):
    scene.begin(scene.noor)
    assignment = scene.own(scene.noor)[0]
    message = assignment.conversation.messages.get()
    span = ImportedSpan(message.pk, 0, 5, {"info_type": "phone"})
    scene.code(assignment, "fully", spans=[span])
    assert score(assignment.pk).right["info_type"] is False
    unit = unit_of(assignment.pk, scene.noor.pk)
    (row,) = [one for one in differences(scene.training, unit, "nl") if one.variable == "info_type"]
    assert (row.given, row.key) == ("Telefoon", "geen fragmenten")
