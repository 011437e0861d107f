from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.codebooks.conditions import CodedUnit, Rules
from annotations.codebooks.reading import read_codebook
from annotations.codebooks.references import needed_modules
from annotations.codebooks.values import Missing

from .books import BOOK

SPEC = read_codebook(BOOK)
RULES = Rules(SPEC)
ALL = Rules(SPEC, {"basis", "extra"})


def message(role="consumer", parts=(), **answers):
    return CodedUnit("message", answers, role, parts)


def conversation(*messages, **answers):
    return CodedUnit("conversation", answers, parts=messages)


def span(**answers):
    return CodedUnit("span", answers, "consumer")


def keys(variables):
    return [variable.key for variable in variables]


def test_only_the_variables_of_the_level_are_asked_in_the_order_of_the_book():
    assert keys(RULES.visible(span())) == ["kind_of_span"]
    assert keys(RULES.visible(message())) == ["has_data", "answered", "note"]


def test_applies_to_follows_the_author_and_a_third_party_gets_only_any():
    assert keys(RULES.visible(message("organisation"))) == ["has_data", "asks", "note"]
    assert keys(RULES.visible(message("third_party"))) == ["has_data", "note"]
    assert keys(RULES.visible(message(""))) == ["has_data", "note"]


@pytest.mark.parametrize(
    ("has_data", "answered", "shown"),
    [("yes", "yes", True), ("yes", "no", False), ("no", "yes", False), ("yes", None, False)],
)
def test_show_if_is_and_over_variables(has_data, answered, shown):
    unit = message(has_data=has_data, answered=answered)
    assert ("acts" in keys(RULES.visible(unit))) is shown


def test_show_if_is_or_within_the_list():
    rules = Rules(
        read_codebook(BOOK.replace("show_if: {has_data: ['yes'], a", "show_if: {has_data: ['yes', 'no'], a"))
    )
    for value, shown in (("yes", True), ("no", True), ("cannot_tell", False)):
        assert ("acts" in keys(rules.visible(message(has_data=value, answered="yes")))) is shown


def test_a_multi_variable_satisfies_a_condition_when_one_of_its_values_does():
    book = BOOK.replace(
        "  - key: asks",
        "  - key: sincere\n    module: basis\n    level: message\n    kind: boolean\n"
        "    show_if: {acts: [apology]}\n    label: {nl: Gemeend, en: Meant}\n"
        "    definition: {nl: Gemeend?, en: Meant?}\n  - key: asks",
    )
    rules = Rules(read_codebook(book))
    given = {"has_data": "yes", "answered": "yes"}
    assert "sincere" in keys(rules.visible(message(**given, acts=frozenset({"thanks", "apology"}))))
    assert "sincere" not in keys(rules.visible(message(**given, acts=frozenset({"thanks"}))))
    # The answer to acts counts only while acts itself is asked.
    assert "sincere" not in keys(
        rules.visible(message(has_data="no", answered="yes", acts=frozenset({"apology"})))
    )


def test_a_star_is_any_answer_but_no_empty_or_missing_one():
    shown = message(has_data="yes", answered="no")
    expectations: dict = {"bad": True, Missing.UNDETERMINED: True, None: False}
    expectations |= dict.fromkeys([Missing.NOT_APPLICABLE, Missing.NOT_CODED], False)
    for value, expected in expectations.items():
        unit = conversation(shown, outcome=value)
        assert ("wait" in keys(RULES.visible(unit))) is expected, value


def test_a_conversation_variable_is_asked_when_any_message_satisfies_the_condition():
    yes, no = message(has_data="yes", answered="no"), message(has_data="no")
    assert "outcome" in keys(RULES.visible(conversation(no, yes, no)))
    assert "outcome" not in keys(RULES.visible(conversation(no, no)))
    assert "outcome" not in keys(RULES.visible(conversation()))


def test_one_and_the_same_message_has_to_satisfy_all_of_the_condition():
    halves = message(has_data="yes", answered="yes"), message(has_data="no", answered="no")
    assert "outcome" not in keys(RULES.visible(conversation(*halves)))


def test_an_answer_that_does_not_apply_to_the_message_does_not_count_from_above():
    wrong_role = message("organisation", has_data="yes", answered="no")
    assert "outcome" not in keys(RULES.visible(conversation(wrong_role)))


def test_a_conversation_variable_can_look_at_the_spans_of_its_messages():
    with_bsn = message(parts=[span(kind_of_span="phone"), span(kind_of_span="bsn")])
    assert "bsn_seen" in keys(ALL.visible(conversation(message(), with_bsn)))
    assert "bsn_seen" not in keys(ALL.visible(conversation(message(parts=[span(kind_of_span="phone")]))))


def test_what_depends_on_a_hidden_variable_is_hidden_even_if_an_old_answer_is_left():
    assert keys(RULES.visible(conversation(message(has_data="no"), outcome="bad"))) == []


def test_modules_that_are_off_ask_nothing():
    with_bsn = message(parts=[span(kind_of_span="bsn")])
    assert "bsn_seen" not in keys(RULES.visible(conversation(with_bsn)))
    assert keys(Rules(SPEC, {"extra"}).visible(conversation(with_bsn))) == []
    assert needed_modules(SPEC, frozenset({"extra"})) == {"basis", "extra"}
    assert needed_modules(SPEC, frozenset({"basis"})) == {"basis"}


def test_hidden_variables_are_those_of_the_level_that_are_not_asked():
    assert keys(RULES.hidden(message("organisation"))) == ["answered", "acts"]


def test_required_holds_only_for_what_is_asked():
    assert keys(RULES.required(message(has_data="no"))) == ["has_data"]
    assert keys(RULES.required(message(has_data="yes", answered="yes"))) == ["has_data", "answered", "acts"]


def test_required_if_requires_only_when_its_condition_holds():
    assert "answered" in keys(RULES.required(message(has_data="yes")))
    assert "answered" not in keys(RULES.required(message(has_data="no")))
    assert "answered" not in keys(RULES.required(message()))


def test_open_are_the_required_variables_without_an_answer():
    assert keys(RULES.open(message())) == ["has_data"]
    assert keys(RULES.open(message(has_data="yes"))) == ["answered"]
    assert keys(RULES.open(message(has_data="yes", answered="yes"))) == ["acts"]
    assert keys(RULES.open(message(has_data="yes", answered="yes", acts=frozenset()))) == ["acts"]
    assert keys(RULES.open(message(has_data="yes", answered="yes", acts=frozenset({"none"})))) == []


def test_not_coded_leaves_a_question_open_and_the_other_missing_codes_answer_it():
    assert keys(RULES.open(message(has_data=Missing.NOT_CODED))) == ["has_data"]
    assert keys(RULES.open(message(has_data=Missing.NOT_APPLICABLE))) == []
    assert keys(RULES.open(message(has_data=Missing.UNDETERMINED))) == []


def test_a_hidden_required_question_never_blocks_finishing():
    assert RULES.open(conversation(message(has_data="no"))) == []


def test_answers_to_questions_that_are_no_longer_asked_are_named():
    unit = message(has_data="no", answered="yes", acts=frozenset({"thanks"}), old="x")
    assert RULES.stale(unit) == ["acts", "old"]


values = st.sampled_from
messages = st.builds(
    lambda role, answers, kinds: CodedUnit(
        "message", answers, role, [span(kind_of_span=kind) for kind in kinds]
    ),
    values(["consumer", "organisation", "third_party"]),
    st.fixed_dictionaries(
        {},
        optional={
            "has_data": values(["yes", "no", "cannot_tell", Missing.NOT_CODED]),
            "answered": values(["yes", "no", Missing.NOT_APPLICABLE]),
            "acts": st.frozensets(values(["thanks", "apology"])),
            "asks": values(["yes", "no"]),
        },
    ),
    st.lists(values(["phone", "bsn"]), max_size=2),
)
conversations = st.builds(
    lambda parts, answers: CodedUnit("conversation", answers, parts=parts),
    st.lists(messages, max_size=4),
    st.fixed_dictionaries({}, optional={"outcome": values(["bad", "good"]), "wait": st.just(Decimal(3))}),
)


@given(st.one_of(messages, conversations))
def test_every_variable_is_either_asked_or_hidden_and_the_open_ones_are_asked(unit):
    asked, hidden = keys(ALL.visible(unit)), keys(ALL.hidden(unit))
    of_level = [variable.key for variable in SPEC.variables if variable.level == unit.level]
    assert sorted(asked + hidden) == sorted(of_level)
    assert asked == [key for key in of_level if key in asked]
    assert set(keys(ALL.open(unit))) <= set(keys(ALL.required(unit))) <= set(asked)


@given(st.one_of(messages, conversations))
def test_removing_answers_that_do_not_count_changes_nothing(unit):
    kept = {key: value for key, value in unit.answers.items() if key not in ALL.stale(unit)}
    cleaned = CodedUnit(unit.level, kept, unit.role, unit.parts)
    assert keys(ALL.visible(cleaned)) == keys(ALL.visible(unit))
    assert keys(ALL.open(cleaned)) == keys(ALL.open(unit))


@given(conversations, messages)
def test_another_message_never_hides_a_question_about_the_conversation_by_itself(unit, extra):
    more = CodedUnit(unit.level, unit.answers, parts=[*unit.parts, extra])
    assert set(keys(ALL.visible(unit))) <= set(keys(ALL.visible(more)))
