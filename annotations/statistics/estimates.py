"""What a function of this package answers with: an estimate, a test, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""1.959964: what 95 percent of a normal distribution lies within, in standard deviations."""

Interval = tuple[float, float]
"""Lower and upper bound; `math.inf` where the data set no upper bound."""


class Undefined(StrEnum):
    """Why there is no figure. Data of an honest study never raise an exception."""

    NO_UNITS = "no_units"
    """Nothing was counted."""
    EMPTY_GROUP = "empty_group"
    """One of the groups to compare has no units."""
    ONE_VALUE = "one_value"
    """Every unit has the same value, so nothing can go together with it."""
    ONE_GROUP = "one_group"
    """Units of one group only."""
    TOO_FEW = "too_few"
    """Fewer units than the figure needs."""
    NO_DISCORDANT = "no_discordant"
    """No stratum or matched set in which both groups and both values occur."""
    NO_EVENTS = "no_events"
    """Nothing happened while it was looked at."""
    NOT_REACHED = "not_reached"
    """It happened to fewer than half of the units."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; `value` is None where undefined, and `undefined` says why."""

    value: float | None
    interval: Interval | None = None
    undefined: Undefined | None = None


@dataclass(frozen=True)
class Significance:
    """A test of no difference, or of no association.

    `test`: its key ("fisher", "chi_square", ...); `p` is two-sided; `effect_name` and `effect`: the effect
    size that belongs to the test. Everything but `test` is None where undefined, and `undefined` says why.
    """

    test: str
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    effect_name: str | None = None
    effect: Estimate | None = None
    undefined: Undefined | None = None
