"""How good a detector is: precision, recall and F1 against texts whose personal data people marked.

A candidate is a hit when it has the type of a marked span and overlaps it; each span and each candidate
count once, the largest overlap first. Intervals are Wilson's (`annotations.statistics`).
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from annotations.pii.candidate import STUDY_TYPES, Candidate
from annotations.pii.detector import find_candidates
from annotations.statistics import wilson

Place = tuple[int, int, str]
"""Start, end and information type."""


class BadRecord(ValueError):
    """A line that is no record, with its number and what was expected there."""


@dataclass(frozen=True, slots=True)
class Record:
    """A text and the places that people marked in it."""

    text: str
    spans: tuple[Place, ...]


@dataclass(slots=True)
class Score:
    """Counts for one type, or for several together."""

    spans: int = 0
    candidates: int = 0
    hits: int = 0
    exact: int = 0

    def add(self, other: Score) -> None:
        self.spans += other.spans
        self.candidates += other.candidates
        self.hits += other.hits
        self.exact += other.exact

    @property
    def precision(self) -> float | None:
        return self.hits / self.candidates if self.candidates else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.spans if self.spans else None

    @property
    def f1(self) -> float | None:
        return 2 * self.hits / (self.spans + self.candidates) if self.spans + self.candidates else None

    def as_dict(self) -> dict[str, object]:
        return {
            "spans": self.spans,
            "candidates": self.candidates,
            "hits": self.hits,
            "precision": self.precision,
            "precision_ci": wilson(self.hits, self.candidates),
            "recall": self.recall,
            "recall_ci": wilson(self.hits, self.spans),
            "f1": self.f1,
            "exact_boundaries": self.exact / self.hits if self.hits else None,
        }


@dataclass(slots=True)
class Evaluation:
    """What ``evaluate`` returns. ``errors`` lists (text, "missed" | "false", place) for those who want to
    look."""

    texts: int = 0
    texts_without_spans: int = 0
    false_on_texts_without_spans: int = 0
    seconds: float = 0.0
    types: dict[str, Score] = field(default_factory=dict)
    errors: list[tuple[str, str, Place]] = field(default_factory=list)

    def together(self, types: Iterable[str] | None = None) -> Score:
        """The counts of these types (all types by default) added up."""
        total = Score()
        for info_type in self.types if types is None else types:
            total.add(self.types.get(info_type, Score()))
        return total

    def as_dict(self) -> dict[str, object]:
        """The figures under the names that ``evaluate_candidates --json`` prints."""
        empty = self.texts_without_spans
        return {
            "texts": self.texts,
            "texts_per_second": self.texts / self.seconds if self.seconds else None,
            "overall": self.together().as_dict(),
            "study_types": self.together(STUDY_TYPES).as_dict(),
            "types": {info_type: self.types[info_type].as_dict() for info_type in sorted(self.types)},
            "texts_without_spans": empty,
            "false_positives_on_texts_without_spans": self.false_on_texts_without_spans,
            "false_positives_per_text_without_spans": self.false_on_texts_without_spans / empty
            if empty
            else None,
        }


def match(spans: Sequence[Place], candidates: Sequence[Place]) -> list[tuple[int, int]]:
    """Pairs of (span, candidate) indices with one type and an overlap, each index at most once.

    >>> match([(0, 5, "bsn"), (8, 12, "phone")], [(1, 5, "bsn"), (9, 12, "iban"), (2, 3, "bsn")])
    [(0, 0)]
    """
    overlaps = [
        (min(span[1], found[1]) - max(span[0], found[0]), -i, -j)
        for i, span in enumerate(spans)
        for j, found in enumerate(candidates)
        if span[2] == found[2] and min(span[1], found[1]) > max(span[0], found[0])
    ]
    pairs: list[tuple[int, int]] = []
    used_spans, used_candidates = set(), set()
    for _, i, j in sorted(overlaps, reverse=True):
        if -i not in used_spans and -j not in used_candidates:
            used_spans.add(-i)
            used_candidates.add(-j)
            pairs.append((-i, -j))
    return sorted(pairs)


def evaluate(
    records: Iterable[Record], detector: Callable[[str], list[Candidate]] = find_candidates
) -> Evaluation:
    """Run ``detector`` over the texts and compare. ``seconds`` is the detector's processor time."""
    result = Evaluation()
    for record in records:
        start = time.process_time()
        candidates = detector(record.text)
        result.seconds += time.process_time() - start
        result.texts += 1
        _count(result, record, [(found.start, found.end, found.info_type) for found in candidates])
    return result


def _count(result: Evaluation, record: Record, candidates: list[Place]) -> None:
    if not record.spans:
        result.texts_without_spans += 1
        result.false_on_texts_without_spans += len(candidates)
    pairs = match(record.spans, candidates)
    for places, name in ((record.spans, "spans"), (candidates, "candidates")):
        for info_type, number in Counter(place[2] for place in places).items():
            score = result.types.setdefault(info_type, Score())
            setattr(score, name, getattr(score, name) + number)
    for i, j in pairs:
        score = result.types[record.spans[i][2]]
        score.hits += 1
        score.exact += record.spans[i] == candidates[j]
    hit_spans, hit_candidates = {i for i, _ in pairs}, {j for _, j in pairs}
    result.errors += [(record.text, "missed", s) for i, s in enumerate(record.spans) if i not in hit_spans]
    result.errors += [(record.text, "false", c) for j, c in enumerate(candidates) if j not in hit_candidates]


def read_jsonl(lines: Iterable[str]) -> list[Record]:
    """Records of ``{"text": …, "spans": [{"start": …, "end": …, "type": …}]}``, one a line; empty lines
    are skipped.

    Raises ``BadRecord`` with the line's number at the first line that is something else.
    """
    return [_record(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _record(line: str, number: int) -> Record:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadRecord(f"line {number}, column {error.colno}: this is no JSON ({error.msg})") from None
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise BadRecord(f'line {number}: expected an object with a string "text"')
    text, spans = value["text"], value.get("spans", [])
    if not isinstance(spans, list):
        raise BadRecord(f'line {number}: "spans" should be a list')
    return Record(text, tuple(_span(span, text, number, index) for index, span in enumerate(spans, 1)))


def _span(span: object, text: str, line: int, index: int) -> Place:
    where = f"line {line}, span {index}"
    if not isinstance(span, dict):
        raise BadRecord(f'{where}: expected an object with "start", "end" and "type"')
    start, end, info_type = span.get("start"), span.get("end"), span.get("type")
    whole = isinstance(start, int) and isinstance(end, int) and not isinstance(start, bool)
    if not whole or not 0 <= start < end <= len(text):  # type: ignore[operator]
        raise BadRecord(
            f'{where}: "start" and "end" should be code points with 0 <= start < end <= {len(text)}, '
            f"not {start!r} and {end!r}"
        )
    if not isinstance(info_type, str) or not info_type:
        raise BadRecord(f'{where}: "type" should be an information type such as "phone"')
    return start, end, info_type  # type: ignore[return-value]
