"""The score card and the influence of highlights as text for the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..common.figures import below_one
from ..models import Candidate, Study
from ..pii import Rule
from ..results.shown import percent, points, rounded
from ..statistics import Proportion
from .influence import Figure, Influence
from .proposed_answers import ProposedAnswers
from .score_card import ScoreCard, TypeScore

UNSEEN = {"high": Proportion(98, 101), "medium": Proportion(85, 88)}
"""Right candidates per level of detector 2.2 on 231 messages, scored once before anybody looked at a miss."""


@dataclass(frozen=True)
class ShownScore:
    info_type: str
    label: str
    fragments: int
    candidates: int
    precision: str
    precision_interval: str
    recall: str
    recall_interval: str
    boundaries: str
    missed: int
    false: int


@dataclass(frozen=True)
class ShownCard:
    rows: list[ShownScore]
    together: ShownScore
    messages: int
    undecided: int
    levels: list[ShownLevel]


@dataclass(frozen=True)
class ShownLevel:
    """How often the candidates of a level are right: in this study, and on texts never seen before."""

    label: str
    candidates: int
    precision: str
    interval: str
    unseen: str
    unseen_n: int


def type_choices(study: Study, language: str) -> list[tuple[str, str]]:
    """(key, label) of the kinds of information in the study's codebook."""
    codebook = lookup(study.codebook_version_id)
    keys = codebook.type_variable.by_key if codebook.type_variable else ()
    return [(key, codebook.type_label(key, language)) for key in keys]


@dataclass(frozen=True)
class ShownRule:
    rule: Rule
    label: str


def shown_rule(study: Study, rule: Rule, language: str) -> ShownRule:
    codebook = lookup(study.codebook_version_id)
    return ShownRule(rule, codebook.type_label(rule.info_type, language))


def shown_card(study: Study, card: ScoreCard, language: str) -> ShownCard:
    codebook = lookup(study.codebook_version_id)
    rows = [_score(score, codebook.type_label(score.info_type, language)) for score in card.types]
    levels = [_level(level, here) for level, here in card.levels.items()]
    return ShownCard(rows, _score(card.together, ""), card.messages, card.undecided, levels)


def _level(level: str, here: Proportion) -> ShownLevel:
    label = _("Certain") if level == Candidate.Confidence.HIGH else _("Less certain")
    unseen = UNSEEN[level]
    return ShownLevel(label, here.of, *_share(here), " ".join(_share(unseen)), unseen.of)


def _score(score: TypeScore, label: str) -> ShownScore:
    return ShownScore(
        score.info_type,
        label,
        score.fragments,
        score.candidates,
        *_share(score.precision),
        *_share(score.recall),
        _share(score.boundaries)[0],
        len(score.missed),
        len(score.false),
    )


def _share(proportion: Proportion) -> tuple[str, str]:
    if proportion.share is None or proportion.wilson is None:
        return "–", ""
    low, high = proportion.wilson
    return percent(proportion.share), f"[{points(low)}; {points(high)}]"


@dataclass(frozen=True)
class ShownInfluence:
    """(with, without) per figure; `has_both` is false while no conversation was coded without highlights."""

    has_both: bool
    fragments: tuple[str, str]
    agreement: tuple[str, str]
    seconds: tuple[str, str]
    difference: str


def shown_influence(found: Influence) -> ShownInfluence:
    def both(name: str, written: Callable[[float], str]) -> tuple[str, str]:
        return (
            _text(getattr(found.shown, name), written),
            _text(getattr(found.withheld, name), written),
        )

    return ShownInfluence(
        bool(found.shown.fragments.n and found.withheld.fragments.n),
        both("fragments", _mean),
        both("agreement", below_one),
        both("seconds", lambda value: rounded(value, 0)),
        _text(found.difference, _mean),
    )


@dataclass(frozen=True)
class ShownShare:
    value: str
    interval: str
    n: int


@dataclass(frozen=True)
class ShownProposed:
    """`shares`: confirmed; agreement and equal to the decision, each free and confirmed."""

    label: str
    free: int
    proposed: int
    shares: list[ShownShare]


def shown_proposed(study: Study, found: Sequence[ProposedAnswers], language: str) -> list[ShownProposed]:
    known = lookup(study.codebook_version_id).spec.by_key
    return [
        ShownProposed(
            in_language(known[row.variable].label, language) if row.variable in known else row.variable,
            row.free,
            row.confirmed.n,
            [
                _mean_share(figure)
                for figure in (
                    row.confirmed,
                    row.agreement_free,
                    row.agreement_confirmed,
                    row.settled_free,
                    row.settled_confirmed,
                )
            ],
        )
        for row in found
    ]


def _mean_share(figure: Figure) -> ShownShare:
    if figure.value is None:
        return ShownShare("–", "", 0)
    interval = "[{}; {}]".format(*map(points, figure.interval)) if figure.interval else ""
    return ShownShare(percent(figure.value), interval, figure.n)


def _mean(value: float) -> str:
    return rounded(value, 2)


def _text(figure: Figure, written: Callable[[float], str]) -> str:
    if figure.value is None:
        return "–"
    text = written(figure.value)
    if figure.interval:
        low, high = map(written, figure.interval)
        text += f" [{low}; {high}]"
    return f"{text} (n = {figure.n})"
