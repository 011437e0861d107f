"""The wall: voting again, settling on the spot, two supervisors, minutes."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling
from annotations.codebooks.lookup import lookup
from annotations.coding.save import reopen, save_answer
from annotations.errors import BadInput, StaleWrite
from annotations.meeting import lead
from annotations.meeting.case import letter, load_case
from annotations.meeting.outcome import answer_question, change_codebook, put_off, settle_case, unit_of
from annotations.meeting.paper import minutes_of
from annotations.meeting.prepare import begin, end, make_meeting
from annotations.models import Coding, Consensus, Event, FrozenCoding, Meeting, MeetingCase, Proposal, Vote
from annotations.questions.ask import ask
from tests.factories import make_member
from tests.meeting.help import NO, TEXT, YES, Room

pytestmark = pytest.mark.django_db
REASON = "Een nummer is een gegeven."


@pytest.fixture
def room():
    return Room()


def on_the_wall(room, conversation=None):
    """The case about `one` on the wall: two said yes, one said no."""
    case = room.on_the_wall()
    wanted = case.meeting.cases.get(conversation=conversation or room.one)
    if wanted != case:
        meeting = Meeting.objects.get()
        lead.go_to(meeting.pk, wanted.pk, revision=meeting.revision, actor_id=room.chief.pk)
    return MeetingCase.objects.get(pk=wanted.pk)


def hand(room, case, value, step=1, ballot=1):
    sent = json.dumps(value)
    options = load_case(case, "nl").sent
    lead.raise_hands(
        case.meeting_id, case.pk, sent, step, ballot=ballot, options=options, actor_id=room.chief.pk
    )
    case.refresh_from_db()


def decide(room, case, value="yes", *, reason=REASON, revision=None, standing=0, **fields):
    case.refresh_from_db()
    return settle_case(
        case.pk,
        Ruling(value, reason=reason, **fields),
        revision=case.revision if revision is None else revision,
        standing=standing,
        actor_id=room.chief.pk,
    )


def test_every_category_can_be_voted_for_with_how_many_gave_it(room):
    shown = load_case(on_the_wall(room), "nl")
    assert [(a.label, a.first, a.key) for a in shown.answers] == [
        ("Ja", 2, 1),
        ("Nee", 1, 2),
        ("Onduidelijk", 0, 3),
        ("Iets anders", 0, 4),
    ]
    assert sorted(shown.answers[0].letters + shown.answers[1].letters) == ["A", "B", "C"]
    assert not any(answer.votes for answer in shown.answers)


def test_letters_differ_per_case_so_that_nobody_is_recognised(room):
    for place in range(12):
        room.scene.code(room.scene.conversation(f"Bericht {place}", "Ja"), YES, NO, NO)
    meeting = room.prepare(count=20)
    first = set()
    for case in meeting.cases.exclude(conversation__in=[room.one, room.two]):
        first.add(load_case(case, "nl").answers[0].letters)
    assert len(first) > 1  # always noor, not always A
    assert [letter(number) for number in (1, 26, 27, 53)] == ["A", "Z", "AA", "BA"]


def test_votes_show_once_all_are_in(room):
    case = on_the_wall(room)
    hand(room, case, "yes")
    hand(room, case, "yes")
    assert not case.shows_votes
    hand(room, case, "no")
    assert case.shows_votes
    assert [a.votes for a in load_case(case, "nl").answers] == [2, 1, 0, 0]
    assert load_case(case, "nl").answer == json.dumps("yes")
    with pytest.raises(StaleWrite):  # too late
        hand(room, case, "no")
    event = Event.objects.get(action="meeting.votes_shown")
    assert event.after["votes"] == 3


def test_a_hand_is_taken_back_and_never_below_none(room):
    case = on_the_wall(room)
    hand(room, case, "yes")
    hand(room, case, "yes", -1)
    hand(room, case, "yes", -1)
    assert load_case(case, "nl").voted == 0


def test_voting_again_keeps_the_earlier_votes(room):
    case = on_the_wall(room)
    for value in ("yes", "no", "no"):
        hand(room, case, value)
    lead.vote_again(case.meeting_id, case.pk, ballot=1, actor_id=room.chief.pk)
    case.refresh_from_db()
    assert (case.ballot, case.shows_votes, load_case(case, "nl").voted) == (2, False, 0)
    with pytest.raises(StaleWrite):
        hand(room, case, "yes", ballot=1)
    lead.vote_again(case.meeting_id, case.pk, ballot=2, actor_id=room.chief.pk)  # nobody voted: the same one
    case.refresh_from_db()
    assert case.ballot == 2
    assert Vote.objects.filter(ballot=1).count() == 2


def test_what_is_no_answer_cannot_be_voted_for(room):
    case = on_the_wall(room)
    with pytest.raises(BadInput):
        hand(room, case, "maybe")
    assert not Vote.objects.exists()


def test_settling_goes_through_the_desk_with_its_reason(room):
    case = on_the_wall(room)
    with pytest.raises(BadInput):
        decide(room, case, reason="  ")
    assert not Consensus.objects.exists()
    done = decide(room, case, needs_codebook_change=True)
    consensus = Consensus.objects.get()
    assert (consensus.reason, consensus.needs_codebook_change) == (REASON, True)
    assert (done.outcome, done.decision.consensus, done.proposal) == (
        "settled",
        consensus,
        Proposal.objects.get(),
    )
    assert done.given == [["yes", 2], ["no", 1]]
    event = Event.objects.get(action="meeting.case_decided")
    assert REASON not in json.dumps(event.after)


def test_what_was_settled_at_the_desk_meanwhile_is_shown_and_not_overwritten(room):
    case = on_the_wall(room)
    settle(unit_of(case), Ruling("no", reason="Aan de desk"), revision=0, actor_id=room.chief.pk)
    shown = load_case(case, "nl")
    assert (shown.is_settled, shown.settled, shown.standing) == (True, "Nee", 1)
    with pytest.raises(StaleWrite):
        decide(room, case, "yes", standing=0)
    case.refresh_from_db()
    assert case.outcome == ""
    decide(room, case, "yes", standing=1)
    assert not load_case(MeetingCase.objects.get(pk=case.pk), "nl").settled_elsewhere
    withdraw(unit_of(case), revision=2, actor_id=room.chief.pk)
    assert load_case(MeetingCase.objects.get(pk=case.pk), "nl").taken_back


def test_two_supervisors_do_not_overwrite_each_other(room):
    case = on_the_wall(room)
    seen = case.revision
    put_off(case.pk, "Eerst navragen", revision=seen, actor_id=room.chief.pk)
    other = make_member(room.study, "tweede", "supervisor")
    with pytest.raises(StaleWrite):
        change_codebook(case.pk, "Iets over initialen", revision=seen, actor_id=other.pk)
    assert not Proposal.objects.exists()
    meeting = Meeting.objects.get()
    following = meeting.cases.exclude(pk=case.pk).get()
    lead.go_to(meeting.pk, following.pk, revision=meeting.revision, actor_id=other.pk)
    with pytest.raises(StaleWrite):
        lead.show_votes(meeting.pk, case.pk, actor_id=room.chief.pk)
    with pytest.raises(StaleWrite):
        lead.go_to(meeting.pk, case.pk, revision=meeting.revision, actor_id=room.chief.pk)


def test_the_codebook_must_change_or_it_is_put_off_with_a_word(room):
    case = on_the_wall(room)
    with pytest.raises(BadInput):
        put_off(case.pk, " ", revision=case.revision, actor_id=room.chief.pk)
    done = change_codebook(case.pk, "Zeg wat een initiaal is", revision=case.revision, actor_id=room.chief.pk)
    assert (done.proposal.text, done.proposal.variable) == ("Zeg wat een initiaal is", "contains_pii")
    done = put_off(case.pk, "Volgende week", revision=done.revision, actor_id=room.chief.pk)
    assert (done.outcome, done.word, done.proposal) == ("put_off", "Volgende week", None)


def test_a_question_is_answered_or_becomes_a_rule(room):
    assignment = room.round.assignments.get(coder=room.noor, conversation=room.one)
    asked = ask(assignment.pk, actor_id=room.noor.pk, text="Telt dit nummer?")
    fields = {
        "name": "Vragen",
        "minutes": 30,
        "people": 0,
        "round_": None,
        "chosen": [],
        "questions": [asked],
    }
    meeting = make_meeting(room.study.pk, **fields, actor_id=room.chief.pk)
    meeting = begin(meeting.pk, people=0, actor_id=room.chief.pk)
    case = meeting.cases.get()
    lead.go_to(meeting.pk, case.pk, revision=meeting.revision, actor_id=room.chief.pk)
    shown = load_case(MeetingCase.objects.get(), "nl")
    assert (shown.unit, shown.answers) == (None, [])
    done = answer_question(
        case.pk, "Ja, altijd.", is_rule=True, revision=1, standing=1, actor_id=room.chief.pk
    )
    asked.refresh_from_db()
    assert (done.outcome, asked.state, asked.answer) == ("rule", "rule", "Ja, altijd.")
    assert Proposal.objects.get().text == "Ja, altijd."
    assert "Ja, altijd." in str(minutes_of(meeting, "nl"))
    with pytest.raises(BadInput):
        settle_case(case.pk, Ruling("yes", reason="x"), revision=2, standing=0, actor_id=room.chief.pk)


def test_answers_that_changed_since_are_said_so(room):
    case = on_the_wall(room)
    assert not load_case(case, "nl").changed
    coding = Coding.objects.get(assignment__coder=room.emre, assignment__conversation=room.one)
    reopen(coding.pk, actor_id=room.emre.pk)
    key = ("message", case.message_id)
    save_answer(coding.pk, actor_id=room.emre.pk, key=key, variable="contains_pii", value="yes", revision=1)
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=coding.finished_at)
    shown = load_case(case, "nl")
    assert shown.changed
    assert shown.agreed


def test_what_was_shown_in_a_meeting_is_kept_for_agreement_when_it_is_coded_again(room):
    coding = Coding.objects.get(assignment__coder=room.emre, assignment__conversation=room.one)
    reopen(coding.pk, actor_id=room.emre.pk)
    assert not FrozenCoding.objects.exists()
    Coding.objects.filter(pk=coding.pk).update(state="finished", finished_at=coding.finished_at)
    on_the_wall(room)
    reopen(coding.pk, actor_id=room.emre.pk)
    assert FrozenCoding.objects.get().coding_id == coding.pk


def wall(client, room, meeting_id, **query):
    address = reverse("meeting_wall", args=[room.study.slug, meeting_id])
    return client.get(address, query, headers={"HX-Request": "true"} if query else {})


def test_the_wall_shows_the_case_without_a_name_and_asks_no_more_than_it_must(room, client):
    case = on_the_wall(room)
    client.force_login(room.chief)
    page = wall(client, room, case.meeting_id).content.decode()
    page = re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)  # tokens may hold any two letters
    assert TEXT in page
    for name in ("noor", "daan", "emre", "C1", "C2", "C3"):
        assert name not in page
    seen = page.split('data-seen="')[1].split('"')[0]
    assert wall(client, room, case.meeting_id, seen=seen).status_code == 204
    hand(room, case, "yes")
    of = page.split('data-of="')[1].split('"')[0]
    part = wall(client, room, case.meeting_id, seen=seen, of=of, case=case.pk)
    assert "1 van 3" in part.content.decode()
    assert "HX-Retarget" not in part
    put_off(case.pk, "Later", revision=case.revision, actor_id=room.chief.pk)
    whole = wall(client, room, case.meeting_id, seen=seen, of=of, case=case.pk)
    assert whole["HX-Retarget"] == "#wall"
    typing = wall(client, room, case.meeting_id, seen=seen, of=of, case=case.pk, typing=1)
    assert "HX-Retarget" not in typing


def test_a_case_that_somebody_has_to_code_again_is_not_on_the_wall(room, client):
    case = on_the_wall(room)
    client.force_login(room.chief)
    assert TEXT in wall(client, room, case.meeting_id).content.decode()
    coding = Coding.objects.get(assignment__coder=room.emre, assignment__conversation=room.one)
    reopen(coding.pk, actor_id=room.emre.pk)
    assert TEXT not in wall(client, room, case.meeting_id).content.decode()
    with pytest.raises(BadInput):
        decide(room, case)


def post(client, room, name, case, **fields):
    sent = {"case": case.pk, "revision": case.revision, **fields}
    return client.post(reverse(name, args=[room.study.slug, case.meeting_id]), sent)


def test_the_page_settles_and_shows_both_versions_to_who_comes_second(room, client):
    case = on_the_wall(room)
    client.force_login(room.chief)
    sent = {"outcome": "settle", "settlement": json.dumps("yes"), "reason": REASON, "standing": 0}
    assert post(client, room, "meeting_outcome", case, **sent).status_code == 302
    late = post(
        client, room, "meeting_outcome", case, **sent | {"settlement": json.dumps("no"), "reason": "Nee toch"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert REASON in page
    assert "Nee toch" in page
    assert Consensus.objects.get().reason == REASON


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "dance"},
        {"outcome": "settle", "reason": "x"},
        {"outcome": "settle", "settlement": "other", "reason": "x"},
        {"outcome": "settle", "settlement": '"maybe"', "reason": "x"},
        {"outcome": "put_off", "reason": ""},
        {"outcome": "answer", "reason": "x"},
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence(room, client, wrong):
    case = on_the_wall(room)
    client.force_login(room.chief)
    answer = post(client, room, "meeting_outcome", case, **wrong)
    assert answer.status_code == 422
    assert "Niet gedaan." in answer.content.decode()
    assert not Consensus.objects.exists()


def test_texts_of_a_masked_study_are_shown_once_and_on_the_record(room, client):
    room.study.privacy = "masked"
    room.study.save()
    case = on_the_wall(room)
    from tests.factories import make_candidate

    make_candidate(case.message, "06-00000011", "phone")
    room.study.detector_version = "1"
    room.study.save()
    client.force_login(room.chief)
    assert "06-00000011" not in wall(client, room, case.meeting_id).content.decode()
    assert "06-00000011" in post(client, room, "meeting_reveal", case).content.decode()
    assert Event.objects.filter(action="conversation.revealed").count() == 1
    assert "06-00000011" not in wall(client, room, case.meeting_id).content.decode()


def test_a_closed_study_can_be_read_only(room, client):
    case = on_the_wall(room)
    room.study.state = "closed"
    room.study.save()
    client.force_login(room.chief)
    page = wall(client, room, case.meeting_id)
    assert page.status_code == 200
    assert 'id="outcome"' not in page.content.decode()
    assert post(client, room, "meeting_act", case, act="votes").status_code == 403


def test_the_queries_of_wall_and_minutes_do_not_grow_with_cases_or_coders(room, client):
    client.force_login(room.chief)
    counts = []
    for more in (0, 12):
        for _ in range(more):
            room.scene.code(room.scene.conversation("Nog een", "Ja"), YES, NO)
        case = room.on_the_wall(count=2 + more)
        found = []
        for name in ("meeting_wall", "meeting_minutes"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name, args=[room.study.slug, case.meeting_id]))
            found.append(len(queries))
        counts.append(found)
        end(case.meeting_id, actor_id=room.chief.pk)
    assert counts[1] <= counts[0]


def test_forty_coders_stand_as_numbers(room):
    from annotations.coding.answers import CONVERSATION
    from annotations.coding.save import ImportedCoding, store_imported
    from tests.factories import assign

    conversation = room.scene.conversation("Veertig", "Ja")
    message = conversation.messages.get(position=0)
    items = []
    for place in range(40):
        coder = make_member(room.study, f"coder{place}")
        given = {CONVERSATION: {"solved": "fully"}, ("message", message.pk): YES if place % 2 else NO}
        items.append(ImportedCoding(assign(conversation, coder), answers=given))
    store_imported(room.round, items, actor_id=None)
    case = room.on_the_wall()
    assert case.conversation == conversation
    with CaptureQueriesContext(connection) as queries:
        shown = load_case(case, "nl")
    assert [(a.first, a.first_dots) for a in shown.answers[:2]] == [(20, ()), (20, ())]
    assert len(queries) < 30
    assert lookup(room.round.codebook_version_id)
