"""Where a write is refused, and what it leaves alone: other units, other coders, rounds that are closed."""

import pytest
from django.utils import timezone

from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import (
    add_seconds,
    add_span,
    discard_untouched,
    finish,
    keep_contradiction,
    reject_candidate,
    reopen,
    save_answer,
    skip,
    start_coding,
    touched_codings,
)
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import (
    Code,
    Coding,
    Event,
    FrozenCoding,
    Round,
)
from tests.coding.contradicting import CONSISTENCY
from tests.factories import (
    SMALL_CODEBOOK,
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_study,
)

pytestmark = pytest.mark.django_db
TEXT = "Bel 06-00000011 of jan@example.org"


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


def give(coding, key, variable, value, revision=0, **options):
    return save_answer(
        coding.pk,
        actor_id=coding.assignment.coder_id,
        key=key,
        variable=variable,
        value=value,
        revision=revision,
        **options,
    )


def mark(coding, message, quote, info_type="phone"):
    start = TEXT.index(quote)
    span, _state = add_span(
        coding.pk,
        actor_id=coding.assignment.coder_id,
        message_id=message.pk,
        start=start,
        end=start + len(quote),
        quote=quote,
        info_type=info_type,
    )
    return span


def answer_everything(coding):
    for message in coding.assignment.conversation.messages.all():
        give(coding, ("message", message.pk), "contains_pii", "no")
    give(coding, CONVERSATION, "solved", "not")


class TestAnswers:
    def test_a_revision_of_what_was_never_given_is_stale(self, coding):
        with pytest.raises(StaleWrite) as stale:
            give(coding, CONVERSATION, "solved", "fully", revision=1)
        assert (stale.value.current, stale.value.revision) == (None, 0)
        assert not Code.objects.exists()

    @pytest.mark.parametrize(
        ("key", "variable", "sentence"),
        [
            (("conversation", 1), "solved", "niet meer"),
            (("message", None), "contains_pii", "niet meer"),
            (("span", 10**6), "info_type", "niet meer"),
            (("thread", None), "solved", "niet meer"),
            (CONVERSATION, "never_was", "niet meer"),
            (CONVERSATION, "contains_pii", "wordt hier niet gevraagd"),
        ],
    )
    def test_what_is_no_unit_or_not_asked_of_it_takes_no_answer(self, coding, key, variable, sentence):
        with pytest.raises(BadInput, match=sentence):
            give(coding, key, variable, "yes")
        assert not Code.objects.exists()

    def test_what_was_proposed_is_kept_and_follows_each_change(self, coding):
        give(coding, CONVERSATION, "solved", "fully", origin=Code.Origin.CONFIRMED)
        assert Code.objects.get().origin == "confirmed"
        give(coding, CONVERSATION, "solved", "not", revision=1, origin=Code.Origin.CHANGED)
        assert Code.objects.get().origin == "changed"
        give(coding, CONVERSATION, "solved", "partly", revision=2)
        assert Code.objects.get().origin == ""

    def test_a_choice_of_several_leaves_nothing_of_the_one_before(self, coding, message):
        key = ("message", message.pk)
        give(coding, key, "contains_pii", "yes")
        give(coding, key, "channels", frozenset({"dm", "mail"}))
        saved = give(coding, key, "channels", frozenset({"none"}), revision=1)
        assert saved.state.values(key)["channels"] == frozenset({"none"})
        assert load_state(coding).values(key)["channels"] == frozenset({"none"})
        saved = give(coding, key, "channels", None, revision=2)
        assert load_state(coding).values(key)["channels"] is Missing.NOT_CODED
        code = Code.objects.get(variable__key="channels")
        assert (code.missing, code.choices.count(), code.revision) == (99, 0, 3)


class TestWho:
    @pytest.mark.parametrize(
        "write",
        [
            lambda pk, who: finish(pk, **who),
            lambda pk, who: skip(pk, **who),
            lambda pk, who: reopen(pk, **who),
            lambda pk, who: add_seconds(pk, **who, seconds=5),
        ],
    )
    def test_neither_another_coder_nor_a_closed_round(self, coding, who, write):
        other = make_member(coding.assignment.round.study, "daan")
        for actor, pk in ((other.pk, coding.pk), (who["actor_id"], coding.pk + 1)):
            with pytest.raises(NotAllowed, match="iemand anders"):
                write(pk, {"actor_id": actor})
        Round.objects.update(is_open=False)
        with pytest.raises(NotAllowed, match="gesloten"):
            write(coding.pk, who)

    def test_a_finished_coding_takes_no_write_but_its_last_seconds(self, coding, message, who):
        answer_everything(coding)
        finish(coding.pk, **who)
        with pytest.raises(NotAllowed, match="heropen"):
            give(coding, CONVERSATION, "solved", "fully", revision=1)
        with pytest.raises(NotAllowed, match="heropen"):
            mark(coding, message, "06-00000011")
        assert add_seconds(coding.pk, **who, seconds=7) == 7

    def test_only_who_was_given_a_conversation_starts_it(self, coding):
        other = make_member(coding.assignment.round.study, "daan")
        for assignment, actor in ((coding.assignment_id, other.pk), (10**6, coding.assignment.coder_id)):
            with pytest.raises(NotAllowed, match="iemand anders"):
                start_coding(assignment, actor_id=actor)


class TestLater:
    def test_skipping_is_for_open_codings_and_is_logged(self, coding, who):
        before = timezone.now()
        state = skip(coding.pk, **who)
        coding.refresh_from_db()
        assert coding.skipped_at >= before
        assert state.coding == coding
        [event] = Event.objects.filter(action="coding.skipped")
        assert (event.actor_id, event.subject_id) == (who["actor_id"], coding.pk)
        answer_everything(coding)
        finish(coding.pk, **who)
        Coding.objects.update(skipped_at=None)
        skip(coding.pk, **who)
        coding.refresh_from_db()
        assert coding.skipped_at is None
        assert Event.objects.filter(action="coding.skipped").count() == 1

    def test_seconds_are_added_once_when_the_page_says_what_it_knew(self, coding, who):
        assert add_seconds(coding.pk, **who, seconds=30, known=0) == 30
        assert add_seconds(coding.pk, **who, seconds=30, known=0) == 30, "sent twice"
        assert add_seconds(coding.pk, **who, seconds=10, known=30) == 40
        assert add_seconds(coding.pk, **who, seconds=-10) == 40
        assert add_seconds(coding.pk, **who, seconds=10**6) == 160
        coding.refresh_from_db()
        assert coding.active_seconds == 160

    def test_finishing_and_reopening_each_raise_the_revision_and_set_the_time(self, coding, who):
        answer_everything(coding)
        before = timezone.now()
        assert finish(coding.pk, **who).coding.state == "finished"
        coding.refresh_from_db()
        assert (coding.state, coding.revision) == ("finished", 2)
        assert coding.finished_at >= before
        finish(coding.pk, **who)
        reopen(coding.pk, **who)
        reopen(coding.pk, **who)
        coding.refresh_from_db()
        assert (coding.state, coding.revision, coding.finished_at) == ("open", 3, None)
        actions = ("coding.finished", "coding.reopened")
        found = Event.objects.filter(action__in=actions).order_by("pk").values_list("action", flat=True)
        assert list(found) == ["coding.finished", "coding.reopened"]

    def test_finishing_says_how_much_is_open(self, coding, who):
        with pytest.raises(BadInput, match="3"):
            finish(coding.pk, **who)

    def test_what_was_not_asked_is_asked_again_and_nothing_else_changes(self, coding, message, who):
        answer_everything(coding)
        finish(coding.pk, **who)
        before = load_state(coding).values(CONVERSATION)
        reopen(coding.pk, **who)
        state = load_state(Coding.objects.select_related("assignment__round").get(pk=coding.pk))
        assert state.values(CONVERSATION) == before
        assert state.values(("message", message.pk)) == {
            "contains_pii": "no",
            "channels": Missing.NOT_CODED,
            "removal_request": Missing.NOT_CODED,
        }
        again = Event.objects.filter(action="code.asked_again")
        assert {event.before["value"] for event in again} == {97}
        assert {event.after["value"] for event in again} == {99}

    def test_after_a_decision_the_first_work_is_kept_with_its_own_answers_only(self, coding, message, who):
        study = coding.assignment.round.study
        chief = make_member(study, "chief", "supervisor")
        daan = make_member(study, "daan")
        other = make_coding(coding.assignment.conversation, daan)
        elsewhere = make_coding(make_conversation(study, TEXT), coding.assignment.coder)
        for each in (coding, other, elsewhere):
            answer_everything(each)
        span = mark(coding, message, "06-00000011")
        keep_contradiction(coding.pk, **who, rule="marked_but_no", key=("message", message.pk))
        for each in (coding, other, elsewhere):
            finish(each.pk, actor_id=each.assignment.coder_id)
        coding.refresh_from_db()
        unit = find_unit(coding.assignment.round, "solved", coding.assignment.conversation_id, None)
        settle(unit, Ruling("fully"), revision=0, actor_id=chief.pk)
        reopen(elsewhere.pk, **who)
        assert not FrozenCoding.objects.exists(), "nothing of that conversation was decided"
        finished = coding.finished_at
        reopen(coding.pk, **who)
        frozen, last = FrozenCoding.objects.get(), coding.assignment.conversation.messages.last()
        assert (frozen.coding, frozen.finished_at) == (coding, finished)
        assert frozen.spans == {str(span.pk): [4, 15]}
        assert sorted(frozen.answers, key=str) == sorted(
            [
                [message.pk, None, "contains_pii", "no"],
                [message.pk, span.pk, "info_type", "phone"],
                [message.pk, None, "channels", 97],
                [message.pk, None, "removal_request", 97],
                [last.pk, None, "contains_pii", "no"],
                [last.pk, None, "channels", 97],
                [last.pk, None, "removal_request", 97],
                [None, None, "solved", "not"],
                [None, None, "waiting_days", 99],
            ],
            key=str,
        )
        [event] = Event.objects.filter(action="coding.frozen")
        assert event.after == {"answers": 9, "spans": 1}
        give(coding, CONVERSATION, "solved", "fully", revision=1)
        finish(coding.pk, **who)
        reopen(coding.pk, **who)
        assert FrozenCoding.objects.get().answers == frozen.answers, "the first work, once"
        assert Event.objects.filter(action="coding.frozen").count() == 1


class TestTouched:
    def test_looked_at_is_not_touched_and_is_taken_away(self, coding, message, who):
        study = coding.assignment.round.study
        candidate = make_candidate(message, "06-00000011", "phone")
        coders = [make_member(study, name) for name in ("a", "b", "c", "d", "e")]
        talk = coding.assignment.conversation
        answered, marked, rejected, done, unasked = (make_coding(talk, coder) for coder in coders)
        give(answered, CONVERSATION, "solved", "fully")
        span = mark(marked, message, "06-00000011")
        Code.objects.filter(span=span).delete()
        reject_candidate(rejected.pk, actor_id=rejected.assignment.coder_id, candidate_id=candidate.pk)
        Coding.objects.filter(pk=done.pk).update(state="finished", finished_at=timezone.now())
        asked = [row.assignment_id for row in (coding, answered, marked, rejected, done)]
        assert set(touched_codings(asked)) == {answered, marked, rejected, done}
        discard_untouched(asked)
        assert set(Coding.objects.all()) == {answered, marked, rejected, done, unasked}
