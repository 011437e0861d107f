"""What highlights do to coders: codings made with them beside codings made without. Reads only.

Which coder saw highlights in which conversation was drawn (`Assignment.highlights`), so a difference between
the two arms is theirs. Intervals are percentile bootstraps over conversations with a fixed seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..finals.of_round import coders_spans
from ..finals.of_study import counted_rounds
from ..models import Coding, Study
from ..pii.evaluation import match

RESAMPLES = 2000
SEED = 20190401
Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """A mean with its 95 % interval over `n` codings or pairs; None where there is nothing to average."""

    value: float | None
    interval: Interval | None
    n: int


@dataclass(frozen=True)
class Arm:
    """One arm: fragments per conversation, agreement (F1 of coder pairs), seconds per message."""

    fragments: Figure
    agreement: Figure
    seconds: Figure


@dataclass(frozen=True)
class Influence:
    """`difference`: with minus without, of fragments per conversation."""

    shown: Arm
    withheld: Arm
    difference: Figure


@dataclass(frozen=True)
class _Work:
    conversation_id: int
    coder_id: int
    highlights: bool
    fragments: int
    seconds: float | None


def influence(study: Study) -> Influence:
    work: list[_Work] = []
    pairs: dict[bool, list[tuple[int, float]]] = {True: [], False: []}
    for round_ in counted_rounds(study):
        spans = coders_spans(round_)
        marked: dict[tuple[int, int], dict[int, list[tuple[int, int, str]]]] = defaultdict(dict)
        for (conversation_id, message_id), by_coder in spans.items():
            for coder_id, found in by_coder.items():
                marked[conversation_id, coder_id][message_id] = [span[:3] for span in found]
        codings = Coding.objects.filter(assignment__round=round_, state=Coding.State.FINISHED).select_related(
            "assignment__conversation"
        )
        by_conversation: dict[int, list[_Work]] = defaultdict(list)
        for coding in codings:
            done = _work(coding, marked)
            work.append(done)
            by_conversation[done.conversation_id].append(done)
        for conversation_id, several in by_conversation.items():
            for one, other in combinations(several, 2):
                if one.highlights == other.highlights:
                    score = _f1(
                        marked[conversation_id, one.coder_id], marked[conversation_id, other.coder_id]
                    )
                    if score is not None:
                        pairs[one.highlights].append((conversation_id, score))
    arms = {
        shown: _arm([coding for coding in work if coding.highlights == shown], pairs[shown])
        for shown in (True, False)
    }
    return Influence(arms[True], arms[False], _difference(work))


def _work(coding: Coding, marked: dict[tuple[int, int], dict[int, list[tuple[int, int, str]]]]) -> _Work:
    assignment = coding.assignment
    messages = assignment.conversation.message_count - assignment.conversation.placeholder_count
    found = marked[assignment.conversation_id, assignment.coder_id]
    seconds = coding.active_seconds / messages if coding.active_seconds and messages else None
    return _Work(
        assignment.conversation_id,
        assignment.coder_id,
        assignment.highlights,
        sum(map(len, found.values())),
        seconds,
    )


def _arm(work: list[_Work], pairs: list[tuple[int, float]]) -> Arm:
    return Arm(
        figure([(coding.conversation_id, float(coding.fragments)) for coding in work]),
        figure(pairs),
        figure([(coding.conversation_id, coding.seconds) for coding in work if coding.seconds is not None]),
    )


def _f1(
    one: dict[int, list[tuple[int, int, str]]], other: dict[int, list[tuple[int, int, str]]]
) -> float | None:
    """2 × matching fragments / all fragments of both; None where neither marked any."""
    hits = sum(len(match(one[pk], other[pk])) for pk in one.keys() & other.keys())
    total = sum(map(len, one.values())) + sum(map(len, other.values()))
    return 2 * hits / total if total else None


def figure(values: Sequence[tuple[int, float]]) -> Figure:
    """The mean of (conversation id, value); whole conversations are resampled."""
    if not values:
        return Figure(None, None, 0)
    sums, counts = _by_conversation(values)
    return Figure(
        float(sums.sum() / counts.sum()),
        _interval(len(sums), lambda drawn: sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)),
        len(values),
    )


def _difference(work: list[_Work]) -> Figure:
    shown = [(coding.conversation_id, float(coding.fragments)) for coding in work if coding.highlights]
    withheld = [(coding.conversation_id, float(coding.fragments)) for coding in work if not coding.highlights]
    if not shown or not withheld:
        return Figure(None, None, 0)
    parts = [_by_conversation(shown), _by_conversation(withheld)]
    means = [sums.sum() / counts.sum() for sums, counts in parts]
    generator = np.random.default_rng(SEED)
    drawn = []
    for sums, counts in parts:
        rows = generator.integers(0, len(sums), size=(RESAMPLES, len(sums)))
        drawn.append(sums[rows].sum(axis=1) / counts[rows].sum(axis=1))
    low, high = np.percentile(drawn[0] - drawn[1], [2.5, 97.5])
    several = min(len(part[0]) for part in parts) > 1
    return Figure(float(means[0] - means[1]), (float(low), float(high)) if several else None, len(work))


def _by_conversation(values: Sequence[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    grouped: dict[int, list[float]] = defaultdict(list)
    for conversation_id, value in values:
        grouped[conversation_id].append(value)
    return (
        np.array([sum(some) for some in grouped.values()]),
        np.array([len(some) for some in grouped.values()], dtype=float),
    )


def _interval(size: int, mean: Callable[[np.ndarray], np.ndarray]) -> Interval | None:
    if size < 2:
        return None
    drawn = np.random.default_rng(SEED).integers(0, size, size=(RESAMPLES, size))
    low, high = np.percentile(mean(drawn), [2.5, 97.5])
    return (float(low), float(high))
