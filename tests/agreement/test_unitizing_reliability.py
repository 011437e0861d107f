"""Spans: where they are and what type they have."""

import json

import numpy as np
import pytest

from annotations.agreement import unitizing_reliability


def brute_force_u_alpha(continua):
    """Straight from the definition: a coincidence matrix over characters, units squared by hand."""
    types = sorted({t for _, by in continua for spans in by.values() for _, _, t in spans})
    size = len(types) + 1
    observed, own_pairs = np.zeros((size, size)), np.zeros(size)
    for length, by in continua:
        lines = []
        for spans in by.values():
            line = np.zeros(length, dtype=int)
            for start, end, kind in spans:
                line[start:end] = types.index(kind) + 1
                own_pairs[types.index(kind) + 1] += (end - start) ** 2
            own_pairs[0] += (line == 0).sum()
            lines.append(line)
        for first in range(len(lines)):
            for other in range(len(lines)):
                if first != other:
                    for c, k in zip(lines[first], lines[other], strict=True):
                        observed[c, k] += 1 / (len(lines) - 1)
    margin, total = observed.sum(axis=1), observed.sum()
    expected = total * (np.outer(margin, margin) - np.diag(own_pairs)) / (total**2 - own_pairs.sum())
    return 1 - (total - observed.trace()) / (total - expected.trace())


TEXTS = [
    (30, {"anna": [(2, 6, "x"), (10, 14, "y")], "bas": [(3, 7, "x"), (10, 14, "x")], "carl": []}),
    (12, {"anna": [(0, 5, "x")], "bas": [(0, 5, "x")]}),
    (25, {"anna": [(0, 4, "x"), (4, 9, "x")], "carl": [(0, 9, "x"), (20, 25, "y")]}),
]


def test_several_texts_with_different_coders_follow_the_definition():
    assert unitizing_reliability(TEXTS).alpha == pytest.approx(brute_force_u_alpha(TEXTS), abs=1e-12)


def test_a_text_only_one_coder_read_changes_nothing():
    more = [*TEXTS, (50, {"anna": [(0, 40, "y")]}), (10, {"bas": None, "carl": [(0, 3, "x")]})]
    before, after = unitizing_reliability(TEXTS), unitizing_reliability(more)
    assert after.pairable_units == before.pairable_units == 3
    for name in ("alpha", "alpha_ci", "binary_alpha", "cu_alpha", "f1_exact", "spans", "length"):
        assert getattr(after, name) == getattr(before, name)


def test_reading_and_marking_nothing_is_not_the_same_as_not_reading():
    marked = {"anna": [(0, 4, "x")], "bas": [(0, 4, "x")]}
    assert unitizing_reliability([(20, marked)]).alpha == pytest.approx(1)
    assert unitizing_reliability([(20, marked | {"carl": []})]).alpha < 0.5


def test_touching_spans_are_two_units_and_differ_from_one_long_span():
    two = [(0, 5, "x"), (5, 10, "x")]
    one = [(0, 10, "x")]
    same = unitizing_reliability([(40, {"anna": two, "bas": two})])
    differ = unitizing_reliability([(40, {"anna": two, "bas": one})])
    assert same.alpha == differ.alpha == 1  # every character is alike …
    assert differ.f1_exact == 0  # … but no span is
    assert differ.f1_overlap == pytest.approx(2 / 3)
    assert differ.differing_units == [0]


@pytest.mark.parametrize(
    ("continua", "key"),
    [
        ([], "nothing_coded"),
        ([(10, {})], "nothing_coded"),
        ([(10, {"anna": [(0, 2, "x")]})], "one_coder"),
        ([(10, {"anna": []}), (10, {"bas": []})], "no_pairable_unit"),
        ([(0, {"anna": [], "bas": []})], "no_pairable_unit"),
        ([(10, {"anna": [], "bas": []})], "no_span"),
        ([(10, {"anna": [(0, 10, "x")], "bas": [(0, 10, "x")]})], "no_variation"),
    ],
)
def test_undefined_agreement_on_spans_says_why(continua, key):
    result = unitizing_reliability(continua)
    assert result.alpha is None
    assert result.undefined_key == key
    assert result.undefined
    assert result.why_undefined("nl")
    json.dumps(result.as_dict())


@pytest.mark.parametrize(
    ("continuum", "message"),
    [
        ((10, {"anna": [(0, 11, "x")]}), "Continuum 0, coder anna: span 0–11 has to .* within 0–10"),
        ((10, {"anna": [(-1, 3, "x")]}), "span -1–3"),
        ((10, {"anna": [(3, 3, "x")]}), "at least one character"),
        ((0, {"anna": [(0, 1, "x")]}), "within 0–0"),
        ((10, {"anna": [(0, 4, "x"), (3, 6, "x")]}), r"spans 0–4 \('x'\) and 3–6 \('x'\) overlap"),
        ((10, {"anna": [(0, 4, "x"), (3, 6, "y")]}), "may touch but not overlap"),
        ((10, {"anna": [(0, 9, "x"), (1, 2, "y"), (3, 4, "z")]}), "overlap"),
        ((-1, {}), "length has to be a whole number"),
        ((10.5, {}), "length has to be a whole number"),
        ((10, {"anna": [(0, 4)]}), r"expected \(start, end, category\)"),
        ((10, [1, 2]), r"expected \(length, \{coder"),
    ],
)
def test_impossible_spans_give_one_clear_sentence(continuum, message):
    with pytest.raises(ValueError, match=message):
        unitizing_reliability([continuum])


def test_where_types_may_overlap_only_the_figures_per_type_are_computed():
    text = (30, {"anna": [(0, 10, "name"), (5, 10, "email")], "bas": [(0, 10, "name"), (6, 10, "email")]})
    result = unitizing_reliability([text], overlaps="per_type")
    assert result.alpha is None
    assert result.undefined_key == "overlapping_types"
    assert {each.category: each.alpha for each in result.categories}["name"] == pytest.approx(1)
    assert 0.7 < {each.category: each.alpha for each in result.categories}["email"] < 1
    assert result.f1_exact == pytest.approx(0.5)
    assert result.f1_overlap == 1


def test_the_figure_per_type_is_that_of_the_spans_of_this_type_alone():
    alone = [
        (length, {coder: [span for span in spans if span[2] == "x"] for coder, spans in by.items()})
        for length, by in TEXTS
    ]
    per_type = {each.category: each.alpha for each in unitizing_reliability(TEXTS).categories}
    assert per_type["x"] == pytest.approx(unitizing_reliability(alone).alpha)


def test_overlapping_f1_pairs_every_span_once():
    wide = [(0, 20, "x")]
    narrow = [(1, 3, "x"), (5, 8, "x"), (12, 13, "x")]
    result = unitizing_reliability([(30, {"anna": wide, "bas": narrow})])
    assert result.f1_overlap == pytest.approx(2 * 1 / 4)
    assert unitizing_reliability([(30, {"anna": [(0, 4, "x")], "bas": [(4, 8, "x")]})]).f1_overlap == 0
    assert unitizing_reliability([(30, {"anna": [(0, 4, "x")], "bas": [(3, 8, "y")]})]).f1_overlap == 0


def test_declared_types_are_all_listed():
    result = unitizing_reliability(TEXTS, categories=["x", "y", "z"])
    assert [each.category for each in result.categories] == ["x", "y", "z"]
    assert result.categories[2].spans == 0
    assert result.categories[2].alpha is None
    with pytest.raises(ValueError, match="'y' is not among the declared"):
        unitizing_reliability(TEXTS, categories=["x"])


def test_the_record_of_spans_is_json_ready():
    record = json.loads(json.dumps(unitizing_reliability(TEXTS, bootstrap=50).as_dict()))
    assert record["kind"] == "span"
    assert record["coders"] == 3
    assert record["pairs"][0]["coders"] == ["anna", "bas"]
    assert record["alpha_ci"][0] <= record["alpha_ci"][1]
