"""Which test runs which line of a package, and how long: `coverage_of_tests.py PACKAGE OUT TEST...`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

EACH = "each"
BASE = Path(__file__).resolve().parents[2]


class PerTest:
    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured, self.seconds, self.now = measured, dict[str, float](), ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now = item.nodeid
        self.measured.switch_context(self.now)
        started = time.perf_counter()
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - started
        return result  # type: ignore[return-value]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        """What is made once for a module is run by each of its tests, not by the first alone."""
        if fixturedef.scope != "module":
            return (yield)
        self.measured.switch_context(f"{request.node.nodeid}::{EACH}")
        try:
            return (yield)
        finally:
            self.measured.switch_context(self.now)


def main(package: str, out: str, *arguments: str) -> int:
    place = BASE / "annotations" / package
    measured = coverage.Coverage(
        config_file=False,
        data_file=None,
        include=[f"{place}/*" if place.is_dir() else str(place)],
        branch=False,
    )
    measured.start()
    plugin = PerTest(measured)
    code = pytest.main(["-q", "-m", "not browser and not long", *arguments], plugins=[plugin])
    measured.stop()
    data = measured.get_data()
    tests: dict[str, dict] = {}
    imported: dict[str, list[int]] = {}
    for test, seconds in plugin.seconds.items():
        tests.setdefault(test.split("::")[0], {})[test] = {"seconds": seconds, "lines": {}}
    for path in data.measured_files():
        name = Path(path).relative_to(BASE).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            for test in contexts:
                file, _, rest = test.partition("::")
                if rest == EACH:
                    for each in tests.get(file, {}).values():
                        each["lines"].setdefault(name, []).append(line)
                elif test in plugin.seconds:
                    tests[test.split("::")[0]][test]["lines"].setdefault(name, []).append(line)
                else:
                    imported.setdefault(name, []).append(line)
    found = {name: {"tests": tests.get(name, {}), "imported": imported} for name in arguments}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(found, file)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
