"""Figures on pages and as files: who gets them, and what is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from annotations.figures import kept
from annotations.figures.drawing import Look
from annotations.figures.kept import NoFigure, drawn, record_of, remember
from annotations.figures.records import Forest, Point
from tests.factories import make_member, make_study

RECORD = Forest("Alfa <b>&", "α", rows=("<i>a",), points=(Point(0.86, 0.77, 0.93),), coefficient=True)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.FIGURE_DIR = tmp_path / "figures"


def test_a_figure_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    key = remember(1, RECORD)
    first = drawn(1, key, Look("light", "page"), "svg")
    monkeypatch.setattr(kept, "draw", None)
    assert drawn(1, key, Look("light", "page"), "svg") == first
    assert kept.size_of(1, key, Look("light", "page")) is not None
    assert record_of(1, key) == RECORD


@pytest.mark.parametrize(
    ("key", "look", "ending"),
    [
        ("0" * 32, Look("light", "page"), "svg"),
        ("../../secret", Look("light", "page"), "svg"),
        (None, Look("blue", "page"), "svg"),
        (None, Look("light", "../x"), "svg"),
        (None, Look("light", "page"), "json"),
    ],
)
def test_what_is_no_figure_is_none(key: str | None, look: Look, ending: str) -> None:
    known = remember(1, RECORD)
    with pytest.raises(NoFigure):
        drawn(1, key or known, look, ending)


def test_figures_that_nobody_saw_for_a_month_are_thrown_away(settings: Any) -> None:
    old = remember(1, RECORD)
    drawn(1, old, Look("light", "page"), "svg")
    folder = Path(settings.FIGURE_DIR) / "1"
    long_ago = time.time() - kept.KEPT - 10
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    remember(1, Forest("other", "α", rows=("a",), points=(Point(0.1),)))
    assert not list(folder.glob(f"{old}*"))
    assert remember(1, RECORD) == old


def test_who_supervises_another_study_does_not_get_it(client: Client) -> None:
    study, other = make_study("ours"), make_study("theirs")
    client.force_login(make_member(study, "sup", "supervisor"))
    make_member(other, "sup", "supervisor")
    key = remember(study.pk, RECORD)
    answer = client.get(reverse("figure", args=["ours", key, "print-column", "pdf"]) + "?download")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="ours-alfa-b.pdf"'
    svg = client.get(reverse("figure", args=["ours", key, "dark-column", "svg"]))
    policy = svg["Content-Security-Policy"].split("; ")
    assert {"sandbox", "script-src 'none'", "style-src 'unsafe-inline'"} <= set(policy)
    assert client.get(reverse("figure", args=["theirs", key, "light-page", "svg"])).status_code == 404


def test_a_figure_on_a_page_has_a_dark_twin_files_and_its_table() -> None:
    request = RequestFactory().get("/")
    request.study = make_study("ours")  # type: ignore[attr-defined]
    template = Template("{% load figures %}{% figure record %}")
    page = template.render(Context({"request": request, "record": RECORD}))
    assert 'media="screen and (prefers-color-scheme: dark) and (min-width: 0)"' in page
    assert page.count("?download") == 6
    assert '<th scope="row">&lt;i&gt;a</th><td class="num">.86 [.77, .93]</td>' in page
    assert "Alfa &lt;b&gt;&amp;: α." in page
    request.COOKIES["theme"] = "dark"
    assert 'media="screen and (min-width: 0)"' in template.render(
        Context({"request": request, "record": RECORD})
    )
    request.COOKIES["theme"] = "light"
    assert 'media="not all"' in template.render(Context({"request": request, "record": RECORD}))
