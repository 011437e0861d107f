"""The page's own rules, in Chromium: the table of cases that the server is held to, and what is proposed."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Route

from annotations.codebooks.conditions import Rules
from annotations.codebooks.consistency import Consistency
from annotations.coding.rules_json import consistency_json, rules_json
from tests.coding.conditions import CASES, CONTRADICTIONS, book, rules

ADDRESS = "http://127.0.0.1:9/"
SCRIPTS = settings.BASE_DIR / "static" / "annotations" / "js"


@pytest.fixture
def modules(new_context: Callable[..., BrowserContext]) -> Page:
    """A page that has nothing but the scripts."""

    def answer(route: Route) -> None:
        path = SCRIPTS / route.request.url.removeprefix(ADDRESS)
        if path.is_file():
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html")

    page = new_context().new_page()
    page.route("**/*", answer)
    page.goto(ADDRESS)
    return page


def test_the_page_decides_as_the_table_says(modules: Page) -> None:
    whole = json.loads(json.dumps([case["unit"] for case in CASES]), object_hook=_complete)
    found = modules.evaluate(
        """async ([rules, units]) => {
          const { questionsOf } = await import("/coding/rules.js");
          return units.map((unit) => questionsOf(rules, unit));
        }""",
        [rules_json(rules()), whole],
    )
    expected = [{"show": case["show"], "open": case["open"]} for case in CASES]
    assert {c["name"]: f for c, f in zip(CASES, found, strict=True)} == {
        c["name"]: e for c, e in zip(CASES, expected, strict=True)
    }


def test_the_page_finds_contradictions_as_the_table_says(modules: Page) -> None:
    cases = CONTRADICTIONS["cases"]
    whole = json.loads(json.dumps([case["unit"] for case in cases]), object_hook=_complete)
    spec = book(CONTRADICTIONS)
    found = modules.evaluate(
        """async ([rules, consistency, units]) => {
          const { contradictionsIn } = await import("/coding/rules.js");
          return units.map((unit) => contradictionsIn(rules, consistency, unit).map(({ key }) => key));
        }""",
        [rules_json(Rules(spec)), consistency_json(Consistency(spec, Rules(spec)), "nl"), whole],
    )
    assert {c["name"]: f for c, f in zip(cases, found, strict=True)} == {c["name"]: c["found"] for c in cases}


def _complete(unit: dict) -> dict:
    return {"role": "", "answers": {}, "parts": []} | unit if "level" in unit else unit


PROPOSED: list[tuple[dict | None, dict, object]] = [
    ({"rule": "marked", "yes": "y", "no": "n"}, {"spans": [{}]}, "y"),
    ({"rule": "marked", "yes": "y", "no": "n"}, {}, None),
    ({"rule": "marked", "yes": "y", "no": "n"}, {"nothing": True}, "n"),
    ({"rule": "marked", "yes": "y", "no": "n"}, {"nothing": True, "waiting": True}, None),
    ({"rule": "marked", "yes": "y", "no": None}, {"nothing": True}, None),
    (
        {"rule": "union_of_spans", "from": "k", "among": ["a", "b"]},
        {"spans": [{"k": "b"}, {"k": "z"}]},
        ["b"],
    ),
    ({"rule": "union_of_spans", "from": "k", "among": ["a"]}, {}, None),
    ({"rule": "reply_in_thread", "yes": "y"}, {"replied": True}, "y"),
    ({"rule": "reply_in_thread", "yes": "y"}, {}, None),
    ({"rule": "subject", "among": ["other_person"]}, {"who": "other_person"}, "other_person"),
    ({"rule": "subject", "among": ["other_person"]}, {"who": ""}, None),
    ({"rule": "subject", "among": []}, {"who": "other_person"}, None),
    (None, {"spans": [{}], "replied": True}, None),
]


def test_what_is_proposed(modules: Page) -> None:
    usual = {"spans": [], "waiting": False, "replied": False, "nothing": False}
    code = """async (cases) => {
      const { proposalFor } = await import('/coding/proposals.js');
      return cases.map(([rule, facts]) => proposalFor(rule, facts));
    }"""
    found = modules.evaluate(code, [[rule, usual | message] for rule, message, _ in PROPOSED])
    assert found == [value for _, _, value in PROPOSED]


def test_what_a_question_rests_on(modules: Page) -> None:
    code = "async (rules) => (await import('/coding/rules.js')).restsOn(rules, 'message', 'removal')"
    assert modules.evaluate(code, rules_json(rules())) == ["marked", "reply"]
