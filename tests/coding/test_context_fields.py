"""Context that the file did not give, filled in by hand."""

from datetime import date

import pytest

from annotations.coding.context_fields import fill_context, fillable
from annotations.errors import BadInput, NotAllowed, StaleWrite
from annotations.models import Event, Message
from tests.factories import assign, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    study = make_study()
    conversation = make_conversation(study, "Bel 06-00000011", "")
    noor = make_member(study, "noor")
    assign(conversation, noor)
    return {
        "noor": noor,
        "sam": make_member(study, "sam"),
        "chief": make_member(study, "chief", "supervisor"),
        "message": conversation.messages.first(),
        "placeholder": conversation.messages.last(),
    }


def fill(people, who="noor", revision=1, message="message", **values):
    return fill_context(people[message].pk, actor_id=people[who].pk, values=values, revision=revision)


@pytest.mark.parametrize("who", ["noor", "chief"])
def test_the_coder_of_the_conversation_and_a_supervisor_may_fill_in(people, who):
    message = fill(people, who, author_created_at="2015-03-01", author_followers="1 204", addressed="this")
    message = Message.objects.get(pk=message.pk)
    assert (message.author_followers, message.addressed, message.revision) == (1204, "this", 2)
    assert message.author_created_at.year == 2015
    assert message.by_hand == ["addressed", "author_created_at", "author_followers"]


def test_another_coder_may_not(people):
    with pytest.raises(NotAllowed):
        fill(people, "sam", author_followers=5)
    assert not Event.objects.filter(action="message.context_filled").exists()


def test_what_was_and_what_is_are_logged(people):
    fill(people, author_posts=3)
    fill(people, author_posts="", revision=2)
    events = Event.objects.filter(action="message.context_filled").order_by("id")
    assert [(e.before, e.after) for e in events] == [
        ({"author_posts": None}, {"author_posts": 3}),
        ({"author_posts": 3}, {"author_posts": None}),
    ]
    assert Message.objects.get(pk=people["message"].pk).by_hand == []


def test_what_the_file_gave_is_not_changed(people):
    Message.objects.filter(pk=people["message"].pk).update(author_followers=10)
    assert fillable(Message.objects.get(pk=people["message"].pk)) == [
        "author_created_at",
        "author_posts",
        "addressed",
    ]
    with pytest.raises(BadInput):
        fill(people, author_followers=11)


def test_a_stale_write_shows_what_stands_there_now(people):
    fill(people, "chief", author_followers=7)
    with pytest.raises(StaleWrite) as stale:
        fill(people, author_followers=8)
    assert stale.value.current["author_followers"] == 7
    assert stale.value.revision == 2
    assert fill(people, author_followers=7).revision == 2, "the same value again changes nothing"


@pytest.mark.parametrize(
    "values",
    [
        {"author_followers": "-1"},
        {"author_followers": "veel"},
        {"author_posts": 2**31},
        {"addressed": "everybody"},
        {"author_created_at": "gisteren"},
        {"author_created_at": date(2031, 1, 1)},
        {"author_created_at": "1066-10-14"},
        {"author_followers": [1]},
    ],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(people, values):
    with pytest.raises(BadInput):
        fill(people, **values)
    assert Message.objects.get(pk=people["message"].pk).revision == 1


def test_a_placeholder_has_no_author_to_describe(people):
    with pytest.raises(BadInput):
        fill(people, message="placeholder", author_posts=1)
