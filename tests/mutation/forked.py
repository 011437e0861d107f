"""Tries mutants of functions, each in a fork of one process that has the tests: `forked.py IN OUT`.

Nothing is imported again: the changed function's code takes the place of the original's, in the fork only.
A mutant that this does not reach (code that ran when its module was imported, a function made by another)
goes unnoticed here; the caller tries it again in a process that imports the changed file.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutation.mutants import Mutant

BASE = Path(__file__).resolve().parents[2]
WARM = "tests/mutation/warm.py"
Job = tuple[Mutant, list[str], float]
"""A mutant, the tests that run its line, and the seconds they may take."""


class Forked:
    def __init__(self, jobs: list[Job]) -> None:
        self.jobs, self.noticed = jobs, list[bool]()
        self.functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        self.sound: dict[str, bool] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        warm = next(item for item in session.items if item.nodeid.startswith(WARM))
        other = next((item for item in session.items if item is not warm), None)
        warm.config.hook.pytest_runtest_protocol(item=warm, nextitem=other)
        for path in {mutant.path for mutant, _, _ in self.jobs}:
            importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        for value in gc.get_objects():
            if type(value) is FunctionType:
                self.functions[_key(value.__code__)].append(value)
        gc.collect()
        gc.freeze()
        for number, (mutant, tests, seconds) in enumerate(self.jobs, 1):
            self.noticed.append(self.is_noticed(mutant, tests, seconds))
            if number % 25 == 0:
                print(f"{number} of {len(self.jobs)} tried", file=sys.stderr, flush=True)
        return True

    def is_noticed(self, mutant: Mutant, tests: list[str], seconds: float) -> bool:
        replaced = self.replacements(mutant)
        if replaced is None:
            return False
        tests = [test for test in tests if test in self.items and self.sound.get(test, True)]
        while tests:
            failed = self.first_failure(tests, seconds, replaced)
            if failed is None or self.is_sound(failed):
                return failed is not None
            tests.remove(failed)
        return False

    def is_sound(self, test: str) -> bool:
        """Whether a test passes here when nothing is changed. What took too long has no name."""
        if test and test not in self.sound:
            self.sound[test] = self.first_failure([test], 120, list) is None
        return self.sound.get(test, True)

    def replacements(self, mutant: Mutant) -> Callable[[], object] | None:
        path = BASE / mutant.path
        code = path.read_text(encoding="utf-8")
        try:
            old = list(_functions(compile(code, str(path), "exec")))
            new = list(_functions(compile(mutant.apply(code), str(path), "exec")))
        except SyntaxError:
            return None
        if len(old) != len(new):
            return None
        before = [pair for pair in zip(old, new, strict=True) if pair[0].co_firstlineno <= mutant.start[0]]
        was, made = before[-1]
        found = self.functions.get(_key(was), [])

        def replace() -> None:
            for function in found:
                function.__code__ = made

        return replace if found else None

    def first_failure(self, tests: list[str], seconds: float, prepare: Callable[[], object]) -> str | None:
        """The test that failed first; "" when they took too long."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            self.run(tests, prepare, write)
        os.close(write)
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    failed = os.read(read, 65536).decode()
                    return None if status == 0 else failed
                time.sleep(0.005)
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return ""
        finally:
            os.close(read)

    def run(self, tests: list[str], prepare: Callable[[], object], write: int) -> None:
        code = 1
        try:
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nowhere, number)
            try:
                prepare()
            except ValueError:  # the change closes over other variables
                code = 0
                return
            items = [self.items[test] for test in tests]
            self.session._setupstate.teardown_exact(items[0])
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.session.testsfailed:
                    os.write(write, item.nodeid.encode())
                    return
            code = 0
        finally:
            os._exit(code)


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The functions of a module, methods too, but none that stands within another."""
    for value in code.co_consts:
        if isinstance(value, CodeType):
            if value.co_flags & 1:  # CO_OPTIMIZED: not the body of a class
                yield value
            else:
                yield from _functions(value)


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def main(jobs_file: str, out: str) -> int:
    jobs: list[Job] = pickle.loads(Path(jobs_file).read_bytes())
    plugin = Forked(jobs)
    files = sorted({test.split("::")[0] for _, tests, _ in jobs for test in tests})
    pytest.main(["-q", "-s", "--no-header", "-p", "no:cacheprovider", WARM, *files], plugins=[plugin])
    Path(out).write_bytes(pickle.dumps(plugin.noticed))
    return 0 if len(plugin.noticed) == len(jobs) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
