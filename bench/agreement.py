"""How fast agreement is computed, from plain Python lists, beside the libraries that can compute the same.

    python bench/agreement.py [--others DIR]

The libraries come with requirements-test.txt; irrCAC and simpledorff are compared with where they
can be imported; irrCAC pins old versions of numpy and scipy, so install the two elsewhere and name the place:

    pip install --no-deps --target DIR irrCAC simpledorff

Times are the best of three runs (of one where a run takes over five seconds) on whatever machine this is:
only the proportions mean something. Exits 1 where one of the four bounds at the end is not kept.
"""

from __future__ import annotations

import argparse
import importlib
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

Row = tuple[str, str, float]


def timed(call: Callable[[], Any], runs: int = 3) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
        if best > 5:
            break
    return best


def codes(units: int, coders: int, categories: str = "abcd", seed: int = 1) -> list[list[str]]:
    """Units in which each coder sees the true category four times in five."""
    chance = random.Random(seed)
    rows = []
    for _ in range(units):
        true = chance.choice(categories)
        rows.append([true if chance.random() < 0.8 else chance.choice(categories) for _ in range(coders)])
    return rows


def sets(units: int, coders: int) -> list[list[frozenset[str]]]:
    chance = random.Random(1)
    rows = []
    for _ in range(units):
        true = [c for c in "abcdefgh" if chance.random() < 0.2]
        rows.append(
            [
                frozenset(c for c in "abcdefgh" if (c in true) != (chance.random() < 0.05))
                for _ in range(coders)
            ]
        )
    return rows


def triples(units: list[list[Any]]) -> list[tuple[str, str, Any]]:
    return [(str(c), str(u), value) for u, row in enumerate(units) for c, value in enumerate(row)]


def installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def nominal(rows: list[Row]) -> tuple[float, list[list[str]]]:
    import krippendorff
    import numpy as np
    from nltk.metrics.agreement import AnnotationTask

    from annotations.agreement import reliability

    what = "nominal, 100,000 × 5"
    units = codes(100_000, 5)
    bare = timed(lambda: krippendorff.alpha(np.array(units).T, level_of_measurement="nominal"))
    rows.append((what, "krippendorff, alpha only", bare))
    rows.append((what, "all coefficients", timed(lambda: reliability(units, bootstrap=0))))
    rows.append((what, "all coefficients, 1,000 resamples", timed(lambda: reliability(units))))
    rows.append((what, "NLTK, alpha only", timed(lambda: AnnotationTask(triples(units)).alpha(), runs=1)))
    irrcac, simpledorff, pandas = installed("irrCAC.raw"), installed("simpledorff"), installed("pandas")
    if irrcac and pandas:
        rows.append(
            (what, "irrCAC, alpha only", timed(lambda: irrcac.CAC(pandas.DataFrame(units)).krippendorff()))
        )
    if simpledorff and pandas:
        few = pandas.DataFrame(triples(units[:2000]), columns=["coder", "unit", "code"])
        seconds = timed(
            lambda: simpledorff.calculate_krippendorffs_alpha_for_df(few, "unit", "coder", "code"), runs=1
        )
        rows.append(("nominal, 2,000 × 5", "simpledorff, alpha only", seconds))
    return bare, units


def resampled(rows: list[Row]) -> None:
    import krippendorff
    import numpy as np

    from annotations.agreement import reliability

    units = codes(1000, 3)
    rows.append(
        (
            "10,000 resamples of 1,000 × 3",
            "all coefficients",
            timed(lambda: reliability(units, bootstrap=10_000)),
        )
    )
    matrix = np.unique(np.array(units), return_inverse=True)[1].reshape(1000, 3).T

    def loop() -> None:
        generator = np.random.default_rng(0)
        for _ in range(100):
            drawn = matrix[:, generator.integers(1000, size=1000)]
            krippendorff.alpha(drawn, level_of_measurement="nominal")

    rows.append(("100 resamples of 1,000 × 3", "loop over krippendorff", timed(loop, runs=1)))


def set_valued(rows: list[Row]) -> None:
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import masi_distance

    from annotations.agreement import set_reliability

    what = "MASI, 20,000 × 3"
    units = sets(20_000, 3)
    rows.append((what, "all coefficients", timed(lambda: set_reliability(units, bootstrap=0))))
    rows.append((what, "all coefficients, 1,000 resamples", timed(lambda: set_reliability(units))))
    # NLTK divides by zero on two empty sets, so it gets a category for "none".
    filled = [[value or frozenset(["none"]) for value in row] for row in units]
    seconds = timed(lambda: AnnotationTask(triples(filled), distance=masi_distance).alpha(), runs=1)
    rows.append((what, "NLTK, alpha only", seconds))


def spans(rows: list[Row]) -> None:
    from annotations.agreement import unitizing_reliability

    chance = random.Random(1)
    texts = []
    for _ in range(1000):
        marked = {}
        for coder in ("anna", "bas", "carl"):
            edges = sorted(chance.sample(range(280), 6))
            marked[coder] = [(edges[i], edges[i + 1], chance.choice("xyz")) for i in (0, 2, 4)]
        texts.append((280, marked))
    what = "spans, 1,000 texts × 3 coders"
    rows.append((what, "all coefficients", timed(lambda: unitizing_reliability(texts, bootstrap=0))))
    rows.append((what, "all coefficients, 1,000 resamples", timed(lambda: unitizing_reliability(texts))))


def million() -> None:
    """In a process of its own: prints seconds and the most memory it ever held, in megabytes."""
    from annotations.agreement import reliability

    units = codes(1_000_000, 3)
    seconds = timed(lambda: reliability(units, bootstrap=0), runs=1)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Time agreement beside other libraries")
    arguments.add_argument("--others", help="folder with irrCAC and simpledorff")
    arguments.add_argument("--million", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.others:
        sys.path.append(options.others)
    if options.million:
        million()
        return 0
    rows: list[Row] = []
    bare, _ = nominal(rows)
    resampled(rows)
    set_valued(rows)
    spans(rows)
    printed = subprocess.run(
        [sys.executable, __file__, "--million"], capture_output=True, text=True, check=True
    ).stdout.split()
    rows.append(("nominal, 1,000,000 × 3", "all coefficients", float(printed[0])))
    megabytes = float(printed[1])
    for what, how, seconds in rows:
        print(f"{what:32} {how:36} {seconds:9.3f} s")
    print(f"{'nominal, 1,000,000 × 3':32} {'most memory, data included':36} {megabytes:9.0f} MB")
    took = {(what, how): seconds for what, how, seconds in rows}
    print()
    kept = True
    for bound, measure, most in (
        ("100,000 × 5 within 5 × krippendorff", took["nominal, 100,000 × 5", "all coefficients"], 5 * bare),
        (
            "10,000 resamples within 4 × the same",
            took["10,000 resamples of 1,000 × 3", "all coefficients"],
            4 * bare,
        ),
        (
            "MASI within a tenth of NLTK",
            took["MASI, 20,000 × 3", "all coefficients"],
            took["MASI, 20,000 × 3", "NLTK, alpha only"] / 10,
        ),
        ("1,000,000 × 3 within 1 GB", megabytes, 1024.0),
    ):
        kept &= measure <= most
        print(f"{bound:40} {measure:9.3f} of {most:9.3f}  {'kept' if measure <= most else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
