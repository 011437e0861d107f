"""The same digits as krippendorff, statsmodels, scikit-learn and NLTK, where these can compute the figure.

The libraries are imported where they are used: every process of the suite reads this file, and few run it.
"""

import random
from itertools import combinations

import krippendorff
import numpy as np
import pytest

from annotations.agreement import reliability, set_reliability
from annotations.agreement.coincidence import alpha
from annotations.agreement.span_f1 import span_matches

pytestmark = pytest.mark.pure

SHAPES = [(12, 2, 2), (40, 3, 4), (25, 5, 3), (200, 4, 7), (60, 6, 2)]


def drawn(seed: int, units: int, coders: int, categories: int, missing: float) -> list[list[int | None]]:
    """Units in which coders mostly see the same category, some codes missing."""
    chance = random.Random(seed)
    rows = []
    for _ in range(units):
        true = chance.randrange(categories)
        rows.append(
            [
                None
                if chance.random() < missing
                else true
                if chance.random() < 0.7
                else chance.randrange(categories)
                for _ in range(coders)
            ]
        )
    return rows


def drawn_sets(seed: int, units: int, coders: int, missing: float) -> list[list[frozenset[str] | None]]:
    chance = random.Random(seed)
    return [
        [
            None if chance.random() < missing else frozenset(c for c in "abcd" if chance.random() < 0.4)
            for _ in range(coders)
        ]
        for _ in range(units)
    ]


def as_triples(units):
    return [
        (str(coder), str(unit), value)
        for unit, row in enumerate(units)
        for coder, value in enumerate(row)
        if value is not None
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("missing", [0, 0.3])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_alpha_equals_that_of_krippendorff(shape, missing, level):
    units = drawn(1, *shape, missing)
    matrix = np.array([[np.nan if code is None else code for code in unit] for unit in units]).T
    expected = krippendorff.alpha(matrix, level_of_measurement=level)
    result = reliability(units, level=level, bootstrap=0)
    assert result.alpha == pytest.approx(expected, abs=1e-12)
    # The same without the library, as it is computed where the library would need too much memory.
    assert alpha(result.data, level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_fleiss_kappa_and_brennan_prediger_equal_those_of_statsmodels(shape):
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    units = drawn(2, *shape, 0)
    table, _ = aggregate_raters(np.array(units))
    result = reliability(units, bootstrap=0)
    assert result.fleiss_kappa == pytest.approx(fleiss_kappa(table), abs=1e-12)
    assert result.brennan_prediger == pytest.approx(fleiss_kappa(table, method="randolph"), abs=1e-12)


@pytest.mark.parametrize("missing", [0, 0.3])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cohens_kappa_of_each_pair_equals_that_of_scikit_learn_on_shared_units(shape, missing):
    from sklearn.metrics import cohen_kappa_score

    units = drawn(3, *shape, missing)
    kappas = reliability(units, bootstrap=0).cohen_kappa
    for one, other in combinations(range(shape[1]), 2):
        shared = [unit for unit in units if unit[one] is not None and unit[other] is not None]
        expected = cohen_kappa_score([unit[one] for unit in shared], [unit[other] for unit in shared])
        assert kappas[f"{one + 1}|{other + 1}"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_holsti_and_lights_kappa_equal_those_of_nltk(shape):
    from nltk.metrics.agreement import AnnotationTask

    units = drawn(4, *shape, 0)
    task = AnnotationTask(as_triples(units))
    result = reliability(units, bootstrap=0)
    assert result.holsti == pytest.approx(task.avg_Ao(), abs=1e-12)
    assert result.light_kappa == pytest.approx(task.kappa(), abs=1e-12)


def exact_masi(one, other):
    """NLTK rounds Passonneau's 1/3 and 2/3 to .33 and .67 and fails on two empty sets."""
    if not one and not other:
        return 0.0
    shared, together = len(one & other), len(one | other)
    weight = 1 if one == other else 2 / 3 if shared in (len(one), len(other)) else 1 / 3
    return 1 - shared / together * weight


def jaccard(one, other):
    from nltk.metrics.distance import jaccard_distance

    return jaccard_distance(one, other) if one or other else 0.0


@pytest.mark.parametrize("missing", [0, 0.3])
@pytest.mark.parametrize(("name", "distance"), [("masi", exact_masi), ("jaccard", jaccard)])
def test_alpha_of_sets_equals_that_of_nltk(name, distance, missing):
    from nltk.metrics.agreement import AnnotationTask

    units = drawn_sets(5, 60, 3, missing)
    expected = AnnotationTask(as_triples(units), distance=distance).alpha()
    assert set_reliability(units, distance=name, bootstrap=0).alpha == pytest.approx(expected, abs=1e-12)


def test_alpha_of_sets_is_the_same_without_a_matrix_of_all_distances(monkeypatch):
    units = drawn_sets(6, 80, 4, 0.2)
    kept = set_reliability(units, bootstrap=20)
    monkeypatch.setattr("annotations.agreement.sets.MOST_SETS_IN_MATRIX", 0)
    monkeypatch.setattr("annotations.agreement.coincidence.ROWS_AT_ONCE", 3)
    blocks = set_reliability(units, bootstrap=20)
    assert blocks.alpha == pytest.approx(kept.alpha, abs=1e-12)
    assert blocks.alpha_ci == pytest.approx(kept.alpha_ci, abs=1e-12)


@pytest.mark.parametrize("missing", [0, 0.3])
def test_the_binary_alpha_of_a_category_is_the_alpha_of_that_yes_or_no(missing):
    units = drawn(7, 80, 4, 4, missing)
    for category in reliability(units, bootstrap=0).categories:
        yes_or_no = [[None if code is None else code == category.category for code in unit] for unit in units]
        assert category.alpha == pytest.approx(reliability(yes_or_no, bootstrap=0).alpha, abs=1e-12)


def test_the_binary_alpha_of_a_category_in_sets_is_the_alpha_of_its_being_chosen():
    units = drawn_sets(8, 80, 3, 0.2)
    for category in set_reliability(units, bootstrap=0).categories:
        chosen = [[None if each is None else category.category in each for each in unit] for unit in units]
        assert category.alpha == pytest.approx(reliability(chosen, bootstrap=0).alpha, abs=1e-12)


def test_positive_agreement_of_two_coders_is_the_f1_of_one_against_the_other():
    from sklearn.metrics import f1_score

    units = drawn(9, 120, 2, 3, 0)
    one, other = zip(*units, strict=True)
    expected = f1_score(one, other, average=None)
    found = [category.positive_agreement for category in reliability(units, bootstrap=0).categories]
    assert found == pytest.approx(expected.tolist(), abs=1e-12)


def test_cohens_kappa_tends_to_the_span_f1_as_unmarked_text_grows():
    """Hripcsak & Rothschild 2005: with b, c and a fixed, kappa goes to 2a / (2a + b + c)."""
    one = [(0, 3, 0), (5, 9, 0), (12, 15, 0)]
    other = [(0, 3, 0), (5, 9, 0), (20, 24, 0), (30, 31, 0)]
    f1 = 2 * span_matches(one, other, exact=True) / (len(one) + len(other))
    both, only_one, only_other, neither = 2, 1, 2, 1_000_000
    units = [(1, 1)] * both + [(1, 0)] * only_one + [(0, 1)] * only_other + [(0, 0)] * neither
    assert reliability(units, bootstrap=0).cohen_kappa["1|2"] == pytest.approx(f1, abs=1e-5)
