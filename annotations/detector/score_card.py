"""Candidates against what coders, or the consensus, decided. Reads only.

The truth of a message is its final set of fragments: settled, the same from every coder, or of the one coder.
Messages on which coders differ and nobody decided are left out and counted. A candidate is right where it
overlaps a fragment of its own type, each counted once (`pii.evaluation.match`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..codebooks.lookup import lookup
from ..common.portions import portions
from ..finals.of_study import counted_rounds, rounds_with_fragments, study_spans
from ..models import Candidate, Message, Round, Study
from ..pii.evaluation import match
from ..results.population import PORTION
from ..statistics import Proportion

Place = tuple[int, int, str]


@dataclass(frozen=True)
class Miss:
    """A fragment without a candidate, or a candidate that is none; `other` is the type at that place."""

    message_id: int
    start: int
    end: int
    info_type: str
    other: str = ""


@dataclass
class TypeScore:
    info_type: str
    fragments: int = 0
    candidates: int = 0
    right: int = 0
    exact: int = 0
    missed: list[Miss] = field(default_factory=list)
    false: list[Miss] = field(default_factory=list)

    @property
    def precision(self) -> Proportion:
        return Proportion(self.right, self.candidates)

    @property
    def recall(self) -> Proportion:
        return Proportion(self.right, self.fragments)

    @property
    def boundaries(self) -> Proportion:
        """Hits whose boundaries are exactly those of the fragment."""
        return Proportion(self.exact, self.right)


@dataclass
class ScoreCard:
    version: str
    types: list[TypeScore]
    together: TypeScore
    messages: int = 0
    undecided: int = 0
    levels: dict[str, Proportion] = field(default_factory=dict)
    """Per level of confidence: candidates that are right, of all."""


def versions_of(study: Study) -> list[str]:
    """Detector versions with candidates in this study, newest first."""
    rows = Candidate.objects.filter(message__study=study).order_by().values_list("version", flat=True)
    return sorted(rows.distinct(), key=_natural, reverse=True)


def score_card(study: Study, version: str) -> ScoreCard:
    """The score of one detector version over every message that a coder finished in a round that counts."""
    truth, messages, undecided = truth_of(study)
    found: dict[int, list[Place]] = defaultdict(list)
    levels: dict[tuple[int, Place], str] = {}
    for some in portions(messages, PORTION):
        rows = Candidate.objects.filter(message_id__in=some, version=version)
        for pk, start, end, info_type, level in rows.values_list(
            "message_id", "start", "end", "info_type", "confidence"
        ):
            found[pk].append((start, end, info_type))
            levels[pk, (start, end, info_type)] = level
    scores: dict[str, TypeScore] = {}
    for pk in truth.keys() | found.keys():
        _count(scores, pk, sorted(truth.get(pk, ())), sorted(found.get(pk, ())))
    order = {key: index for index, key in enumerate(known_types(study))}
    types = sorted(scores.values(), key=lambda score: order.get(score.info_type, len(order)))
    return ScoreCard(version, types, _sum(types), len(messages), undecided, _by_level(types, levels))


def _by_level(types: Iterable[TypeScore], levels: Mapping[tuple[int, Place], str]) -> dict[str, Proportion]:
    """How often the candidates of each level are right, the surest level first."""
    made = Counter(levels.values())
    false = Counter(
        levels[miss.message_id, (miss.start, miss.end, miss.info_type)]
        for score in types
        for miss in score.false
    )
    return {
        level: Proportion(made[level] - false[level], made[level]) for level in Candidate.Confidence.values
    }


def truth_of(study: Study) -> tuple[dict[int, list[Place]], set[int], int]:
    """Fragments per message, the messages that were read and decided, and how many are undecided."""
    truth: dict[int, list[Place]] = {}
    undecided: set[int] = set()
    rounds = counted_rounds(study)
    for final in study_spans(rounds):
        if final.message_id is None:
            continue
        if isinstance(final.value, tuple):
            truth[final.message_id] = [(span.start, span.end, span.category) for span in final.value]
        else:
            undecided.add(final.message_id)
    read = set().union(*map(_read, rounds_with_fragments(rounds)))
    return truth, read - undecided, len(undecided)


def _read(round_: Round) -> set[int]:
    rows = Message.objects.filter(
        conversation__assignments__round=round_,
        conversation__assignments__coding__state="finished",
        state=Message.State.PRESENT,
    )
    return set(rows.order_by().values_list("id", flat=True).distinct())


def _count(scores: dict[str, TypeScore], message_id: int, spans: list[Place], found: list[Place]) -> None:
    pairs = match(spans, found)
    hit_spans, hit_candidates = {span for span, _ in pairs}, {candidate for _, candidate in pairs}
    for index, (start, end, info_type) in enumerate(spans):
        score = scores.setdefault(info_type, TypeScore(info_type))
        score.fragments += 1
        if index not in hit_spans:
            score.missed.append(Miss(message_id, start, end, info_type, _at(found, start, end)))
    for index, (start, end, info_type) in enumerate(found):
        score = scores.setdefault(info_type, TypeScore(info_type))
        score.candidates += 1
        if index not in hit_candidates:
            score.false.append(Miss(message_id, start, end, info_type, _at(spans, start, end)))
    for span, candidate in pairs:
        score = scores[spans[span][2]]
        score.right += 1
        score.exact += spans[span][:2] == found[candidate][:2]


def _at(places: list[Place], start: int, end: int) -> str:
    """The type of the first of these places that overlaps."""
    return next((kind for low, high, kind in places if low < end and start < high), "")


def _sum(types: list[TypeScore]) -> TypeScore:
    total = TypeScore("")
    for score in types:
        total.fragments += score.fragments
        total.candidates += score.candidates
        total.right += score.right
        total.exact += score.exact
    return total


def known_types(study: Study) -> list[str]:
    """Kinds of information in the study's codebook, in its order."""
    variable = lookup(study.codebook_version_id).type_variable
    return list(variable.by_key) if variable else []


def _natural(version: str) -> tuple[tuple[int, str], ...]:
    parts = version.replace("+", ".").split(".")
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
