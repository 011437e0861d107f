"""A coder's own screen: blind until the own unit is finished, and never a name."""

import json
import re

import pytest
from django.urls import reverse

from annotations.coding.save import reopen
from annotations.meeting import lead
from annotations.meeting.outcome import put_off
from annotations.meeting.seen import case_for_coder
from annotations.models import Coding, Meeting, MeetingCase, Vote
from tests.factories import assign, make_member
from tests.meeting.help import TEXT, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    found = Room()
    found.case = found.on_the_wall()
    return found


def own(client, room, who):
    client.force_login(who)
    answer = client.get(reverse("meeting_now", args=[room.study.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def cast(client, room, who, value="yes", **fields):
    client.force_login(who)
    sent = {"case": room.case.pk, "ballot": room.case.ballot, "value": json.dumps(value)} | fields
    return client.post(reverse("meeting_now", args=[room.study.slug]), sent)


def body(page):
    """What is in the page, without the name of who looks."""
    main = page.split("<main")[1].split("</main")[0]
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", main)


def test_who_finished_the_unit_sees_it_and_votes_without_a_name(client, room):
    page = own(client, room, room.noor)
    assert TEXT in page
    for name in ("daan", "emre", "C2", "C3", "sara"):
        assert name not in body(page)
    assert "Eerst" not in body(page)  # neither what was given, until the wall shows it
    assert cast(client, room, room.noor).status_code == 302
    assert cast(client, room, room.noor, "no").status_code == 302  # thought better of it
    assert Vote.objects.get(voter=room.noor).value == json.dumps("no")
    assert 'aria-pressed="true"' in own(client, room, room.noor)
    for who in (room.daan, room.emre):
        cast(client, room, who)
    room.case.refresh_from_db()
    assert room.case.shows_votes
    assert cast(client, room, room.noor).status_code == 409
    assert Vote.objects.get(voter=room.noor).value == json.dumps("no")


def empty_page(client, room, who):
    """The page of a coder while nothing is on the wall."""
    current = Meeting.objects.values_list("current_id", flat=True).get()
    Meeting.objects.update(current=None)
    page = body(own(client, room, who))
    Meeting.objects.update(current=current)
    return page


def reopened(room, who):
    coding = Coding.objects.get(assignment__coder=who, assignment__conversation=room.case.conversation)
    reopen(coding.pk, actor_id=who.pk)
    return who


@pytest.mark.parametrize(
    "how", ["without the unit", "not begun", "reopened", "again in another round", "left hidden"]
)
def test_who_has_not_finished_the_unit_sees_a_page_like_an_empty_wall(client, room, how):
    if how == "without the unit":
        who = make_member(room.study, "nieuw")
    elif how == "not begun":
        who = make_member(room.study, "nieuw")
        assign(room.case.conversation, who)
    elif how == "reopened":
        who = reopened(room, room.noor)
    elif how == "again in another round":
        who = room.noor
        assign(room.case.conversation, who, "later")
    else:
        who = room.noor
        reopened(room, room.daan)  # somebody else: then the wall hides it from all
    assert case_for_coder(room.study, who.pk) is None
    assert body(own(client, room, who)) == empty_page(client, room, who)
    refused = cast(client, room, who)
    unknown = cast(client, room, who, case=999_999)
    assert refused.status_code == unknown.status_code == 409
    assert body(refused.content.decode()) == body(unknown.content.decode())
    assert not Vote.objects.exists()


def test_votes_of_others_are_not_told_before_they_are_shown(client, room):
    before = body(own(client, room, room.noor))
    cast(client, room, room.daan)
    assert body(own(client, room, room.noor)) == before


def test_the_screen_asks_only_for_what_changed(client, room):
    page = own(client, room, room.noor)
    address = page.split('id="own" hx-get="')[1].split('"')[0]
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204
    put_off(room.case.pk, "Later", revision=room.case.revision, actor_id=room.chief.pk)
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 200


def test_a_vote_for_an_earlier_case_or_ballot_is_not_counted(client, room):
    lead.show_votes(room.case.meeting_id, room.case.pk, actor_id=room.chief.pk)
    lead.vote_again(room.case.meeting_id, room.case.pk, ballot=1, actor_id=room.chief.pk)
    assert cast(client, room, room.noor).status_code == 409
    room.case = MeetingCase.objects.get(pk=room.case.pk)
    assert cast(client, room, room.noor, "maybe").status_code == 422
    assert not Vote.objects.exists()
    assert cast(client, room, room.noor).status_code == 302


def test_a_supervisor_is_led_to_the_wall(client, room):
    client.force_login(room.chief)
    answer = client.get(reverse("meeting_now", args=[room.study.slug]))
    assert answer["Location"] == reverse("meeting_wall", args=[room.study.slug, room.case.meeting_id])


def test_who_voted_is_in_no_page_and_not_in_the_log(client, room):
    from annotations.models import Event

    cast(client, room, room.noor)
    client.force_login(room.chief)
    assert not Event.objects.filter(actor=room.noor, action__startswith="meeting").exists()
    for name in ("meeting_wall", "meeting_minutes", "meeting"):
        page = client.get(reverse(name, args=[room.study.slug, room.case.meeting_id])).content.decode()
        assert "noor" not in page
