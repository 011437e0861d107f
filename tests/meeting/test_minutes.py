"""The minutes of a meeting, on the page and as Word."""

import io

import pytest
from django.urls import reverse
from docx import Document as Docx

from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling
from annotations.meeting.outcome import unit_of
from annotations.meeting.paper import minutes_of
from annotations.meeting.prepare import end
from tests.meeting.help import Room
from tests.meeting.test_wall import REASON, decide, hand, on_the_wall

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


def test_the_minutes_say_what_was_decided_with_votes_and_without_names(room):
    case = on_the_wall(room)
    for value in ("yes", "yes", "no"):
        hand(room, case, value)
    decide(room, case, needs_codebook_change=True)
    meeting = end(case.meeting_id, actor_id=room.chief.pk)
    document = minutes_of(meeting, "nl")
    said = " ".join(part.text for section in document.sections for part in section.parts)
    for words in (
        "Eerst: Ja 2, Nee 1.",
        "Stemmen: Ja 2, Nee 1.",
        f"Besloten: Ja. {REASON}",
        "Niet aan toegekomen.",
    ):
        assert words in said
    for name in ("noor", "daan", "emre", "C1", "sara"):
        assert name not in str(document)


def test_the_minutes_go_as_word_and_hold_what_stood_then(room, client):
    case = on_the_wall(room)
    decide(room, case)
    settle(unit_of(case), Ruling("no", reason="Toch niet"), revision=1, actor_id=room.chief.pk)
    client.force_login(room.chief)
    answer = client.get(reverse("meeting_minutes_docx", args=[room.study.slug, case.meeting_id]))
    text = "\n".join(paragraph.text for paragraph in Docx(io.BytesIO(answer.content)).paragraphs)
    assert f"Besloten: Ja. {REASON}" in text
    assert "Toch niet" not in text
