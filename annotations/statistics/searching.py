"""How often something occurs, where messages were screened until enough were found.

Why not r / N: the search ends on a find, so the last message screened is a find for certain. Found by chance
is what came before it: r - 1 of N - 1. Finds over screened is too high on average, most so for few finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from .estimates import Estimate, Interval, Undefined
from .proportions import clopper_pearson


def inverse_sampling(found: int, screened: int) -> Estimate:
    """The share of finds among messages that were screened until the `found`-th: (r - 1) / (N - 1).

    Interval: exact, Beta(.025; r, N - r + 1) to Beta(.975; r, N - r). Undefined with a single find (the
    interval is not), and before any. Haldane (1945), On a method of estimating frequencies, Biometrika 33,
    222-225; interval: George & Elston (1993), Confidence limits based on the first occurrence of an event,
    Statistics in Medicine 12, 685-690, for any r.

    >>> share = inverse_sampling(50, 412)
    >>> round(share.value, 4), [round(bound, 4) for bound in share.interval]
    (0.1192, [0.0914, 0.1545])
    """
    if not found:
        return Estimate(None, undefined=Undefined.NO_UNITS if not screened else Undefined.NO_EVENTS)
    from scipy import special

    low = float(special.betaincinv(found, screened - found + 1, 0.025))
    high = float(special.betaincinv(found, screened - found, 0.975)) if screened > found else 1.0
    if found == 1:
        return Estimate(None, (low, high), Undefined.TOO_FEW)
    return Estimate((found - 1) / (screened - 1), (low, high))


def share_found(found: int, screened: int, *, until_found: bool) -> Estimate:
    """Share of finds among screened messages, by the rule that ended the screening.

    `until_found`: it ended on reaching the number of finds wished for. Else (a date, a number of messages, or
    the end of the archive) it is found / screened with the interval of Clopper and Pearson.

    >>> share_found(20, 200, until_found=False).value
    0.1
    """
    if until_found:
        return inverse_sampling(found, screened)
    if not screened:
        return Estimate(None, undefined=Undefined.NO_UNITS)
    return Estimate(found / screened, clopper_pearson(found, screened))


@dataclass(frozen=True)
class Elusion:
    """Finds among messages that nobody would have seen: `share` of them, and `missed` in number."""

    share: Estimate
    missed: Estimate


def elusion(found: int, sampled: int, unseen: int) -> Elusion:
    """What a random sample of the unseen messages says of all of them: `found` of `sampled`, out of `unseen`.

    The interval is exact for a sample without replacement: the numbers of finds under which what was found,
    or less, and what was found, or more, both have a chance above .025. Buonaccorsi (1987), A note on
    confidence intervals for proportions in finite populations, American Statistician 41, 215-218; the term:
    Roitblat (2007), Search and information retrieval science, Sedona Conference Journal 8.

    >>> found = elusion(0, 300, 10_000)
    >>> found.missed.value, found.missed.interval
    (0.0, (0.0, 120.0))
    """
    if not unseen:
        return Elusion(Estimate(0.0, (0.0, 0.0)), Estimate(0.0, (0.0, 0.0)))
    if not sampled:
        nothing = Estimate(None, undefined=Undefined.NO_UNITS)
        return Elusion(nothing, nothing)
    low, high = _finite_interval(found, sampled, unseen)
    share = Estimate(found / sampled, (low / unseen, high / unseen))
    return Elusion(share, Estimate(found / sampled * unseen, (float(low), float(high))))


def _finite_interval(found: int, sampled: int, population: int) -> tuple[int, int]:
    from scipy import stats

    def is_low_enough(finds: int) -> bool:
        return bool(stats.hypergeom.cdf(found, population, finds, sampled) > 0.025)

    def is_high_enough(finds: int) -> bool:
        return bool(stats.hypergeom.sf(found - 1, population, finds, sampled) > 0.025)

    least, most = found, population - (sampled - found)
    low = _first(is_high_enough, least, most)
    high = _first(lambda finds: not is_low_enough(finds), least, most + 1) - 1
    return low, high


def _first(is_reached: Callable[[int], bool], low: int, high: int) -> int:
    """The first of low, low + 1, ..., high for which it holds; from there on it holds. Else `high`."""
    while low < high:
        middle = (low + high) // 2
        if is_reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True)
class TwoStep:
    """Messages with a candidate were screened, of those without a sample.

    `share`: of finds among both kinds together. `recall`: which part of all finds the screening of candidates
    could see. `missed`: finds among the messages without a candidate.
    """

    share: Estimate
    recall: Estimate
    missed: Estimate


def two_step(
    found: int, screened: int, *, until_found: bool, elusion_found: int, sampled: int, unseen: int
) -> TwoStep:
    """The share of finds among all messages of a window, where only those with a candidate were screened.

    `screened`: messages with a candidate in the window, `found` of them finds; `unseen`: messages without
    one, of which `sampled` were drawn and `elusion_found` were finds. Both shares are weighted by the
    messages they stand for; the interval joins theirs: Zou & Donner (2008), Construction of confidence limits
    about effect measures: a general approach, Statistics in Medicine 27, 1693-1702.

    >>> found = two_step(50, 400, until_found=True, elusion_found=1, sampled=300, unseen=9_600)
    >>> round(found.share.value, 4), round(found.recall.value, 2)
    (0.0081, 0.61)
    """
    seen = share_found(found, screened, until_found=until_found)
    rest = elusion(elusion_found, sampled, unseen)
    return TwoStep(_weighted(seen, screened, rest.share, unseen), _recall(found, rest.missed), rest.missed)


def _weighted(first: Estimate, of_first: int, second: Estimate, of_second: int) -> Estimate:
    parts = [(first, of_first), (second, of_second)]
    for estimate, _units in parts:
        if estimate.value is None:
            return Estimate(None, undefined=estimate.undefined)
    units = of_first + of_second
    value = sum(n / units * _value(estimate) for estimate, n in parts)
    below = sqrt(sum((n / units * (_value(part) - _bounds(part)[0])) ** 2 for part, n in parts))
    above = sqrt(sum((n / units * (_bounds(part)[1] - _value(part))) ** 2 for part, n in parts))
    return Estimate(value, (max(0.0, value - below), min(1.0, value + above)))


def _value(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def _bounds(estimate: Estimate) -> Interval:
    assert estimate.interval is not None
    return estimate.interval


def _recall(found: int, missed: Estimate) -> Estimate:
    if missed.value is None or missed.interval is None:
        return Estimate(None, undefined=missed.undefined)
    if not found + missed.value:
        return Estimate(None, undefined=Undefined.NO_EVENTS)
    low, high = missed.interval
    return Estimate(
        found / (found + missed.value), (found / (found + high), found / (found + low) if found else 0.0)
    )
