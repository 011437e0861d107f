"""Whole codings stored at once: every column of what a file brings, and of what an earlier version leaves."""

from datetime import UTC, datetime

import pytest

from annotations.codebooks.store import store_codebook
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import (
    CarriedCoding,
    ImportedCoding,
    ImportedKept,
    ImportedSpan,
    accept_candidate,
    add_span,
    finish,
    keep_contradiction,
    reject_candidate,
    save_answer,
    store_carried,
    store_imported,
    store_imported_kept,
)
from annotations.models import (
    CandidateDecision,
    Code,
    CodebookVersion,
    Coding,
    Event,
    KeptContradiction,
    Span,
)
from tests.coding.contradicting import CONSISTENCY
from tests.factories import (
    SMALL_CODEBOOK,
    assign,
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

pytestmark = pytest.mark.django_db
TEXT = "Bel 06-00000011 of jan@example.org"
WHEN = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def study():
    study = make_study(codebook=SMALL_CODEBOOK + CONSISTENCY, detector_version="1")
    study.coders = [make_member(study, name) for name in ("noor", "daan")]
    study.talks = [make_conversation(study, TEXT, "Stuur een DM") for _ in range(2)]
    study.message, study.reply = study.talks[0].messages.order_by("position")
    return study


def spans_of(coding):
    rows = coding.spans.order_by("number")
    return list(rows.values_list("number", "message", "start", "end", "origin", "candidate"))


def given(coding):
    """(unit, variable) -> value and origin, as they stand."""
    state = load_state(Coding.objects.select_related("assignment__round").get(pk=coding.pk))
    origins = dict(Code.objects.filter(coding=coding).values_list("pk", "origin"))
    return {
        (key, variable): (answer.value, origins[answer.code_id])
        for key, answers in state.answers.items()
        for variable, answer in answers.items()
    }


class TestImported:
    def test_every_column_comes_from_the_file(self, study):
        key = ("message", study.message.pk)
        channels = frozenset({"dm", "mail"})
        first = ImportedCoding(
            assign(study.talks[0], study.coders[0]),
            answers={key: {"contains_pii": "yes", "channels": channels}, CONVERSATION: {"solved": "partly"}},
            spans=[
                ImportedSpan(study.message.pk, 19, 34, {"info_type": "email"}),
                ImportedSpan(
                    study.message.pk,
                    4,
                    15,
                    {"info_type": "phone"},
                    Span.Origin.MOVED,
                    {"info_type": Code.Origin.CONFIRMED},
                ),
            ],
            finished_at=WHEN,
            active_seconds=75,
            origins={key: {"channels": Code.Origin.CONFIRMED}},
        )
        second = ImportedCoding(assign(study.talks[1], study.coders[0]), answers={}, finished=False)
        third = ImportedCoding(
            assign(study.talks[1], study.coders[1]), answers={CONVERSATION: {"solved": Missing.UNDETERMINED}}
        )
        before = datetime.now(UTC)
        one, two, three = store_imported(
            make_round(study), [first, second, third], actor_id=study.coders[1].pk
        )
        assert (one.state, one.started_at, one.finished_at) == ("finished", WHEN, WHEN)
        assert (one.active_seconds, one.spans_made) == (75, 2)
        assert spans_of(one) == [
            (1, study.message.pk, 19, 34, "added", None),
            (2, study.message.pk, 4, 15, "moved", None),
        ]
        by_hand, moved = one.spans.order_by("number")
        assert given(one) == {
            (key, "contains_pii"): ("yes", ""),
            (key, "channels"): (channels, "confirmed"),
            (CONVERSATION, "solved"): ("partly", ""),
            (("span", by_hand.pk), "info_type"): ("email", ""),
            (("span", moved.pk), "info_type"): ("phone", "confirmed"),
        }
        of_spans = Code.objects.filter(span__isnull=False)
        assert set(of_spans.values_list("span", "message")) == {
            (by_hand.pk, study.message.pk),
            (moved.pk, study.message.pk),
        }
        assert (two.state, two.finished_at, two.spans_made, given(two)) == ("open", None, 0, {})
        assert two.active_seconds == 0
        assert three.state == "finished"
        assert before <= three.finished_at == three.started_at <= datetime.now(UTC)
        assert given(three) == {(CONVERSATION, "solved"): (Missing.UNDETERMINED, "")}
        event = Event.objects.get(action="codings.imported")
        assert (event.actor, event.study, event.subject_id) == (
            study.coders[1],
            study,
            make_round(study).pk,
        )
        assert event.after == {"codings": [one.pk, two.pk, three.pk], "answers": 4, "spans": 2}

    def test_what_coders_kept_is_stored_once_with_its_time(self, study):
        coding = make_coding(study.talks[0], study.coders[0])
        kept = [
            ImportedKept(coding, "marked_but_no", study.message.pk, WHEN),
            ImportedKept(coding, "marked_but_no", study.reply.pk),
        ]
        assert store_imported_kept(study, kept, actor_id=study.coders[1].pk) == 2
        rows = KeptContradiction.objects.order_by("pk")
        assert list(rows.values_list("coding", "rule", "message")) == [
            (coding.pk, "marked_but_no", study.message.pk),
            (coding.pk, "marked_but_no", study.reply.pk),
        ]
        assert rows[0].created_at == WHEN
        assert rows[1].created_at > WHEN
        event = Event.objects.get(action="contradictions.imported")
        assert (event.actor, event.study, event.subject_id) == (study.coders[1], study, study.pk)
        assert event.after == {"contradictions": 2}
        assert store_imported_kept(study, kept, actor_id=None) == 0
        assert (rows.count(), Event.objects.filter(action="contradictions.imported").count()) == (2, 1)


class TestCarried:
    @pytest.fixture
    def earlier(self, study):
        """Two codings: one with fragments, decisions on candidates and a contradiction that was kept."""
        phone = make_candidate(study.message, "06-00000011", "phone")
        email = make_candidate(study.message, "jan@example.org", "email")
        coding = make_coding(study.talks[0], study.coders[0])
        who = {"actor_id": study.coders[0].pk}
        unneeded, _ = add_span(
            coding.pk, **who, message_id=study.message.pk, start=0, end=3, quote="Bel", info_type="bsn"
        )
        Span.objects.filter(pk=unneeded.pk).update(number=7)
        accept_candidate(coding.pk, **who, candidate_id=phone.pk)
        reject_candidate(coding.pk, **who, candidate_id=email.pk)
        other = make_coding(study.talks[0], study.coders[1])
        reject_candidate(other.pk, actor_id=study.coders[1].pk, candidate_id=phone.pk)
        for message in (study.message, study.reply):
            save_answer(
                coding.pk,
                **who,
                key=("message", message.pk),
                variable="contains_pii",
                value="no",
                revision=0,
            )
        save_answer(coding.pk, **who, key=CONVERSATION, variable="solved", value="partly", revision=0)
        keep_contradiction(coding.pk, **who, rule="marked_but_no", key=("message", study.message.pk))
        finish(coding.pk, **who)
        KeptContradiction.objects.create(coding=coding, rule="gone_by_now", message=study.reply)
        plain = make_coding(study.talks[1], study.coders[0])
        coding.refresh_from_db()
        return coding, plain

    def test_everything_that_is_taken_along_stands_in_the_new_coding(self, study, earlier):
        old, plain = earlier
        CodebookVersion.objects.update(frozen_at=None)
        again = make_round(study, "again")
        taken = list(old.spans.exclude(start=0))
        [span] = taken
        key = ("message", study.message.pk)
        channels = frozenset({"dm", "mail"})
        whole = CarriedCoding(
            assign(study.talks[0], study.coders[0], "again"),
            old,
            {
                key: {"contains_pii": "no", "channels": channels},
                ("span", span.pk): {"info_type": "phone"},
                CONVERSATION: {"solved": "partly", "waiting_days": Missing.NOT_CODED},
            },
            is_whole=True,
            spans=taken,
        )
        part = CarriedCoding(assign(study.talks[1], study.coders[0], "again"), plain, {}, is_whole=False)
        new, open_ = store_carried(again, [whole, part], actor_id=study.coders[1].pk)
        assert again.codebook_version.frozen_at is None
        again.codebook_version.refresh_from_db()
        assert again.codebook_version.frozen_at is not None
        assert (new.state, new.finished_at, new.spans_made) == ("finished", old.finished_at, old.spans_made)
        assert new.spans_made == 2
        assert (open_.state, open_.finished_at, open_.spans_made) == ("open", None, 0)
        assert spans_of(new) == [
            (span.number, study.message.pk, span.start, span.end, span.origin, span.candidate_id)
        ]
        assert span.candidate_id is not None
        goes_on = new.spans.get()
        assert given(new) == {
            (key, "contains_pii"): ("no", "carried"),
            (key, "channels"): (channels, "carried"),
            (("span", goes_on.pk), "info_type"): ("phone", "carried"),
            (CONVERSATION, "solved"): ("partly", "carried"),
            (CONVERSATION, "waiting_days"): (Missing.NOT_CODED, "carried"),
        }
        assert Code.objects.get(span=goes_on).message_id == study.message.pk
        decisions = CandidateDecision.objects.filter(coding=new).order_by("candidate")
        assert list(decisions.values_list("candidate__info_type", "decision", "span")) == [
            ("phone", "accepted", goes_on.pk),
            ("email", "rejected", None),
        ]
        assert not CandidateDecision.objects.filter(coding=open_).exists()
        kept = KeptContradiction.objects.filter(coding__in=[new, open_])
        assert list(kept.values_list("coding", "rule", "message")) == [
            (new.pk, "marked_but_no", study.message.pk)
        ]
        event = Event.objects.get(action="codings.carried")
        assert (event.actor, event.study, event.subject_id) == (study.coders[1], study, again.pk)
        assert event.after == {"codings": [new.pk, open_.pk], "answers": 5, "spans": 1}

    def test_the_earlier_coding_stays_as_it_is(self, study, earlier):
        old, _plain = earlier
        before = (given(old), spans_of(old), list(CandidateDecision.objects.values()))
        taken = list(old.spans.order_by("number"))
        item = CarriedCoding(
            assign(study.talks[0], study.coders[0], "again"), old, {}, is_whole=False, spans=taken
        )
        [new] = store_carried(make_round(study, "again"), [item], actor_id=None)
        decided = CandidateDecision.objects.exclude(coding=new)
        assert (given(old), spans_of(old), list(decided.values())) == before
        assert spans_of(new) == spans_of(old)


def test_a_codebook_of_another_study_is_left_unfrozen(study):
    other = store_codebook(SMALL_CODEBOOK.replace("key: small", "key: other"))
    CodebookVersion.objects.update(frozen_at=None)
    store_imported(
        make_round(study), [ImportedCoding(assign(study.talks[0], study.coders[0]), {})], actor_id=None
    )
    frozen = dict(CodebookVersion.objects.values_list("pk", "frozen_at"))
    assert frozen[other.pk] is None
    assert frozen[study.codebook_version_id] is not None
