"""Every page of the app in Chromium: as supervisor, coder and signed out; light in Dutch and dark in
English.

The pages come from the list of addresses and its table (tests/expectations.py), so a new page is looked at
without a line here. `run.py test` looks at those that rest on what changed (tests/pages.py). The study is the
demo study where there is one, else the small one of tests/world.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.browser.conftest import (
    CONTRAST,
    App,
    Templates,
    assert_accessible,
    environment_of,
    new_contexts,
    sign_in,
)
from tests.expectations import EXPECTED, Who
from tests.pages import code_of
from tests.world import WORDS, address_of, addresses

PASSWORD = "Demo-password-of-the-tests-1"
HAS_DEMO = "load_demo" in get_commands()
OPENS = {
    "supervisor": {Who.SIGNED_IN, Who.CREATOR, Who.MEMBER, Who.SUPERVISOR},
    "coder": {Who.SIGNED_IN, Who.MEMBER, Who.OWNER},
    "administrator": {Who.ADMINISTRATOR},
    "nobody": {Who.ANYBODY},
}
LOOKS = ("static", "locale", "annotations/demo")
PAGES = [
    pytest.param(role, name, id=f"{role}-{name}", marks=pytest.mark.long(*code_of(name), *LOOKS))
    for role, kinds in OPENS.items()
    for name, _ in addresses()
    if name in EXPECTED and EXPECTED[name].page and EXPECTED[name].who in kinds
]

FITS = "document.documentElement.scrollWidth <= innerWidth"
SMALL_STUDY = f"""
import json
from tests.world import code_more, make_world
world = make_world()
code_more(world.ours)
for user in (world.ours.supervisor, world.ours.coder, world.administrator):
    user.set_password({PASSWORD!r})
    user.save()
people = {{"supervisor": world.ours.supervisor.username, "coder": world.ours.coder.username}}
people["administrator"] = world.administrator.username
print(json.dumps([people, world.ours.objects]))
"""
DEMO_STUDY = """
import json
from annotations.accounts.links import make_link
from annotations.accounts.members import add_member
from annotations.exporting.jobs import make_export
from django.contrib.auth.models import User
from annotations.models import Assignment, Candidate, ExportFile, Study, StudyArrival
from annotations.results.building.definition import Definition, checked
from annotations.results.collect import table_of
from annotations.results.kept import figures_now
from annotations.results.saved import save_table
from tests.world import ask, codings_upload, meeting_under_way, one_quotation
from tests.world import screening_under_way, training_behind
study = Study.objects.order_by("pk").first()
own = Assignment.objects.filter(round__study=study, coder__username="coder1", coding__isnull=False)
mine = own.select_related("coding", "conversation").order_by("-is_shared", "pk").first()
message = mine.conversation.messages.exclude(text="").order_by("position").first()
supervisor = study.memberships.get(role="supervisor").user
made = ExportFile.objects.create(study=study, asked_by=supervisor, profile="research")
make_export.func(made.pk)
figures, asked = figures_now(study), Definition("removal_request", "organisation")
asked = checked(asked, figures.frame)
shown = table_of(figures, study, asked, "nl")
kept = save_table(study.pk, name="Where", definition=asked, table=shown, actor_id=None)
candidate = Candidate.objects.filter(message__conversation__study=study).order_by("pk").first()
newcomer = add_member(study, "newcomer", "coder", actor_id=None)
second = study.memberships.get(user__username="coder2").user
right, wrong = {"new_user": "yes"}, {"new_user": "no"}
training = training_behind(study, supervisor, own[0].coder, mine.conversation, right, wrong)
screening = screening_under_way(study, (own[0].coder, second), supervisor)
boss = User.objects.create(username="boss", is_superuser=True, password=supervisor.password)
arrival = StudyArrival.objects.create(given_by=boss, name="x.study", state="failed", problem="Not whole.")
people = {"supervisor": "supervisor", "coder": "coder1", "administrator": "boss"}
print(json.dumps([people, {
    "arrival": arrival.pk,
    "slug": study.slug,
    "token": make_link(newcomer.user_id, actor_id=None).token,
    "assignment": mine.pk,
    "coding": mine.coding.pk,
    "conversation": mine.conversation_id,
    "number": mine.conversation.number,
    "import": mine.conversation.batch_id,
    "export": made.pk,
    "codings": codings_upload(study, supervisor),
    "message": message.pk,
    "unit": message.pk,
    "candidate": candidate.pk if candidate else None,
    "round": mine.round_id,
    "watch": mine.round_id,
    "organisation": study.organisations.first().pk,
    "member": study.memberships.get(user__username="coder2").pk,
    "table": kept.pk,
    "question": ask(mine.pk, actor_id=mine.coder_id, text="Telt dit?", message_id=message.pk).pk,
    "quotation": one_quotation(study, message.pk, supervisor),
    "meeting": meeting_under_way(study, supervisor),
    **screening,
    **training,
}]))
"""


MADE = "made.json"  # beside the data: who is who there


@dataclass
class Site:
    """A running app with a study in it, and who is who there."""

    app: App
    people: dict[str, str]
    objects: dict[str, Any]


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, templates: Templates, server: App) -> Site:
    template: Path = request.getfixturevalue("demo_data" if HAS_DEMO else "template_data")

    def make(data: Path) -> None:
        shutil.copytree(template, data)
        app = App("", data, environment_of(data))
        made = app.shell(DEMO_STUDY if HAS_DEMO else SMALL_STUDY)
        app.stop_shell()
        (data / MADE).write_text(made.strip().splitlines()[-1])

    data = templates.get("every_page_data", make)
    server.start_from(data)
    people, objects = json.loads((data / MADE).read_text())
    return Site(server, people, WORDS | objects)


@pytest.fixture(scope="module")
def browsers(site: Site, chromium: Browser) -> Iterator[dict[str, Page]]:
    """One browser per role, signed in, for all pages."""
    with new_contexts(chromium) as make:
        pages = {role: make().new_page() for role in OPENS}
        for role, username in site.people.items():
            sign_in(pages[role], site.app.url, username, PASSWORD)
        yield pages


@pytest.mark.parametrize(("role", "name"), PAGES)
def test_a_page_is_whole_and_accessible(site: Site, browsers: dict[str, Page], role: str, name: str) -> None:
    page = browsers[role]
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(color_scheme="light")
    speak(page, site, "nl")
    with complaints_of(page) as complaints:
        # The report waits for all of its drawings.
        answer = page.goto(site.app.url + address_of(name, site.objects), timeout=120_000)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {page.url}"
        assert answer.headers["content-type"].startswith("text/html")
        assert_whole(page, "nl")
        assert_accessible(page)
        page.emulate_media(color_scheme="dark")
        speak(page, site, "en")
        page.reload(timeout=120_000)
        assert_whole(page, "en")
        assert_accessible(page, CONTRAST)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate(FITS), "wider than a phone of 360 pixels"
    assert complaints == []


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the page complains of, and what the server would not give it, while the block runs."""
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", said)
    page.on("response", answered)
    try:
        yield complaints
    finally:
        page.remove_listener("console", said)
        page.remove_listener("response", answered)


def speak(page: Page, site: Site, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.app.url}])


def assert_whole(page: Page, language: str) -> None:
    """A heading, a title, its language, one main part, and nothing that sticks out to the right."""
    seen = page.evaluate(
        """() => ({
            headings: [...document.querySelectorAll("h1")].filter((h) => h.innerText.trim()).length,
            mains: document.querySelectorAll("main").length,
            title: document.title.trim(),
            language: document.documentElement.lang,
            tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        })"""
    )
    assert seen["headings"] == 1, f"{page.url} has {seen['headings']} headings of the first level"
    assert seen["mains"] == 1
    assert seen["title"]
    assert seen["language"] == language
    assert seen["tooWide"] <= 0, f"{page.url} is {seen['tooWide']} pixels too wide"
