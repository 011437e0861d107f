"""A desk to code at: a study with a coder who has two conversations, and what is stored of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import ClassVar

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DATABASE, App, sign_in

PASSWORD = "Long-enough-for-a-test-7"
MAKE = """
from tests import factories as f
study = f.make_study("desk", f.SMALL_CODEBOOK + {more!r}, detector_version="1", privacy="{privacy}", name="Aan het bureau")
noor = f.make_member(study, "noor")
noor.set_password("{password}")
noor.save()
text = "Hoi 👨‍👩‍👧 bel 06-00000011 &amp; mail noor@example.org 😅 groet"
one = f.make_conversation(study, text, "Dank! ^MK", "Graag")
first, reply, last = one.messages.all()
f.make_candidate(first, "06-00000011", "phone", reason=dict(nl="10 cijfers", en="10 digits"))
f.make_candidate(first, "noor@example.org", "email", reason=dict(nl="vorm", en="form"), confidence="medium")
f.assign(one, noor)
f.assign(f.make_conversation(study, "Tweede gesprek", "Ja"), noor)
"""  # noqa: E501
READ = """
import json
from annotations.models import Code, Event, Span
print("=>" + json.dumps({
    "spans": [[s.message.text[s.start:s.end], s.origin, s.codes.get(variable__key="info_type").category.key] for s in Span.objects.order_by("number")],
    "codes": {f"{c.variable.key}{'' if c.message is None else c.message.position}":
        c.missing or (c.category.key if c.category else sorted(x.category.key for x in c.choices.all()) or str(c.number or c.text))
        for c in Code.objects.filter(span=None)},
    "reveals": Event.objects.filter(action="message.revealed").count(),
}))
"""  # noqa: E501


class Desk:
    """The app with a study, and what is stored in it. `more`: variables added to the small codebook.

    Each study is made once and its database copied for every other test: making it takes seconds.
    """

    made: ClassVar[dict[tuple[str, str], sqlite3.Connection]] = {}

    def __init__(self, app: App, privacy: str = "open", more: str = "") -> None:
        self.app = app
        if (made := self.made.get((privacy, more))) is not None:
            app.load(made)
            return
        app.shell(MAKE.format(privacy=privacy, password=PASSWORD, more=more))
        self.made[privacy, more] = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(app.data / DATABASE)) as own:
            own.backup(self.made[privacy, more])

    @property
    def url(self) -> str:
        return f"{self.app.url}/s/desk/code/"

    def stored(self) -> dict:
        return json.loads(self.app.shell(READ).split("=>")[1])

    def open(self, page: Page) -> Desk:
        sign_in(page, self.app.url, "noor", PASSWORD)
        page.goto(self.url)
        expect(page.locator("#open-count")).not_to_be_empty()
        return self


def saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")


def fetched_ahead(page: Page) -> None:
    """The page has fetched the next conversation."""
    page.wait_for_function(
        """() => performance.getEntriesByType("resource").some((entry) =>
             entry.initiatorType === "fetch" && /code\\/\\d+\\/$/.test(entry.name) && entry.responseEnd)"""
    )


def slow(page: Page) -> None:
    """Every answer comes 300 ms later, as on a poor connection."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def choice(page: Page, variable: str, value: str) -> Locator:
    return page.locator(f'.q[data-variable="{variable}"] input[value="{value}"]')
