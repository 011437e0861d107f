from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebooks.reading import read_codebook
from annotations.codebooks.schema import CategorySpec, DerivationSpec, VariableSpec
from annotations.codebooks.writing import condition_text, csv_header, csv_rows, write_yaml

from .books import BOOK

SPEC = read_codebook(BOOK)
LIBRARY = Path(__file__).parents[2] / "annotations" / "codebooks" / "library"


def test_reading_what_was_written_gives_the_same_book():
    assert read_codebook(write_yaml(SPEC)) == SPEC


@pytest.mark.parametrize("name", ["webcare_privacy", "webcare_privacy_core"])
def test_the_books_of_the_library_are_kept_as_the_writer_writes_them(name):
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    without_comments = text[text.index("codebook:") :]
    assert write_yaml(read_codebook(text)) == without_comments


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
).filter(lambda text: text == text.strip() and text)
both = st.fixed_dictionaries({"nl": words, "en": words})
perhaps = st.one_of(st.just({}), both)
codes = st.lists(st.integers(0, 90), min_size=2, max_size=5, unique=True)


@st.composite
def variables(draw):
    kind = draw(st.sampled_from(["single", "multi", "boolean", "number", "text"]))
    categories = ()
    if kind in {"single", "multi"}:
        names = ["yes", "no", "none", "null", "1e3"][: draw(st.integers(2, 5))]
        numbers = draw(st.lists(st.integers(0, 90), min_size=5, max_size=5, unique=True))
        categories = tuple(
            CategorySpec(
                key,
                number,
                draw(both),
                definition=draw(perhaps),
                example=draw(st.sampled_from([{}, {"nl": "- a: 'b' # c"}])),
                exclusive=kind == "multi" and draw(st.booleans()),
                seed_definition=draw(st.sampled_from([None, True, False])),
            )
            for key, number in zip(names, numbers, strict=False)
        )
    low = draw(st.decimals(-1000, 1000, places=2)) if kind == "number" else None
    return VariableSpec(
        key="made_up",
        module="basis",
        level=draw(st.sampled_from(["message", "conversation"])),
        kind=kind,
        label=draw(both),
        definition=draw(both),
        include=draw(perhaps),
        scale={"number": "ratio", "text": None}.get(kind, "nominal"),
        required=draw(st.booleans()),
        reliability=draw(st.booleans()),
        show_if=draw(st.sampled_from([{}, {"has_data": ("yes", "no")}, {"kind_of_span": ("*",)}])),
        minimum=low,
        maximum=low + Decimal("0.10") if low is not None else None,
        unit=draw(st.one_of(st.just(""), words)),
        suggest=draw(st.sampled_from([None, DerivationSpec("has_data", "copy", 3)])),
        categories=categories,
    )


@given(variables())
def test_any_variable_survives_writing_and_reading(variable):
    spec = replace(SPEC, variables=(*SPEC.variables, variable))
    assert read_codebook(write_yaml(spec)) == spec


def test_the_written_book_says_the_same_to_an_ordinary_yaml_reader():
    plain = yaml.safe_load(write_yaml(SPEC))
    assert [variable["key"] for variable in plain["variables"]] == [v.key for v in SPEC.variables]
    assert plain["variables"][1]["categories"][0]["key"] == "yes"


def test_the_table_has_a_row_per_variable_and_category():
    header, rows = csv_header(SPEC), csv_rows(SPEC)
    assert all(len(row) == len(header) for row in rows)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    pairs = [(row["variable"], row["category"], row["code"]) for row in table]
    assert ("has_data", "cannot_tell", "98") in pairs
    assert [pair for pair in pairs if pair[0] == "answered"] == [
        ("answered", "yes", "1"),
        ("answered", "no", "0"),
    ]
    assert [pair for pair in pairs if pair[0] == "wait"] == [("wait", "", "")]
    acts = next(row for row in table if row["category"] == "none")
    assert acts["exclusive"] == "1"
    assert acts["show_if"] == "has_data = yes; answered = yes"
    assert acts["category_label_nl"] == "Geen"
    assert acts["variable_definition_en"] == "Which acts?"


def test_a_condition_can_be_read_in_a_table():
    assert condition_text({"a": ("x", "y"), "b": ("*",)}) == "a = x | y; b = *"
