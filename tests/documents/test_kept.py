"""A document as a file is made once: in the background where figures are still to be drawn, and kept."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from annotations.documents import kept
from annotations.documents.document import Document, Picture, Section
from annotations.figures.records import Forest, Point
from annotations.models import DocumentFile
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(settings, tmp_path):
    settings.FIGURE_DIR = tmp_path
    study = make_study("stuk")
    study.client = Client()
    study.client.force_login(make_member(study, "sofie", "supervisor"))
    return study


@pytest.fixture
def draws(monkeypatch) -> list[str]:
    """What is drawn, with a report of as many figures as `kept.AT_ONCE` and two more."""
    dot, found = io.BytesIO(), []
    Image.new("L", (4, 3), 200).save(dot, "PNG")

    def drawn(study_id: int, key: str, look: object, format: str) -> bytes:
        if key not in found:
            found.append(key)
        return dot.getvalue()

    pictures = tuple(
        Picture(Forest(f"Figuur {number}", "α", rows=("a",), points=(Point(0.8, 0.7, 0.9),)))
        for number in range(kept.AT_ONCE + 2)
    )
    monkeypatch.setattr(kept, "drawn", drawn)
    monkeypatch.setattr(kept, "is_drawn", lambda study_id, key, look, format: key in found)
    monkeypatch.setattr(
        kept, "study_report", lambda study, language: Document("T", "", language, (Section("A", pictures),))
    )
    return found


def test_many_figures_are_drawn_in_the_background(study, draws, django_capture_on_commit_callbacks):
    address = reverse("report_docx", args=["stuk"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = study.client.get(address)
        assert answer.status_code == 202
        assert draws == []
    assert len(draws) == kept.AT_ONCE + 2
    asked_again = study.client.get(address, headers={"HX-Request": "true"})
    assert b"<progress" not in asked_again.content
    assert b"download" in asked_again.content
    assert study.client.get(address).content[:2] == b"PK"


def test_what_was_made_is_given_again_until_something_changes(study, draws, monkeypatch):
    monkeypatch.setattr(kept, "AT_ONCE", 99)
    address = reverse("report_docx", args=["stuk"])
    first = study.client.get(address)
    assert first["Content-Disposition"].endswith('filename="stuk-report.docx"')
    monkeypatch.setattr(kept, "as_docx", lambda document, draw: pytest.fail("made again"))
    assert study.client.get(address).content == first.content
    other = Document("Anders", "", "nl", ())
    monkeypatch.setattr(kept, "study_report", lambda study, language: other)
    monkeypatch.setattr(kept, "as_docx", lambda document, draw: b"new")
    assert study.client.get(address).content == b"new"
    assert DocumentFile.objects.count() == 1


def test_an_organisation_that_is_gone_has_no_advice(study):
    row = DocumentFile.objects.create(study=study, what="advice 99 nl", stamp="x")
    kept.FILES.do_now(row)
    row.refresh_from_db()
    assert (row.state, row.problem) == ("failed", "Deze organisatie is er niet meer.")
