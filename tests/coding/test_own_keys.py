"""Keys that a person set: none stands for two things, and the screen has them."""

import json
import re

import pytest
from django.urls import reverse

from annotations.coding.commands import COMMANDS, DESK, DESK_VALUES, desk_json, desk_printed, key_problems
from annotations.coding.own_keys import own_keys, save_own_keys
from annotations.errors import BadInput
from annotations.models import Event
from tests.factories import assign, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
URL = "/keys/"


@pytest.fixture
def coder(make_user):
    study = make_study("study", name="Privacy")
    user = make_member(study, "noor")
    user.assignment = assign(make_conversation(study, "Bel 06-00000011"), user)
    return user


def commands_on_page(client, coder):
    page = client.get(reverse("coding_unit", args=["study", coder.assignment.pk])).content.decode()
    data = json.loads(re.search(r'id="coding-data"[^>]*>(.*?)</script>', page).group(1))
    return {command["name"]: command for command in data["commands"]}, page


def test_the_keys_that_come_with_the_screen_do_not_clash():
    assert key_problems({}, settles=True) == {}
    for screen in (COMMANDS, DESK):
        pressed = [key for command in screen for key in command.pressed_with({})]
        assert len(pressed) == len(set(pressed))
    assert not DESK_VALUES & set(desk_json({}))


@pytest.mark.parametrize(
    ("own", "wrong"),
    [
        ({"mark": "w"}, []),
        ({"accept": "x", "reject": "a"}, []),  # changed places
        ({"retype": "m", "mark": "w"}, []),  # free by now
        ({"mark": "a"}, ["mark"]),
        ({"mark": "w", "skip": "w"}, ["mark", "skip"]),
        ({"endLater": "r"}, ["endLater"]),  # with Shift it is the key for the rest of the thread
        ({"skip": "U"}, ["skip"]),  # a boundary by a word
        ({"skip": "Home"}, ["skip"]),
        ({"skip": "\u200b"}, ["skip"]),
    ],
)
def test_a_key_stands_for_one_command(own, wrong):
    assert sorted(key_problems(own)) == wrong


@pytest.mark.parametrize(
    ("own", "wrong"),
    [
        ({"nextMessage": "w"}, ["nextMessage"]),
        ({"nextMessage": "w", "deskNames": "n"}, []),
        ({"accept": "w"}, []),  # of the coding screen only
        ({"deskReason": "u"}, []),  # not of the coding screen
        ({"deskReason": "3"}, ["deskReason"]),
        ({"deskNames": "#", "accept": "#"}, ["accept", "deskNames"]),
    ],
)
def test_who_settles_has_keys_that_do_not_clash_there_either(own, wrong):
    assert sorted(key_problems(own, settles=True)) == wrong


def test_an_own_key_goes_before_the_one_that_comes_with_the_desk():
    own = {"skip": "w", "accept": "j"}
    assert key_problems({"skip": "w"}) == {}  # a coder's; who begins to settle later keeps it
    assert desk_json(own)["w"] == {"name": "skip", "moves": False}
    assert desk_json(own)["j"]["name"] == "nextMessage"
    printed = desk_printed(own)
    assert printed["deskNames"] is None
    assert printed["skip"].shown == "w"
    assert desk_printed({"undo": "Q"})["undo"].shown == "⇧q"


def test_keys_of_the_desk_are_set_by_who_settles(client_of, coder):
    assert 'name="deskReason"' not in client_of(coder).get(URL).content.decode()
    supervisor = client_of(make_member(coder.assignment.round.study, "sofie", "supervisor"))
    page = supervisor.get(URL, headers={"accept-language": "en"}).content.decode()
    assert "On the settling desk: next disagreement." in page
    assert supervisor.post(URL, {"deskReason": "3"}).status_code == 422
    assert supervisor.post(URL, {"deskReason": "e"}).status_code == 302


def test_a_key_that_is_taken_is_told_beside_its_field_and_nothing_is_saved(client_of, coder):
    client = client_of(coder)
    answer = client.post(URL, {"mark": "a", "skip": "w"}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“a” is already the key for “candidate is right”." in page
    assert re.search(r'<input[^>]*name="mark"[^>]*aria-describedby="id_mark_error"', page)
    assert own_keys(coder.pk) == {}


def test_own_keys_stand_on_the_coding_screen_and_on_nobody_elses(client_of, coder):
    client = client_of(coder)
    assert client.post(URL, {"mark": "w", "firstMessage": "^"}).status_code == 302
    commands, page = commands_on_page(client, coder)
    assert commands["mark"]["keys"] == ["w"]
    assert commands["firstMessage"]["keys"] == ["^", "Home"]  # a key with a name stays
    assert commands["accept"]["keys"] == ["a"]
    assert "<kbd>q</kbd>" in page
    assert own_keys(make_member(coder.assignment.round.study, "daan").pk) == {}
    event = Event.objects.get(action="person.set_keys")
    assert (event.actor, event.before, event.after) == (coder, {}, {"mark": "w", "firstMessage": "^"})
    client.post(URL, {"mark": "w", "firstMessage": "^"})
    assert Event.objects.filter(action="person.set_keys").count() == 1
    client.post(URL, {"reset": "1", "mark": "w"})
    assert own_keys(coder.pk) == {}


def test_a_key_that_an_answer_has_too_is_said(client_of, coder):
    client = client_of(coder)
    client.post(URL, {"skip": "y", "accept": "n"})
    page = client.get(URL, headers={"accept-language": "en"}).content.decode()
    told = re.findall(r'<label for="id_(\w+)">[^<]*</label><span class="table__sub">(.*?)</span>', page)
    assert ("skip", "Also the key of an answer in Privacy; while its question is active, it answers.") in told
    # A fragment in focus goes before the questions.
    assert "accept" not in dict(told)


def test_the_writer_refuses_what_the_form_refuses(coder):
    with pytest.raises(BadInput):
        save_own_keys(coder.pk, {"mark": "a"})
