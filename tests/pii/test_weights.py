"""The weights in the repository are those that the script learns, and the scoring reads them as it should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations.pii import find_candidates
from annotations.pii.scoring import chances, weights
from tests.pii.learn_weights import TEXTS, examples, learn

pytestmark = pytest.mark.pure


def test_the_stored_weights_are_the_learned_ones() -> None:
    learned = learn(examples())
    stored = weights("amounts")
    assert stored.keys() == learned.keys()
    for feature, table in learned.items():
        assert stored[feature] == pytest.approx(table, abs=0.02), feature


def test_nothing_that_is_scored_is_learned_from() -> None:
    assert {path.name for path in TEXTS} == {"development.txt", "amounts.txt"}
    learned = (Path(__file__).parent / "amounts.txt").read_text(encoding="utf-8").splitlines()
    for name in ("positives", "traps", "real_negatives"):
        scored = (
            (Path(__file__).parent / "evaluation" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        )
        assert not {line for line in scored if line.strip("# ")} & set(learned)


def test_chances_add_up_and_follow_the_weights() -> None:
    table = {"(always)": {"income": 0.0, "debt": 0.0}, "rood": {"income": -1.0, "debt": 2.0}}
    found = chances(["rood", "not in the table"], table)
    assert sum(found.values()) == pytest.approx(1)
    assert found["debt"] > found["none"] > found["income"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Heb net 250 euro betaald voor de reparatie", []),
        ("Die 300 euro is nog niet binnen", []),
        ("Jullie moeten mij nog 45 euro terugbetalen", []),
        ("Wie een inkomen heeft tot 30.000 euro krijgt zorgtoeslag", []),
        ("Het minimumloon gaat naar 1.615 euro", []),
        ("ik leef van 980 euro bijstand", ["income"]),
        ("my salary is 28 grand before tax", ["income"]),
        ("k verdien 14,25 per uur", ["income"]),
        ("wij leven van eenentwintighonderd euro", ["income"]),
        ("sta 1200 rood", ["debt"]),
        ("we owe two thousand pounds", ["debt"]),
        ("terugvordering kinderopvangtoeslag € 8.412", ["debt"]),
    ],
)
def test_an_amount_is_judged_by_its_sentence(text: str, kinds: list[str]) -> None:
    assert [each.info_type for each in find_candidates(text)] == kinds


def test_the_weights_are_readable() -> None:
    path = Path(__file__).parents[2] / "annotations" / "pii" / "weights" / "amounts.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    assert all(abs(weight) < 6 for row in table.values() for weight in row.values())
