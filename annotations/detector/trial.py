"""What a rule would do in the study, before it is accepted. Reads only.

One pass over the messages for all rules together. A hit is right where coders marked the same kind of
information there, wrong where they read the message and did not, and new where nobody has read it yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..models import Candidate, Message, Study
from ..pii import Rule
from ..pii.normalise import mask
from ..pii.rules import FIND, SILENCE, findings, is_silenced
from .score_card import Miss, Place, truth_of

MOST_KEPT = 2_000


@dataclass
class Trial:
    """Hits of a finding rule that are right, wrong, or new to look at.

    Of a silencing rule: the candidates it drops rightly (coders turned them down), wrongly (coders accepted
    them), or on which nobody decided.
    """

    right: list[Miss] = field(default_factory=list)
    wrong: list[Miss] = field(default_factory=list)
    new: list[Miss] = field(default_factory=list)
    already: int = 0
    """Hits where the detector has a candidate of this type already."""


def trials(study: Study, rules: Sequence[Rule], version: str) -> dict[Rule, Trial]:
    """What each rule would do beside the candidates of this version."""
    found = {rule: Trial() for rule in rules}
    if not rules:
        return found
    truth, decided, _undecided = truth_of(study)
    finding = [rule for rule in rules if rule.kind == FIND]
    silencing = [rule for rule in rules if rule.kind == SILENCE]
    for portion in _portions(study, rules):
        candidates = _candidates(portion, version)
        for pk, text in portion:
            plain = mask(text)
            there = candidates.get(pk, [])
            spans = truth.get(pk, [])
            for rule in finding:
                for hit in findings(plain, [rule]):
                    _count_hit(
                        found[rule], Miss(pk, hit.start, hit.end, rule.info_type), there, spans, pk in decided
                    )
            for rule in silencing:
                for start, end, info_type in there:
                    if is_silenced(plain, start, end, info_type, [rule]):
                        _count_silenced(found[rule], Miss(pk, start, end, info_type), spans, pk in decided)
    return found


def _portions(study: Study, rules: Sequence[Rule]) -> Iterator[list[tuple[int, str]]]:
    """Messages in which any of the rules' words stands, a thousand at a time."""
    words = {rule.word for rule in rules}
    rows = Message.objects.filter(study=study, state=Message.State.PRESENT).order_by("id")
    portion: list[tuple[int, str]] = []
    for pk, text in rows.values_list("id", "text").iterator(chunk_size=2_000):
        low = text.lower()
        if any(word in low for word in words):
            portion.append((pk, text))
        if len(portion) == 1_000:
            yield portion
            portion = []
    if portion:
        yield portion


def _candidates(portion: Sequence[tuple[int, str]], version: str) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    rows = Candidate.objects.filter(message_id__in=[pk for pk, _ in portion], version=version)
    for pk, start, end, info_type in rows.values_list("message_id", "start", "end", "info_type"):
        found[pk].append((start, end, info_type))
    return found


def _overlaps(miss: Miss, places: Sequence[Place]) -> bool:
    return any(
        start < miss.end and miss.start < end and kind == miss.info_type for start, end, kind in places
    )


def _count_hit(
    trial: Trial, hit: Miss, candidates: Sequence[Place], spans: Sequence[Place], decided: bool
) -> None:
    if _overlaps(hit, candidates):
        trial.already += 1
    elif not decided:
        _keep(trial.new, hit)
    else:
        _keep(trial.right if _overlaps(hit, spans) else trial.wrong, hit)


def _count_silenced(trial: Trial, candidate: Miss, spans: Sequence[Place], decided: bool) -> None:
    if not decided:
        _keep(trial.new, candidate)
    else:
        _keep(trial.wrong if _overlaps(candidate, spans) else trial.right, candidate)


def _keep(places: list[Miss], place: Miss) -> None:
    if len(places) < MOST_KEPT:
        places.append(place)
