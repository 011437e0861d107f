"""Per category, per pair and each coder against the rest: every figure worked out again unit by unit."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from annotations.agreement import reliability

NAMES = ["anna", "bas", "cas", "dora"]


def table(seed: int, coders: int, units: int = 25) -> list[list[str | None]]:
    """Codes with gaps, units that nobody or one coder coded among them."""
    chance = random.Random(seed)
    return [[chance.choice(["x", "x", "y", "z", None]) for _ in range(coders)] for _ in range(units)]


TABLES = [table(seed, coders) for seed, coders in ((1, 2), (2, 3), (3, 3), (4, 4), (5, 4))]
CATEGORIES = ["x", "y", "z", "never"]


def given(unit: list[str | None]) -> list[str]:
    return [code for code in unit if code is not None]


def alpha_of(units: list[list[str | None]]) -> float | None:
    return reliability(units, bootstrap=0).alpha


def cohens_kappa(one: list[str], other: list[str]) -> float | None:
    """Cohen (1960), over the units that both coded."""
    n = len(one)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    expected = sum(one.count(c) * other.count(c) for c in {*one, *other}) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


@pytest.mark.parametrize("units", TABLES)
def test_each_category_against_all_others(units):
    pairable = [given(unit) for unit in units if len(given(unit)) > 1]
    total = sum(map(len, pairable))
    for row in reliability(units, categories=CATEGORIES, bootstrap=0).categories:
        count = sum(unit.count(row.category) for unit in pairable)
        assert row.count == count
        assert row.prevalence == pytest.approx(count / total)
        if not count:
            assert (row.alpha, row.undefined_key, row.positive_agreement) == (None, "never_used", None)
            continue
        against = [[None if code is None else code == row.category for code in unit] for unit in units]
        assert row.alpha == pytest.approx(alpha_of(against))
        same = sum(unit.count(row.category) * (unit.count(row.category) - 1) for unit in pairable)
        possible = sum(unit.count(row.category) * (len(unit) - 1) for unit in pairable)
        assert row.positive_agreement == pytest.approx(same / possible)
        assert row.undefined_key is None


@pytest.mark.parametrize("units", TABLES)
def test_each_pair_of_coders(units):
    names = NAMES[: len(units[0])]
    rows = {row.coders: row for row in reliability(units, bootstrap=0, coder_names=names).pairs}
    assert list(rows) == list(combinations(names, 2))
    for (one, other), row in rows.items():
        a, b = names.index(one), names.index(other)
        both = [(unit[a], unit[b]) for unit in units if unit[a] is not None and unit[b] is not None]
        assert row.units == len(both)
        assert row.percent_agreement == pytest.approx(sum(x == y for x, y in both) / len(both))
        assert row.alpha == pytest.approx(alpha_of([list(pair) for pair in both]))
        assert row.cohen_kappa == pytest.approx(cohens_kappa(*map(list, zip(*both, strict=True))))
        assert row.undefined_key is None


@pytest.mark.parametrize("units", TABLES)
def test_each_coder_against_the_rest(units):
    names = NAMES[: len(units[0])]
    rows = reliability(units, bootstrap=0, coder_names=names).coder_rows
    assert [row.coder for row in rows] == names
    for at, row in enumerate(rows):
        shares, kappas = [], []
        for unit in units:
            rest = given(unit[:at] + unit[at + 1 :])
            if unit[at] is not None and rest:
                shares.append(rest.count(unit[at]) / len(rest))
        for other in range(len(names)):
            if other != at:
                both = [(u[at], u[other]) for u in units if u[at] is not None and u[other] is not None]
                kappas.append(cohens_kappa(*map(list, zip(*both, strict=True))))
        assert row.codes == sum(unit[at] is not None for unit in units)
        assert row.units == len(shares)
        assert row.percent_agreement == pytest.approx(sum(shares) / len(shares))
        assert row.mean_kappa == pytest.approx(sum(kappas) / len(kappas))
        without = alpha_of([unit[:at] + unit[at + 1 :] for unit in units]) if len(names) > 2 else None
        assert row.alpha_without == (without if without is None else pytest.approx(without))


def test_what_cannot_be_worked_out_says_why():
    result = reliability([["x", None], [None, "y"], ["x", "x"]], bootstrap=0, categories=["x", "y"])
    assert [(row.category, row.alpha, row.undefined_key) for row in result.categories] == [
        ("x", None, "always_used"),
        ("y", None, "never_used"),
    ]
    (pair,) = result.pairs
    assert (pair.units, pair.percent_agreement, pair.alpha, pair.undefined_key) == (
        1,
        1.0,
        None,
        "no_variation",
    )
    apart = reliability([["x", None], [None, "y"]], bootstrap=0, categories=["x", "y"])
    (pair,) = apart.pairs
    assert (pair.units, pair.percent_agreement, pair.undefined_key) == (0, None, "no_shared_unit")
    assert [(row.codes, row.units, row.percent_agreement) for row in apart.coder_rows] == [(1, 0, None)] * 2
    assert {row.undefined_key for row in apart.categories} == {"no_pairable_unit"}
    alone = reliability([["x", None], ["y", None]], bootstrap=0, categories=["x", "y"])
    assert {row.undefined_key for row in alone.categories} == {"one_coder"}
    nothing = reliability([[None, None]], bootstrap=0, categories=["x", "y"])
    assert {row.undefined_key for row in nothing.categories} == {"nothing_coded"}


@pytest.mark.parametrize(("occurring", "listed"), [(200, 200), (201, 0)])
def test_more_than_200_values_are_listed_only_when_they_were_declared(occurring, listed):
    values = [f"v{number:03}" for number in range(occurring)]
    units = [[value, value] for value in values]
    assert len(reliability(units, bootstrap=0).categories) == listed
    assert len(reliability(units, bootstrap=0, categories=values).categories) == occurring


def test_seed_0_is_the_seed_of_whoever_names_none():
    units = TABLES[2]
    assert reliability(units).alpha_ci == reliability(units, seed=0, bootstrap=1000).alpha_ci
    assert reliability(units).alpha_ci != reliability(units, seed=1, bootstrap=1000).alpha_ci
