"""Changes one place of the code at a time and looks whether a test notices: `run.py mutate PACKAGE ...`.

A package is a folder or file of annotations/ (agreement, coding/save, accounts/links.py). Each mutant meets
only the tests that run its line, quickest first. The score is the share of mutants that a test notices;
mutants that change nothing anybody could notice stand in equivalent.txt, with the reason, and do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of

BASE = Path(__file__).resolve().parents[2]
TESTS = {
    "agreement": ["tests/agreement"],
    "statistics": ["tests/statistics", "tests/results"],
    "finals": ["tests/finals", "tests/results", "tests/adjudication", "tests/exporting"],
    "pii": ["tests/pii"],
    "coding": ["tests/coding", "tests/exporting/test_import_codings.py"],
    "sampling": ["tests/sampling"],
    "exporting": ["tests/exporting"],
    "accounts": ["tests/accounts"],
    "adjudication": ["tests/adjudication"],
    "codebooks": ["tests/codebooks"],
    "importing": ["tests/importing"],
}
"""The tests that are meant to notice, by the first folder of a package; else the folder of that name."""
MOST_TESTS, MOST_SECONDS = 60, 15
IMPORTED_ONCE = [
    "django.test",
    "numpy",
    "scipy.stats",
    "hypothesis",
    "phonenumbers",
    "stdnum",
    "yaml",
    "rapidfuzz",
    "krippendorff",
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py mutate", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    parser.add_argument("--sample", type=int, default=100, help="mutants per package (default 100; 0: all)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.update(PYTHONDONTWRITEBYTECODE="", OMP_NUM_THREADS="1", DATABASE_URL="")
    scores = []
    with tempfile.TemporaryDirectory(prefix="webcare-mutants-") as folder:
        copy = copy_of_tree(Path(folder) / "tree")
        for package in options.packages:
            killed, survived = judge(package, copy, options.sample, options.seed)
            total = killed + len(survived)
            scores.append(f"{package}: {killed} of {total} noticed ({100 * killed / max(1, total):.1f} %)")
            print(scores[-1], flush=True)
    print("\n" + "\n".join(scores))
    return 0


def copy_of_tree(copy: Path) -> Path:
    ignored = shutil.ignore_patterns(".git", ".venv", "data", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(BASE, copy, ignore=ignored, symlinks=True)
    return copy


def judge(package: str, copy: Path, sample: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants were noticed, and those that were not. Prints each survivor."""
    runs = tests_by_line(package, copy)
    mutants = sampled(package, copy, sample, seed)
    killed, survived = 0, []
    for number, mutant in enumerate(mutants, 1):
        if is_noticed(mutant, runs, copy):
            killed += 1
        else:
            survived.append(mutant)
            code = (copy / mutant.path).read_text(encoding="utf-8")
            print(f"\n{mutant.path}:{mutant.start[0]} {mutant.operator}\n{mutant.describe(code)}", flush=True)
        if number % 25 == 0:
            print(f"{package}: {number} of {len(mutants)}, {len(survived)} not noticed", flush=True)
    return killed, survived


def sampled(package: str, copy: Path, sample: int, seed: int) -> list[Mutant]:
    root = copy / "annotations" / package
    files = sorted(root.rglob("*.py")) if root.is_dir() else [root]
    mutants = [mutant for file in files for mutant in mutants_of(file, copy)]
    equivalent = {line.split(" # ")[0].strip() for line in (BASE / "tests/mutation/equivalent.txt").open()}
    mutants = [mutant for mutant in mutants if key_of(mutant, copy) not in equivalent]
    print(f"{package}: {len(mutants)} mutants", flush=True)
    if sample and sample < len(mutants):
        mutants = random.Random(seed).sample(mutants, sample)
    return sorted(mutants, key=lambda mutant: (mutant.path, mutant.start))


def key_of(mutant: Mutant, copy: Path) -> str:
    """Names a mutant by its line rather than by its number, which moves."""
    line = (copy / mutant.path).read_text(encoding="utf-8").splitlines()[mutant.start[0] - 1]
    return f"{mutant.path} | {mutant.operator} {mutant.start[1]} | {line.strip()}"


class Runs:
    """Which tests run a line, quickest first."""

    def __init__(self, found: dict, copy: Path) -> None:
        self.lines = {os.path.relpath(path, copy): lines for path, lines in found["lines"].items()}
        self.seconds: dict[str, float] = found["seconds"]

    def of(self, mutant: Mutant) -> list[str]:
        lines = self.lines.get(mutant.path, {})
        first, last = mutant.lines
        wanted = (int(line) for line in lines)
        if mutant.in_function:
            wanted = (line for line in wanted if first <= line <= last)
        tests = {test for line in wanted for test in lines[str(line)] if test}
        quickest = sorted(tests, key=lambda test: self.seconds.get(test, 0))[:MOST_TESTS]
        ends = accumulate(self.seconds.get(test, 0) for test in quickest)
        return [test for test, end in zip(quickest, ends, strict=True) if end <= MOST_SECONDS] or quickest[:1]


def tests_by_line(package: str, copy: Path) -> Runs:
    first = package.split("/")[0]
    folders = [test for test in TESTS.get(first, [f"tests/{first}"]) if (copy / test).exists()]
    out = copy / "tests-by-line.json"
    command = [sys.executable, "-m", "tests.mutation.coverage_of_tests", str(out), *folders]
    done = subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"The tests fail before anything is changed:\n{done.stdout[-3000:]}")
    return Runs(json.loads(out.read_text(encoding="utf-8")), copy)


def is_noticed(mutant: Mutant, runs: Runs, copy: Path) -> bool:
    tests = runs.of(mutant)
    if not tests:
        return False
    path = copy / mutant.path
    code, times = path.read_text(encoding="utf-8"), path.stat()
    changed = mutant.apply(code)
    try:
        compile(changed, mutant.path, "exec")
    except SyntaxError:
        return True
    path.write_text(changed, encoding="utf-8")
    try:
        limit = 20 + 5 * sum(runs.seconds.get(test, 1) for test in tests)
        return not passes(tests, copy, limit)
    finally:
        path.write_text(code, encoding="utf-8")
        # With its old time the compiled file of the original counts again.
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def passes(tests: list[str], copy: Path, seconds: float) -> bool:
    """Runs the tests in a child that has the large libraries already. What takes too long does not pass."""
    for name in IMPORTED_ONCE:
        __import__(name)
    child = os.fork()  # a group of its own, so that nothing outlives the limit
    if child == 0:
        os.setsid()
        run_in_child(tests, copy)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def run_in_child(tests: list[str], copy: Path) -> None:
    import pytest

    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.split(".")[0] in {"tests", "annotations"}]:
            del sys.modules[name]
        os.chdir(copy)
        sys.path[:] = [str(copy), *(entry for entry in sys.path if entry not in ("", str(BASE)))]
        code = int(pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]))
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
