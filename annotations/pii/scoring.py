"""A small scoring: named features with weights, added up per class, turned into chances (multinomial logit).

The weights stand in ``weights/*.json``, one line a feature, so that a reader sees why a sentence scores as it
does. They are learned from the marked-up texts of the tests by ``python -m tests.pii.learn_weights``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

Weights = Mapping[str, Mapping[str, float]]
"""{feature: {class: weight}}; the feature "(always)" counts for every text, the class "none" weighs 0."""

ALWAYS = "(always)"
_FOLDER = Path(__file__).parent / "weights"


@cache
def weights(name: str) -> Weights:
    """The weights of ``weights/NAME.json``."""
    read: Weights = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


def chances(features: Iterable[str], table: Weights) -> dict[str, float]:
    """The chance of each class, adding up to 1. Features without weights count for nothing.

    >>> table = {"(always)": {"debt": -1.0}, "in the red": {"debt": 3.0}}
    >>> {kind: round(chance, 2) for kind, chance in chances(["in the red", "rain"], table).items()}
    {'debt': 0.88, 'none': 0.12}
    """
    sums: dict[str, float] = dict.fromkeys(table[ALWAYS], 0.0)
    for feature in (ALWAYS, *features):
        for kind, weight in table.get(feature, {}).items():
            sums[kind] += weight
    sums["none"] = 0.0
    highest = max(sums.values())
    powers = {kind: math.exp(value - highest) for kind, value in sums.items()}
    total = sum(powers.values())
    return {kind: power / total for kind, power in powers.items()}
