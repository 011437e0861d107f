"""Rows of a workbook (xlsx, xlsb, xls, ods), read in a process of its own with limits.

The reader of workbooks is a library outside Python that ends its whole process when it meets what it cannot
hold. So it never runs in the server or the worker: a child reads the workbook, hands back rows as lines of
JSON, and may die. Memory and processor time are limited by the operating system (not on Windows), waiting
and output here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotations.importing.read.budget import seconds_left, spend
from annotations.importing.read.rows import Problem, Tally

MEMORY = 2 << 30  # bytes of address space
SECONDS = 600  # of processor time, and of waiting for the first row
OUTPUT = 2 << 30  # bytes of rows
MAX_UNPACKED = 1 << 30  # bytes that a workbook says it unpacks to
LONGEST_ROW = 1 << 27
ROOT = Path(__file__).resolve().parents[3]
HIDDEN = " (hidden)"
CHILD = "annotations.importing.read.workbook_child"


class BadWorkbook(Exception):
    """A workbook that cannot be read; `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: object):
        super().__init__(code)
        self.code, self.params = code, params


def workbook_rows(path: Path, sheet: str | None, tally: Tally, name: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of the named sheet, or of the one that looks most like messages. Raises
    BadWorkbook.

    Notices about other sheets, merged cells and links are put in `tally` before the first row.
    """
    if _is_too_large(path):
        raise BadWorkbook("workbook_too_large")
    with tempfile.TemporaryFile() as errors:
        limits = json.dumps({"memory": MEMORY, "seconds": int(min(SECONDS, seconds_left()) + 1)})
        child = subprocess.Popen(  # noqa: S603 - this program itself, with a path of its own making
            [sys.executable, "-m", CHILD, str(path.resolve()), sheet or "", limits],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        alarm = threading.Timer(min(SECONDS, seconds_left()) + 1, child.kill)
        alarm.daemon = True
        alarm.start()
        try:
            assert child.stdout is not None
            ended = yield from _lines(child, alarm, tally, name)
            if not ended:
                raise BadWorkbook("workbook_died")
        finally:
            alarm.cancel()
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()


def _lines(
    child: subprocess.Popen[bytes], alarm: threading.Timer, tally: Tally, name: str
) -> Generator[tuple[int, list[str]], None, bool]:
    """The rows; the generator's value is whether the child said that it came to the end."""
    output = child.stdout
    assert output is not None
    size = 0
    while raw := output.readline(LONGEST_ROW):
        alarm.cancel()  # from here on the child waits for us, not we for it
        size += len(raw)
        tally.bytes_read += len(raw)
        spend(len(raw))
        if size > OUTPUT or not raw.endswith(b"\n"):
            raise BadWorkbook("workbook_died" if size <= OUTPUT else "workbook_too_large")
        given: Any = json.loads(raw)
        if isinstance(given, list):
            yield given[0], given[1]
        elif "end" in given:
            return True
        elif "bad" in given:
            raise BadWorkbook(given["bad"], **given.get("params", {}))
        else:
            _told(given, tally, name)
    return False


def _told(given: Mapping[str, Any], tally: Tally, name: str) -> None:
    """What the child says of the workbook beside its rows."""
    if given["others"]:
        tally.sheets = [given["sheet"], *(sheet.removesuffix(HIDDEN) for sheet in given["others"])]
        params = {"sheet": given["sheet"], "others": ", ".join(given["others"])}
        tally.notes.append(Problem(name, 0, "other_sheets", "notice", params))
    if given["merged"]:
        tally.repaired("merged_cells", given["merged"])
    if given["links"]:
        tally.repaired("link_addresses", given["links"])


def _is_too_large(path: Path) -> bool:
    """Whether a workbook says that it unpacks to more than can be held; what lies about it meets the
    limits.
    """
    try:
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as why:
        raise BadWorkbook("not_readable", why=str(why)) from why
