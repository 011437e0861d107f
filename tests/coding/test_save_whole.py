"""A write is whole or not at all, freezes its codebook, and touches nothing beside it."""

import pytest

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import (
    ImportedCoding,
    accept_candidate,
    finish,
    finishing,
    move_span,
    reject_candidate,
    reopen,
    save_answer,
    spans,
    start_coding,
    store_imported,
    touched_codings,
)
from annotations.models import Assignment, CandidateDecision, Code, CodebookVersion, Coding, Event, Span
from tests.factories import assign, make_candidate, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
TEXT = "Bel 06-00000011 of jan@example.org"


@pytest.fixture
def coding():
    study = make_study()
    CodebookVersion.objects.update(frozen_at=None)
    return make_coding(make_conversation(study, TEXT), make_member(study, "noor"))


@pytest.fixture
def who(coding):
    return {"actor_id": coding.assignment.coder_id}


@pytest.fixture
def message(coding):
    return coding.assignment.conversation.messages.get()


def is_frozen(coding):
    return CodebookVersion.objects.get(pk=coding.assignment.round.codebook_version_id).frozen_at is not None


def fail(*_args, **_kwargs):
    raise RuntimeError


def test_the_first_answer_freezes_the_codebook(coding, message, who):
    assert not is_frozen(coding)
    save_answer(
        coding.pk, **who, key=("message", message.pk), variable="contains_pii", value="no", revision=0
    )
    assert is_frozen(coding)


def test_the_first_imported_coding_freezes_it_too_and_needs_no_fragments(coding, message):
    study = coding.assignment.round.study
    item = ImportedCoding(
        assign(coding.assignment.conversation, make_member(study, "daan")),
        answers={CONVERSATION: {"solved": "not"}},
    )
    assert not is_frozen(coding)
    [stored] = store_imported(coding.assignment.round, [item], actor_id=None)
    assert is_frozen(coding)
    assert stored.codes.count() == 1
    assert not Span.objects.exists()


def test_the_missing_codes_that_finishing_writes_are_first_revisions_in_the_log(coding, message, who):
    save_answer(
        coding.pk, **who, key=("message", message.pk), variable="contains_pii", value="no", revision=0
    )
    save_answer(coding.pk, **who, key=CONVERSATION, variable="solved", value="not", revision=0)
    finish(coding.pk, **who)
    logged = {
        event.after["variable"]: event.after["revision"]
        for event in Event.objects.filter(action__startswith="code.").order_by("pk")
    }
    stored = dict(Code.objects.filter(coding=coding).values_list("variable__key", "revision"))
    assert logged == stored
    assert set(logged.values()) == {1}


def test_a_rejection_that_fails_halfway_leaves_the_fragment(coding, message, who, monkeypatch):
    candidate = make_candidate(message, "06-00000011", "phone")
    accept_candidate(coding.pk, **who, candidate_id=candidate.pk)
    before = Event.objects.count()
    monkeypatch.setattr(spans, "_decide", fail)
    with pytest.raises(RuntimeError):
        reject_candidate(coding.pk, **who, candidate_id=candidate.pk)
    assert Span.objects.count() == 1
    assert CandidateDecision.objects.get().decision == "accepted"
    assert Event.objects.count() == before


@pytest.mark.parametrize("write", [finish, reopen])
def test_finishing_and_reopening_that_fail_halfway_change_nothing(coding, message, who, monkeypatch, write):
    save_answer(
        coding.pk, **who, key=("message", message.pk), variable="contains_pii", value="no", revision=0
    )
    save_answer(coding.pk, **who, key=CONVERSATION, variable="solved", value="not", revision=0)
    if write is reopen:
        finish(coding.pk, **who)

    def stored():
        codes = list(Code.objects.order_by("pk").values_list("variable__key", "missing", "revision"))
        return codes, Event.objects.count(), Coding.objects.get(pk=coding.pk).state

    before = stored()
    monkeypatch.setattr(finishing, "_set_state", fail)
    with pytest.raises(RuntimeError):
        write(coding.pk, **who)
    assert stored() == before


def test_a_move_changes_the_decision_on_its_own_candidate_only(coding, message, who):
    moved, other = (
        make_candidate(message, quote, kind)
        for quote, kind in (("06-00000011", "phone"), ("jan@example.org", "email"))
    )
    span, _ = accept_candidate(coding.pk, **who, candidate_id=moved.pk)
    accept_candidate(coding.pk, **who, candidate_id=other.pk)
    start = TEXT.index("00000011")
    move_span(coding.pk, **who, span_id=span.pk, start=start, end=start + 8, quote="00000011", revision=1)
    decisions = dict(CandidateDecision.objects.values_list("candidate_id", "decision"))
    assert decisions == {moved.pk: "moved", other.pk: "accepted"}


def test_only_codings_of_the_assignments_asked_about_count_as_touched(coding, message, who):
    study = coding.assignment.round.study
    save_answer(
        coding.pk, **who, key=("message", message.pk), variable="contains_pii", value="no", revision=0
    )
    daan = make_member(study, "daan")
    own = assign(coding.assignment.conversation, daan)
    start_coding(own.pk, actor_id=daan.pk)
    assert list(touched_codings([own.pk])) == []
    assert list(touched_codings([own.pk, coding.assignment_id])) == [coding]
    assert Assignment.objects.count() == 2
