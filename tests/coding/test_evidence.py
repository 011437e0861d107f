"""What was computed from the thread, in words under the message."""

import pytest
from django.utils import translation

from annotations.coding.answers import load_state
from annotations.coding.evidence import suggestion_chip
from annotations.coding.marks import load_marks
from annotations.coding.save import add_span
from annotations.models import Coding, ContextSuggestion
from tests.factories import make_candidate, make_coding, make_conversation, make_member, make_study


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"kinds": ["name", "phone"], "count": 2, "channel": "none"}, "vraagt 2 gegevens, in het openbaar"),
        ({"kinds": ["phone"], "count": 1, "channel": "dm"}, "vraagt 1 gegeven, per privébericht"),
    ],
)
def test_a_request_for_data_says_how_many_and_where_to(value, words):
    with translation.override("nl"):
        chip = suggestion_chip(ContextSuggestion(kind="asks_for_data", value=value))
    assert chip is not None
    assert str(chip.text) == words


def test_a_candidate_at_a_place_that_was_marked_by_hand_needs_no_decision(db):
    study = make_study(detector_version="1")
    coding = make_coding(make_conversation(study, "Bel 06-00000011"), make_member(study, "noor"))
    message = coding.assignment.conversation.messages.get()
    candidate = make_candidate(message, "06-00000011", "phone")
    add_span(
        coding.pk,
        actor_id=coding.assignment.coder_id,
        message_id=message.pk,
        start=4,
        end=15,
        quote="06-00000011",
        info_type="phone",
    )
    again = Coding.objects.select_related("assignment__round__study").get(pk=coding.pk)
    marks = load_marks(again.assignment, load_state(again))
    assert marks.decided == {candidate.pk}
