"""The JSON that the coding page speaks: answers, fragments, finishing, revealing."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.coding.save import finish
from annotations.models import Code, Coding, Event, Message, Span
from tests.coding.scene import TEXT, Scene, data_of
from tests.factories import (
    assign,
    make_candidate,
    make_conversation,
)

pytestmark = pytest.mark.django_db


# Answers


def test_an_answer_comes_back_with_its_revision(scene):
    reply = scene.answer("contains_pii", "yes").json()
    unit = f"m{scene.message.pk}"
    assert reply["revision"] == 1
    assert reply["units"][unit]["a"]["contains_pii"] == ["yes", 1]
    assert set(reply["units"]) == {unit}


@pytest.mark.parametrize(
    ("variable", "unit", "value", "stored"),
    [
        ("channels", "m", ["mail", "dm"], ["dm", "mail"]),
        ("removal_request", "m", "no", "no"),
        ("removal_request", "m", 98, 98),
        ("solved", "c", "partly", "partly"),
        ("waiting_days", "c", {"number": "2,50"}, "2.5"),
        ("waiting_days", "c", {"number": "98"}, "98"),
        ("waiting_days", "c", 98, 98),
    ],
)
def test_every_kind_of_answer_is_kept_as_given(scene, variable, unit, value, stored):
    scene.answer("contains_pii", "yes")
    written = "c" if unit == "c" else f"m{scene.message.pk}"
    reply = scene.answer(variable, value, unit=written)
    assert reply.status_code == 200, reply.content
    assert reply.json()["units"][written]["a"][variable] == [stored, 1]


def test_an_answer_is_taken_back_with_nothing(scene):
    scene.answer("solved", "fully", unit="c")
    reply = scene.answer("solved", None, unit="c", revision=1).json()
    assert reply["units"]["c"]["a"]["solved"] == [None, 2]


def test_a_stale_write_gets_409_and_shows_both_versions(scene):
    scene.answer("solved", "fully", unit="c")
    response = scene.answer("solved", "not", unit="c")
    assert response.status_code == 409
    assert response.json()["current"] == "fully"
    assert response.json()["revision"] == 1
    assert response.json()["units"]["c"]["a"]["solved"] == ["fully", 1]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"do": "explode"},
        {"do": "answer"},
        {"do": "answer", "unit": "x1", "variable": "solved", "value": "fully", "revision": 0},
        {"do": "answer", "unit": "m²", "variable": "solved", "value": "fully", "revision": 0},
        {"do": "answer", "unit": "c", "variable": "solved", "value": {"a": 1}, "revision": 0},
        {"do": "answer", "unit": "c", "variable": "solved", "value": 97, "revision": 0},
        {"do": "answer", "unit": "c", "variable": "solved", "value": "fully", "revision": -1},
        {"do": "answer", "unit": "c", "variable": "solved", "value": "fully", "revision": 2**70},
        {"do": "answer", "unit": "c", "variable": "waiting_days", "value": {"number": "veel"}, "revision": 0},
        {"do": "accept", "candidate": True},
        {"do": "accept", "candidate": 1, "settlement": json.loads("[" * 90 + "]" * 90)},
        {"do": "answer", "unit": "c", "variable": "solved", "value": [[[[[[[1]]]]]]], "revision": 0},
        {"do": "add", "message": 1, "start": 0, "end": 3, "quote": 5, "type": "phone"},
    ],
)
def test_what_is_not_understood_gets_422_and_changes_nothing(scene, body):
    response = scene.post(body)
    assert response.status_code == 422
    assert response.json()["problem"]
    assert not Code.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"'])
def test_a_body_that_is_no_object_gets_422(scene, body):
    response = scene.client_of(scene.noor).post(
        scene.url("coding_save"), body, content_type="application/json"
    )
    assert response.status_code == 422


def test_an_answer_to_a_message_of_another_conversation_is_refused(scene):
    other = make_conversation(scene.study, "elders").messages.get()
    assert scene.answer("contains_pii", "yes", unit=f"m{other.pk}").status_code == 422


# Fragments


def test_a_candidate_is_accepted_and_the_message_comes_back_drawn_anew(scene):
    reply = scene.post({"do": "accept", "candidate": scene.candidate.pk}).json()
    span = Span.objects.get()
    assert reply["span"] == span.pk
    assert reply["message"] == scene.message.pk
    assert f'data-span="s{span.pk}"' in reply["html"]
    assert reply["candidates"][0]["state"] == "decided"
    assert reply["spans"] == [
        {"id": span.pk, "m": scene.message.pk, "s": 4, "e": 15, "r": 1, "t": "phone", "c": scene.candidate.pk}
    ]


def test_reject_and_undecide(scene):
    assert (
        scene.post({"do": "reject", "candidate": scene.candidate.pk}).json()["candidates"][0]["state"]
        == "rejected"
    )
    assert (
        scene.post({"do": "undecide", "candidate": scene.candidate.pk}).json()["candidates"][0]["state"]
        == "open"
    )


def test_a_fragment_behind_an_emoji_is_marked_where_it_stands(scene):
    assert scene.add("noor@example.org", "email").status_code == 200
    span = Span.objects.get()
    assert scene.message.text[span.start : span.end] == "noor@example.org"


def test_a_quote_that_is_not_what_stands_there_is_refused(scene):
    body = {
        "do": "add",
        "message": scene.message.pk,
        "start": 5,
        "end": 16,
        "quote": "06-00000011",
        "type": "phone",
    }
    assert scene.post(body).status_code == 422
    assert not Span.objects.exists()


def test_adding_again_after_a_lost_reply_adds_nothing(scene):
    first = scene.add().json()["span"]
    assert scene.add().status_code == 422
    assert scene.add(again=True).json()["span"] == first
    assert Span.objects.count() == 1


def test_moving_a_candidate_accepts_it_with_its_new_boundaries(scene):
    body = {"do": "move", "candidate": scene.candidate.pk, "message": scene.message.pk}
    assert scene.post(body | {"start": 4, "end": 14, "quote": "06-0000001"}).status_code == 200
    span = Span.objects.get()
    assert (span.start, span.end, span.origin) == (4, 14, "moved")


def test_a_refused_move_of_a_candidate_leaves_it_undecided(scene):
    body = {"do": "move", "candidate": scene.candidate.pk, "message": scene.message.pk}
    assert scene.post(body | {"start": 4, "end": 14, "quote": "wrong"}).status_code == 422
    assert not Span.objects.exists()


def test_moving_and_removing_with_an_old_revision_gets_409(scene):
    span = scene.add().json()["span"]
    move = {
        "do": "move",
        "span": span,
        "message": scene.message.pk,
        "start": 4,
        "end": 14,
        "quote": "06-0000001",
    }
    assert scene.post(move | {"revision": 1}).status_code == 200
    stale = scene.post({"do": "remove", "span": span, "message": scene.message.pk, "revision": 1})
    assert stale.status_code == 409
    assert stale.json()["current"] == {"start": 4, "end": 14}
    assert scene.post(move | {"revision": 1}).status_code == 200, "the same move again changes nothing"


def test_removing_again_after_a_lost_reply_is_done(scene):
    span = scene.add().json()["span"]
    remove = {"do": "remove", "span": span, "message": scene.message.pk, "revision": 1}
    assert scene.post(remove).status_code == 200
    assert scene.post(remove).status_code == 409
    assert scene.post(remove | {"again": True}).status_code == 200


def test_a_span_of_another_coder_cannot_be_moved(scene):
    theirs = assign(scene.conversation, scene.sam)
    body = {"do": "add", "message": scene.message.pk, "start": 0, "end": 3, "quote": "Bel", "type": "phone"}
    span = scene.post(body, scene.sam, assignment=theirs).json()["span"]
    move = {
        "do": "move",
        "span": span,
        "message": scene.message.pk,
        "start": 0,
        "end": 2,
        "quote": "Be",
        "revision": 1,
    }
    assert scene.post(move).status_code == 409
    assert Span.objects.get().end == 3


# Finishing, time


def test_the_page_knows_the_next_conversation_and_skipping_puts_one_last(scene):
    second = assign(make_conversation(scene.study, "a"), scene.noor)
    for message in (scene.message, scene.reply):
        scene.answer("contains_pii", "no", unit=f"m{message.pk}")
    assert scene.post({"do": "finish"}).status_code == 422
    scene.answer("solved", "fully", unit="c")
    assert data_of(scene.get(scene.noor))["next"] == scene.url(assignment=second)
    third = assign(make_conversation(scene.study, "b"), scene.noor)
    assert scene.post({"do": "skip"}).status_code == 200
    assert scene.get(scene.noor, "coding").headers["Location"] == scene.url(assignment=second)
    assert data_of(scene.get(scene.noor, assignment=third))["next"] == scene.url(assignment=second)
    assert Event.objects.filter(action="coding.skipped").count() == 1
    assert scene.post({"do": "finish"}).json()["finished"] is True
    assert scene.answer("solved", "not", unit="c", revision=1).status_code == 403
    assert scene.post({"do": "reopen"}).json()["finished"] is False


def test_time_is_added_to_the_total_the_page_knew_and_never_twice(scene):
    scene.get(scene.noor)
    assert scene.post({"seconds": 30, "known": 0}, name="coding_seconds").json() == {"seconds": 30}
    assert scene.post({"seconds": 30, "known": 0}, name="coding_seconds").json() == {"seconds": 30}
    assert scene.post({"seconds": 12, "known": 30}, name="coding_seconds").json() == {"seconds": 42}
    assert scene.post({"seconds": "x", "known": 30}, name="coding_seconds").status_code == 422


# Masked studies


@pytest.fixture
def masked(client_of):
    return Scene(client_of, privacy="masked")


def test_a_masked_study_sends_no_personal_data_to_the_screen(masked):
    page = masked.get(masked.noor).content.decode()
    assert "06-00000011" not in page
    assert "•" * 11 in page
    assert "kees_demo" not in page


def test_what_the_coder_marks_in_a_masked_study_is_masked_too(masked):
    reply = masked.add("noor@example.org", "email").json()
    assert "noor@example.org" not in reply["html"]


def test_a_masked_fragment_is_marked_with_the_bullets_the_screen_shows(masked):
    body = {"do": "add", "message": masked.message.pk, "start": 0, "end": 15, "type": "phone"}
    assert masked.post(body | {"quote": "Bel " + "•" * 11}).status_code == 200
    assert masked.post(body | {"end": 12, "quote": "Bel " + "•" * 9}).status_code == 422
    assert masked.post(body | {"quote": "•" * 15}).status_code == 422


@pytest.mark.parametrize("guess", ["06-00000011", "06-00000012", "x" * 11])
def test_what_stands_under_bullets_is_not_compared_so_it_cannot_be_guessed(masked, guess):
    """A right guess and a wrong one get the same answer; what is stored is the text."""
    body = {"do": "add", "message": masked.message.pk, "start": 0, "end": 15, "type": "phone"}
    assert masked.post(body | {"quote": f"bel {guess}"}).status_code == 422
    assert masked.post(body | {"quote": f"Bel {guess}"}).status_code == 200
    span = Span.objects.get()
    assert span.message.text[span.start : span.end] == "Bel 06-00000011"


def test_an_answer_keeps_whether_it_was_proposed(scene):
    scene.answer("contains_pii", "yes", origin="confirmed")
    assert Code.objects.get().origin == "confirmed"
    scene.answer("contains_pii", "no", revision=1)
    assert Code.objects.get().origin == ""
    assert scene.answer("solved", "fully", unit="c", origin="guessed").status_code == 422
    assert scene.answer("solved", "fully", unit="c", origin=["confirmed"]).status_code == 422


def test_revealing_shows_one_message_and_is_logged_without_its_text(masked):
    reply = masked.post({"message": masked.message.pk}, name="coding_reveal").json()
    assert "06-00000011" in reply["html"]
    event = Event.objects.get(action="message.revealed")
    assert (event.actor_id, event.subject_id) == (masked.noor.pk, masked.message.pk)
    assert "06" not in json.dumps(event.after)


def test_a_message_of_another_conversation_is_not_revealed(masked):
    other = make_conversation(masked.study, "06-00000099").messages.get()
    assert masked.post({"message": other.pk}, name="coding_reveal").status_code == 403
    assert not Event.objects.filter(action="message.revealed").exists()


# Context by hand


def test_context_is_filled_in_by_the_coder_and_only_at_the_revision_seen(scene):
    body = {"message": scene.message.pk, "revision": 1, "values": {"author_followers": "1.204"}}
    assert scene.post(body, name="coding_context").json() == {"revision": 2}
    assert Message.objects.get(pk=scene.message.pk).by_hand == ["author_followers"]
    again = scene.post(body | {"values": {"author_followers": "7"}}, name="coding_context")
    assert again.status_code == 409
    assert again.json()["current"]["author_followers"] == 1204


# Queries do not grow


def test_queries_of_the_page_do_not_grow_with_messages_or_assignments(client_of):
    small, large = Scene(client_of), Scene(client_of, slug="large")
    long = make_conversation(large.study, *[f"bericht {n} 06-00000011" for n in range(130)])
    for message in long.messages.all():
        make_candidate(message, "06-00000011", "phone")
    assignment = assign(long, large.noor)
    for scene, number in ((small, 2), (large, 199)):
        for n in range(number):
            assign(make_conversation(scene.study, f"kort {n}"), scene.noor)
    counts = []
    for scene, own in ((small, small.assignment), (large, assignment)):
        scene.get(scene.noor, assignment=own)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert scene.get(scene.noor, assignment=own).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    for scene in (small, large):
        with CaptureQueriesContext(connection) as queries:
            assert scene.get(scene.noor, "coding_list").status_code == 200
        counts.append(len(queries))
    assert counts[2] == counts[3], counts


def test_queries_of_saving_do_not_grow_with_the_conversation(client_of):
    counts = []
    for slug, size in (("five", 5), ("many", 130)):
        scene = Scene(client_of, slug=slug)
        own = assign(make_conversation(scene.study, *[f"bericht {n}" for n in range(size)]), scene.noor)
        body = {"do": "answer", "unit": "c", "variable": "solved", "value": "fully", "revision": 0}
        scene.get(scene.noor, assignment=own)
        with CaptureQueriesContext(connection) as queries:
            assert scene.post(body, assignment=own).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts


def test_a_finished_coding_is_shown_locked(scene):
    for message in (scene.message, scene.reply):
        scene.answer("contains_pii", "no", unit=f"m{message.pk}")
    scene.answer("solved", "fully", unit="c")
    finish(Coding.objects.get().pk, actor_id=scene.noor.pk)
    response = scene.get(scene.noor)
    assert data_of(response)["finished"] is True
    assert 'id="reopen"' in response.content.decode()


@pytest.mark.parametrize("what", ["accept", "reject", "undecide"])
def test_a_candidate_of_another_conversation_is_refused_in_a_sentence(scene, what):
    elsewhere = make_conversation(scene.study, TEXT).messages.get(position=0)
    other = make_candidate(elsewhere, "06-00000011", "phone")
    answer = scene.post({"do": what, "candidate": other.pk})
    assert 400 <= answer.status_code < 500
    assert answer.json()["problem"]
