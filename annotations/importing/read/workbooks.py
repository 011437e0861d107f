"""The rows of a workbook (xlsx, xlsb, ods, xls), read in a process of its own. Pure.

The reader of workbooks is a library outside Python that ends its process when a sheet is too large for the
memory: a workbook of one kilobyte with a cell in the farthest corner asks for 500 GB. So it runs where its
end harms nobody (`workbook_process.py`), with limits of memory, processor time and output.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEMORY = 1536 << 20  # bytes of address space; a full sheet of a million rows with nineteen columns fits
CPU_SECONDS = 90
FIRST_SECONDS = 120  # until the first line, by the clock
OUTPUT = 2 << 30  # bytes
PROGRAM = Path(__file__).with_name("workbook_process.py")


class WorkbookTooLarge(Exception):
    """Reading it takes more memory, time or output than one file is given, or the file breaks the reader."""


class WorkbookUnreadable(Exception):
    """It is no workbook, or has no such sheet; says why."""


def is_workbook(path: Path) -> bool:
    """By its content: xlsx, xlsb and ods are zips with known parts, xls has a signature."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    if not start.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
    return any(name.startswith("xl/") or name == "content.xml" for name in names)


def workbook_rows(path: Path, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """(line, cells as text) of a sheet, the first visible one when none is named.

    Raises WorkbookTooLarge and WorkbookUnreadable, also halfway. Closing the iterator ends the process.
    """
    limits = str(MEMORY), str(CPU_SECONDS)
    command = [sys.executable, "-I", str(PROGRAM), str(path.absolute()), sheet or "", *limits]
    process = subprocess.Popen(  # noqa: S603, our own program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    too_late = threading.Timer(FIRST_SECONDS, process.kill)
    too_late.daemon = True
    too_late.start()
    printed = 0
    try:
        for number, line in enumerate(process.stdout):
            too_late.cancel()
            printed += len(line)
            if printed > OUTPUT or not line.endswith(b"\n"):
                raise WorkbookTooLarge
            found = json.loads(line)
            if isinstance(found, list):
                yield found[0], found[1]
            elif "error" in found:
                raise WorkbookUnreadable(found["error"])
            else:
                assert number == 0
        if process.wait():
            raise WorkbookTooLarge
    finally:
        too_late.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
