"""Near-identical messages that one coder coded differently: a list to look at. Reads only.

Two messages are near-identical when the same is left of them without handles, links, numbers, capitals and
signs, or when what is left is alike to 92 percent (rapidfuzz) and begins and ends with the same word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..coding.coded import CodedValue, coded_values
from ..common.masking import mask
from ..finals.thread import masked_places
from ..finals.wording import value_label
from ..models import Message, Round
from ..reliability.report import coder_names
from ..training.key import judged

ALIKE = 92
SHORTEST = 12
"""Characters: shorter texts (thanks, yes please) mean what stands around them."""
MOST = 200
BUCKET = 60
_NOISE = re.compile(r"https?://\S+|[@#]\w+|\d+|[^\w\s]|_")


@dataclass(frozen=True)
class Twin:
    """One pair. `first` and `second`: conversation number, message, text, answer."""

    coder: str
    variable: str
    first: tuple[int, int, str, str]
    second: tuple[int, int, str, str]

    @property
    def sides(self) -> tuple[tuple[int, int, str, str], tuple[int, int, str, str]]:
        return self.first, self.second


def core(text: str) -> str:
    """What is left of a text.

    >>> core("@bank Hallo, mijn nummer is 0612!")
    'hallo mijn nummer is'
    """
    return " ".join(_NOISE.sub(" ", text).lower().split())


def contradicting(round_: Round, language: str) -> list[Twin]:
    """Pairs of one coder's finished messages that are near-identical and coded differently."""
    keys = [variable.key for variable in judged(round_) if variable.level == "message"]
    answers: dict[tuple[int, str], list[CodedValue]] = defaultdict(list)
    for row in coded_values(round_, variables=keys):
        if row.value not in (Missing.NOT_APPLICABLE, Missing.NOT_CODED):
            answers[row.coder_id, row.variable].append(row)
    ids = {row.message_id for rows in answers.values() for row in rows if row.message_id}
    texts = dict(Message.objects.filter(pk__in=ids).values_list("pk", "text"))
    alike = _alike({pk: core(text) for pk, text in texts.items()})
    pairs = [
        (coder, variable, one, other)
        for (coder, variable), rows in answers.items()
        for one, other in _differing(rows, alike)
    ][:MOST]
    return _shown(round_, pairs, language)


def _alike(cores: dict[int, str]) -> dict[int, set[int]]:
    """Message -> the messages that are near-identical to it."""
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    same: dict[str, list[int]] = defaultdict(list)
    for pk, left in cores.items():
        if len(left) >= SHORTEST:
            same[left].append(pk)
    for left, group in same.items():
        words = left.split()
        buckets[words[0], words[-1]].append(group[0])
    near: dict[int, set[int]] = defaultdict(set)
    for group in same.values():
        for one, other in combinations(group, 2):
            near[one].add(other)
            near[other].add(one)
    for firsts in buckets.values():
        for one, other in combinations(firsts[:BUCKET], 2):
            if fuzz.ratio(cores[one], cores[other], score_cutoff=ALIKE):
                _join(near, same[cores[one]], same[cores[other]])
    return near


def _join(near: dict[int, set[int]], ones: list[int], others: list[int]) -> None:
    for one in ones:
        near[one] |= set(others)
    for other in others:
        near[other] |= set(ones)


def _differing(rows: list[CodedValue], alike: dict[int, set[int]]) -> Iterator[tuple[CodedValue, CodedValue]]:
    by_message = {row.message_id: row for row in rows if row.message_id is not None}
    for message_id, row in by_message.items():
        for other_id in alike.get(message_id, ()):
            other = by_message.get(other_id)
            if other is not None and message_id < other_id and other.value != row.value:
                yield row, other


def _shown(round_: Round, pairs: list[tuple[int, str, CodedValue, CodedValue]], language: str) -> list[Twin]:
    codebook = lookup(round_.codebook_version_id)
    names = coder_names(round_.study_id, usernames=False)
    ids = {row.message_id for pair in pairs for row in pair[2:]}
    messages = {row.pk: row for row in Message.objects.filter(pk__in=ids).select_related("conversation")}
    masked = masked_places(round_.study, [row.conversation_id for row in messages.values()]) if ids else {}

    def side(row: CodedValue) -> tuple[int, int, str, str]:
        message = messages[row.message_id or 0]
        spec = codebook.spec.by_key[row.variable]
        text = mask(message.text, masked.get(message.pk, []))
        answer = value_label(codebook, spec, row.value, language)
        return message.conversation.number, message.pk, text[:200], answer

    labels = {key: in_language(spec.label, language) for key, spec in codebook.spec.by_key.items()}
    return [
        Twin(names.get(coder, "–"), labels[variable], side(one), side(two))
        for coder, variable, one, two in pairs
    ]
