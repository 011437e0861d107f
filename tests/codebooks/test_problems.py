"""Every sentence about a codebook or a value exists in Dutch."""

import ast
from pathlib import Path

from babel.messages.pofile import read_po

from annotations.codebooks.problems import WORDS, Problem
from annotations.codebooks.values import InvalidValue

ROOT = Path(__file__).parents[2]
REPORTERS = {"Fault", "fault", "_single", "InvalidValue"}


def sentences():
    for path in sorted((ROOT / "annotations" / "codebooks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                parts = node.args if name in REPORTERS else []
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "sentence":
                parts = [node.value]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    yield part.value


def dutch():
    with (ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file, locale="nl") if entry.string}


def test_every_sentence_has_its_dutch():
    found = set(sentences())
    assert len(found) > 50
    assert found - set(dutch()) == set()


def test_a_problem_is_put_in_words_with_its_own_phrases_translated_and_names_left_alone():
    translate = {
        "expected text, found %(thing)s": "verwacht: tekst, gevonden: %(thing)s",
        "a list": "een lijst",
    }
    problem = Problem(3, 5, "note.label", "expected text, found %(thing)s", {"thing": "a list"})
    assert problem.in_words(lambda text: translate.get(text, text)) == "verwacht: tekst, gevonden: een lijst"
    assert str(problem) == "line 3, column 5, note.label: expected text, found a list"
    named = Problem(1, 1, "", "expected %(wanted)s; found %(found)s", {"wanted": "x", "found": "a list"})
    assert named.in_words(lambda text: translate.get(text, text)) == "expected x; found a list"
    assert {"thing", "wanted"} == WORDS


def test_an_invalid_value_keeps_its_sentence_and_its_parts_apart():
    problem = InvalidValue("%(variable)s takes text.", variable="note")
    assert (problem.sentence % problem.params) == str(problem) == "note takes text."
