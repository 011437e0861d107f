"""The app as people meet it: a server process on a data folder of its own, and Chromium.

Each process of the run has one server and one Chromium for all its tests; each test starts from a data folder
that was made once for all of them. Browser tests carry the marker `browser` and run on SQLite, once.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from annotations.common.alive import alive
from tests.database import copy_of_migrated
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
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What the colours can change: all that differs between light and dark.
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# What is right is not described, only what is wrong: that takes longer than looking.
AXE = """runOnly => axe.run(document, {runOnly, resultTypes: ["violations"]})
    .then(({violations}) => ({violations}))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# On a machine that does much else at once a page takes longer than Playwright's five seconds.
expect.set_options(timeout=15_000)

DATABASE = "webcare.sqlite3"
IDS_APART = 10_000


def _remove(folder: Path) -> None:
    """A figure that was asked for may still be drawn into it."""
    for _try in range(20):
        with suppress(OSError):
            shutil.rmtree(folder)
            return
        time.sleep(0.1)
    shutil.rmtree(folder)


@dataclass
class App:
    """A running copy of the app. `manage` runs a management command on its data, `shell` Python code."""

    url: str
    data: Path
    environment: dict[str, str]
    resets: int = 0
    _shell: list[subprocess.Popen[str]] = field(default_factory=list)

    def start_from(self, template: Path) -> None:
        """Makes the data those of this folder."""
        for path in self.data.iterdir():
            if path.is_dir():
                _remove(path)
        for path in template.iterdir():
            if path.is_dir():
                shutil.copytree(path, self.data / path.name)
        with closing(sqlite3.connect(template / DATABASE)) as source:
            self.load(source)

    def load(self, source: sqlite3.Connection) -> None:
        """Makes the database that of `source`; what is stored after it has ids that no earlier test had.

        The server keeps what it knows of a codebook by its id.
        """
        self.resets += 1
        with closing(sqlite3.connect(self.data / DATABASE)) as own:
            source.backup(own)
            tables = own.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").fetchall()
            highest = dict(own.execute("SELECT name, seq FROM sqlite_sequence"))
            own.execute("DELETE FROM sqlite_sequence")
            own.executemany(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                [(name, highest.get(name, 0) % IDS_APART + self.resets * IDS_APART) for (name,) in tables],
            )
            own.commit()

    def shell(self, code: str) -> str:
        """What the code prints. It runs with the app's settings, in one process for all tests."""
        if not self._shell:
            command = [sys.executable, "-m", "tests.browser.shell"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self._shell.append(subprocess.Popen(command, cwd=BASE, env=self.environment, **pipes))
        process = self._shell[0]
        process.stdin.write(json.dumps(code) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert not answer["error"], answer["error"]
        return answer["printed"]

    def stop_shell(self) -> None:
        for process in self._shell:
            process.stdin.close()
            process.wait(10)

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
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATABASE_URL": "",
        "WEBCARE_DATA": str(data),
        "WEBCARE_DESK": "1",
        "WEBCARE_DEMO_PASSWORD": "Demo-password-of-the-tests-1",
    }


class Templates:
    """Data folders that tests start from, each made once for all processes of the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str, make: Callable[[Path], None]) -> Path:
        folder = self.folder / name
        while not folder.exists():
            with alive(self.folder / f"{name}.lock") as is_mine:
                if is_mine and not folder.exists():
                    unfinished = self.folder / f"{name}.unfinished"
                    shutil.rmtree(unfinished, ignore_errors=True)
                    make(unfinished)
                    unfinished.rename(folder)
        return folder


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    own = tmp_path_factory.getbasetemp()
    return Templates(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def template_data(templates: Templates) -> Path:
    """A migrated data folder without a study."""

    def make(data: Path) -> None:
        data.mkdir()
        if (migrated := copy_of_migrated()).exists():
            shutil.copy(migrated, data / DATABASE)
        App("", data, environment_of(data)).manage("prepare", "--empty")

    return templates.get("empty_data", make)


@pytest.fixture(scope="session")
def demo_data(templates: Templates, template_data: Path) -> Path:
    """A data folder with the demo study."""

    def make(data: Path) -> None:
        shutil.copytree(template_data, data)
        App("", data, environment_of(data)).manage("prepare")

    return templates.get("demo_data", make)


@pytest.fixture(scope="session")
def server(template_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    yield from serve(template_data, tmp_path_factory.mktemp("app") / "data")


@pytest.fixture
def app(server: App, template_data: Path) -> App:
    """The app on an empty database."""
    server.start_from(template_data)
    return server


@pytest.fixture
def demo_app(server: App, demo_data: Path) -> App:
    """The app with the demo study."""
    server.start_from(demo_data)
    return server


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
        app.stop_shell()
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


@contextmanager
def new_contexts(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Yields what makes one more person with a browser of their own (Dutch by default).

    Afterwards nobody's pages may have asked anything of another host or broken the content policy.
    """
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []

    def make(**options: object) -> BrowserContext:
        # Without motion a colour is what it will be as soon as it changes.
        usual = {
            "locale": "nl-NL",
            "viewport": {"width": 1366, "height": 768},
            "reduced_motion": "reduce",
        }
        context = chromium.new_context(**usual | options)
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
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """new_context(locale="en-GB") is one more person with a browser of their own."""
    with new_contexts(chromium) as make:
        yield make


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
    """Signs in with the requests of the app's page, without drawing it; the page stays where it is."""
    address = f"{url}/sign-in/"
    request = page.context.request
    request.get(address)
    token = next(cookie for cookie in page.context.cookies(url) if cookie["name"] == "csrftoken")
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token["value"]}
    answer = request.post(address, form=form, headers={"Referer": address}, max_redirects=0)
    assert answer.status == 302, f"{username} could not sign in: {answer.status}"


def sign_in_at_the_page(page: Page, url: str, username: str, password: str) -> None:
    """Signs in as a person does and waits for what comes after it."""
    page.goto(f"{url}/sign-in/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    expect(page).not_to_have_url(f"{url}/sign-in/")


def assert_accessible(page: Page, rules: dict[str, object] = WCAG) -> None:
    """axe finds nothing against WCAG 2.2 AA (or other `rules`) on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    results = AxeResults(page.evaluate(AXE, rules))
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def assert_accessible_in_light_and_dark(page: Page) -> None:
    """axe finds nothing on the page as it is now, nor against its contrast in the dark."""
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, CONTRAST)
    page.emulate_media(color_scheme="light")


def assert_fits(page: Page) -> None:
    """Nothing runs out at the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"
