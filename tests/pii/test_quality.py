"""How good the detector is on the marked-up sets. What is asserted here is promised in the docs.

The fixed evaluation has three parts (``evaluation/``): positives, traps that only look like personal
data, and messages in the shapes of a real archive. Nothing in it is learned from (``learn_weights.py``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.pii import STUDY_TYPES, find_candidates
from annotations.pii.evaluation import Evaluation, Record, evaluate
from tests.pii.markup import TYPES, read

pytestmark = pytest.mark.pure

HERE = Path(__file__).parent


@pytest.fixture(scope="module", params=["development", "held_out"])
def result(request: pytest.FixtureRequest) -> Evaluation:
    marked = read(HERE / f"{request.param}.txt")
    return evaluate(
        Record(text, tuple((start, end, TYPES.get(kind, kind)) for start, end, kind in spans))
        for text, spans in marked
    )


def test_the_nine_types_are_found(result: Evaluation) -> None:
    study = result.together(STUDY_TYPES)
    assert study.recall is not None
    assert study.recall >= 0.97
    assert study.f1 is not None
    assert study.f1 >= 0.96


def test_all_types_are_found(result: Evaluation) -> None:
    everything = result.together()
    assert everything.f1 is not None
    assert everything.f1 >= 0.95


def test_boundaries_are_exact(result: Evaluation) -> None:
    everything = result.together()
    assert everything.exact / everything.hits >= 0.95


def test_messages_without_personal_data_stay_almost_without_candidates(result: Evaluation) -> None:
    assert result.false_on_texts_without_spans <= 0.03 * result.texts_without_spans


def test_the_development_set_is_large_varied_and_half_hard_negatives() -> None:
    marked = read(HERE / "development.txt")
    kinds = {kind for _, spans in marked for *_, kind in spans}
    assert len(marked) >= 600
    assert sum(len(spans) for _, spans in marked) >= 700
    assert sum(not spans for _, spans in marked) >= 0.4 * len(marked)
    assert len({text for text, _ in marked}) == len(marked)
    assert len(kinds) >= 24


def test_no_message_is_in_both_sets() -> None:
    development, held_out = (
        {text for text, _ in read(HERE / f"{name}.txt")} for name in ("development", "held_out")
    )
    assert not development & held_out


def _evaluated(*names: str) -> Evaluation:
    marked = [each for name in names for each in read(HERE / "evaluation" / f"{name}.txt")]
    return evaluate(
        Record(text, tuple((start, end, TYPES.get(kind, kind)) for start, end, kind in spans))
        for text, spans in marked
    )


def test_the_fixed_evaluation_reaches_its_thresholds() -> None:
    result = _evaluated("positives", "traps", "real_negatives")
    for score, f1, recall in ((result.together(STUDY_TYPES), 0.93, 0.93), (result.together(), 0.93, 0.91)):
        assert score.f1 is not None
        assert score.f1 >= f1
        assert score.recall is not None
        assert score.recall >= recall
    for info_type, score in result.types.items():
        assert score.precision is None or score.precision >= 0.8, info_type
        assert score.recall is None or score.recall >= 0.8, info_type


@pytest.mark.parametrize("name", ["traps", "real_negatives"])
def test_messages_that_only_look_like_personal_data_give_almost_no_candidates(name: str) -> None:
    result = _evaluated(name)
    assert result.texts == result.texts_without_spans >= 70
    assert result.false_on_texts_without_spans <= 0.03 * result.texts


def test_every_type_of_the_study_is_in_the_evaluation() -> None:
    result = _evaluated("positives")
    assert set(STUDY_TYPES) <= result.types.keys()
    assert result.texts >= 150


def test_a_candidate_marked_high_is_right_more_often_than_a_medium_one() -> None:
    """What the two levels promise: of the high ones at least 97 in 100 are right."""
    sure = _by_level("high")
    unsure = _by_level("medium")
    assert sure >= 0.97
    assert sure >= unsure


def _by_level(level: str) -> float:
    paths = [HERE / "held_out.txt", *(HERE / "evaluation").glob("*.txt")]
    result = evaluate(
        (
            Record(text, tuple((start, end, TYPES.get(kind, kind)) for start, end, kind in spans))
            for path in paths
            for text, spans in read(path)
        ),
        lambda text: [found for found in find_candidates(text) if found.confidence == level],
    )
    return result.together().precision or 0
