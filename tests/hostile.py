"""Hostile requests to an address: the forms of its pages with some fields spoiled, and what no page sends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from hypothesis import strategies as st

from annotations.coding.actions import ACTIONS
from tests.world import addresses

BASE: Path = settings.BASE_DIR
TEXTS = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "2",
        "²",
        "٣",
        "1.5",
        "1,5",
        "1e999",
        "NaN",
        "sNaN",
        "-Infinity",
        "0x10",
        "on",
    ),
    *("9" * 19, "9" * 30, "9" * 5000, "-" + "9" * 30, "1E+999999", "1E-999999", "true", "null", "None"),
    *("\x00", "a\x00b", "\u202e\u200b", "👨\u200d👩\u200d👧", "\r\n", "é" * 300, "a" * 20_000),
    *("[", "[" * 5000, "{}", "[]", '{"a": [1]}', '"yes"', "[1, null]", '{"number": "NaN"}', "other"),
    *("<script>alert(1)</script>", "{{ 7 * 7 }}", "' OR 1=1 --", "%00%s%d", "../../etc/passwd", "=1+1"),
    *("2020-13-45", "0000-00-00", "9999-12-31", "23:59", "2026-02-30T25:61", "supervisor", "conversation"),
]
NUMBERS = [0, -1, 1, 2, 2**31, 2**63 - 1, 2**63, 10**40, 1.5, -0.0, 1e308, float("nan"), float("inf")]
DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]
SURROGATES = ["\ud800", "a\udfff"]
"""Half a character: JSON can say it, UTF-8 cannot."""
NUMBER = {"number": "2"}
HOSTILE_TEXTS = st.one_of(st.sampled_from(TEXTS), st.text(max_size=20))
HOSTILE_JSON = st.recursive(
    st.one_of(
        st.sampled_from([None, True, False, *NUMBERS, *TEXTS, *SURROGATES, DEEP]),
        st.integers(),
        st.text(max_size=9),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["number", "value", "a", ""]), inner, max_size=3),
    ),
    max_leaves=4,
)
READ = re.compile(r"""(?:\.get|\.getlist|\.number|\.string|_number|_text)\(\s*(?:\w+, )?"([\w-]+)\"""")
FIELD = re.compile(r"^    (\w+) = forms\.", re.MULTILINE)
IN_TEMPLATE = re.compile(r"""\bname="([\w-]+)\"""")


def names_of(address: str) -> list[str]:
    """Every name that a view, a form or a template of the address's feature knows."""
    view = next(pattern.callback for name, pattern in addresses() if name == address)
    feature = view.__module__.split(".")[1]
    code = [path.read_text(encoding="utf-8") for path in (BASE / "annotations" / feature).rglob("*.py")]
    folder = BASE / "templates" / "annotations" / feature
    pages = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    found = {name for text in code for name in (*READ.findall(text), *FIELD.findall(text))}
    return sorted(found | {name for text in pages for name in IN_TEMPLATE.findall(text)} | {"page"})


@dataclass
class Form:
    """A form as a page shows it: where it goes, and each field with the values that it may send."""

    path: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms and the links with a query of one page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            target = given.get("action") or given.get("hx-post") or self.path
            method = "POST" if "hx-post" in given else given.get("method", "get").upper()
            self.found.append(Form(urlsplit(target).path or self.path, method))
        elif tag == "a" and "?" in given.get("href", ""):
            parts = urlsplit(given["href"])
            link = Form(parts.path or self.path, "GET")
            link.fields = {name: [value] for name, value in parse_qsl(parts.query)}
            self.found.insert(0, link)
        elif tag == "select":
            self._select = given.get("name", "")
        elif self.found and tag in {"input", "textarea", "button"} and given.get("name"):
            self.found[-1].fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif self.found and tag == "option" and self._select:
            self.found[-1].fields.setdefault(self._select, []).append(given.get("value", ""))


@st.composite
def spoiled_form(draw: st.DrawFn, forms: list[Form], names: list[str]) -> dict[str, Any]:
    """A form of the page, or none, with one to four fields spoiled, added or left out."""
    fields: dict[str, Any] = {}
    if forms and draw(st.integers(0, 4)):
        chosen = draw(st.sampled_from(forms))
        fields = {name: draw(st.sampled_from(values)) for name, values in chosen.fields.items()}
    known = st.sampled_from(sorted(fields)) if fields else st.sampled_from(names)
    for _ in range(draw(st.integers(1, 4))):
        name = draw(known if draw(st.integers(0, 3)) else st.sampled_from(names))
        if draw(st.integers(0, 5)):
            fields[name] = draw(st.one_of(HOSTILE_TEXTS, st.lists(HOSTILE_TEXTS, max_size=3)))
        else:
            fields.pop(name, None)
    return fields


def bodies(objects: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What the coding page sends to its JSON addresses, by the name of the address."""
    message = objects["message"]
    place = {"message": message, "start": 0, "end": 3, "quote": "Bel", "type": "phone"}
    about = {"span": 1, "candidate": objects["candidate"], "revision": 0, **place}
    answers = [
        {"do": "answer", "unit": unit, "variable": variable, "value": value, "revision": 0}
        for unit in ("c", f"m{message}", "s1", "m0")
        for variable, value in (
            ("solved", "fully"),
            ("contains_pii", "yes"),
            ("waiting_days", {"number": "2"}),
        )
    ]
    return {
        "coding_save": [*answers, *({"do": do, "unit": "c", **about} for do in ACTIONS)],
        "coding_seconds": [{"seconds": 5, "known": 0}],
        "coding_reveal": [{"message": message}],
        "coding_context": [{"values": {"customer_gender": "female"}, "message": message, "revision": 0}],
    }


@st.composite
def spoiled_body(draw: st.DrawFn, known: list[dict[str, Any]]) -> Any:
    """A body of the page with one to three fields spoiled or left out; or something else altogether."""
    if not draw(st.integers(0, 5)):
        return draw(HOSTILE_JSON)
    body = dict(draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(body) or ["do"]))
        if draw(st.integers(0, 5)):
            body[name] = draw(HOSTILE_JSON)
        else:
            body.pop(name, None)
    return body
