"""What every write leaves behind to the last column: revisions, times, decisions, and the log."""

from datetime import UTC, datetime

import pytest

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import (
    accept_candidate,
    add_seconds,
    add_span,
    finish,
    move_span,
    reject_candidate,
    remove_span,
    reopen,
    save_answer,
    start_coding,
    undecide_candidate,
)
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Assignment, CandidateDecision, Code, Coding, Event, Span
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
TEXT = "Bel 06-00000011 of jan@example.org"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def coding():
    study = make_study()
    return make_coding(make_conversation(study, TEXT, "Dank"), make_member(study, "noor"))


@pytest.fixture
def other(coding):
    """The coding of another coder of the same conversation."""
    study = coding.assignment.round.study
    return make_coding(coding.assignment.conversation, make_member(study, "sam"))


@pytest.fixture
def message(coding):
    return coding.assignment.conversation.messages.first()


@pytest.fixture
def candidate(message):
    return make_candidate(message, "06-00000011", "phone")


def of(coding):
    return {"actor_id": coding.assignment.coder_id}


def place(quote):
    start = TEXT.index(quote)
    return {"start": start, "end": start + len(quote), "quote": quote}


def events(*actions):
    return [
        (event.action, event.before, event.after)
        for event in Event.objects.filter(action__in=actions).order_by("pk")
    ]


def decision(coding, candidate):
    return CandidateDecision.objects.get(coding=coding, candidate=candidate)


def aged(rows):
    """The rows as if they were written long ago."""
    rows.update(updated_at=LONG_AGO)


def is_new(row):
    row.refresh_from_db()
    return row.updated_at > LONG_AGO


def test_nothing_given_and_nothing_taken_back_is_revision_0_and_no_event(coding):
    saved = save_answer(coding.pk, **of(coding), key=CONVERSATION, variable="solved", value=None, revision=0)
    assert saved.revision == 0
    assert saved.state.coding == coding
    assert not Code.objects.exists()
    assert events("code.saved") == []


def test_an_answer_sent_again_gives_its_own_revision_and_the_state(coding):
    given = {"key": CONVERSATION, "variable": "solved", "revision": 0}
    for value in ("fully", "partly"):
        saved = save_answer(coding.pk, **of(coding), **given, value=value)
        given["revision"] = saved.revision
    again = save_answer(coding.pk, **of(coding), **(given | {"revision": 0}), value="partly")
    assert again.revision == 2
    assert again.state.values(CONVERSATION)["solved"] == "partly"
    assert events("code.saved") == [
        ("code.saved", None, {"variable": "solved", "value": "fully", "revision": 1}),
        (
            "code.saved",
            {"value": "fully", "revision": 1},
            {"variable": "solved", "value": "partly", "revision": 2},
        ),
    ]
    event = Event.objects.filter(action="code.saved").last()
    assert (event.actor_id, event.study_id) == (
        coding.assignment.coder_id,
        coding.assignment.round.study_id,
    )


def test_a_changed_answer_has_its_time(coding):
    save_answer(coding.pk, **of(coding), key=CONVERSATION, variable="solved", value="fully", revision=0)
    aged(Code.objects)
    save_answer(coding.pk, **of(coding), key=CONVERSATION, variable="solved", value="partly", revision=1)
    assert is_new(Code.objects.get())


def test_the_type_of_a_fragment_cannot_be_taken_back(coding, message):
    span, _ = add_span(
        coding.pk, **of(coding), message_id=message.pk, **place("06-00000011"), info_type="phone"
    )
    for value in (None, Missing.UNDETERMINED):
        with pytest.raises(BadInput):
            save_answer(
                coding.pk, **of(coding), key=("span", span.pk), variable="info_type", value=value, revision=1
            )


def test_another_type_or_place_changes_origin_decision_and_times_of_this_coder_only(coding, other, candidate):
    for each in (coding, other):
        accept_candidate(each.pk, **of(each), candidate_id=candidate.pk)
    aged(CandidateDecision.objects)
    aged(Span.objects)
    span = Span.objects.get(coding=coding)
    save_answer(
        coding.pk, **of(coding), key=("span", span.pk), variable="info_type", value="email", revision=1
    )
    span.refresh_from_db()
    assert (span.origin, decision(coding, candidate).decision) == ("retyped", "retyped")
    assert is_new(decision(coding, candidate))
    aged(CandidateDecision.objects)
    moved, _ = move_span(coding.pk, **of(coding), span_id=span.pk, **place("06-0000"), revision=span.revision)
    span.refresh_from_db()
    assert moved == span
    assert span.revision == 2
    assert (span.origin, decision(coding, candidate).decision) == ("moved", "moved")
    assert is_new(span)
    assert is_new(decision(coding, candidate))
    back = place("06-00000011")
    move_span(coding.pk, **of(coding), span_id=span.pk, **back, revision=span.revision)
    accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk, info_type="phone")
    span.refresh_from_db()
    assert (span.origin, decision(coding, candidate).decision) == ("accepted", "accepted")
    theirs = decision(other, candidate)
    assert (theirs.decision, theirs.updated_at) == ("accepted", LONG_AGO)
    assert Span.objects.get(coding=other).origin == "accepted"
    assert [before for _, before, _ in events("span.moved")] == [
        {"span": span.pk, "start": candidate.start, "end": candidate.end},
        {"span": span.pk, "start": candidate.start, "end": candidate.start + 7},
    ]


def test_accepting_with_another_type_is_retyped(coding, candidate):
    span, state = accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk, info_type="email")
    assert (span.origin, span.candidate, span.number) == ("retyped", candidate, 1)
    assert state.values(("span", span.pk))["info_type"] == "email"
    assert decision(coding, candidate).span == span
    again, _ = accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk, info_type="email")
    assert again == span
    assert len(events("candidate.decided")) == 1


def test_a_decision_counts_its_revisions_and_the_log_says_what_was(coding, other, candidate):
    reject_candidate(other.pk, **of(other), candidate_id=candidate.pk)
    state = reject_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    assert state.coding == coding
    row = decision(coding, candidate)
    assert (row.decision, row.span, row.revision) == ("rejected", None, 1)
    assert reject_candidate(coding.pk, **of(coding), candidate_id=candidate.pk).coding == coding
    aged(CandidateDecision.objects.filter(coding=coding))
    accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    row = decision(coding, candidate)
    assert (row.decision, row.revision) == ("accepted", 2)
    assert is_new(row)
    about = {"candidate": candidate.pk, "version": candidate.version}
    assert events("candidate.decided")[1:] == [
        ("candidate.decided", None, about | {"decision": "rejected"}),
        ("candidate.decided", {"decision": "rejected"}, about | {"decision": "accepted"}),
    ]
    assert decision(other, candidate).decision == "rejected"


def test_rejecting_what_was_accepted_takes_the_fragment_and_its_answers_away(coding, candidate):
    span, _ = accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    state = reject_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    assert state.spans == {}
    assert not Span.objects.exists()
    assert not Code.objects.exists()
    (removed,) = events("span.removed")
    assert removed[1] == {
        "span": span.pk,
        "message": span.message_id,
        "number": 1,
        "start": span.start,
        "end": span.end,
        "candidate": candidate.pk,
        "answers": {"info_type": "phone"},
    }


def test_taking_a_rejection_back_says_so_once_and_leaves_other_decisions(coding, other, candidate):
    for each in (coding, other):
        reject_candidate(each.pk, **of(each), candidate_id=candidate.pk)
    for _ in range(2):
        state = undecide_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
        assert state.coding == coding
    assert events("candidate.undecided") == [("candidate.undecided", {"candidate": candidate.pk}, None)]
    assert [row.coding for row in CandidateDecision.objects.all()] == [other]
    accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    undecide_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    assert decision(coding, candidate).decision == "accepted"


def test_one_place_carries_a_type_once_however_it_gets_there(coding, message, candidate):
    phone, mail = place("06-00000011"), place("jan@example.org")
    accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)
    second, _ = add_span(coding.pk, **of(coding), message_id=message.pk, **mail, info_type="phone")
    with pytest.raises(BadInput):
        add_span(coding.pk, **of(coding), message_id=message.pk, **phone, info_type="phone")
    with pytest.raises(BadInput):
        move_span(coding.pk, **of(coding), span_id=second.pk, **phone, revision=1)
    # Its own place is no second one.
    move_span(coding.pk, **of(coding), span_id=second.pk, **mail, revision=1)
    assert Span.objects.count() == 2
    coding.refresh_from_db()
    assert coding.spans_made == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, len(TEXT) + 1)])
def test_a_place_outside_the_text_or_without_a_character_is_refused(coding, message, start, end):
    with pytest.raises(BadInput):
        add_span(
            coding.pk,
            **of(coding),
            message_id=message.pk,
            start=start,
            end=end,
            quote=TEXT[start:end],
            info_type="phone",
        )


def test_a_space_is_no_fragment_and_the_whole_text_is_one(coding, message):
    with pytest.raises(BadInput):
        add_span(coding.pk, **of(coding), message_id=message.pk, start=3, end=4, quote=" ", info_type="phone")
    span, _ = add_span(coding.pk, **of(coding), message_id=message.pk, **place(TEXT), info_type="phone")
    assert (span.start, span.end, span.origin, span.candidate) == (0, len(TEXT), "added", None)


def test_a_stale_fragment_tells_what_stands_there(coding, message):
    span, _ = add_span(
        coding.pk, **of(coding), message_id=message.pk, **place("06-00000011"), info_type="phone"
    )
    with pytest.raises(StaleWrite) as stale:
        remove_span(coding.pk, **of(coding), span_id=span.pk, revision=2)
    assert (stale.value.current, stale.value.revision) == ({"start": span.start, "end": span.end}, 1)
    state = remove_span(coding.pk, **of(coding), span_id=span.pk, revision=1)
    assert state.spans == {}
    with pytest.raises(StaleWrite) as gone:
        remove_span(coding.pk, **of(coding), span_id=span.pk, revision=1)
    assert (gone.value.current, gone.value.revision) == (None, 0)


def test_a_candidate_of_another_conversation_or_one_that_is_withheld_is_refused(coding, candidate):
    elsewhere = make_conversation(coding.assignment.round.study, TEXT)
    theirs = make_candidate(elsewhere.messages.get(), "06-00000011", "phone")
    with pytest.raises(NotAllowed):
        accept_candidate(coding.pk, **of(coding), candidate_id=theirs.pk)
    Assignment.objects.filter(pk=coding.assignment_id).update(highlights=False)
    with pytest.raises(NotAllowed):
        accept_candidate(coding.pk, **of(coding), candidate_id=candidate.pk)


def test_starting_finishing_and_reopening_give_the_state_and_one_event_each():
    study = make_study()
    noor = make_member(study, "noor")
    own = assign(make_conversation(study, TEXT), noor)
    coding = start_coding(own.pk, actor_id=noor.pk)
    assert start_coding(own.pk, actor_id=noor.pk) == coding
    with pytest.raises(NotAllowed):
        start_coding(own.pk, actor_id=make_member(study, "sam").pk)
    message = own.conversation.messages.get()
    save_answer(
        coding.pk,
        actor_id=noor.pk,
        key=("message", message.pk),
        variable="contains_pii",
        value="no",
        revision=0,
    )
    save_answer(coding.pk, actor_id=noor.pk, key=CONVERSATION, variable="solved", value="fully", revision=0)
    for _ in range(2):
        state = finish(coding.pk, actor_id=noor.pk)
        assert (state.coding.state, state.coding.revision) == ("finished", 2)
        assert state.coding.finished_at is not None
    with pytest.raises(NotAllowed):
        save_answer(coding.pk, actor_id=noor.pk, key=CONVERSATION, variable="solved", value="not", revision=1)
    for _ in range(2):
        state = reopen(coding.pk, actor_id=noor.pk)
        assert (state.coding.state, state.coding.revision) == ("open", 3)
        assert state.coding.finished_at is None
    stored = load_state(Coding.objects.get())
    assert Missing.NOT_APPLICABLE not in stored.values(("message", message.pk)).values()
    actions = ("coding.started", "coding.finished", "coding.reopened")
    assert [action for action, _, _ in events(*actions)] == list(actions)


@pytest.mark.parametrize(
    ("seconds", "counted"), [(0, 0), (1, 1), (120, 120), (121, 120), (9999, 120), (-5, 0)]
)
def test_time_counts_up_to_the_longest_pause(coding, other, seconds, counted):
    assert add_seconds(coding.pk, **of(coding), seconds=seconds) == counted
    assert add_seconds(coding.pk, **of(coding), seconds=7, known=counted) == counted + 7
    assert add_seconds(coding.pk, **of(coding), seconds=7, known=counted - 1) == counted + 7
    coding.refresh_from_db()
    other.refresh_from_db()
    assert (coding.active_seconds, other.active_seconds) == (counted + 7, 0)


def test_a_message_whose_fragments_are_not_asked_takes_none():
    consumers_only = SMALL_CODEBOOK.replace("applies_to: any", "applies_to: consumer", 1)
    study = make_study(codebook=consumers_only.replace("key: small", "key: consumers"))
    coding = make_coding(make_conversation(study, TEXT, TEXT), make_member(study, "noor"))
    asked, not_asked = coding.assignment.conversation.messages.all()
    marked = {**place("06-00000011"), "info_type": "phone"}
    add_span(coding.pk, **of(coding), message_id=asked.pk, **marked)
    with pytest.raises(BadInput):
        add_span(coding.pk, **of(coding), message_id=not_asked.pk, **marked)
    assert Span.objects.count() == 1
