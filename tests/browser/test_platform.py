from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import App, assert_no_foreign_requests


def test_the_app_answers_in_a_browser_with_its_content_policy(app: App, page: Page) -> None:
    response = page.goto(f"{app.url}/healthz")
    assert response is not None
    assert response.json() == {"status": "ok"}
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_two_people_share_no_cookies(app: App, new_context: Callable[..., BrowserContext]) -> None:
    one, two = new_context(), new_context()
    one.add_cookies([{"name": "mine", "value": "1", "url": app.url}])
    assert two.cookies(app.url) == []


def test_a_request_to_another_host_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert_no_foreign_requests(["http://127.0.0.1:8000/", "https://cdn.example/x.js"])
