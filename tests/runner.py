"""What `run.py test` does: the suite on SQLite, on PostgreSQL and in the browser, and one honest summary.

Tests marked `long` run when the code they are about changed, or with `--all`, which also makes hypothesis
look further than the examples of every day.

Standard library only, like run.py: it runs outside the environment that the tests run in.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import changes, on_postgres, services

NOTHING_COLLECTED = 5


@dataclass
class Outcome:
    """One run of pytest, or why it could not be."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    code: int = 0
    missing: str = ""
    required: bool = False
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        if self.missing:
            return not self.required
        return self.code in (0, NOTHING_COLLECTED)

    def __str__(self) -> str:
        if self.missing:
            return f"{self.name}: could not run, {self.missing}" + (" (and it must)" if self.required else "")
        if self.code == NOTHING_COLLECTED:
            return f"{self.name}: no tests chosen"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        ending = "" if self.is_good else f" (pytest ended with {self.code})"
        return f"{self.name}: {counts} in {self.seconds:.0f} s{ending}"


def run_all(
    arguments: list[str],
    *,
    python: Path,
    base: Path,
    apt_install: services.Install,
    say: Callable[[str], None],
) -> int:
    pytest = Pytest(arguments, python, base, say)
    services.ensure_programs(apt_install)
    outcomes = [pytest.run("SQLite", "not browser", {"DATABASE_URL": ""}, ignored=["tests/browser"])]

    with services.postgres(python, apt_install) as url:
        if url:
            chosen = list(on_postgres.MODULES)
            outcomes.append(
                pytest.run("PostgreSQL", "postgres and not once", {"DATABASE_URL": url}, folders=chosen)
            )
        else:
            outcomes.append(could_not("PostgreSQL", "no server found; name one in TEST_POSTGRES_URL"))

    chromium = services.ensure_chromium(python, apt_install)
    if chromium:
        environment = {"DATABASE_URL": "", "CHROMIUM": chromium}
        outcomes.append(pytest.run("Browser", "browser", environment, folders=["tests/browser"]))
    else:
        outcomes.append(could_not("Browser", "no Chromium found; name one in CHROMIUM"))
    return report(outcomes)


def could_not(name: str, why: str) -> Outcome:
    variable = {"PostgreSQL": "REQUIRE_POSTGRES", "Browser": "REQUIRE_BROWSER"}[name]
    return Outcome(name, missing=why, required=os.environ.get(variable, "") not in ("", "0"))


def report(outcomes: list[Outcome]) -> int:
    """Prints the summary; its last line is what a script reads. Returns the exit code."""
    print("\n" + "\n".join(str(outcome) for outcome in outcomes))
    bad = [outcome for outcome in outcomes if not outcome.is_good]
    # A run that broke down before its first test counts as a failure, so that no one reads "0 failed".
    failed = sum(outcome.failed for outcome in outcomes)
    failed += sum(1 for outcome in bad if not outcome.failed)
    print(f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed", flush=True)
    if bad:
        return 1
    all_empty = all(outcome.missing or outcome.code == NOTHING_COLLECTED for outcome in outcomes)
    return NOTHING_COLLECTED if all_empty else 0


class Pytest:
    def __init__(self, arguments: list[str], python: Path, base: Path, say: Callable[[str], None]) -> None:
        everything = "--all" in arguments
        self.marker, self.arguments = split_marker([word for word in arguments if word != "--all"])
        # Two processes pay for the whole suite, not for a chosen few tests.
        self.chosen_by_hand = bool(self.arguments)
        # Each process starts with half of the tests, in their order: what a module makes is made once.
        self.parallel = [] if self.arguments else ["-n", "2", "--dist", "worksteal"]
        self.python, self.base, self.say = python, base, say
        # Compiled modules are kept: every process of the suite, and each that a test starts, reads them.
        self.environment = {"PYTHONDONTWRITEBYTECODE": ""}
        if everything:
            self.environment["HYPOTHESIS_PROFILE"] = "thorough"
        if not everything and not self.arguments:
            changed = changes.changed_files(base)
            if changed is not None:
                self.environment["CHANGED_FILES"] = "\n".join(sorted(changed))

    def run(
        self,
        name: str,
        marker: str,
        environment: Mapping[str, str],
        *,
        folders: Sequence[str] = (),
        ignored: Sequence[str] = (),
    ) -> Outcome:
        """`folders` and `ignored` spare reading tests that the marker leaves out anyway."""
        self.say(f"\n=== {name} ===")
        chosen = f"({marker}) and ({self.marker})" if self.marker else marker
        where = [] if self.chosen_by_hand else [*folders, *(f"--ignore={folder}" for folder in ignored)]
        with tempfile.TemporaryDirectory(prefix="webcare-results-") as folder:
            results = Path(folder) / "results.xml"
            command = [
                str(self.python),
                "-m",
                "pytest",
                "-m",
                chosen,
                f"--junitxml={results}",
                *self.parallel,
                *where,
            ]
            began = time.monotonic()
            done = subprocess.run(
                [*command, *self.arguments],
                cwd=self.base,
                env={**os.environ, **self.environment, **environment},
                stdin=subprocess.DEVNULL,
            )
            outcome = count(name, done.returncode, results)
            outcome.seconds = time.monotonic() - began
            return outcome


def split_marker(arguments: list[str]) -> tuple[str, list[str]]:
    """Takes `-m EXPRESSION` out: pytest heeds only the last one, and ours is needed as well."""
    rest = list(arguments)
    if "-m" not in rest[:-1]:
        return "", rest
    at = rest.index("-m")
    expression = rest[at + 1]
    del rest[at : at + 2]
    return expression, rest


def count(name: str, code: int, results: Path) -> Outcome:
    outcome = Outcome(name, code=code)
    if results.exists():
        for suite in ElementTree.parse(results).getroot().iter("testsuite"):
            total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            outcome.passed += max(0, total - skipped - failed)
            outcome.failed += failed
            outcome.skipped += skipped
    return outcome
