"""What is refused and kept of fragments, decisions on candidates and kept contradictions, at the edges."""

from datetime import UTC, datetime, timedelta

import pytest

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import (
    accept_candidate,
    finish,
    keep_contradiction,
    move_span,
    reject_candidate,
    remove_span,
    undecide_candidate,
)
from annotations.errors import StaleWrite
from annotations.models import (
    CandidateDecision,
    Event,
    KeptContradiction,
    Span,
)
from tests.coding.contradicting import CONSISTENCY
from tests.coding.test_save_edges import TEXT, answer_everything, mark
from tests.factories import (
    SMALL_CODEBOOK,
    assign,
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def coding():
    study = make_study(codebook=SMALL_CODEBOOK + CONSISTENCY)
    return make_coding(make_conversation(study, TEXT, "Dank"), make_member(study, "noor"))


@pytest.fixture
def message(coding):
    return coding.assignment.conversation.messages.first()


@pytest.fixture
def who(coding):
    return {"actor_id": coding.assignment.coder_id}


class TestFragments:
    def test_a_kept_contradiction_is_logged_once_with_its_unit_and_forgotten_when_solved(
        self, coding, message, who
    ):
        answer_everything(coding)
        span = mark(coding, message, "06-00000011")
        key = ("message", message.pk)
        for _again in range(2):
            state = keep_contradiction(coding.pk, **who, rule="marked_but_no", key=key)
            assert state.coding == coding
        assert list(KeptContradiction.objects.values_list("coding", "rule", "message")) == [
            (coding.pk, "marked_but_no", message.pk)
        ]
        [event] = Event.objects.filter(action="contradiction.kept")
        assert event.after == {"message": message.pk, "rule": "marked_but_no"}
        for rule, unit in (("marked_but_no", CONVERSATION), ("bsn_solved", key)):
            keep_contradiction(coding.pk, **who, rule=rule, key=unit)
        assert KeptContradiction.objects.count() == 1
        remove_span(coding.pk, **who, span_id=span.pk, revision=1)
        KeptContradiction.objects.create(coding=coding, rule="of_the_whole", message=None)
        finish(coding.pk, **who)
        assert not KeptContradiction.objects.exists()
        gone = Event.objects.filter(action="contradiction.resolved").order_by("pk")
        assert [event.after for event in gone] == [
            {"message": message.pk, "rule": "marked_but_no"},
            {"rule": "of_the_whole"},
        ]

    def test_spans_are_numbered_on_and_their_log_names_place_and_origin(self, coding, message, who):
        first = mark(coding, message, "06-00000011")
        remove_span(coding.pk, **who, span_id=first.pk, revision=1)
        second = mark(coding, message, "06-00000011")
        assert (first.number, second.number) == (1, 2)
        coding.refresh_from_db()
        assert coding.spans_made == 2
        added = Event.objects.filter(action="span.added").order_by("pk").last()
        assert added.after == {
            "span": second.pk,
            "message": message.pk,
            "start": 4,
            "end": 15,
            "origin": "added",
        }
        moved, _state = move_span(coding.pk, **who, span_id=second.pk, start=4, end=6, quote="06", revision=1)
        assert (moved.start, moved.end, moved.revision, moved.origin) == (4, 6, 2, "added")
        event = Event.objects.get(action="span.moved")
        assert event.before == {"span": second.pk, "start": 4, "end": 15}
        assert event.after == {"span": second.pk, "start": 4, "end": 6}
        with pytest.raises(StaleWrite) as stale:
            remove_span(coding.pk, **who, span_id=second.pk, revision=1)
        assert (stale.value.current, stale.value.revision) == ({"start": 4, "end": 6}, 2)
        with pytest.raises(StaleWrite) as stale:
            remove_span(coding.pk, **who, span_id=10**6, revision=1)
        assert (stale.value.current, stale.value.revision) == (None, 0)

    def test_a_candidate_is_decided_on_in_each_way_by_each_coder_for_themselves(self, coding, message, who):
        candidate = make_candidate(message, "06-00000011", "phone")
        other = make_coding(coding.assignment.conversation, make_member(coding.assignment.round.study, "d"))
        theirs = {"actor_id": other.assignment.coder_id}
        reject_candidate(other.pk, **theirs, candidate_id=candidate.pk)

        def decided(of=coding):
            row = CandidateDecision.objects.get(coding=of)
            return row.decision, row.span_id, row.revision

        span, _state = accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
        assert (span.start, span.end, span.origin, span.candidate) == (4, 15, "accepted", candidate)
        assert decided() == ("accepted", span.pk, 1)
        same, _state = accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
        assert (same.pk, decided()) == (span.pk, ("accepted", span.pk, 1))
        again, state = accept_candidate(coding.pk, **who, candidate_id=candidate.pk, info_type="bsn")
        assert (again.pk, again.origin) == (span.pk, "retyped")
        assert state.values(("span", span.pk)) == {"info_type": "bsn"}
        assert Span.objects.get(coding=coding).origin == "retyped"
        assert decided()[0] == "retyped"
        move_span(coding.pk, **who, span_id=span.pk, start=4, end=6, quote="06", revision=1)
        assert decided()[0] == "moved"
        reject_candidate(coding.pk, **who, candidate_id=candidate.pk)
        assert decided()[:2] == ("rejected", None)
        assert not coding.spans.exists()
        state = undecide_candidate(coding.pk, **who, candidate_id=candidate.pk)
        assert state.coding == coding
        assert not CandidateDecision.objects.filter(coding=coding).exists()
        undecide_candidate(coding.pk, **who, candidate_id=candidate.pk)
        [event] = Event.objects.filter(action="candidate.undecided")
        assert event.before == {"candidate": candidate.pk}
        assert decided(other) == ("rejected", None, 1)
        log = Event.objects.filter(action="candidate.decided", actor_id=who["actor_id"]).order_by("pk")
        assert [(event.before, event.after) for event in log] == [
            (None, {"candidate": candidate.pk, "decision": "accepted", "version": "1"}),
            (None, {"candidate": candidate.pk, "decision": "rejected", "version": "1"}),
        ]


def test_a_decision_made_long_ago_gets_its_new_time(coding, message, who):
    candidate = make_candidate(message, "06-00000011", "phone")
    span, _state = accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
    long_ago = datetime.now(UTC) - timedelta(days=400)
    CandidateDecision.objects.update(updated_at=long_ago)
    Span.objects.update(updated_at=long_ago)
    move_span(coding.pk, **who, span_id=span.pk, start=4, end=6, quote="06", revision=1)
    assert CandidateDecision.objects.get().updated_at > long_ago
    assert Span.objects.get().updated_at > long_ago
    assign(coding.assignment.conversation, make_member(coding.assignment.round.study, "x"))
