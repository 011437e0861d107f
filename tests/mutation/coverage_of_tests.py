"""Which test runs which line, and how long each test takes: `coverage_of_tests.py OUT TEST...`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import coverage
import pytest


class PerTest:
    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured, self.seconds = measured, dict[str, float]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measured.switch_context(item.nodeid)
        started = time.perf_counter()
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - started
        return result  # type: ignore[return-value]


def main(out: str, *arguments: str) -> int:
    measured = coverage.Coverage(data_file=None, source=["annotations"], branch=False)
    measured.start()
    plugin = PerTest(measured)
    code = pytest.main(["-q", "-m", "not browser and not long", *arguments], plugins=[plugin])
    measured.stop()
    data = measured.get_data()
    lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"lines": lines, "seconds": plugin.seconds}, file)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
