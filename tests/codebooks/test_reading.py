import pytest

from annotations.codebooks.problems import CodebookError
from annotations.codebooks.reading import read_codebook

from .books import BOOK, line_of

LABEL = "label: {nl: Notitie, en: Note}"

# What is replaced, by what, the key that is named, and words of the message. The problem must be
# reported on the line that holds the first line of the replacement.
FAULTS = [
    ("key: note", "kee: note", "variables.#9.kee", "did you mean key"),
    ("level: message\n    kind: text", "level: mesage\n    kind: text", "note.level", "span, message"),
    ("    kind: text", "    kind: texts", "note.kind", "single, multi, boolean, number, text"),
    ("applies_to: organisation", "applies_to: company", "asks.applies_to", "consumer, organisation, any"),
    ("scale: ordinal", "scale: ratio", "outcome.scale", "nominal or ordinal or interval"),
    ("scale: ordinal", "scale: likert", "outcome.scale", "expected one of"),
    (LABEL, "label: {nl: Notitie}", "note.label.en", "missing"),
    (LABEL, "label: {nl: '', en: Note}", "note.label.nl", "empty"),
    (LABEL, "label: {nl: Notitie, en: ~}", "note.label.en", "expected text, found nothing"),
    (LABEL, "label: {nl: Notitie, en: Note, de: Notiz}", "note.label.de", "unknown field"),
    (LABEL, "label: Notitie", "note.label", "expected a mapping"),
    (LABEL, "label: {nl: Notitie, en: Yes}", "note.label.en", "write 'Yes' between quotes"),
    (LABEL, "label: {nl: Notitie, en: 2019-05-31}", "note.label.en", "a date"),
    (LABEL, 'label: {nl: "Noti\\0tie", en: Note}', "note.label.nl", "control character"),
    (LABEL, f"label: {{nl: {'x' * 201}, en: Note}}", "note.label.nl", "200 characters"),
    (LABEL, f"{LABEL}\n    level: message", "note.level", "twice"),
    ("key: note", "key: Note", "Note.key", "small letters"),
    ("key: note", "key: has_data", "has_data.key", "second time"),
    ("key: note", "key: no", "no.key", "write 'no' between quotes"),
    ("{key: 'yes', code: 1, shortcut: y", "{key: yes, code: 1, shortcut: y", "key", "between quotes"),
    ("{key: good, code: 2,", "{key: bad, code: 2,", "outcome.categories.bad.key", "second time"),
    ("{key: good, code: 2,", "{key: good, code: 1,", "outcome.categories.good.code", "second time"),
    ("{key: good, code: 2,", "{key: good, code: 99,", "outcome.categories.good.code", "99 means"),
    ("{key: good, code: 2,", "{key: good, code: -2,", "outcome.categories.good.code", "from 0 to"),
    ("{key: good, code: 2,", "{key: good, code: two,", "outcome.categories.good.code", "whole number"),
    ("{key: good, code: 2,", "{key: good,", "outcome.categories.good.code", "missing"),
    ("{key: good, code: 2,", "{key: '98', code: 2,", "outcome.categories.98.key", "missing codes"),
    ("{key: apology, code: 2,", "{key: apology, code: 98,", "apology.code", "must be exclusive"),
    ("{key: bad, code: 1,", "{key: bad, exclusive: true, code: 1,", "bad.exclusive", "multi variable"),
    ("shortcut: b,", "shortcut: t,", "bsn.shortcut", "second time"),
    ("shortcut: b,", "shortcut: j,", "bsn.shortcut", "key of the page itself"),
    ("shortcut: b,", "shortcut: z,", "bsn.shortcut", "key of the page itself"),
    ("shortcut: b,", "shortcut: '?',", "bsn.shortcut", "key of the page itself"),
    ("shortcut: b,", "shortcut: Escape,", "bsn.shortcut", "one small letter or digit"),
    ("shortcut: b,", "shortcut: B,", "bsn.shortcut", "one small letter or digit"),
    ("show_if: {outcome: ['*']}", "show_if: {outcom: ['*']}", "wait.show_if.outcom", "no variable outcom"),
    ("show_if: {outcome: ['*']}", "show_if: {outcome: [ok]}", "show_if.outcome.#1", "it has bad, good"),
    ("show_if: {outcome: ['*']}", "show_if: {outcome: ['*', bad]}", "show_if.outcome", "every value"),
    ("show_if: {outcome: ['*']}", "show_if: {outcome: []}", "show_if.outcome", "at least one value"),
    ("show_if: {outcome: ['*']}", "show_if: {outcome: bad}", "show_if.outcome", "expected a list"),
    ("show_if: {outcome: ['*']}", "show_if: {wait: ['*']}", "wait.show_if.wait", "circle: wait → wait"),
    ("show_if: {outcome: ['*']}", "show_if: {note: [x]}", "show_if.note.#1", "only '*'"),
    ("show_if: {outcome: ['*']}", "show_if: {bsn_seen: ['yes']}", "wait.show_if.bsn_seen", "comes later"),
    ("required_if: {has_data: ['yes']}", "required_if: {acts: [thanks]}", "required_if.acts", "circle"),
    (
        "applies_to: organisation",
        "show_if: {outcome: [bad]}",
        "asks.show_if.outcome",
        "coded later, per conversation",
    ),
    ("required_if: {has_data: ['yes']}", "required_if: {has_data: [maybe]}", "has_data.#1", "no value maybe"),
    (
        "    applies_to: organisation",
        "    show_if: {acts: ['*']}\n    applies_to: organisation",
        "acts",
        "never be",
    ),
    ("unit: minute", "unit: minute\n    applies_to: consumer", "wait.applies_to", "no single author"),
    ("max: 100.5", "max: -1", "wait.max", "below min"),
    ("max: 100.5", "max: high", "wait.max", "expected a number"),
    ("reliability: false", "reliability: maybe", "note.reliability", "true or false"),
    ("reliability: false", "min: 3", "note.min", "only a number variable"),
    (
        "reliability: false",
        "categories: [{key: a, code: 1, label: {nl: A, en: A}}]",
        "categories",
        "has no cat",
    ),
    ("reliability: false", "module: nowhere", "note.module", "twice"),
    ("reliability: false", "derive: {from: nothing, rule: copy}", "note.derive.from", "no variable nothing"),
    ("reliability: false", "pre_highlight: {iban: mod97}", "pre_highlight.iban", "no category iban"),
    (
        "    required_if: {has",
        "    required: true\n    required_if: {has",
        "answered.required_if",
        "already holds",
    ),
    ("default_language: nl", "default_language: de", "codebook.default_language", "nl, en"),
    ("languages: [nl, en]", "languages: [nl, en, nl]", "codebook.languages.#3", "second time"),
    ("version: 1.0.0", "version: 1.0", "codebook.version", "write '1.0' between quotes"),
    ("    '99': {nl: Niet", "    '96': {nl: Niet", "codebook.missing_codes.96", "unknown field"),
    ("  - key: extra", "  - key: basis", "modules.basis.key", "second time"),
    (BOOK[: BOOK.index("modules:")], "", "codebook", "missing"),
    ("modules:", "notes: none\nmodules:", "notes", "unknown field"),
]


@pytest.mark.parametrize(("old", "new", "key", "words"), FAULTS)
def test_a_fault_names_its_line_its_key_and_what_was_expected(old, new, key, words):
    assert old in BOOK
    text = BOOK.replace(old, new)
    with pytest.raises(CodebookError) as caught:
        read_codebook(text)
    found = [problem for problem in caught.value.problems if key in problem.key and words in problem.message]
    assert found, str(caught.value)
    at_fault = [part.strip() for part in new.splitlines()]
    lines = text.splitlines()
    if at_fault and not new.startswith("    show_if"):
        assert any(part in lines[problem.line - 1] for problem in found for part in at_fault), str(
            caught.value
        )
    assert all(problem.column >= 1 for problem in found)
    assert f"line {found[0].line}, column {found[0].column}" in str(caught.value)


def test_the_small_book_is_read_as_written():
    spec = read_codebook(BOOK)
    assert [variable.key for variable in spec.variables][:3] == ["kind_of_span", "has_data", "answered"]
    assert spec.by_key["acts"].show_if == {"has_data": ("yes",), "answered": ("yes",)}
    assert spec.by_key["acts"].by_key["none"].exclusive
    assert spec.by_key["note"].scale is None
    assert spec.by_key["wait"].scale == "ratio"
    assert spec.by_key["has_data"].by_key["cannot_tell"].is_missing
    assert spec.default_modules == {"basis"}


def test_every_fault_is_reported_at_once_in_the_order_of_the_file():
    text = BOOK.replace("scale: ordinal", "scale: likert").replace("max: 100.5", "max: high")
    with pytest.raises(CodebookError) as caught:
        read_codebook(text.replace("version: 1.0.0", "version: 2"))
    lines = [problem.line for problem in caught.value.problems]
    assert lines == [3, line_of(text, "scale: likert"), line_of(text, "max: high")]


def test_a_circle_between_two_variables_is_shown_as_a_circle():
    text = BOOK.replace("max: 100.5", "max: 100").replace(
        "    scale: ordinal\n    required: true\n    show_if: {has_data: ['yes'], answered: ['no']}",
        "    show_if: {wait: ['*']}",
    )
    with pytest.raises(CodebookError, match="outcome → wait → outcome"):
        read_codebook(text)


def test_a_variable_that_is_on_cannot_lean_on_a_module_that_is_off():
    text = BOOK.replace("show_if: {outcome: ['*']}", "show_if: {early: ['yes']}").replace(
        "  - key: outcome",
        "  - key: early\n    module: extra\n    level: conversation\n    kind: boolean\n"
        "    label: {nl: Vroeg, en: Early}\n    definition: {nl: Vroeg?, en: Early?}\n  - key: outcome",
    )
    with pytest.raises(CodebookError, match="off by default") as caught:
        read_codebook(text)
    assert caught.value.problems[0].line == line_of(text, "show_if: {early")


def test_the_root_must_be_a_mapping():
    for text in ("- just\n- a list\n", "some words", "42"):
        with pytest.raises(CodebookError, match="expected a mapping"):
            read_codebook(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("codebook:\n  key: a\n bad", 3, "not valid YAML"),
        ("codebook: {key: a", 1, "not valid YAML"),
        ("codebook: 'open\n", 1, "not valid YAML"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\nb: \x07\n", 2, "does not allow"),
        ("a: &x [1]\nb: *x\n", 1, "anchors"),
        ("a: 1\nb: *x\n", 2, "aliases"),
        ("a: " + "[" * 5_000, 1, "nested too deep"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
        ("x" * 2_000_001, 1, "larger than 2 MB"),
    ],
)
def test_text_that_is_no_usable_yaml_is_refused_with_its_line(text, line, words):
    with pytest.raises(CodebookError) as caught:
        read_codebook(text)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.line == line


def test_a_billion_laughs_is_refused_before_it_unfolds():
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    with pytest.raises(CodebookError, match="anchors"):
        read_codebook("\n".join(lines))


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true']", "!!set {a}", "!mine text"])
def test_tags_never_build_anything(tag):
    with pytest.raises(CodebookError, match=r"line 3, .*codebook\.version"):
        read_codebook(BOOK.replace("version: 1.0.0", f"version: {tag}"))


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault():
    assert read_codebook(BOOK.replace("\n", "\r\n").encode("utf-8-sig")) == read_codebook(BOOK)


def test_an_example_may_be_in_one_language_only():
    text = BOOK.replace("reliability: false", "example: {nl: Twijfel over de grens}")
    assert read_codebook(text).by_key["note"].example == {"nl": "Twijfel over de grens"}
