"""The workbook in LibreOffice Calc with Dutch settings: every cell is what it was."""

import subprocess
from datetime import datetime
from xml.etree import ElementTree

import pytest

from annotations.exchange.workbook import Workbook
from tests.exchange.odd import ROWS, TABLE, ZONE
from tests.programs import needs

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CELLS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DUTCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale"><value>nl-NL</value></prop>
</item>
</oor:items>"""


def opened(path, folder, kind):
    """The file as Calc saves it after opening it."""
    settings = folder / "settings" / "user"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "registrymodifications.xcu").write_text(DUTCH)
    command = ["soffice", f"-env:UserInstallation={(folder / 'settings').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


def cells_of(row):
    """(type, value) of each cell, as an OpenDocument file holds them."""
    found = []
    for cell in row.findall(f"{CELLS}table-cell"):
        kind = cell.get(f"{OFFICE}value-type")
        times = int(cell.get(f"{CELLS}number-columns-repeated") or 1)
        if kind is None:
            value = None
        elif kind == "string":
            value = "\n".join(map(_text, cell.findall(f"{TEXT}p")))
        else:
            value = cell.get(f"{OFFICE}date-value") or cell.get(f"{OFFICE}value")
        found += [(kind, value)] * min(times, 20)
    return found


def _text(element):
    parts = [element.text or ""]
    for inner in element:
        if inner.tag == f"{TEXT}s":
            parts.append(" " * int(inner.get(f"{TEXT}c") or 1))
        elif inner.tag == f"{TEXT}tab":
            parts.append("\t")
        else:
            parts.append(_text(inner))
        parts.append(inner.tail or "")
    return "".join(parts)


@pytest.fixture
def workbook(tmp_path):
    book = Workbook(tmp_path / "odd.xlsx", zone=ZONE)
    sheet = book.sheet("odd", TABLE.columns)
    for row in ROWS:
        sheet.add(row)
    sheet.end()
    book.close()
    return tmp_path / "odd.xlsx"


@needs("soffice")
def test_ids_are_text_numbers_are_numbers_and_times_are_times(workbook, tmp_path):
    root = ElementTree.parse(opened(workbook, tmp_path, "fods")).getroot()
    table = root.find(f".//{CELLS}table")
    header, *rows = [cells_of(row) for row in table.iter(f"{CELLS}table-row")][: len(ROWS) + 1]
    names = [value for _kind, value in header if value]
    for cells, row in zip(rows, ROWS, strict=True):
        shown = dict(zip(names, cells, strict=False))
        for column, value in zip(TABLE.columns, row, strict=True):
            kind, found = shown.get(column.name, (None, None))
            if value in (None, ""):
                assert found is None, column.name
            elif column.type == "string":
                assert (kind, found.split()) == ("string", str(value).split()), column.name
            elif column.type == "datetime":
                at = datetime.fromisoformat(value).astimezone(ZONE).replace(tzinfo=None)
                assert (kind, datetime.fromisoformat(found)) == ("date", at)
            else:
                assert (kind, float(found)) == ("float", float(value)), column.name
    first = dict(zip(names, rows[0], strict=False))
    assert first["with"] == ("string", "0001234567890123456")
    assert first["a.b_label"] == ("string", "Ja")
    assert first["text"][1].startswith("=1+1\n")
