"""Prints the rows of a workbook, one JSON array per line: [line, cells as text]. Run by `workbooks.py` only.

The library that reads workbooks lays a sheet out as a full rectangle and ends the process when there is no
memory for it. That may happen here, in a process of its own with limits, and nowhere else. The first line
printed is an object with the sheets; a line with `error` says why there is nothing more.

    python -I workbook_process.py PATH SHEET MEMORY_BYTES CPU_SECONDS      (SHEET "" is the first)
"""

import datetime as dt
import json
import sys


def main(path: str, wanted: str, memory: int, seconds: int) -> None:
    limit(memory, seconds)
    from python_calamine import CalamineError, CalamineWorkbook

    say = sys.stdout.write
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = [(one.name, str(one.visible).endswith("Visible")) for one in book.sheets_metadata]
            if wanted and wanted not in book.sheet_names:
                raise CalamineError(f"no sheet {wanted}")
            name = wanted or next((name for name, visible in sheets if visible), book.sheet_names[0])
            say(json.dumps({"sheets": sheets, "sheet": name}) + "\n")
            sheet = book.get_sheet_by_name(name)
            first = (sheet.start or (0, 0))[0] + 1
            for number, cells in enumerate(sheet.iter_rows(), first):
                say(json.dumps([number, [as_text(cell) for cell in cells]]) + "\n")
    except (CalamineError, OSError, IndexError, ValueError) as why:
        say(json.dumps({"error": str(why)[:200]}) + "\n")


def limit(memory: int, seconds: int) -> None:
    """Bytes and seconds of processor time; Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def as_text(cell: object) -> str:
    """A number beyond fifteen digits is no longer the one typed in: it keeps its E+."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n")
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
