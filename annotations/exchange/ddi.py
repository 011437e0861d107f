"""Tables described as DDI-Codebook 2.5, which archives such as DANS keep beside the data. PURE.

The format: https://ddialliance.org/Specification/DDI-Codebook/2.5/, namespace `ddi:codebook:2_5`; the order
of elements is that of its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from .codebook_qdc import HEAD, clean
from .table import Column, Table

NAMESPACE = "ddi:codebook:2_5"
NUMBERS = frozenset({"integer", "number"})
NATURE = frozenset({"nominal", "ordinal", "interval", "ratio"})


@dataclass(frozen=True)
class About:
    """Of the study. `method`: how it was coded; `units`: what is counted; `left_out`: what the files lack."""

    name: str
    key: str
    description: str
    language: str
    organisations: Sequence[str] = ()
    method: str = ""
    units: str = "message; conversation; fragment of a message"
    left_out: Sequence[str] = ()


def write_ddi(about: About, tables: Sequence[Table], rows: Mapping[str, int]) -> str:
    """The file's text. `rows`: number of rows per file, where it is known."""
    root = ElementTree.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", "xml:lang": about.language})
    root.append(_study(about))
    for number, table in enumerate(tables, 1):
        root.append(_file(number, table, rows.get(table.name)))
    data = ElementTree.SubElement(root, "dataDscr")
    for number, table in enumerate(tables, 1):
        for place, column in enumerate(table.columns, 1):
            data.append(_variable(column, f"V{number}.{place}", f"F{number}"))
    ElementTree.indent(root)
    return HEAD + ElementTree.tostring(root, encoding="unicode") + "\n"


def _text(parent: ElementTree.Element, name: str, text: object, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = clean(str(text))
    return element


def _study(about: About) -> ElementTree.Element:
    study = ElementTree.Element("stdyDscr")
    title = ElementTree.SubElement(ElementTree.SubElement(study, "citation"), "titlStmt")
    _text(title, "titl", about.name)
    _text(title, "IDNo", about.key)
    info = ElementTree.SubElement(study, "stdyInfo")
    if about.description:
        _text(info, "abstract", about.description)
    summary = ElementTree.SubElement(info, "sumDscr")
    _text(summary, "anlyUnit", about.units)
    for organisation in about.organisations:
        _text(summary, "universe", f"conversations with {organisation}")
    _text(summary, "dataKind", "content analysis of text")
    if about.method:
        method = ElementTree.SubElement(study, "method")
        _text(ElementTree.SubElement(method, "dataColl"), "collMode", about.method)
    if about.left_out:
        access = ElementTree.SubElement(ElementTree.SubElement(study, "dataAccs"), "setAvail")
        _text(access, "complete", "; ".join(about.left_out))
    return study


def _file(number: int, table: Table, rows: int | None) -> ElementTree.Element:
    file = ElementTree.Element("fileDscr", ID=f"F{number}")
    text = ElementTree.SubElement(file, "fileTxt")
    _text(text, "fileName", table.name)
    _text(text, "fileCont", table.description)
    size = ElementTree.SubElement(text, "dimensns")
    if rows is not None:
        _text(size, "caseQnty", rows)
    _text(size, "varQnty", len(table.columns))
    _text(text, "fileType", "CSV, UTF-8")
    return file


def _variable(column: Column, key: str, file: str) -> ElementTree.Element:
    is_number = column.type in NUMBERS
    shape = {"intrvl": "contin" if column.type == "number" and not column.labels else "discrete"}
    if column.scale in NATURE:
        shape["nature"] = column.scale
    variable = ElementTree.Element("var", {"ID": key, "name": clean(column.name), "files": file} | shape)
    _text(variable, "labl", column.description)
    for code, label in sorted(column.all_labels.items()):
        category = ElementTree.SubElement(
            variable, "catgry", {"missing": "Y"} if code in column.missing else {}
        )
        _text(category, "catValu", code)
        _text(category, "labl", label)
    ElementTree.SubElement(variable, "varFormat", type="numeric" if is_number else "character")
    return variable
