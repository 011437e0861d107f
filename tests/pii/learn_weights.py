"""Learn the weights of ``annotations/pii/weights`` from the marked-up texts.

    python -m tests.pii.learn_weights

Multinomial logit with a ridge penalty, by plain gradient descent from zero, so that the same texts give
the same weights. An amount is of the class of the marked span that it overlaps, or "none".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from annotations.pii.message import Message
from annotations.pii.money import Amount, amounts
from annotations.pii.money_features import follows, surroundings
from annotations.pii.normalise import mask, normalise
from annotations.pii.recognisers.amounts import may_speak_of_money
from annotations.pii.scoring import ALWAYS
from tests.pii.markup import read

HERE = Path(__file__).parent
TEXTS = (HERE / "development.txt", HERE / "amounts.txt")
CLASSES = ("income", "debt", "none")
PENALTY, STEPS, RATE = 0.002, 3000, 0.5
Example = tuple[tuple[str, ...], str]


def examples(paths: Sequence[Path] = TEXTS) -> list[Example]:
    """(features, class) of every amount that the detector would look at."""
    found = []
    for path in paths:
        for text, spans in read(path):
            view = normalise(text)
            message = Message(mask(view.text if view else text))
            if not message.groups and not any(c in message.low for c in ("honderd", "duizend", "thousand")):
                continue
            if not may_speak_of_money(message):
                continue
            earlier: tuple[Amount, str] | None = None
            for amount in amounts(message):
                start, end = view.origin(amount.start, amount.end) if view else (amount.start, amount.end)
                kinds = [kind for low, high, kind in spans if low < end and start < high]
                kind = kinds[0] if kinds and kinds[0] in CLASSES else "none"
                if kinds and kind == "none":
                    continue  # part of a number of another kind: another recogniser wins that place
                before = earlier[1] if earlier and follows(message.low, earlier[0], amount) else ""
                said = surroundings(message, amount, before)
                earlier = None if kind == "none" else (amount, kind)
                if said.speak_of("income") or said.speak_of("debt"):
                    found.append((said.features, kind))
    return found


def learn(data: Sequence[Example]) -> dict[str, dict[str, float]]:
    """{feature: {class: weight}}, rounded to two decimals; the class "none" is the reference."""
    counts = Counter(feature for features, _ in data for feature in set(features))
    names = [ALWAYS, *sorted(feature for feature, count in counts.items() if count >= 3)]
    column = {name: index for index, name in enumerate(names)}
    x = np.zeros((len(data), len(names)))
    x[:, 0] = 1
    y = np.zeros((len(data), len(CLASSES)))
    for row, (features, kind) in enumerate(data):
        y[row, CLASSES.index(kind)] = 1
        x[row, [column[feature] for feature in features if feature in column]] = 1
    w = np.zeros((len(names), len(CLASSES)))
    shrink = np.full((len(names), 1), PENALTY / 4)
    shrink[0] = 0
    for _ in range(STEPS):
        z = x @ w
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        w -= RATE * (x.T @ (p - y) / len(data) + shrink * w)
    w -= w[:, [-1]]
    return {
        name: {kind: round(float(w[row, place]), 2) for place, kind in enumerate(CLASSES[:-1])}
        for name, row in column.items()
    }


def main() -> None:
    lines = [f"  {json.dumps(name)}: {json.dumps(table)}" for name, table in learn(examples()).items()]
    path = Path(__file__).parents[2] / "annotations" / "pii" / "weights" / "amounts.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(lines)} features -> {path.name}")


if __name__ == "__main__":
    main()
