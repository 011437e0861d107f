"""Where finished codings of a round differ: the units, who waits and in which order. Reads only.

Comparing is the database's work, in a constant number of queries: a thousand conversations of three coders
are some hundred thousand codes. What differs is remembered under the stamp of all it rests on;
what has been settled is read every time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max, Min, Value
from django.db.models.functions import Coalesce

from ..codebooks.carrying import carrier
from ..codebooks.lookup import Lookup, lookup
from ..coding.coded import codings_of
from ..coding.stamp import stamp_of
from ..finals.of_round import Key, coders_spans
from ..models import Assignment, Code, Consensus, Message, Round

REMEMBER = 24 * 60 * 60
OPEN, SETTLED, ALL = "open", "settled", "all"
STATES = (OPEN, SETTLED, ALL)
BY_VARIABLE, BY_SHARE, BY_ALPHA, BY_CONVERSATION = "variable", "share", "alpha", "conversation"
ORDERS = (BY_SHARE, BY_ALPHA, BY_VARIABLE, BY_CONVERSATION)

AlphasOf = Callable[[Round, Iterable[str]], dict[str, float | None]]
"""Krippendorff's alpha per variable of a round; None where undefined."""


class Disagreement(NamedTuple):
    """One variable of one unit on which coders differ."""

    variable: str
    conversation_id: int
    message_id: int | None
    number: int
    position: int | None
    organisation_id: int | None
    coders: int

    @property
    def key(self) -> Key:
        return self.variable, self.conversation_id, self.message_id


@dataclass(frozen=True)
class Comparison:
    """What differs in a round. Per variable `compared` counts the units that two or more coders finished,
    `differing` those on which they differ."""

    disagreements: tuple[Disagreement, ...]
    compared: dict[str, int]
    differing: dict[str, int]

    def share(self, variable: str) -> float:
        """The share of the compared units on which coders differ."""
        compared = self.compared.get(variable)
        return self.differing.get(variable, 0) / compared if compared else 0.0


@dataclass(frozen=True)
class Filter:
    """Which disagreements, and in which order. Empty: all of them."""

    variable: str = ""
    organisation_id: int | None = None
    state: str = OPEN
    order: str = BY_SHARE


@dataclass(frozen=True)
class DisagreementList:
    """The disagreements of a round that a filter leaves, in order, and how many are settled in all.

    `replaced`: units that a recode round asks again or took along; what is not settled of them is decided
    there, and is neither open here nor counted.
    """

    rows: tuple[Disagreement, ...]
    settled: frozenset[Key]
    replaced: frozenset[Key]
    total: int
    done: int
    comparison: Comparison

    @property
    def by_variable(self) -> dict[str, int]:
        """Disagreements per variable, whatever the filter."""
        return self.comparison.differing

    @property
    def open(self) -> int:
        return self.total - self.done

    def place_of(self, key: Key) -> int | None:
        return next((place for place, row in enumerate(self.rows) if row.key == key), None)

    def after(self, key: Key | None, *, only_open: bool = False) -> Disagreement | None:
        """The next one after `key`; from the top again when only open ones count."""
        place = self.place_of(key) if key else None
        start = 0 if place is None else place + 1
        rows = self.rows[start:] + (self.rows[:start] if only_open else ())
        return next((row for row in rows if row.key != key and not (only_open and self._is_done(row))), None)

    def _is_done(self, row: Disagreement) -> bool:
        return row.key in self.settled or row.key in self.replaced

    def before(self, key: Key) -> Disagreement | None:
        place = self.place_of(key)
        return self.rows[place - 1] if place else None


def compare(round_: Round) -> Comparison:
    """Every disagreement of a round, by variable, conversation and message; free text is never compared."""
    stamp = stamp_of(round_)
    if stamp is None:
        return Comparison((), {}, {})
    key = f"disagreements:{stamp}"
    known = cache.get(key)
    if not isinstance(known, Comparison):
        known = _compare(round_)
        cache.set(key, known, REMEMBER)
    return known


def disagreement_list(round_: Round, wanted: Filter, alphas_of: AlphasOf | None = None) -> DisagreementList:
    """The disagreements that the filter leaves; `alphas_of` is asked only where they are ordered by alpha."""
    found = compare(round_)
    everything = {item.key for item in found.disagreements}
    settled = frozenset(everything & settled_keys(round_))
    replaced = _coded_again(round_, everything)
    counted = sum(item.key in settled or item.key not in replaced for item in found.disagreements)
    rows = [item for item in found.disagreements if _passes(item, wanted, settled, replaced)]
    return DisagreementList(
        rows=tuple(sorted(rows, key=_order(round_, wanted.order, found, alphas_of))),
        settled=settled,
        replaced=replaced,
        total=counted,
        done=len(settled),
        comparison=found,
    )


def settled_keys(round_: Round) -> set[Key]:
    codebook = lookup(round_.codebook_version_id)
    rows = Consensus.objects.filter(round=round_).values_list("variable_id", "conversation_id", "message_id")
    return {
        (codebook.variables[variable_id].key, conversation_id, message_id)
        for variable_id, conversation_id, message_id in rows
    }


def _coded_again(round_: Round, keys: Collection[Key]) -> frozenset[Key]:
    """Those that a recode round of this one decides on: it holds the conversation, and asks the variable."""
    held: dict[int, set[int]] = defaultdict(set)
    rows = Assignment.objects.filter(round__recodes=round_).order_by()
    for version, conversation in rows.values_list("round__codebook_version_id", "conversation_id").distinct():
        held[version].add(conversation)
    found: set[Key] = set()
    for version, conversations in held.items():
        carried, known = carrier(round_.codebook_version_id, version), lookup(version).spec.by_key
        found |= {
            key
            for key in keys
            if key[1] in conversations and (carried.key(key[0]) if carried else key[0]) in known
        }
    return frozenset(found)


def count_open(rounds: Iterable[Round]) -> int:
    """How many disagreements wait for a decision."""
    return sum(disagreement_list(round_, Filter()).open for round_ in rounds)


def _passes(item: Disagreement, wanted: Filter, settled: frozenset[Key], replaced: frozenset[Key]) -> bool:
    if wanted.variable and item.variable != wanted.variable:
        return False
    if wanted.organisation_id is not None and item.organisation_id != wanted.organisation_id:
        return False
    if wanted.state == OPEN:
        return item.key not in settled and item.key not in replaced
    return wanted.state == ALL or item.key in settled


def _order(
    round_: Round, order: str, found: Comparison, alphas_of: AlphasOf | None
) -> Callable[[Disagreement], tuple[float, ...]]:
    codebook = lookup(round_.codebook_version_id)
    places = {key: place for place, key in enumerate(codebook.spec.by_key)}
    worst: dict[str, float] = dict.fromkeys(found.compared, 0.0)
    if order == BY_SHARE:
        worst = {key: -found.share(key) for key in found.compared}
    elif order == BY_ALPHA and alphas_of is not None:
        known = alphas_of(round_, found.differing)
        worst |= {key: 1.0 if value is None else value for key, value in known.items()}
    last = float("inf")

    def place(item: Disagreement) -> tuple[float, ...]:
        within = last if item.position is None else item.position
        if order == BY_CONVERSATION:
            return (item.number, within, places[item.variable])
        return (worst[item.variable], places[item.variable], item.number, within)

    return place


def _compare(round_: Round) -> Comparison:
    codebook = lookup(round_.codebook_version_id)
    rows: list[Disagreement] = []
    compared: dict[str, int] = defaultdict(int)
    for is_different, item in chain(_values(round_, codebook), _fragments(round_, codebook)):
        compared[item.variable] += 1
        if is_different:
            rows.append(item)
    return Comparison(tuple(rows), dict(compared), dict(Counter(item.variable for item in rows)))


def _values(round_: Round, codebook: Lookup) -> Iterator[tuple[bool, Disagreement]]:
    """Variables of messages and conversations: one row per unit that two or more coders coded."""
    wanted = [
        codebook.variable_ids[v.key]
        for v in codebook.spec.variables
        if v.level != "span" and not v.of_kind.is_free
    ]
    nothing = Value(-1)
    rows = (
        Code.objects.filter(coding__in=codings_of(round_), span__isnull=True, variable_id__in=wanted)
        .order_by()
        .values_list(
            "variable_id",
            "coding__assignment__conversation_id",
            "message_id",
            "coding__assignment__conversation__number",
            "message__position",
            "coding__assignment__conversation__organisation_id",
        )
        .annotate(
            codes=Count("id", distinct=True),
            low=Min(Coalesce("category_id", nothing)),
            high=Max(Coalesce("category_id", nothing)),
            low_missing=Min(Coalesce("missing", nothing)),
            high_missing=Max(Coalesce("missing", nothing)),
            low_number=Min("number"),
            high_number=Max("number"),
            chosen=Count("choices"),
            kinds=Count("choices__category_id", distinct=True),
        )
        .filter(codes__gte=2)
    )
    for variable_id, *unit, codes, low, high, low_m, high_m, low_n, high_n, chosen, kinds in rows.iterator():
        # Sets of categories are equal when each category that occurs was chosen by every coder.
        is_different = (low, low_m, low_n) != (high, high_m, high_n) or chosen != codes * kinds
        yield is_different, Disagreement._make((codebook.variables[variable_id].key, *unit, codes))


def _fragments(round_: Round, codebook: Lookup) -> Iterator[tuple[bool, Disagreement]]:
    """The sets of fragments of the messages in which anybody marked one."""
    variable = codebook.type_variable
    if variable is None:
        return
    sets = coders_spans(round_)
    places = {
        pk: place
        for pk, *place in Message.objects.filter(spans__coding__in=codings_of(round_))
        .distinct()
        .values_list("id", "conversation__number", "position", "conversation__organisation_id")
        .order_by("id")
    }
    for (conversation_id, message_id), by_coder in sets.items():
        if len(by_coder) > 1:
            unit = (conversation_id, message_id, *places[message_id])
            item = Disagreement._make((variable.key, *unit, len(by_coder)))
            sets_given = list(by_coder.values())
            yield any(spans != sets_given[0] for spans in sets_given), item
