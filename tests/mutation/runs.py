"""Which tests run a line, quickest first. What was measured is kept until the package or the tests change."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from itertools import accumulate
from pathlib import Path

from tests.mutation.mutants import Mutant

MOST_TESTS, MOST_SECONDS = 500, 15


class Runs:
    """The tests that run each line of a package."""

    def __init__(self, by_file: list[dict]) -> None:
        self.seconds: dict[str, float] = {}
        self.tests: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.tests_of_file: dict[str, set[str]] = defaultdict(set)
        self.imported: set[tuple[str, int]] = set()
        """The lines that run when modules are imported, before any test."""
        for of_file in by_file:
            self.imported |= {(path, line) for path, lines in of_file["imported"].items() for line in lines}
            for test, found in of_file["tests"].items():
                self.seconds[test] = found["seconds"]
                for path, lines in found["lines"].items():
                    self.tests_of_file[path].add(test)
                    for line in lines:
                        self.tests[path, line].add(test)

    def is_settled_in_forks(self, mutant: Mutant) -> bool:
        """Whether nothing of its function ran when modules were imported: what a fork says of it is final."""
        body = range(*mutant.function)
        return bool(body) and not any((mutant.path, line) in self.imported for line in body)

    def of(self, mutant: Mutant) -> list[str]:
        """The quickest of them, those of one module together: they share what is made for it."""
        tests = {test for line in mutant.seen_on for test in self.tests.get((mutant.path, line), ())}
        tests = tests or (set() if mutant.in_function else self.tests_of_file.get(mutant.path, set()))
        quickest = sorted(tests, key=lambda test: (self.seconds[test], test))[:MOST_TESTS]
        ends = accumulate(self.seconds[test] for test in quickest)
        few = [test for test, end in zip(quickest, ends, strict=True) if end <= MOST_SECONDS]
        quickest = few or quickest[:1]
        modules = list(dict.fromkeys(test.split("::")[0] for test in quickest))
        return sorted(quickest, key=lambda test: modules.index(test.split("::")[0]))


def tests_by_line(package: str, folders: list[str], copy: Path, kept: Path) -> Runs:
    """Measures the test files that changed since the last time, and all of them when the package did."""
    place = copy / "annotations" / package
    measuring = Path(__file__).with_name("coverage_of_tests.py")
    of_package = _digest(measuring, *(sorted(place.rglob("*.py")) if place.is_dir() else [place]))
    kept.mkdir(parents=True, exist_ok=True)
    files = sorted({path for folder in folders for path in _test_files(copy / folder)})
    places = {path: kept / f"{of_package}-{_digest(*_helpers(path), path)}.json" for path in files}
    missing = [path.relative_to(copy).as_posix() for path in files if not places[path].exists()]
    if missing:
        for name, tests in _measured(package, missing, copy).items():
            places[copy / name].write_text(json.dumps(tests), encoding="utf-8")
    return Runs([json.loads(path.read_text(encoding="utf-8")) for path in places.values()])


def _measured(package: str, files: list[str], copy: Path) -> dict[str, dict]:
    out = copy / "tests-by-line.json"
    command = [sys.executable, "-m", "tests.mutation.coverage_of_tests", package, str(out), *files]
    done = subprocess.run(command, cwd=copy, stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 5):  # 5: none of these tests is to be run
        sys.exit(f"The tests fail before anything is changed:\n{done.stdout[-3000:]}")
    found: dict[str, dict] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _test_files(place: Path) -> list[Path]:
    return sorted(place.rglob("test_*.py")) if place.is_dir() else [place]


def _helpers(test: Path) -> list[Path]:
    return sorted(path for path in test.parent.glob("*.py") if not path.name.startswith("test_"))


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
