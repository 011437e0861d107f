"""Marking fragments and deciding on candidates."""

import pytest
from django.db import IntegrityError, transaction

from annotations.coding.answers import load_state
from annotations.coding.save import (
    accept_candidate,
    add_span,
    move_span,
    reject_candidate,
    remove_span,
    save_answer,
    undecide_candidate,
)
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import CandidateDecision, Coding, Event, Span
from tests.factories import make_candidate, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
FAMILY = "👨‍👩‍👧"
TEXT = f"Wij {FAMILY} bellen: 06-00000011 of jan@example.org"


@pytest.fixture
def coding():
    study = make_study()
    return make_coding(make_conversation(study, TEXT), make_member(study, "noor"))


@pytest.fixture
def message(coding):
    return coding.assignment.conversation.messages.get()


@pytest.fixture
def who(coding):
    return {"actor_id": coding.assignment.coder_id}


def place(quote):
    start = TEXT.index(quote)
    return {"start": start, "end": start + len(quote), "quote": quote}


def types(coding):
    state = load_state(Coding.objects.select_related("assignment__round").get(pk=coding.pk))
    return {
        (span.start, span.end): state.values(("span", pk))["info_type"] for pk, span in state.spans.items()
    }


def test_offsets_are_code_points_also_behind_an_emoji_of_five(coding, message, who):
    add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="phone")
    span = Span.objects.get()
    assert TEXT[span.start : span.end] == "06-00000011"
    assert types(coding) == {(span.start, span.end): "phone"}


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(0, 3, "Wie"), (0, 0, ""), (3, 4, " "), (0, 999, TEXT), (-3, 3, "Wij"), (5, 4, "x")],
)
def test_a_fragment_that_does_not_match_the_text_is_refused(coding, message, who, start, end, quote):
    with pytest.raises(BadInput):
        add_span(
            coding.pk, **who, message_id=message.pk, start=start, end=end, quote=quote, info_type="phone"
        )
    assert not Span.objects.exists()


def test_the_database_itself_refuses_a_span_outside_the_text(coding, message):
    with pytest.raises(IntegrityError), transaction.atomic():
        Span.objects.create(coding=coding, message=message, number=1, start=0, end=len(TEXT) + 1)


def test_the_same_fragment_may_carry_two_types_but_not_one_twice(coding, message, who):
    for info_type in ("phone", "bsn"):
        add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type=info_type)
    with pytest.raises(BadInput, match="fragment"):
        add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="bsn")
    assert Span.objects.count() == 2


def test_a_candidate_is_accepted_retyped_and_moved_and_its_decision_follows(coding, message, who):
    candidate = make_candidate(message, "06-00000011", "phone")
    span, _ = accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
    decision = CandidateDecision.objects.get()
    assert (decision.decision, span.origin) == ("accepted", "accepted")

    save_answer(coding.pk, **who, key=("span", span.pk), variable="info_type", value="bsn", revision=1)
    decision.refresh_from_db()
    assert decision.decision == "retyped"

    move_span(coding.pk, **who, span_id=span.pk, **place("00000011"), revision=1)
    decision.refresh_from_db()
    assert decision.decision == "moved"


def test_a_rejected_candidate_loses_its_span_and_can_be_taken_back(coding, message, who):
    candidate = make_candidate(message, "06-00000011", "phone")
    accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
    reject_candidate(coding.pk, **who, candidate_id=candidate.pk)
    assert not Span.objects.exists()
    assert CandidateDecision.objects.get().decision == "rejected"
    undecide_candidate(coding.pk, **who, candidate_id=candidate.pk)
    assert not CandidateDecision.objects.exists()


def test_a_removed_span_stays_in_the_log_with_its_answers_and_its_number_is_not_used_again(
    coding, message, who
):
    span, _ = add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="phone")
    remove_span(coding.pk, **who, span_id=span.pk, revision=1)
    event = Event.objects.get(action="span.removed")
    assert event.before["answers"] == {"info_type": "phone"}
    again, _ = add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="phone")
    assert again.number == 2


def test_no_event_holds_text_of_a_message(coding, message, who):
    candidate = make_candidate(message, "jan@example.org", "email")
    accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
    add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="phone")
    logged = str([(event.before, event.after) for event in Event.objects.all()])
    assert "00000011" not in logged
    assert "jan@" not in logged


def test_a_stale_move_or_removal_is_refused(coding, message, who):
    span, _ = add_span(coding.pk, **who, message_id=message.pk, **place("06-00000011"), info_type="phone")
    move_span(coding.pk, **who, span_id=span.pk, **place("00000011"), revision=1)
    with pytest.raises(StaleWrite):
        move_span(coding.pk, **who, span_id=span.pk, **place("06-00000011"), revision=1)
    with pytest.raises(StaleWrite):
        remove_span(coding.pk, **who, span_id=span.pk, revision=1)


def test_withheld_candidates_cannot_be_decided_on(coding, message, who):
    candidate = make_candidate(message, "06-00000011", "phone")
    coding.assignment.highlights = False
    coding.assignment.save()
    with pytest.raises(NotAllowed):
        accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
