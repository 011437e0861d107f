"""The job the app is for, from an empty site to a zip with coded conversations, by three people in Chromium.

The rows have the shape of a real TWCS file: an unnamed column of row numbers, parents written as floats, a
carriage return inside a text, replies above what they reply to. What they say is made up.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import App, sign_in_at_the_page

PASSWORD = "Long-enough-for-a-test-7"
DEMO_PASSWORD = "Demo-password-of-the-tests-1"
SUPERVISOR = f"""
from django.contrib.auth.models import User
User.objects.create_user("sofie", password={PASSWORD!r}, is_staff=True)
"""
TWCS = (
    ",tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
    "0,3,ZwaluwlijnHulp,False,Wed May 01 09:20:00 +0000 2019,@115 Haal dit bericht graag weg ^KC,,2.0\n"
    "1,2,115,True,Wed May 01 09:00:00 +0000 2019,"
    "@ZwaluwlijnHulp bel 06-00000011 of mail\rkees@example.org over mijn pakket,3,\n"
    "2,5,RijksHulp,False,Thu May 02 10:30:00 +0000 2019,@116 Dank voor uw bericht ^AB,,4.0\n"
    "3,4,116,True,Thu May 02 10:00:00 +0000 2019,@RijksHulp bel 06-00000012 of mail ria@example.org,5,\n"
)
BLIND = "Alleen voor Anna's ogen"
# What a coder presses at each question; Enter goes on from a choice of several and from a text.
KEYS = {
    "contains_pii": "y",
    "info_types": "te",
    "sharing_trigger": "1",
    "response_present": "y",
    "removal_request": "1",
    "data_requested": "4",
    "too_much_first_contact": "n",
    "dm_misunderstanding": "4",
    "new_user": "n",
    "channel_reason": "9",
}


@pytest.fixture
def twcs(tmp_path: Path) -> Path:
    path = tmp_path / "twcs.csv"
    path.write_bytes(TWCS.encode())
    return path


def test_from_a_real_file_to_settled_codes_in_a_zip(
    app: App, new_context: Callable[..., BrowserContext], twcs: Path, worker: Callable[[App], None]
) -> None:
    app.shell(SUPERVISOR)
    worker(app)
    supervisor = new_context().new_page()
    sign_in_at_the_page(supervisor, app.url, "sofie", PASSWORD)
    study = make_study(supervisor, app.url)
    import_file(supervisor, study, twcs)
    anna = accept_link(new_context().new_page(), add_coder(supervisor, study, "anna"))
    bram = accept_link(new_context().new_page(), add_coder(supervisor, study, "bram"))
    assign(supervisor, study)

    mark_fragments(open_queue(anna, study))
    write_note(anna, BLIND)
    finish_queue(anna, KEYS)
    open_queue(bram, study)
    assert BLIND not in bram.content()
    assert bram.locator("mark.is-accepted").count() == 0
    finish_queue(bram, KEYS | {"removal_request": "4"})
    for address in ("reliability/", "disagreements/", "export/", "results/"):
        assert bram.request.get(study + address).status in {403, 404}

    settle_from_the_figure(supervisor, study, "removal_request")
    supervisor.goto(f"{study}results/")
    expect(supervisor.locator("main table").first).to_be_visible()
    check_export(download(supervisor, study))


def test_the_demo_study_goes_on_from_where_it_was(
    demo_app: App, new_context: Callable[..., BrowserContext]
) -> None:
    study = f"{demo_app.url}/s/demo/"
    pages = {name: new_context().new_page() for name in ("supervisor", "coder1", "coder2")}
    for name, page in pages.items():
        sign_in_at_the_page(page, demo_app.url, name, DEMO_PASSWORD)
    for name in ("coder1", "coder2"):
        pages[name].goto(f"{study}code/")
        expect(pages[name].locator("main")).to_be_visible()
    supervisor = pages["supervisor"]
    supervisor.goto(f"{study}disagreements/")
    expect(supervisor.locator("#decision")).to_be_focused()
    before = waiting(supervisor)
    supervisor.keyboard.press("1")
    supervisor.keyboard.press("Enter")
    expect(supervisor.locator(".queue .progress-line .num")).to_contain_text(f"{before - 1} ")
    supervisor.goto(f"{study}results/")
    expect(supervisor.locator("main")).to_contain_text(re.compile(r"32,0\s*%"))
    expect(supervisor.locator("main")).to_contain_text(re.compile(r"20,0\s*%"))


def make_study(page: Page, url: str) -> str:
    page.goto(f"{url}/studies/new/")
    page.locator("[name=name]").fill("Eerste studie")
    page.locator("[name=organisations-0-name]").fill("Zwaluwlijn")
    page.locator("[name=organisations-0-handles]").fill("ZwaluwlijnHulp")
    page.locator("[name=organisations-1-name]").fill("Dienst Rijksheffingen")
    page.locator("[name=organisations-1-handles]").fill("RijksHulp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{url}/s/eerste-studie/")
    return f"{url}/s/eerste-studie/"


def import_file(page: Page, study: str, path: Path) -> None:
    page.goto(f"{study}import/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("[data-drop] button[type=submit]").click()
    expect(page.locator(".msg--organisation").first).to_be_visible()
    page.locator("form[action$='/start/'] button").first.click()
    expect(page.locator(".stepper li").last).to_have_attribute("aria-current", "step", timeout=60_000)
    expect(page.locator(".figures dd").nth(1)).to_have_text("4")
    expect(page.locator(".figures dd").nth(3)).to_have_text("2")


def add_coder(page: Page, study: str, username: str) -> str:
    page.goto(f"{study}members/new/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=role][value=coder], [name=role] option[value=coder]").first.evaluate(
        "one => one.tagName === 'OPTION' ? (one.selected = true) : one.click()"
    )
    page.locator("main form button[type=submit]").click()
    return page.locator("#link").input_value()


def accept_link(page: Page, link: str) -> Page:
    page.goto(link)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page).not_to_have_url(link)
    return page


def assign(page: Page, study: str) -> None:
    page.goto(f"{study}rounds/new/")
    page.locator("[name=shared]").fill("100")
    page.locator("[name=seed]").fill("7")
    page.locator("button[value=preview]").click()
    expect(page.locator("#outcome tbody tr")).to_have_count(2)
    page.locator("#outcome button[value=confirm]").click()
    expect(page.locator("progress")).to_have_count(2)


def open_queue(page: Page, study: str) -> Page:
    page.goto(f"{study}code/")
    expect(page.locator("#open-count")).not_to_be_empty()
    return page


def mark_fragments(page: Page) -> None:
    """One candidate accepted, one given another type, one fragment marked by hand."""
    page.keyboard.press("a")
    expect(page.locator("mark.is-accepted")).to_have_count(1)
    page.keyboard.press("t")
    expect(page.locator("#type-menu")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("mark.is-accepted")).to_have_count(2)
    for key in ("Escape", "+", "ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#type-menu")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("mark.is-added").first).to_be_visible()
    page.keyboard.press("Escape")


def write_note(page: Page, text: str) -> None:
    field = page.locator('.q[data-variable="note"] .q__input:visible').first
    field.fill(text)
    field.blur()
    expect(page.locator("#save")).to_have_attribute("data-state", "saved")
    page.keyboard.press("Escape")


# Nothing is left to code, or the scripts have shown the message to begin with; and nobody is leaving.
READY = """() => document.readyState === "complete" && !document.body.matches(".is-opening")
    && (!document.querySelector("#open-count") || document.querySelector('.msg[aria-current="true"]'))"""


def finish_queue(page: Page, keys: dict[str, str]) -> None:
    """By keyboard alone: candidates are accepted, contradictions kept, questions get these keys."""
    for _step in range(150):
        page.wait_for_function(READY)
        if page.locator("#open-count").count() == 0:
            return
        variable = waiting_question(page)
        if page.locator("mark.is-open.is-focus").count():
            page.keyboard.press("a")
        elif page.locator("#contradiction").is_visible():  # yes, and nothing is marked
            page.keyboard.press("=")
            page.wait_for_load_state()
        elif variable is None:
            page.keyboard.press("Enter")
            page.wait_for_load_state()
        else:
            # The last answer about a message goes on to the next one, whose questions are the same elements.
            unit = page.locator(f'.q[data-variable="{variable}"]:visible').get_attribute("data-unit")
            unanswered = page.locator(f'.q[data-variable="{variable}"][data-unit="{unit}"]:visible')
            for key in keys[variable]:
                page.keyboard.press(key)
            expect(unanswered.filter(has_not=page.locator("input:checked"))).to_have_count(0)
            page.wait_for_function(SAVED)
    raise AssertionError(f"not finished: {page.locator('main').inner_text()}")


# Saved, or on the next page already.
SAVED = "() => (document.querySelector('#save')?.dataset.state ?? 'saved') === 'saved'"


def waiting_question(page: Page) -> str | None:
    """The question that has the keys, if it must be answered and is not."""
    active = page.locator("body:not(.is-spanning) .q.is-active[data-required]:visible")
    active = active.filter(has_not=page.locator("input:checked"))
    return active.get_attribute("data-variable") if active.count() else None


def waiting(page: Page) -> int:
    return int(page.locator(".queue .progress-line .num").inner_text().split()[0])


def settle_from_the_figure(page: Page, study: str, variable: str) -> None:
    page.goto(f"{study}reliability/")
    page.locator(f"#open-{variable}").click()
    page.locator(".matrix td.is-differ a").first.click()
    page.locator("main tbody a.row-link").first.click()
    page.wait_for_url(re.compile(r"/units/1/"))
    page.keyboard.press("s")
    page.wait_for_url(re.compile(r"/disagreements/\d+/"))
    expect(page.locator("#decision")).to_be_focused()
    unit = page.url
    page.locator("[name=settlement][value*=explicit]").check()
    page.locator("#reason").fill("Er wordt om verwijderen gevraagd")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Control+Enter")  # the next unit comes at once, the decision is sent behind it
    expect(page).not_to_have_url(unit)
    page.goto(f"{study}disagreements/log/")
    expect(page.locator("main tbody tr")).to_have_count(1)


def download(page: Page, study: str) -> zipfile.ZipFile:
    page.goto(f"{study}export/")
    with page.expect_download() as started:
        page.locator("main .form__actions button[type=submit]").click()
    return zipfile.ZipFile(started.value.path())


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    path = next(member for member in archive.namelist() if member.endswith(name))
    return list(csv.DictReader(io.StringIO(archive.read(path).decode("utf-8-sig"))))


def check_export(archive: zipfile.ZipFile) -> None:
    settled = [row for row in rows(archive, "consensus.csv") if row["source"] == "settled"]
    assert [(row["variable"], row["value"]) for row in settled] == [("removal_request", "explicit")]
    unit = settled[0]["message_id"]
    given = {
        row["coder"]: row["value"]
        for row in rows(archive, "codings_long.csv")
        if row["variable"] == "removal_request" and row["message_id"] == unit
    }
    assert sorted(given.values()) == ["explicit", "none"]
    origins = {row["origin"] for row in rows(archive, "codings_long.csv")} - {""}
    assert origins >= {"accepted", "retyped", "added"}
