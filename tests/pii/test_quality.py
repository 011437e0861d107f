"""How good the detector is on the two marked-up sets. What is asserted here is promised in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.pii import STUDY_TYPES
from annotations.pii.evaluation import Evaluation, Record, evaluate
from tests.pii.markup import TYPES, read

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
