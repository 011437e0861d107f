"""Saving answers: truthful, never silently over somebody's work."""

import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import add_seconds, finish, reopen, save_answer, start_coding
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Category, Code, Coding, Event
from tests.factories import assign, make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def coding():
    study = make_study()
    coder = make_member(study, "noor")
    return make_coding(make_conversation(study, "Bel 06-00000011", "Stuur een DM ^MK"), coder)


@pytest.fixture
def save(coding):
    """save("solved", "fully") or save("contains_pii", "yes", message=0, revision=1)"""

    def save(variable, value, *, message=None, revision=0, actor_id=None):
        key = CONVERSATION if message is None else ("message", messages(coding)[message].pk)
        return save_answer(
            coding.pk,
            actor_id=actor_id or coding.assignment.coder_id,
            key=key,
            variable=variable,
            value=value,
            revision=revision,
        )

    return save


def messages(coding):
    return list(coding.assignment.conversation.messages.all())


def values(coding, message=None):
    state = load_state(Coding.objects.select_related("assignment__round").get(pk=coding.pk))
    return state.values(CONVERSATION if message is None else ("message", messages(coding)[message].pk))


def test_an_answer_of_every_kind_is_read_back_as_it_was_given(coding, save):
    save("contains_pii", "yes", message=0)
    save("channels", frozenset({"mail", "dm"}), message=0)
    save("removal_request", "no", message=0)
    save("solved", "partly")
    save("waiting_days", Decimal("2.50"))
    assert values(coding, 0) == {
        "contains_pii": "yes",
        "channels": frozenset({"dm", "mail"}),
        "removal_request": "no",
    }
    assert values(coding) == {"solved": "partly", "waiting_days": Decimal("2.5")}


def test_a_change_raises_the_revision_and_the_log_keeps_what_was(coding, save):
    assert save("solved", "fully").revision == 1
    assert save("solved", "not", revision=1).revision == 2
    event = Event.objects.filter(action="code.saved").first()
    assert (event.before["value"], event.after["value"]) == ("fully", "not")


def test_a_stale_write_changes_nothing_and_tells_what_stands_there(coding, save):
    save("solved", "fully")
    with pytest.raises(StaleWrite) as caught:
        save("solved", "not", revision=0)
    assert (caught.value.current, caught.value.revision) == ("fully", 1)
    assert values(coding) == {"solved": "fully"}


def test_sending_the_same_answer_again_after_a_lost_reply_is_no_conflict(coding, save):
    save("solved", "fully")
    assert save("solved", "fully", revision=0).revision == 1
    assert Event.objects.filter(action="code.saved").count() == 1


def test_an_answer_taken_back_is_not_coded_and_cannot_be_overwritten_unseen(coding, save):
    save("solved", "fully")
    save("solved", None, revision=1)
    assert values(coding) == {"solved": Missing.NOT_CODED}
    with pytest.raises(StaleWrite):
        save("solved", "not", revision=1)


def test_a_question_that_is_not_shown_takes_no_answer(coding, save):
    with pytest.raises(BadInput):
        save("channels", frozenset({"dm"}), message=0)
    save("contains_pii", "yes", message=1)
    with pytest.raises(BadInput):
        save("channels", frozenset({"dm"}), message=1)  # the organisation's message


def test_an_answer_outside_the_codebook_is_refused_in_words(coding, save):
    with pytest.raises(BadInput, match="perhaps"):
        save("solved", "perhaps")
    save("contains_pii", "yes", message=0)
    with pytest.raises(BadInput, match="none"):
        save("channels", frozenset({"none", "dm"}), message=0)
    with pytest.raises(BadInput, match="6"):
        save("waiting_days", Decimal("0.1234567"))


def test_nobody_else_can_write_in_a_coding(coding, save):
    other = make_member(coding.assignment.round.study, "daan")
    with pytest.raises(NotAllowed):
        save("solved", "fully", actor_id=other.pk)
    assert not Code.objects.exists()


def test_a_message_of_another_conversation_is_refused_by_the_function_and_by_the_database(coding, save):
    study = coding.assignment.round.study
    strange = make_conversation(study, "Elders").messages.get()
    with pytest.raises(BadInput):
        save_answer(
            coding.pk,
            actor_id=coding.assignment.coder_id,
            key=("message", strange.pk),
            variable="contains_pii",
            value="yes",
            revision=0,
        )
    category = Category.objects.get(variable__key="contains_pii", key="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Code.objects.create(coding=coding, variable=category.variable, category=category, message=strange)


def test_finishing_asks_for_every_required_answer_and_stores_97_and_99(coding, save):
    with pytest.raises(BadInput, match="3"):
        finish(coding.pk, actor_id=coding.assignment.coder_id)
    save("contains_pii", "no", message=0)
    save("contains_pii", "no", message=1)
    save("solved", "fully")
    finish(coding.pk, actor_id=coding.assignment.coder_id)
    assert values(coding, 0)["channels"] is Missing.NOT_APPLICABLE
    assert values(coding)["waiting_days"] is Missing.NOT_CODED
    with pytest.raises(NotAllowed):
        save("solved", "not", revision=1)


def test_finishing_takes_the_same_number_of_queries_however_long_the_conversation_is():
    study = make_study()
    noor = make_member(study, "noor")
    taken = []
    for size in (1, 12):
        coding = make_coding(make_conversation(study, *["Hoi"] * size), noor)
        for key in load_state(coding).unit_keys():
            variable, value = ("solved", "fully") if key == CONVERSATION else ("contains_pii", "no")
            save_answer(coding.pk, actor_id=noor.pk, key=key, variable=variable, value=value, revision=0)
        with CaptureQueriesContext(connection) as queries:
            finish(coding.pk, actor_id=noor.pk)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_finishing_logs_every_code_it_writes(coding, save):
    for message in (0, 1):
        save("contains_pii", "no", message=message)
    save("solved", "fully")
    finish(coding.pk, actor_id=coding.assignment.coder_id)
    written = Event.objects.filter(action__in=["code.not_asked", "code.left_open"])
    assert sorted(
        (event.after.get("message", 0), event.after["variable"], event.after["value"]) for event in written
    ) == sorted(
        (code.message_id or 0, code.variable.key, code.missing)
        for code in Code.objects.filter(coding=coding, missing__in=[97, 99])
    )
    assert {(event.subject_id, event.actor_id, event.before) for event in written} == {
        (coding.pk, coding.assignment.coder_id, None)
    }


def test_a_hidden_answer_becomes_97_and_the_log_remembers_it(coding, save):
    save("contains_pii", "yes", message=0)
    save("removal_request", "yes", message=0)
    save("contains_pii", "no", message=0, revision=1)
    save("contains_pii", "no", message=1)
    save("solved", "fully")
    finish(coding.pk, actor_id=coding.assignment.coder_id)
    assert values(coding, 0)["removal_request"] is Missing.NOT_APPLICABLE
    event = Event.objects.get(action="code.not_asked", after__variable="removal_request", before__value="yes")
    assert event.actor_id == coding.assignment.coder_id


def test_a_reopened_coding_asks_again_what_was_not_asked(coding, save):
    save("contains_pii", "no", message=0)
    save("contains_pii", "no", message=1)
    save("solved", "fully")
    finish(coding.pk, actor_id=coding.assignment.coder_id)
    reopen(coding.pk, actor_id=coding.assignment.coder_id)
    state = save("contains_pii", "yes", message=0, revision=1).state
    open_now = state.open_variables()[("message", messages(coding)[0].pk)]
    assert [variable.key for variable in open_now] == ["channels", "removal_request"]


def test_a_placeholder_is_no_unit(coding):
    study = coding.assignment.round.study
    coder = make_member(study, "daan")
    with_gap = make_coding(make_conversation(study, "Vraag", "", "Nog een vraag"), coder)
    assert len(load_state(with_gap).roles) == 2


def test_starting_twice_gives_the_same_coding(coding):
    study = coding.assignment.round.study
    coder = make_member(study, "daan")
    assignment = assign(make_conversation(study, "Hallo"), coder)
    first = start_coding(assignment.pk, actor_id=coder.pk)
    assert start_coding(assignment.pk, actor_id=coder.pk) == first
    with pytest.raises(NotAllowed):
        start_coding(assignment.pk, actor_id=coding.assignment.coder_id)


def test_a_break_does_not_count_as_work(coding):
    for seconds in (30, 4000, -5):
        add_seconds(coding.pk, actor_id=coding.assignment.coder_id, seconds=seconds)
    coding.refresh_from_db()
    assert coding.active_seconds == 150


def test_reading_a_state_takes_the_same_number_of_queries_however_much_was_coded(
    coding, save, django_assert_num_queries
):
    save("contains_pii", "yes", message=0)
    save("channels", frozenset({"dm"}), message=0)
    again = Coding.objects.select_related("assignment__round").get(pk=coding.pk)
    with django_assert_num_queries(4):
        load_state(again)


def test_a_text_answer_stays_out_of_the_log():
    study = make_study(modules=["core", "extra"])
    coder = make_member(study, "noor")
    coding = make_coding(make_conversation(study, "Bel 06-00000011"), coder)
    for revision, text in enumerate(["Belt 06-00000011", "Belt kees", None]):
        save_answer(
            coding.pk,
            actor_id=coder.pk,
            key=CONVERSATION,
            variable="note",
            value=text,
            revision=revision,
        )
    logged = list(Event.objects.filter(action="code.saved").values_list("before", "after"))
    assert sorted(after["revision"] for _before, after in logged) == [1, 2, 3]
    assert "Belt" not in json.dumps(logged)
