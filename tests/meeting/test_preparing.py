"""Choosing what is worth an hour, and the order of it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from annotations.errors import BadInput, NotAllowed
from annotations.meeting.choosing import ALPHA, Wish, choices, choose, open_questions, rounds_to_discuss
from annotations.meeting.paper import agenda_of
from annotations.meeting.prepare import DOWN, UP, add_cases, begin, end, make_meeting, move, take_out
from annotations.models import Event, Meeting, MeetingCase
from annotations.questions.ask import ask
from tests.factories import assign, make_member, make_round
from tests.meeting.help import NO, YES, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


def wished(room, **fields):
    chosen, hidden = choose(room.round, Wish(room.round.pk, **fields))
    return [item.key for item in chosen], hidden


def test_the_case_with_most_coders_apart_comes_first(room):
    keys, hidden = wished(room)
    assert [key[1] for key in keys] == [room.two.pk, room.one.pk]
    assert hidden == 0
    assert wished(room, count=1)[0] == keys[:1]
    assert wished(room, variables=("solved",)) == ([], 0)


def test_the_variable_with_the_lowest_alpha_comes_first_when_asked_so(room):
    other = room.scene.conversation("Zomaar", "Ja")
    room.scene.code(other, NO | {"solved": "fully"}, NO | {"solved": "not"}, NO | {"solved": "not"})
    found = choices(room.round, "nl")
    assert {choice.key: choice.count for choice in found} == {"contains_pii": 2, "solved": 1}
    assert found[0].alpha <= found[1].alpha
    assert wished(room, order=ALPHA)[0][0][0] == found[0].key


def test_what_somebody_still_has_to_code_is_not_offered(room):
    late = make_member(room.study, "laat")
    waiting = assign(room.two, late, "later")
    keys, hidden = wished(room)
    assert [key[1] for key in keys] == [room.one.pk]
    assert hidden == 1
    waiting.delete()
    assert len(wished(room)[0]) == 2


def test_training_repeats_and_units_woven_in_are_no_matter_for_a_meeting(room):
    make_round(room.study, "oefenen", kind="training")
    make_round(room.study, "nog eens", kind="repeat")
    make_round(room.study, "ertussen", kind="drift", woven_into=room.round)
    assert rounds_to_discuss(room.study) == [room.round]


def test_cases_are_ordered_taken_out_and_added(room):
    meeting, chief = room.prepare(), room.chief.pk
    first, second = meeting.cases.all()
    move(meeting.pk, second.pk, UP, actor_id=chief)
    assert list(meeting.cases.all()) == [second, first]
    move(meeting.pk, first.pk, DOWN, actor_id=chief)  # it is last already
    assert list(meeting.cases.all()) == [second, first]
    take_out(meeting.pk, second.pk, actor_id=chief)
    assert list(meeting.cases.all()) == [first]
    again, _ = choose(
        room.round, Wish(room.round.pk), without=[("contains_pii", first.conversation_id, first.message_id)]
    )
    assert add_cases(meeting.pk, round_=room.round, chosen=again, questions=[], actor_id=chief) == 1
    assert [case.conversation_id for case in meeting.cases.all()] == [
        first.conversation_id,
        second.conversation_id,
    ]


def test_a_question_stands_on_the_agenda_with_its_unit(room):
    assignment = room.round.assignments.get(coder=room.noor, conversation=room.one)
    asked = ask(assignment.pk, actor_id=room.noor.pk, text="Telt dit nummer?", variable="solved")
    assert open_questions(room.study) == [asked]
    fields = {"name": "Vragen", "minutes": 30, "people": 0, "round_": None, "chosen": []}
    meeting = make_meeting(room.study.pk, **fields, questions=[asked], actor_id=room.chief.pk)
    assert meeting.cases.get().question == asked
    with pytest.raises(BadInput):  # it is there already
        add_cases(meeting.pk, round_=None, chosen=[], questions=[asked], actor_id=room.chief.pk)
    assign(room.one, room.noor, "later")
    assert open_questions(room.study) == []


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "x" * 81}, {"minutes": 4}, {"minutes": 481}, {"people": 501}, {"chosen": []}],
)
def test_a_meeting_that_cannot_be_is_refused_and_nothing_stands(room, wrong):
    fields = {"name": "Vrijdag", "minutes": 60, "people": 3, "round_": room.round, "questions": []}
    fields["chosen"] = choose(room.round, Wish(room.round.pk))[0]
    with pytest.raises(BadInput):
        make_meeting(room.study.pk, **fields | wrong, actor_id=room.chief.pk)
    assert not Meeting.objects.exists()


def test_only_a_supervisor_leads(room):
    meeting = room.prepare()
    for act in (
        lambda who: begin(meeting.pk, people=3, actor_id=who),
        lambda who: end(meeting.pk, actor_id=who),
    ):
        with pytest.raises(NotAllowed):
            act(room.noor.pk)


def test_one_meeting_at_a_time(room):
    first, second = room.prepare(), room.prepare()
    begin(first.pk, people=3, actor_id=room.chief.pk)
    with pytest.raises(BadInput):
        begin(second.pk, people=3, actor_id=room.chief.pk)
    second.refresh_from_db()
    assert second.started_at is None
    end(first.pk, actor_id=room.chief.pk)
    begin(second.pk, people=3, actor_id=room.chief.pk)
    with pytest.raises(BadInput):
        take_out(first.pk, first.cases.all()[0].pk, actor_id=room.chief.pk)


def test_the_database_refuses_a_case_of_nothing(room):
    meeting = room.prepare()
    unit = {"round": room.round, "conversation": room.one}
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingCase.objects.create(meeting=meeting, position=9, **unit)


def test_a_case_that_was_on_the_wall_stays_on_the_agenda(room):
    case = room.on_the_wall()
    with pytest.raises(BadInput):
        take_out(case.meeting_id, case.pk, actor_id=room.chief.pk)


def test_the_agenda_hides_a_case_that_somebody_has_to_code_again(room):
    meeting = room.prepare()
    assign(room.two, room.noor, "later")
    document = agenda_of(meeting, "nl")
    hidden, shown = document.sections
    assert len(hidden.parts) == 1
    assert any("06-00000011" in part.text for part in shown.parts)
    assert not any("06-00000011" in part.text for part in hidden.parts)


def test_the_agenda_is_masked_as_the_study_asks(room):
    room.study.privacy, room.study.detector_version = "masked", "1"
    room.study.save()
    from tests.factories import make_candidate

    for conversation in (room.one, room.two):
        make_candidate(conversation.messages.get(position=0), "06-00000011", "phone")
    said = str(agenda_of(room.prepare(), "nl"))
    assert "Bel mij op" in said
    assert "06-00000011" not in said


def test_the_pages_prepare_order_and_begin(room, client):
    client.force_login(room.chief)
    address = reverse("meetings", args=[room.study.slug])
    assert "Maak de agenda" in client.get(address).content.decode() or client.get(address).status_code == 200
    form = {
        "name": "Vrijdag",
        "minutes": "60",
        "people": "3",
        "round": room.round.pk,
        "count": "8",
        "order": "telling",
    }
    sent = client.post(address, form)
    meeting = Meeting.objects.get()
    assert sent["Location"] == reverse("meeting", args=[room.study.slug, meeting.pk])
    page = client.get(sent["Location"])
    assert page.content.decode().count('class="card" id="case-') == 2
    for name in ("noor", "daan", "emre"):
        assert name not in page.content.decode()
    case = meeting.cases.all()[1]
    assert client.post(sent["Location"], {"act": "up", "case": case.pk}).status_code == 302
    assert meeting.cases.all()[0] == case
    assert client.post(sent["Location"], {"act": "dance"}).status_code == 422
    assert client.post(address, form | {"count": "many"}).status_code == 422
    begun = client.post(sent["Location"], {"act": "begin", "people": "3"})
    assert begun["Location"] == reverse("meeting_wall", args=[room.study.slug, meeting.pk])
    assert Event.objects.filter(action="meeting.begun").count() == 1


def test_the_queries_of_the_agenda_do_not_grow_with_its_cases(room, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(room.chief)
    counts = []
    for count in (1, 12):
        for _ in range(count - 1):
            room.scene.code(room.scene.conversation("Nog een", "Ja"), YES, NO)
        meeting = room.prepare(count=count)
        address = reverse("meeting", args=[room.study.slug, meeting.pk])
        client.get(address)  # what the round is compared by is remembered
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
