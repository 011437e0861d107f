"""The report and the advice: what they say, and that page and file say the same."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx import Document as read_docx
from PIL import Image

from annotations.documents.advice import Share, share_of
from annotations.documents.document import Bullets, Document, Grid, Paragraph, Picture, Section
from annotations.documents.docx_file import as_docx
from annotations.documents.limitations import Design, limitations
from annotations.figures.records import Forest, Point
from annotations.results.table import Cell, Heading, Layer
from tests.factories import make_member, make_study

HOSTILE = "=HYPERLINK(1)\x00\u202e <b>{{x}}</b>"
DESIGN = Design(False, False, ["A", "B"], 10, 0, 0, 0, 0, 1.0, [("v", 0.9)])


def test_shares_of_the_others_together_leave_out_where_it_cannot_occur() -> None:
    columns = tuple(Heading(key, key, 50) for key in "abc")
    cells = {("r", "a"): Cell(10, 50), ("r", "b"): Cell(16, 50), ("r", "c"): Cell(0, 50, is_structural=True)}
    layer = Layer(Heading("", ""), (Heading("r", "r"),), columns, cells)
    assert share_of(layer, "r", ["a"]) == Share(10, 50)
    assert share_of(layer, "r", ["b", "c"]) == Share(16, 50)
    assert (Share(3, 9).is_enough, Share(3, 10).is_enough) == (False, True)


def test_limitations_are_said_only_where_they_hold() -> None:
    with translation.override("en"):
        few = limitations(DESIGN)
        assert len(few) == 2
        assert few[0].startswith("2 organisations were studied (A, B)")
        all_of_them = limitations(
            Design(True, False, ["A"], 10, 4, 3, 1, 2, 1.4, [("u", 0.6), ("t", 0.7), ("c", None)])
        )
    said = " ".join(all_of_them)
    expected = ["comparison sample", "One organisation", "conclusions from: u", "from: t.", "for: c."]
    for words in [*expected, "4 of 10", "3 values", "1 coding is", "2 tables", "1.40"]:
        assert words in said
    with translation.override("en"):
        assert "Odds ratios" in limitations(Design(True, True, [], 1, 0, 0, 0, 0, 1, []))[0]


def test_a_document_opens_in_a_word_processor_with_everything_in_it() -> None:
    picture = Picture(Forest("Alfa", "α", rows=("a",), points=(Point(0.8, 0.7, 0.9),)))
    parts = (Paragraph(HOSTILE), Bullets(("een",)), Grid("Tabel", ("", "n"), (("rij", HOSTILE),)), picture)
    document = Document(HOSTILE, "onder", "nl", (Section("Hoofdstuk", parts),))
    dot = io.BytesIO()
    Image.new("L", (4, 3), 200).save(dot, "PNG")
    file = read_docx(io.BytesIO(as_docx(document, lambda record: dot.getvalue())))
    texts = [paragraph.text for paragraph in file.paragraphs]
    clean = "=HYPERLINK(1) <b>{{x}}</b>"
    assert texts[0] == clean
    assert {"Hoofdstuk", "een", "Tabel", clean} <= set(texts)
    assert [cell.text for cell in file.tables[0].rows[1].cells] == ["rij", clean]
    described = file.inline_shapes[0]._inline.docPr.get("descr")
    assert "0,80 [0,70; 0,90]" in described


@pytest.mark.django_db
def test_the_report_and_the_advice_of_a_small_study(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.FIGURE_DIR = tmp_path
    study = make_study("ours", language="en")
    client.force_login(make_member(study, "sup", "supervisor"))
    organisation = study.organisations.get()
    page = client.get(reverse("report", args=["ours"]))
    assert page.status_code == 200
    assert 'lang="en"' in page.content.decode()
    assert "Nothing was coded yet." in page.content.decode()
    dutch = client.get(reverse("report", args=["ours"]) + "?language=nl").content.decode()
    assert "Er is nog niets gecodeerd." in dutch
    advice = reverse("advice", args=["ours", organisation.pk])
    assert "Advice to Zwaluwlijn" in client.get(advice).content.decode()
    nameless = client.get(advice + "?anonymous=yes").content.decode()
    assert "Zwaluwlijn" not in nameless.split('<article class="document"')[1]
    assert client.get(reverse("advice", args=["ours", organisation.pk + 9])).status_code == 404
