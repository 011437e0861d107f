"""The two codebooks that come with the app: valid, in two languages, and free of anybody's data."""

import re
from pathlib import Path

import pytest

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.schema import LEVELS

LIBRARY = Path(__file__).parents[2] / "annotations" / "codebooks" / "library"
FULL = read_codebook((LIBRARY / "webcare_privacy.yaml").read_bytes())
CORE = read_codebook((LIBRARY / "webcare_privacy_core.yaml").read_bytes())
BOTH = pytest.mark.parametrize("spec", [FULL, CORE], ids=lambda spec: spec.key)


@BOTH
def test_every_text_is_there_in_dutch_and_english(spec):
    assert spec.languages == ("nl", "en")
    for variable in spec.variables:
        for item in (variable, *variable.categories):
            for name in ("label", "definition"):
                assert set(getattr(item, name)) == {"nl", "en"}, (variable.key, item.key, name)
            for name in ("include", "exclude", "example"):
                assert set(getattr(item, name)) in (set(), {"nl", "en"}), (variable.key, item.key, name)


@BOTH
def test_every_category_has_a_definition_an_example_and_a_shortcut(spec):
    for variable in spec.variables:
        for category in variable.categories:
            assert category.example, (variable.key, category.key)
            assert category.shortcut, (variable.key, category.key)


@BOTH
def test_a_single_variable_leaves_no_case_without_a_category(spec):
    ways_out = {"cannot_tell", "other", "none", "no", "neutral", "no_reply", "not_checked", "no_request"}
    complete = {"in_scope", "info_completeness", "dm_wording", "outcome", "addressivity"}  # by definition
    complete |= {"usefulness", "certainty", "escalation_level"}  # scales
    for variable in spec.variables:
        if variable.kind == "single" and variable.key not in complete:
            assert ways_out & set(variable.by_key) or variable.scale == "ordinal", variable.key


@BOTH
def test_a_required_multi_variable_always_has_something_to_choose(spec):
    for variable in spec.variables:
        if variable.kind == "multi" and variable.required:
            assert {"none", "not_stated", "other"} & set(variable.by_key), variable.key


@BOTH
def test_nothing_in_the_texts_can_belong_to_anyone(spec):
    texts = [
        text
        for variable in spec.variables
        for item in (variable, *variable.categories)
        for name in ("label", "definition", "include", "exclude", "example")
        for text in getattr(item, name).values()
    ]
    text = "\n".join(texts)
    assert all(int(code) < 1000 for code in re.findall(r"\b(\d{4}) ?[A-Z]{2}\b(?! \d{4})", text))
    assert set(re.findall(r"\b06-?\d{8}\b", text)) <= {"06-00000011"}
    assert set(re.findall(r"\b\d{9}\b", text)) <= {"111222333", "123456789"}
    assert set(re.findall(r"https?://([^/\s]+)", text)) <= {"voorbeeld.invalid"}
    assert set(re.findall(r"\S+(?:@|\(at\))(\S+\.\w+)", text)) <= {"example.org"}
    handles = set(re.findall(r"(?<!\w)@(\w+)", text))
    assert all(handle.endswith("_demo") or handle.startswith("Zwaluwlijn") for handle in handles), handles
    assert all(len(handle) <= 15 for handle in handles)
    assert set(re.findall(r"NL\d\d ?[A-Z]{4}[ \d]{10,}\d", text)) <= {"NL91 ABNA 0417 1643 00"}


def test_the_full_book_keeps_the_sizes_that_scripts_rely_on():
    assert len(FULL.variables) == 66
    assert [module.key for module in FULL.modules if module.default_on] == [
        "core",
        "privacy",
        "response",
        "context",
        "admin",
    ]
    codes = {key: category.code for key, category in FULL.by_key["info_type"].by_key.items()}
    assert codes["bsn"] == 9
    assert codes["other"] == 17
    nine = [key for key, category in FULL.by_key["info_type"].by_key.items() if category.seed_definition]
    assert len(nine) == 9
    assert FULL.by_key["removal_request"].categories[0].key == "explicit"


def test_the_short_book_has_the_same_keys_codes_and_shortcuts_as_the_full_one():
    assert 10 <= len(CORE.variables) <= 12
    for variable in CORE.variables:
        full = FULL.by_key[variable.key]
        assert (variable.level, variable.kind, variable.module) == (full.level, full.kind, full.module)
        assert [(c.key, c.code, c.shortcut) for c in variable.categories] == [
            (c.key, c.code, c.shortcut) for c in full.categories
        ]


def test_the_short_book_asks_little_of_an_ordinary_message():
    rules = Rules(CORE)
    ordinary = CodedUnit("message", {"contains_pii": "no"}, "consumer")
    assert [variable.key for variable in rules.visible(ordinary)] == ["contains_pii", "note"]
    assert rules.open(ordinary) == []
    organisation = CodedUnit("message", {"contains_pii": "no"}, "organisation")
    assert [v.key for v in rules.open(organisation)] == ["data_requested"]


def test_the_question_of_the_2019_table_is_asked_of_a_message_with_data_and_a_reply():
    answers = {"in_scope": "in_scope", "contains_pii": "yes", "response_present": "yes"}
    for spec in (FULL, CORE):
        rules = Rules(spec)
        shared = CodedUnit("message", answers, "consumer")
        assert "removal_request" in [v.key for v in rules.open(shared)]
        unanswered = CodedUnit("message", answers | {"response_present": "no"}, "consumer")
        assert "removal_request" in [v.key for v in rules.hidden(unanswered)]


@BOTH
def test_every_variable_can_be_reached_in_some_unit(spec):
    """With every answer that some condition asks for, each variable is shown for some role."""
    rules = Rules(spec, {module.key for module in spec.modules})
    reached = set()
    for role in ("consumer", "organisation"):
        for wanted in _ways(spec):
            span = CodedUnit("span", wanted, role)
            message = CodedUnit(
                "message", wanted | ({"in_scope": "organisation"} if role != "consumer" else {}), role, [span]
            )
            for unit in (span, message, CodedUnit("conversation", wanted, parts=[message])):
                reached |= {variable.key for variable in rules.visible(unit)}
    assert reached == set(spec.by_key)
    assert {variable.level for variable in spec.variables} == set(LEVELS)


def _ways(spec):
    """Answers that satisfy conditions: the first value asked for each variable, then the last."""
    for pick in (0, -1):
        wanted = {}
        for variable in spec.variables:
            for key, values in variable.show_if.items():
                target = spec.by_key[key]
                value = target.values[0] if values[pick] == "*" else values[pick]
                wanted.setdefault(key, frozenset({value}) if target.kind == "multi" else value)
        yield wanted
