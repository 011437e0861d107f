"""Addresses behind the cells of a workbook: hyperlinks, and formulas that make them."""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree

from annotations.importing.read.columns import guess_columns
from annotations.importing.read.layout import best_header
from annotations.importing.read.repair import id_from_link

LINK_NAMES = {"permalink", "parent_id", "conversation_id"}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = re.compile(r'\s*HYPERLINK\(\s*"(https?://[^"]+)"', re.IGNORECASE)


class Links:
    """Puts the address in place of the label that is shown of it, in columns that hold links."""

    def __init__(self, path: str, place: int, start: tuple[int, int]):
        found = _links(path, place)
        self._links = {
            (row - start[0], column - start[1]): address for (row, column), address in found.items()
        }
        self._columns: set[int] = set()
        self._unnamed: tuple[int, int] | None = None
        self._added: int | None = None  # the column whose links get a column of their own
        self._header = 0

    @property
    def count(self) -> int:
        return sum(column in self._columns or column == self._added for _row, column in self._links)

    def choose_columns(self, first: list[list[str]]) -> None:
        """A column that is read as a link; or one that is not read otherwise and shows the same few words."""
        header = best_header(first)
        if header is None or not self._links:
            return
        fields = {index: name for name, index in guess_columns(first[header]).items()}
        has_link = "permalink" in fields.values()
        self._header = header
        for column, name in enumerate(first[header]):
            labels = [
                first[row][column]
                for row in range(header + 1, len(first))
                if (row, column) in self._links and column < len(first[row])
            ]
            shows_words = column not in fields and len(set(labels)) * 2 <= len(labels) + 1
            if labels and (fields.get(column) in LINK_NAMES or shows_words):
                self._columns.add(column)
                if not has_link and column not in fields and not name:
                    self._unnamed = (header, column)
        if not has_link and not self._columns and "id" not in fields.values():
            self._added = self._leading_to_messages(first, header)

    def _leading_to_messages(self, first: list[list[str]], header: int) -> int | None:
        """The column of which most cells, whatever they show, lead to a message."""
        for column in range(len(first[header])):
            rows = range(header + 1, len(first))
            found = [self._links[row, column] for row in rows if (row, column) in self._links]
            if found and 2 * sum(id_from_link(address) is not None for address in found) > len(rows):
                return column
        return None

    def put(self, number: int, row: list[str]) -> None:
        for column in self._columns:
            if column < len(row):
                row[column] = self._links.get((number, column), row[column])
        if self._unnamed and self._unnamed[0] == number:
            row[self._unnamed[1]] = "link"
        if self._added is not None:
            row.append("link" if number == self._header else self._links.get((number, self._added), ""))


def _links(path: str, place: int) -> dict[tuple[int, int], str]:
    """(row, column), from 0, -> address, of the sheet at this place of an xlsx; nothing for other
    workbooks.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                return {}
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - limited, see above
            sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
            targets = _relations(archive, "xl/_rels/workbook.xml.rels")
            part = targets.get(sheets[place].get(RELATION, ""), "").removeprefix("/xl/").removeprefix("xl/")
            folder, _slash, file = f"xl/{part}".rpartition("/")
            addresses = _relations(archive, f"{folder}/_rels/{file}.rels")
            found: dict[tuple[int, int], str] = {}
            with archive.open(f"{folder}/{file}") as content:
                for _event, element in ElementTree.iterparse(content):  # noqa: S314
                    if element.tag.endswith("}hyperlink"):
                        address = addresses.get(element.get(RELATION, ""))
                        if address and address.startswith("http"):
                            found[_cell(element.get("ref", "A1"))] = address
                    elif element.tag.endswith("}c") and (address := _address_in_formula(element)):
                        found[_cell(element.get("r", "A1"))] = address
                    elif element.tag.endswith("}row"):
                        element.clear()
            return found
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError):
        return {}


def _address_in_formula(cell: ElementTree.Element) -> str | None:
    for child in cell:
        if child.tag.endswith("}f") and child.text and (found := FORMULA.match(child.text)):
            return found[1]
    return None


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    if part not in archive.namelist():
        return {}
    tree = ElementTree.fromstring(archive.read(part))  # noqa: S314 - limited, see above
    return {relation.get("Id", ""): relation.get("Target", "") for relation in tree}


def _cell(reference: str) -> tuple[int, int]:
    """
    >>> _cell("B7"), _cell("AA1:AA3")
    ((6, 1), (0, 26))
    """
    first = reference.partition(":")[0].replace("$", "")
    letters = first.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(first[len(letters) :]) - 1, column - 1
