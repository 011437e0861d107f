"""Changes one place of the code at a time and looks whether a test notices: `run.py mutate PACKAGE ...`.

A package is a folder or file of annotations/ (agreement, coding/save, accounts/links.py). Each mutant meets
only the tests that run its line, quickest first. The score is the share of mutants that a test notices;
mutants that change nothing anybody could notice stand in equivalent.txt, with the reason, and do not count.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.runs import Runs, tests_by_line

BASE = Path(__file__).resolve().parents[2]
TESTS = {
    "agreement": ["tests/agreement"],
    "statistics": ["tests/statistics", "tests/results"],
    "finals": [
        "tests/finals",
        "tests/results/test_what_counts.py",
        "tests/adjudication/test_disagreements.py",
        "tests/adjudication/test_resolve.py",
        "tests/drafts/test_recode.py",
    ],
    "pii": ["tests/pii"],
    "coding": [
        "tests/coding",
        "tests/exporting/test_codings_upload.py",
        "tests/exporting/test_import_codings.py",
        "tests/drafts/test_recode.py",
        "tests/drafts/test_lossless.py",
    ],
    "sampling": ["tests/sampling"],
    "exporting": ["tests/exporting"],
    "accounts": ["tests/accounts"],
    "adjudication": ["tests/adjudication"],
    "codebooks": ["tests/codebooks"],
    "importing": ["tests/importing"],
}
"""The tests that are meant to notice, by the first folder of a package; else the folder of that name."""
KEPT = BASE / ".pytest_cache" / "mutation"
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
    migrated = BASE / ".pytest_cache" / "databases"
    if migrated.exists():
        shutil.copytree(migrated, copy / ".pytest_cache" / "databases")
    return copy


def judge(package: str, copy: Path, sample: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants were noticed, and those that were not. Prints each survivor."""
    first = package.split("/")[0]
    folders = [test for test in TESTS.get(first, [f"tests/{first}"]) if (copy / test).exists()]
    runs = tests_by_line(first, folders, copy, KEPT / first)
    mutants = sampled(package, copy, sample, seed)
    noticed = noticed_in_forks([mutant for mutant in mutants if mutant.in_function], runs, copy)
    survived = []
    for mutant in mutants:
        if mutant in noticed:
            continue
        if runs.is_settled_in_forks(mutant) or not is_noticed(mutant, runs, copy):
            survived.append(mutant)
            code = (copy / mutant.path).read_text(encoding="utf-8")
            tests = len(runs.of(mutant))
            print(f"\n{mutant.path}:{mutant.start[0]} {mutant.operator} ({tests} tests)")
            print(f"{mutant.describe(code)}\n{key_of(mutant, copy)}", flush=True)
    return len(mutants) - len(survived), survived


def noticed_in_forks(mutants: list[Mutant], runs: Runs, copy: Path) -> set[Mutant]:
    """The quick way, which finds most of what is noticed."""
    jobs = [(mutant, tests, seconds_for(tests, runs)) for mutant in mutants if (tests := runs.of(mutant))]
    if not jobs:
        return set()
    given, taken = copy / "jobs.pickle", copy / "noticed.pickle"
    given.write_bytes(pickle.dumps(jobs))
    command = [sys.executable, "-m", "tests.mutation.forked", str(given), str(taken)]
    done = subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"The tests do not run in forks:\n{done.stdout[-3000:]}")
    outcomes = pickle.loads(taken.read_bytes())
    return {mutant for (mutant, _, _), noticed in zip(jobs, outcomes, strict=True) if noticed}


def seconds_for(tests: list[str], runs: Runs) -> float:
    return 20 + 5 * sum(runs.seconds[test] for test in tests)


def sampled(package: str, copy: Path, sample: int, seed: int) -> list[Mutant]:
    root = copy / "annotations" / package
    files = sorted(root.rglob("*.py")) if root.is_dir() else [root]
    mutants = list(dict.fromkeys(mutant for file in files for mutant in mutants_of(file, copy)))
    equivalent = {line.split(" # ")[0].strip() for line in (BASE / "tests/mutation/equivalent.txt").open()}
    mutants = [mutant for mutant in mutants if key_of(mutant, copy) not in equivalent]
    print(f"{package}: {len(mutants)} mutants", flush=True)
    random.Random(seed).shuffle(mutants)
    valid = (mutant for mutant in mutants if is_valid(mutant, copy))
    chosen = islice(valid, sample) if sample else valid
    return sorted(chosen, key=lambda mutant: (mutant.path, mutant.start))


def is_valid(mutant: Mutant, copy: Path) -> bool:
    try:
        compile(mutant.apply((copy / mutant.path).read_text(encoding="utf-8")), mutant.path, "exec")
    except SyntaxError:
        return False
    return True


def key_of(mutant: Mutant, copy: Path) -> str:
    """Names a mutant by its line rather than by its number, which moves."""
    line = (copy / mutant.path).read_text(encoding="utf-8").splitlines()[mutant.start[0] - 1]
    return f"{mutant.path} | {mutant.operator} {mutant.start[1]} | {line.strip()}"


def is_noticed(mutant: Mutant, runs: Runs, copy: Path) -> bool:
    tests = runs.of(mutant)
    if not tests:
        return False
    path = copy / mutant.path
    code, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(mutant.apply(code), encoding="utf-8")
    try:
        return not passes(tests, copy, seconds_for(tests, runs))
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
