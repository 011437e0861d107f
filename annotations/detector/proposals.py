"""Rules that the coders' work suggests. Reads only.

A finding rule comes from fragments that coders marked and the detector missed: where several stand
after the same word and have the same outline, that word with their shape is proposed. A silencing rule comes
from candidates after one word that coders always turned down.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..importing.store.study_rules import as_rules, in_force
from ..models import Message, Study
from ..pii import Rule
from ..pii.context import is_link, kind_of
from ..pii.lexicon import words
from ..pii.rules import FIND, REACH, SILENCE, findings, is_silenced, outline, shape_of
from .score_card import Miss, ScoreCard
from .trial import Trial, trials

ENOUGH = 2
"""Fragments in different messages that a finding rule rests on."""
ALWAYS = 3
"""Candidates turned down, and none accepted, that a silencing rule rests on."""
MOST = 20
MOST_MISSES = 2_000
_WORD = re.compile(r"[^\W\d_]{2,40}")
_LONGEST_VALUE = 40


@dataclass(frozen=True)
class Proposal:
    """``support``: in how many messages coders' work suggests it; ``trial``: what it does in the study."""

    rule: Rule
    support: int
    trial: Trial


def proposals(study: Study, card: ScoreCard, version: str) -> list[Proposal]:
    """At most 20, the most useful first; none that was turned down, none for what the rules in force do
    already, perhaps in another shape, before the study is scanned with them."""
    known = set(as_rules(study.detector_rules.filter(withdrawn_in__isnull=True)))
    holding = as_rules(in_force(study))
    suggested = {**_finding(card, holding), **_silencing(card, holding)}
    rules = [rule for rule in suggested if rule not in known]
    rules = sorted(rules, key=lambda rule: (-suggested[rule], rule.word))[: 3 * MOST]
    tried = trials(study, rules, version)
    useful = [
        Proposal(rule, suggested[rule], tried[rule])
        for rule in rules
        if len(tried[rule].right) >= (ENOUGH if rule.kind == FIND else ALWAYS)
        and (rule.kind == FIND or not tried[rule].wrong)
    ]
    useful.sort(key=lambda each: (len(each.trial.wrong) - len(each.trial.right), each.rule.word))
    return _without_doubles(useful)[:MOST]


def _without_doubles(found: Sequence[Proposal]) -> list[Proposal]:
    """Leave out a proposal that finds nothing beyond what a better one does."""
    kept: list[Proposal] = []
    covered: set[tuple[str, Miss]] = set()
    for proposal in found:
        places = {(proposal.rule.kind, miss) for miss in proposal.trial.right}
        if not places <= covered:
            kept.append(proposal)
            covered |= places
    return kept


def _texts(misses: Iterable[Miss]) -> dict[int, str]:
    ids = {miss.message_id for miss in misses}
    return dict(Message.objects.filter(pk__in=ids).values_list("pk", "text"))


def _finding(card: ScoreCard, holding: Sequence[Rule]) -> dict[Rule, int]:
    misses = [miss for score in card.types for miss in score.missed][:MOST_MISSES]
    texts = _texts(misses)
    behind: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for miss in misses:
        text = texts[miss.message_id]
        value = text[miss.start : miss.end].strip()
        if not any(map(str.isdigit, value)) or len(value) > _LONGEST_VALUE:
            continue
        if any(
            found.info_type == miss.info_type and found.start < miss.end and miss.start < found.end
            for found in findings(text, holding)
        ):
            continue
        for word in _words_before(text, miss.start):
            behind[miss.info_type, word, outline(value)][miss.message_id] = value
    found = {}
    for (info_type, word, _outline), values in behind.items():
        shape = shape_of(sorted(set(values.values()))) if len(values) >= ENOUGH else None
        if shape:
            found[Rule(FIND, info_type, word, shape)] = len(values)
    return found


def _silencing(card: ScoreCard, holding: Sequence[Rule]) -> dict[Rule, int]:
    misses = [miss for score in card.types for miss in score.false if not miss.other][:MOST_MISSES]
    texts = _texts(misses)
    behind: dict[tuple[str, str], set[int]] = defaultdict(set)
    for miss in misses:
        text = texts[miss.message_id]
        if is_silenced(text, miss.start, miss.end, miss.info_type, holding):
            continue
        for word in _words_before(text, miss.start)[:2]:
            behind[miss.info_type, word].add(miss.message_id)
    return {
        Rule(SILENCE, info_type, word): len(messages)
        for (info_type, word), messages in behind.items()
        if len(messages) >= ALWAYS
    }


def _words_before(text: str, start: int) -> list[str]:
    """The telling words before a place, the nearest first; linking words and handles say nothing."""
    before = text[max(0, start - REACH) : start].rpartition("\n")[2].lower()
    found = [
        match.group()
        for match in _WORD.finditer(before)
        if before[max(0, match.start() - 1) : match.start()] not in ("@", "#")
    ]
    if start > REACH and before[:1].isalpha() and text[start - REACH - 1].isalnum():
        found = found[1:]  # cut in half
    return [
        word
        for word in reversed(found)
        if word not in _SAYS_NOTHING and (kind_of(word) is not None or not is_link(word))
    ]


_SAYS_NOTHING = frozenset(
    words(
        "de het een is en of ik je jij u we wij ze mijn my the a an and or i you it to in op te voor van met "
        "om bij aan dat die dit niet geen nog wel ook al er was ben heb hebt heeft had have has for on at "
        "with this that nummer nr number"
    )
)
