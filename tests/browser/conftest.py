"""The app as people meet it: a server process of its own on a copy of a fresh data folder, and Chromium.

Browser tests carry the marker `browser` and run on SQLite, once.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.services import find_chromium

BASE: Path = settings.BASE_DIR
CHROMIUM_OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)
# In a container's root account Chromium's own sandbox cannot work.
AS_ROOT = ("--no-sandbox", "--disable-dev-shm-usage") if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class App:
    """A running copy of the app. `manage` runs a management command on its data."""

    url: str
    data: Path
    environment: dict[str, str]

    def manage(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def environment_of(data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
        "DATABASE_URL": "",
        "WEBCARE_DATA": str(data),
        "WEBCARE_DESK": "1",
        "WEBCARE_DEMO_PASSWORD": "Demo-password-of-the-tests-1",
    }


@pytest.fixture(scope="session")
def template_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated data folder without a study, made once and copied for every test."""
    data = tmp_path_factory.mktemp("template") / "data"
    App("", data, environment_of(data)).manage("prepare", "--empty")
    return data


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo study, made once and copied for every test."""
    data = tmp_path_factory.mktemp("demo") / "data"
    App("", data, environment_of(data)).manage("prepare")
    return data


@pytest.fixture
def app(template_data: Path, tmp_path: Path) -> Iterator[App]:
    """The app on an empty database."""
    yield from serve(template_data, tmp_path / "data")


@pytest.fixture
def demo_app(demo_data: Path, tmp_path: Path) -> Iterator[App]:
    """The app with the demo study."""
    yield from serve(demo_data, tmp_path / "data")


@pytest.fixture
def worker() -> Iterator[Callable[[App], None]]:
    """worker(app) starts the process that does the long work."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(app: App) -> None:
        command = [sys.executable, "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay"]
        processes.append(subprocess.Popen(command, cwd=BASE, env=app.environment))

    yield start
    for process in processes:
        stop(process)


def serve(template: Path, data: Path) -> Iterator[App]:
    shutil.copytree(template, data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = App(f"http://127.0.0.1:{port}", data, environment_of(data))
    listen = f"--listen=127.0.0.1:{port}"
    command = [sys.executable, "-m", "waitress", listen, "--threads=4", "webcare_coding.wsgi:application"]
    server = subprocess.Popen(command, cwd=BASE, env=app.environment)
    try:
        wait_until_it_answers(f"{app.url}/healthz", server)
        yield app
    finally:
        stop(server)


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped while starting"
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.05)
    raise AssertionError("the server did not answer within 60 seconds")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, *AS_ROOT]
        )
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """new_context(locale="en-GB") is one more person with a browser of their own (Dutch by default).

    Afterwards nobody's pages may have asked anything of another host or broken the content policy.
    """
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(
            **{"locale": "nl-NL", "viewport": {"width": 1366, "height": 768}, **options}
        )
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert_no_foreign_requests(asked)
    broken = [text for text in complaints if "Content Security Policy" in text or text.startswith("uncaught")]
    assert broken == []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def assert_no_foreign_requests(asked: list[str]) -> None:
    foreign = [
        url
        for url in asked
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and urlsplit(url).hostname != "127.0.0.1"
    ]
    assert foreign == []


def sign_in(page: Page, url: str, username: str, password: str) -> None:
    """Signs in at the app's own page and waits for what comes after it."""
    page.goto(f"{url}/sign-in/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    expect(page).not_to_have_url(f"{url}/sign-in/")


def assert_accessible(page: Page) -> None:
    """axe finds nothing against WCAG 2.2 AA on the page as it is now."""
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
