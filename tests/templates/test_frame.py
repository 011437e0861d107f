"""The frame of every page: base.html, the partials and the pages for errors."""

import json
import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.formats import date_format
from django.utils.translation import override

ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]


def asked(path: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


def page(name: str = "base.html", request: HttpRequest | None = None, **context: Any) -> str:
    with override("nl"):
        return render_to_string(name, context, request=request or asked())


def html_tag(text: str) -> str:
    return re.search(r"<html[^>]*>", text)[0]  # type: ignore[index]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_in_the_page_from_the_server(theme: str) -> None:
    assert f'data-theme="{theme}"' in html_tag(page(request=asked(theme=theme)))


@pytest.mark.parametrize("theme", ["auto", '"><script>', "blue"])
def test_any_other_theme_leaves_the_choice_to_the_system(theme: str) -> None:
    assert html_tag(page(request=asked(theme=theme))) == '<html lang="nl">'


def test_htmx_keeps_no_pages_evaluates_nothing_and_shows_409_and_422() -> None:
    config = json.loads(unescape(re.search(r"name=\"htmx-config\" content='([^']+)'", page())[1]))  # type: ignore[index]
    assert config["historyCacheSize"] == 0
    assert config["allowEval"] is config["includeIndicatorStyles"] is False

    def handling(status: int) -> dict[str, Any]:
        return next(rule for rule in config["responseHandling"] if re.search(rule["code"], str(status)))

    assert [status for status in (200, 204, 400, 403, 404, 409, 422, 500) if handling(status)["swap"]] == [
        200,
        409,
        422,
    ]


@pytest.mark.parametrize("name", ["base.html", *ERROR_PAGES])
def test_nothing_in_the_page_is_against_the_content_security_policy(name: str) -> None:
    text = page(name)
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son\w+=", text)
    assert "https://" not in text


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_neither_request_nor_context(name: str) -> None:
    with override("nl"):
        text = render_to_string(name)
    assert "<h1>" in text
    assert 'href="/"' in text


def test_pages_of_a_list_keep_the_filter_in_the_address() -> None:
    paginator = Paginator(range(200), 20)
    text = page(
        "annotations/includes/pagination.html",
        request=asked("/?state=open&page=3"),
        page_obj=paginator.page(3),
        page_range=paginator.get_elided_page_range(3),
    )
    assert 'href="?state=open&amp;page=4"' in text
    assert "41–60 van 200" in text


def test_what_a_message_or_an_empty_state_says_is_shown_as_text() -> None:
    said = Message(messages.ERROR, "<script>alert(1)</script>")
    shown = page("annotations/includes/message.html", message=said)
    shown += page("annotations/includes/empty.html", title="<script>", text="<script>")
    assert 'role="alert"' in shown
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 3


def test_dates_are_written_in_one_style() -> None:
    """A page says DATE_FORMAT and the like; webcare_coding/formats/ has the style of each language."""
    allowed = {
        "c",
        "Y-m-d",
        "s",
        "H:i",
        "DATE_FORMAT",
        "DATETIME_FORMAT",
        "MONTH_DAY_FORMAT",
        "YEAR_MONTH_FORMAT",
        "F",
    }
    found = {
        f"{path.name}: {style}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for style in re.findall(r"""\|date:["']([^"']*)""", path.read_text(encoding="utf-8"))
        if style not in allowed
    }
    assert found == set()


@pytest.mark.parametrize(("language", "written"), [("nl", "2 mei 2026 09:05"), ("en", "2 May 2026 09:05")])
def test_a_moment_reads_as_people_write_it(language: str, written: str) -> None:
    with override(language):
        assert date_format(datetime(2026, 5, 2, 9, 5), "DATETIME_FORMAT") == written
