"""How many keys a coder presses and how long the next conversation takes, in Chromium.

    python bench/screen.py                                  14 conversations of the demo
    python bench/screen.py --file tweets.csv --units 8      8 conversations of a file
    python bench/screen.py --latency 150                    with so many milliseconds on every request

A coder who reads nothing: accepts every suggestion, says yes where a fragment is marked and no elsewhere,
takes what is proposed, and else gives a question its first answer. It presses what the screen shows, one key
at a time, each when the one before has been drawn. Keys are counted by message; the time to the next
conversation runs from the key that leaves one to the moment the next one is on the screen with its questions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from tests.browser import conftest as browser  # noqa: E402
from tests.services import find_chromium  # noqa: E402

PASSWORD = "Demo-password-of-the-tests-1"
MAKE = """
from annotations.models import Conversation, Study
from tests.factories import assign, make_member
study = Study.objects.get(slug="{slug}")
coder = make_member(study, "bench")
coder.set_password("{password}")
coder.save()
found = Conversation.objects.filter(study=study, message_count__gte=2, message_count__lte=12)
for conversation in found.order_by("number")[:{units}]:
    assign(conversation, coder, "bench")
"""
# What a coder sees, and the key for it. `null`: nothing to press but Enter.
LOOK = """() => {
  const shown = (element) => element && element.offsetParent !== null;
  const message = document.querySelector('.msg[aria-current="true"]');
  const bar = document.getElementById("span-bar");
  const spans = message ? message.querySelectorAll("mark.is-accepted.span--from, mark.is-accepted:not(.span--to, .span--mid)").length : 0;
  const place = {unit: document.querySelector("h1").textContent, message: message?.dataset.message ?? "", data: spans};
  if (shown(bar) && shown(bar.querySelector("[value=accept]"))) return {...place, key: "a"};
  const q = document.querySelector(".q.is-active");
  if (document.querySelector(".q.is-proposed:not([hidden])")) return {...place, key: "Enter"};
  if (!shown(q) || q.querySelector("input:checked") || (q.querySelector(".q__input")?.value ?? "")) return {...place, key: "Enter"};
  if (q.querySelector(".q__state").textContent.match(/facultatief|optional/)) return {...place, key: "Enter"};
  place.level = q.closest("[data-level]").dataset.level;
  if (shown(q.querySelector(".q__propose"))) return {...place, key: "="};
  const keys = [...q.querySelectorAll(".choice[data-key]")].map((choice) => choice.dataset.key);
  const yesNo = keys.includes("y") && keys.includes("n");
  return {...place, key: yesNo ? (q.dataset.variable !== "contains_pii" || spans ? "y" : "n") : (keys[0] ?? "Enter")};
}"""  # noqa: E501
# From the key to the frame that shows another conversation with its questions; kept over a reload.
CLOCK = """() => {
  const words = (place) => document.querySelector(place)?.textContent;
  const shown = () => words("#open-count") && words("h1");
  addEventListener("keydown", () => {
    sessionStorage.setItem("bench", JSON.stringify({at: Date.now(), before: shown()}));
  }, true);
  const look = () => {
    const pressed = JSON.parse(sessionStorage.getItem("bench") ?? "null");
    const now = pressed && shown();
    if (now && pressed.before && now !== pressed.before) {
      sessionStorage.setItem("bench-took", String(Date.now() - pressed.at));
      sessionStorage.removeItem("bench");
    }
    requestAnimationFrame(look);
  };
  look();
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
THERE = "(before) => document.querySelector('h1')?.textContent !== before && Boolean(document.querySelector('#open-count')?.textContent)"  # noqa: E501


class Tally:
    """Keys by message, and milliseconds to each next conversation."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], int] = Counter()
        self.data: dict[tuple[str, str], int] = defaultdict(int)
        self.onward: list[float] = []
        self.units = 0

    def say(self, title: str) -> None:
        messages = {place: n for place, n in self.keys.items() if place[1] not in {"", "conversation"}}
        whole = [n for place, n in self.keys.items() if place[1] == "conversation"]
        print(f"{title}: {self.units} conversations, {len(messages)} messages")
        print(f"  keys per message {statistics.mean(messages.values()):.1f}")
        for count in (0, 1, 2, 3):
            found = [n for place, n in messages.items() if self.data[place] == count]
            if found:
                name = f"with {count} data" if count != 1 else "with 1 datum"
                print(f"    {name}: median {statistics.median(found):g} of {len(found)}")
        print(f"  keys per conversation for its own questions {statistics.mean(whole):.1f}")
        print(f"  keys in all {sum(self.keys.values())}")
        times = sorted(self.onward)
        print(
            f"  next conversation {times[0]:.0f}–{times[-1]:.0f} ms, median {statistics.median(times):.0f} ms"
        )


def code(page: Page, units: int) -> Tally:
    tally = Tally()
    while tally.units < units:
        seen = page.evaluate(LOOK)
        message = "conversation" if seen.get("level") == "conversation" else seen["message"]
        place = (seen["unit"], message)
        tally.keys[place] += 1
        tally.data[place] = max(tally.data[place], seen["data"])
        leaves = seen["key"] == "Enter" and page.locator("#onward").inner_text().split()[0] in {
            "Afronden",
            "Finish",
        }
        page.keyboard.press(seen["key"])
        if leaves:
            page.wait_for_function(THERE, arg=seen["unit"], polling="raf")
            tally.units += 1
            page.wait_for_timeout(600)  # A person reads; the screen may use the time.
            tally.onward.append(float(page.evaluate("sessionStorage.getItem('bench-took')")))
        else:
            page.evaluate(DRAWN)
            page.wait_for_function("() => document.querySelector('#save').dataset.state === 'saved'")
        if not page.locator("#onward").count():
            break
    return tally


def prepare(app: browser.App, file: str, units: int) -> None:
    """A study with a coder, `bench`, who has so many conversations."""
    slug = "twcs" if file else "demo"
    app.manage("prepare", *(["--empty"] if file else []))
    if file:
        app.manage("create_study", slug, "--name", "Bench", "--codebook", "webcare_privacy_core")
        app.manage("import_conversations", slug, file)
    app.manage("shell", "-c", MAKE.format(slug=slug, units=units + 1, password=PASSWORD))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--file", default="")
    parser.add_argument("--units", type=int, default=14)
    parser.add_argument("--latency", type=int, default=0)
    parser.add_argument(
        "--data", default="", help="a folder in which what is measured on is kept for the next time"
    )
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="webcare-bench-"))
    data = Path(chosen.data) if chosen.data else folder / "made"
    made = browser.App("", data, browser.environment_of(data))
    slug = "twcs" if chosen.file else "demo"
    if not data.exists():
        prepare(made, chosen.file, chosen.units)
    try:
        for app in browser.serve(data, folder / "data"):
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path=find_chromium(), args=[*browser.CHROMIUM_OPTIONS, *browser.AS_ROOT]
                )
                page = chromium.new_context(
                    locale="nl-NL", viewport={"width": 1366, "height": 768}
                ).new_page()
                page.add_init_script(f"({CLOCK})()")
                browser.sign_in(page, app.url, "bench", PASSWORD)
                page.goto(f"{app.url}/s/{slug}/code/")
                if chosen.latency:
                    page.route("**/*", lambda route: (time.sleep(chosen.latency / 1000), route.continue_()))
                code(page, chosen.units).say(chosen.file or "demo")
                chromium.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
