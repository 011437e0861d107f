"""Every sentence about a codebook or a value exists in Dutch."""

import ast
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from annotations.codebooks.problems import WORDS, CodebookError, Problem
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.store import store_codebook
from annotations.codebooks.values import InvalidValue

from .books import BOOK

ROOT = Path(__file__).parents[2]
REPORTERS = {"Fault", "fault", "_single", "InvalidValue", "EditError"}


def sentences():
    folders = (ROOT / "annotations" / name for name in ("codebooks", "drafts"))
    for path in (path for folder in folders for path in sorted(folder.rglob("*.py"))):
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


def dutch_sentences(text):
    known = dutch()
    try:
        read_codebook(text)
    except CodebookError as refused:
        return [problem.as_sentence(lambda words: known.get(words, words)) for problem in refused.problems]
    return []


def test_problems_are_whole_sentences_in_the_readers_language():
    assert dutch_sentences(BOOK.replace("scale: ordinal", "scale: ratio")) == [
        "Een variabele van de soort single heeft als schaal nominal of ordinal of interval; gevonden: ratio."
    ]
    [broken] = dutch_sentences(BOOK.replace("{nl: Basis, en: Basics}", "{nl: Basis"))
    assert broken.startswith("Dit is geen geldige YAML;")
    assert "expected" not in broken


def test_references_and_doubles_are_named_together_with_what_could_not_be_read():
    text = BOOK.replace("default_on: true", "default_on: maybe").replace("kind: boolean", "kind: bool")
    text = text.replace("key: bsn, code: 2", "key: bsn, code: 1").replace("key: note", "key: wait")
    text = text.replace("answered: ['yes']}", "answerd: ['yes']}")
    found = dutch_sentences(text)
    assert len(set(found)) == 5
    assert found.count("Variabele answerd bestaat niet in dit codeboek.") == 1
    assert sum("voor de tweede keer" in each for each in found) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: boolean", "kind: bool"),
        ("level: message\n    kind: boolean", "level: mesage\n    kind: boolean"),
        ("key: has_data", "key: Has_data"),
        ("key: phone, code: 1", "key: phone, code: one"),
        ("key: phone, code: 1", "key: Phone, code: 1"),
        ("- key: basis", "- key: Basis"),
        ("languages: [nl, en]", "languages: nl"),
    ],
)
def test_what_could_not_be_read_is_named_once(old, new):
    assert old in BOOK
    assert len(dutch_sentences(BOOK.replace(old, new, 1))) == 1


@pytest.mark.django_db
def test_two_codebooks_do_not_carry_one_version_number():
    version = store_codebook(BOOK)
    assert store_codebook(BOOK) == version
    with pytest.raises(CodebookError, match=r"line 3, column 12, codebook.version: .*version 1\.0\.0; give"):
        store_codebook(BOOK.replace("Basics", "Base"))
    later = store_codebook(BOOK.replace("Basics", "Base").replace("1.0.0", "1.0.1"))
    assert (later.number, later.version) == (2, "1.0.1")
