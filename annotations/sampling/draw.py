"""Seeded draws: which conversations, and who codes which of them. PURE: neither Django nor the database.

Every draw depends on the seed and on the ids alone, never on the order in which they come in: ids are sorted
first. The generator is Python's Mersenne Twister seeded with a string (`random.Random("7:sample")`) and used
for `shuffle` only, which has given the same order in every Python since 3.2, so that a draw in a paper's
appendix can be repeated. Each purpose has a generator of its own: another share of conversations coded by
everybody does not change which conversations were drawn.

Drawn in shares: proportional allocation with the largest remainder (Hare quota).
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Stratum = TypeVar("Stratum", bound=Hashable)
SEED_LIMIT = 2**63


@dataclass(frozen=True)
class Plan:
    """Who codes what. `by_coder` holds each coder's conversations in the coder's own random order."""

    by_coder: Mapping[int, Sequence[int]]
    shared: frozenset[int] = field(default_factory=frozenset)

    @property
    def conversations(self) -> set[int]:
        return set().union(*self.by_coder.values()) if self.by_coder else set()


def propose_seed() -> int:
    """A seed that is short enough to print in a paper."""
    return secrets.randbelow(90_000_000) + 10_000_000


def shuffled(ids: Iterable[int], seed: int, purpose: str) -> list[int]:
    """The ids in random order; the same for the same ids, seed and purpose."""
    order = sorted(ids)
    random.Random(f"{seed}:{purpose}").shuffle(order)  # noqa: S311 (a sample, not a secret)
    return order


def draw_simple(ids: Iterable[int], size: int, seed: int) -> list[int]:
    """`size` of the ids by simple random sampling without replacement, in drawn order.

    Raises ValueError when there are fewer than `size`.
    """
    order = shuffled(ids, seed, "sample")
    if not 0 <= size <= len(order):
        raise ValueError(f"cannot draw {size} of {len(order)}")
    return order[:size]


def draw_stratified(strata: Mapping[Stratum, Sequence[int]], size: int, seed: int) -> list[int]:
    """`size` ids, from every stratum in proportion to its size; drawn simply within each stratum.

    `strata` maps a stratum (an organisation) to its ids; an id stands in one stratum. Raises ValueError
    when there are fewer than `size` ids.
    """
    sizes = allocate({stratum: len(ids) for stratum, ids in strata.items()}, size)
    return [
        drawn
        for stratum in _ordered(strata)
        for drawn in shuffled(strata[stratum], seed, f"sample:{stratum}")[: sizes[stratum]]
    ]


def allocate(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    """Divides `total` over strata in proportion to `sizes`, whole numbers, largest remainders first.

    No stratum gets more than its size, none is more than one off its exact share. Equal remainders go to the
    larger stratum, then to the first key. Raises ValueError when `total` is more than all sizes together.
    """
    everything = sum(sizes.values())
    if not 0 <= total <= everything:
        raise ValueError(f"cannot divide {total} over {everything}")
    if not everything:
        return dict.fromkeys(sizes, 0)
    # Whole numbers throughout: size * total may be beyond what a float holds exactly.
    shares = {stratum: divmod(size * total, everything) for stratum, size in sizes.items()}
    allocation = {stratum: whole for stratum, (whole, _) in shares.items()}
    left = total - sum(allocation.values())
    order = sorted(shares, key=lambda stratum: (-shares[stratum][1], -sizes[stratum], str(stratum)))
    for stratum in order[:left]:
        allocation[stratum] += 1
    return allocation


def assign(
    strata: Mapping[Stratum, Sequence[int]],
    coders: Sequence[int],
    *,
    shared: int,
    seed: int,
    load: Mapping[int, int] | None = None,
) -> Plan:
    """Divides conversations over coders at random and evenly.

    Of each organisation (`strata`: organisation -> conversation ids) a proportional part of the `shared`
    conversations goes to every coder. The others are dealt like cards, organisation after organisation from
    large to small without starting the round anew. So coders differ by at most one conversation, in total
    and per organisation, and whoever gets two or more sees two or more organisations, unless fewer
    conversations lie outside the largest organisation than there are coders.

    `load` (coder -> conversations already given) only says who comes first and so gets the odd one.
    Raises ValueError without coders or with more shared conversations than there are.
    """
    if not coders or len(set(coders)) != len(coders):
        raise ValueError("one or more different coders are needed")
    parts = allocate({stratum: len(ids) for stratum, ids in strata.items()}, shared)
    hand: dict[int, list[int]] = {coder: [] for coder in coders}
    everybody: list[int] = []
    turn = shuffled(coders, seed, "coders")
    turn.sort(key=lambda coder: (load or {}).get(coder, 0))
    dealt = 0
    for stratum in _ordered(strata):
        order = shuffled(strata[stratum], seed, f"assign:{stratum}")
        everybody += order[: parts[stratum]]
        for conversation in order[parts[stratum] :]:
            hand[turn[dealt % len(turn)]].append(conversation)
            dealt += 1
    return Plan(
        by_coder={coder: shuffled(ids + everybody, seed, f"order:{coder}") for coder, ids in hand.items()},
        shared=frozenset(everybody),
    )


def withhold(order: Sequence[int], share: float, seed: int, coder: int) -> frozenset[int]:
    """The conversations a coder sees without highlights: a random `share` (0 to 1), rounded to the nearest.

    Drawn per coder, so that each coder works with and without highlights in the same proportion.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    size = int(len(order) * share + 0.5)
    return frozenset(shuffled(order, seed, f"withhold:{coder}")[:size])


def _ordered(strata: Mapping[Stratum, Sequence[int]]) -> list[Stratum]:
    """Strata from large to small; equally large ones by name."""
    return sorted(strata, key=lambda stratum: (-len(strata[stratum]), str(stratum)))
