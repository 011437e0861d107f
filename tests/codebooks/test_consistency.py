"""Answers that contradict each other: the table of cases, and what a codebook may say of them."""

import pytest

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.codebooks.consistency import Consistency
from annotations.codebooks.problems import CodebookError
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.writing import write_yaml
from annotations.studies.codebook_choice import LIBRARY
from tests.codebooks.books import BOOK
from tests.coding.conditions import CONTRADICTIONS, book, unit_of

RULE = """\
consistency:
  - key: marked_no
    level: message
    kind: soft
    when: {has_data: ['no']}
    fragments: some
    text: {nl: Wel gemarkeerd, en: Marked all the same}
"""
SPEC = book(CONTRADICTIONS)


@pytest.mark.parametrize("case", CONTRADICTIONS["cases"], ids=lambda case: case["name"])
def test_contradictions_are_found_as_the_table_says(case):
    consistency = Consistency(SPEC, Rules(SPEC))
    assert [item.key for item in consistency.contradictions(unit_of(case["unit"]))] == case["found"]


def test_without_fragments_in_the_study_nothing_is_said_of_them():
    spec = read_codebook(BOOK.replace("level: span", "level: message") + RULE)
    unit = CodedUnit("message", {"has_data": "no"}, parts=[CodedUnit("span")])
    assert Consistency(spec, Rules(spec)).contradictions(unit) == []


@pytest.mark.parametrize("name", ["webcare_privacy", "webcare_privacy_core"])
@pytest.mark.parametrize(
    ("answer", "spans", "found"),
    [
        ("no", 1, ["marked_but_no"]),
        ("no", 0, []),
        ("yes", 0, ["yes_but_unmarked"]),
        ("yes", 1, []),
        ("cannot_tell", 1, []),
    ],
)
def test_the_books_of_the_library_ask_about_fragments(name, answer, spans, found):
    spec = read_codebook((LIBRARY / f"{name}.yaml").read_bytes())
    answers = {"in_scope": "in_scope", "contains_pii": answer}
    unit = CodedUnit("message", answers, role="consumer", parts=[CodedUnit("span", role="consumer")] * spans)
    assert [item.key for item in Consistency(spec, Rules(spec)).contradictions(unit)] == found


def test_contradictions_are_written_as_they_were_read():
    spec = read_codebook(BOOK + RULE)
    (item,) = spec.consistency
    assert (item.key, item.level, item.kind, item.fragments) == ("marked_no", "message", "soft", "some")
    assert item.when == {"has_data": ("no",)}
    assert item.text == {"nl": "Wel gemarkeerd", "en": "Marked all the same"}
    assert read_codebook(write_yaml(spec)) == spec


FAULTS = [
    ("kind: soft", "kind: gentle", "consistency.marked_no.kind", "one of hard, soft; found gentle"),
    ("level: message", "level: span", "consistency.marked_no.level", "one of message, conversation"),
    ("fragments: some", "fragments: many", "consistency.marked_no.fragments", "one of some, none"),
    ("has_data: ['no']", "data: ['no']", "consistency.marked_no.when.data", "there is no variable data"),
    ("has_data: ['no']", "has_data: [nee]", "consistency.marked_no.when.has_data.#1", "has no value nee"),
    ("has_data: ['no']", "has_data: []", "consistency.marked_no.when.has_data", "at least one value"),
    ("{has_data: ['no']}", "{}", "consistency.marked_no.when", "at least one variable"),
    ("has_data: ['no']", "outcome: ['*']", "consistency.marked_no.when.outcome", "coded per conversation"),
    (
        "has_data: ['no']",
        "answered: ['yes'], asks: ['yes']",
        "consistency.marked_no.when.asks",
        "asks is asked of organisation messages only",
    ),
    (", en: Marked all the same", "", "consistency.marked_no.text.en", "this field is missing"),
    ("    kind: soft\n", "", "consistency.marked_no.kind", "this field is missing"),
    ("    fragments:", "    fragment:", "consistency.marked_no.fragment", "did you mean fragments"),
]


@pytest.mark.parametrize(("before", "after", "key", "expected"), FAULTS)
def test_a_fault_is_named_with_its_place(before, after, key, expected):
    assert before in RULE
    with pytest.raises(CodebookError) as refused:
        read_codebook(BOOK + RULE.replace(before, after))
    (problem,) = refused.value.problems
    assert problem.key == key
    assert expected in problem.message
    assert problem.line > BOOK.count("\n")


def test_all_faults_are_named_at_once():
    twice = RULE + RULE.removeprefix("consistency:\n").replace("['no']", "[nee]")
    with pytest.raises(CodebookError) as refused:
        read_codebook(BOOK + twice)
    assert [problem.key.rpartition(".")[2] for problem in refused.value.problems] == ["key", "#1"]
