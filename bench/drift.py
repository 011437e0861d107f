"""How often the charts of agreement alarm in vain, and how soon when coders do drift: by simulation.

    python bench/drift.py [--runs 2000] [--seed 1] [--before 100]

A study follows 1, 5 or 10 variables. Coders are simulated unit by unit: with the chance `before` they agree,
from the change on with `after`; the chart knows of the chance only what `--before` earlier units say of it.
For steady coders it prints the share of studies with a false alarm within 100 and 400 shared units, and the
mean number of units of one chart to a false alarm; for drifting ones the share of alarms within 30, 60, 100
and 200 units after the change, and the mean number of units until then: where one variable falls, where all
fall (a coder who is tired errs everywhere; variables are independent here), and until the lower limit of one
variable, at which the page asks for attention.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[1]))

from annotations.statistics.control import FALSE_ALARM, HORIZON, follow

BASELINES = (0.95, 0.90, 0.85, 0.80)
FALLS = (0.15, 0.20, 0.30)
TOGETHER = (1, 5, 10)
CHANGE, AFTER = 50, 400
WITHIN = (30, 60, 100, 200)


def first_alarm(
    chances: list[float], before: float, known: int, shares: int, rng: random.Random, half_way: bool = False
) -> int | None:
    """The place of the first alarm; what was known before is drawn anew."""
    earlier = sum(rng.random() < before for _unit in range(known))
    agrees = [rng.random() < chance for chance in chances]
    return follow(agrees, (earlier, known), shares=shares, half_way=half_way).alarm


def false_alarms(
    before: float, known: int, shares: int, runs: int, rng: random.Random
) -> tuple[float, float]:
    """Shares of studies of steady coders with an alarm of any variable within 100 units, in the horizon."""
    firsts = []
    for _run in range(runs):
        of_each = (first_alarm([before] * HORIZON, before, known, shares, rng) for _share in range(shares))
        found = [alarm for alarm in of_each if alarm is not None]
        firsts.append(min(found, default=HORIZON))
    return mean(first < 100 for first in firsts), mean(first < HORIZON for first in firsts)


def delays(
    before: float,
    after: float,
    known: int,
    shares: int,
    runs: int,
    rng: random.Random,
    half_way: bool = False,
) -> list[int]:
    """Units from the change to the alarm, at most `AFTER`, of the runs without an alarm before the change."""
    change = 0 if half_way else CHANGE
    chances = [before] * change + [after] * AFTER
    found = []
    for _run in range(runs):
        alarm = first_alarm(chances, before, known, shares, rng, half_way)
        if alarm is None or alarm >= change:
            found.append(AFTER if alarm is None else alarm - change + 1)
    return found


def to_false_alarm(before: float, known: int, shares: int, runs: int, rng: random.Random) -> float:
    """Mean number of units of one chart to a false alarm, from the share that has none within the horizon.

    Alarms of a steady chart come about equally often over time, so that they follow an exponential law.
    """
    alarms = [first_alarm([before] * HORIZON, before, known, shares, rng) for _run in range(runs)]
    found = [alarm + 1 for alarm in alarms if alarm is not None]
    exposed = sum(found) + HORIZON * (runs - len(found))
    return exposed / max(len(found), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--before", type=int, default=100, help="units that were coded before")
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    runs, known = asked.runs, asked.before
    print(f"steady coders, {known} units before; asked for: {FALSE_ALARM:.0%} of studies in {HORIZON} units")
    for shares in TOGETHER:
        for before in BASELINES:
            early, ever = false_alarms(before, known, shares, max(runs // shares, 1), rng)
            units = to_false_alarm(before, known, shares, runs, rng)
            print(
                f"  {shares:2} variables, agreement {before:.2f}: {early:6.1%} within 100 units, "
                f"{ever:6.1%} within {HORIZON}; one chart: every {units:,.0f} units"
            )
    print(f"drifting coders: one variable changes after {CHANGE} shared units")
    for shares in TOGETHER:
        for before in BASELINES:
            for fall in FALLS:
                found = delays(before, before - fall, known, shares, runs, rng)
                what = "attention" if shares == 1 else f"{shares:2} variables"
                print(_told(f"  {what}, {before:.2f} to {before - fall:.2f}", found))
    print("a coder drifts on all variables: the first alarm of any")
    for shares in TOGETHER[1:]:
        for before in BASELINES:
            after, found = before - 0.15, []
            for _run in range(max(runs // shares, 1)):
                found.append(min(delays(before, after, known, shares, shares, rng), default=AFTER))
            print(_told(f"  {shares:2} variables, {before:.2f} to {after:.2f}", found))
    print("once an alarm was dealt with (starts half way): no lasting change, and back to the lower share")
    for shares in TOGETHER:
        steady = [
            first_alarm([0.85] * HORIZON, 0.85, known, shares, rng, half_way=True) for _run in range(runs)
        ]
        again = mean(alarm is not None for alarm in steady)
        found = delays(0.85, 0.70, known, shares, runs, rng, half_way=True)
        print(_told(f"  {shares:2} variables, {again:.1%} in vain within {HORIZON}; 0.85 to 0.70", found))


def _told(what: str, found: list[int]) -> str:
    soon = ", ".join(f"{mean(delay <= within for delay in found):6.1%} in {within}" for within in WITHIN)
    return f"{what}: {soon}; mean {mean(found):.0f} units"


if __name__ == "__main__":
    main()
