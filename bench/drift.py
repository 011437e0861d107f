"""How often the chart of agreement alarms in vain, and how soon when coders do drift: by simulation.

    python bench/drift.py [--runs 2000] [--seed 1]

Coders are simulated unit by unit: with the chance `before` they agree, from the change on with `after`. For
steady coders it prints the share of runs with a false alarm within 100 and 400 shared units, for drifting
ones the share of alarms within 30 and 60 units after the change, and the median delay.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from annotations.statistics.control import follow

BASELINES = (0.95, 0.90, 0.85, 0.80)
FALLS = (0.10, 0.15, 0.20, 0.30)
LENGTH, CHANGE = 400, 50


def first_alarm(chances: list[float], expected: float, rng: random.Random) -> int | None:
    return follow([rng.random() < chance for chance in chances], expected).alarm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    print("steady coders: share of runs with a false alarm")
    for before in BASELINES:
        alarms = [first_alarm([before] * LENGTH, before, rng) for _run in range(asked.runs)]
        early = sum(alarm is not None and alarm < 100 for alarm in alarms) / asked.runs
        ever = sum(alarm is not None for alarm in alarms) / asked.runs
        print(f"  agreement {before:.2f}: {early:6.1%} within 100 units, {ever:6.1%} within {LENGTH}")
    print(f"drifting coders: the change comes after {CHANGE} units")
    for before in BASELINES:
        for fall in FALLS:
            after = before - fall
            chances = [before] * CHANGE + [after] * (LENGTH - CHANGE)
            delays = []
            for _run in range(asked.runs):
                alarm = first_alarm(chances, before, rng)
                if alarm is None or alarm >= CHANGE:
                    delays.append(LENGTH if alarm is None else alarm - CHANGE + 1)
            soon = sum(delay <= 30 for delay in delays) / len(delays)
            later = sum(delay <= 60 for delay in delays) / len(delays)
            print(
                f"  {before:.2f} to {after:.2f}: {soon:6.1%} within 30 units, {later:6.1%} within 60, "
                f"median delay {median(delays):.0f}"
            )


if __name__ == "__main__":
    main()
