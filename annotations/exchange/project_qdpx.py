"""A coded corpus as REFI-QDA project (`.qdpx`), for NVivo, MAXQDA, ATLAS.ti and QualCoder.

The format: REFI-QDA standard 1.5, namespace `urn:QDA-XML:project:1.0`: a zip of `project.qde` and the texts
in `Sources/`. Positions are code points from 0, the end exclusive. A text has line feeds only: programs
that turn other line ends into one character would shift every position after them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..codebooks.schema import VariableSpec
from .codebook_qdc import GUIDS, HEAD, clean, codes_element, guid

NAMESPACE = "urn:QDA-XML:project:1.0"
PROJECT = "project.qde"
SOURCES = "Sources"
DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip: the same study gives the same bytes."""


@dataclass(frozen=True)
class Coded:
    """What one coder gave to a part of a text. `codes`: (variable,) or (variable, category) each.

    `note`: the number or text that was given. `at`: ISO 8601, or empty.
    """

    coder: str
    start: int
    end: int
    codes: Sequence[tuple[str, ...]]
    name: str = ""
    note: str = ""
    at: str = ""


@dataclass(frozen=True)
class Source:
    """One text; `facts` are shown by the programs as its attributes."""

    name: str
    text: str
    coded: Sequence[Coded]
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Project:
    name: str
    codebook: str
    variables: Sequence[VariableSpec]
    coders: Sequence[str]
    facts: Sequence[str]
    language: str

    def guid_of(self, *path: str) -> str:
        return str(uuid.uuid5(GUIDS, "/".join(("project", self.name, *path))))


def write_qdpx(path: Path, project: Project, sources: Iterable[Source]) -> None:
    """Each source is read once and forgotten."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, TemporaryFile() as xml:
        _head(xml, project)
        seen = False
        for source in sources:
            if not seen:
                xml.write(b"<Sources>\n")
            seen = True
            key = project.guid_of("source", source.name)
            member = ZipInfo(f"{SOURCES}/{key}.txt", DATE)
            archive.writestr(member, source.text.encode("utf-8", "replace"), ZIP_DEFLATED)
            _write(xml, _source(project, key, source))
        xml.write(b"</Sources>\n</Project>\n" if seen else b"</Project>\n")
        xml.seek(0)
        with archive.open(ZipInfo(PROJECT, DATE), "w", force_zip64=True) as member_file:
            while part := xml.read(1 << 20):
                member_file.write(part)


def text_of_lines(text: str) -> str:
    """The text with line feeds only."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shifted(text: str, position: int) -> int:
    """Where a position of the text lies in `text_of_lines(text)`."""
    before = text[:position]
    return position - before.count("\r\n") - (before.endswith("\r") and text[position : position + 1] == "\n")


def _head(xml: IO[bytes], project: Project) -> None:
    root = ElementTree.Element("Project", xmlns=NAMESPACE, name=clean(project.name), origin="webcare_coding")
    opening = ElementTree.tostring(root, encoding="unicode").removesuffix(" />") + ">\n"
    xml.write((HEAD + opening).encode())
    if project.coders:
        users = ElementTree.Element("Users")
        for coder in project.coders:
            ElementTree.SubElement(users, "User", guid=project.guid_of("coder", coder), name=clean(coder))
        _write(xml, users)
    book = ElementTree.Element("CodeBook")
    book.append(codes_element(project.codebook, project.variables, project.language))
    _write(xml, book)
    if project.facts:
        variables = ElementTree.Element("Variables")
        for fact in project.facts:
            key = project.guid_of("fact", fact)
            ElementTree.SubElement(variables, "Variable", guid=key, name=clean(fact), typeOfVariable="Text")
        _write(xml, variables)


def _source(project: Project, key: str, source: Source) -> ElementTree.Element:
    element = ElementTree.Element(
        "TextSource", guid=key, name=clean(source.name), plainTextPath=f"internal://{key}.txt"
    )
    for number, coded in enumerate(source.coded):
        own = project.guid_of("selection", source.name, str(number))
        who = {"creatingUser": project.guid_of("coder", coded.coder)}
        if coded.at:
            who["creationDateTime"] = coded.at
        where = {"startPosition": str(coded.start), "endPosition": str(coded.end)}
        selection = ElementTree.SubElement(
            element, "PlainTextSelection", {"guid": own, "name": clean(coded.name)} | where | who
        )
        if coded.note:
            ElementTree.SubElement(selection, "Description").text = clean(coded.note)
        for code in coded.codes:
            key_of_coding = project.guid_of("coding", own, *code)
            coding = ElementTree.SubElement(selection, "Coding", {"guid": key_of_coding} | who)
            ElementTree.SubElement(coding, "CodeRef", targetGUID=guid(project.codebook, *code))
    for fact, value in source.facts:
        found = ElementTree.SubElement(element, "VariableValue")
        ElementTree.SubElement(found, "VariableRef", targetGUID=project.guid_of("fact", fact))
        ElementTree.SubElement(found, "TextValue").text = clean(value)
    return element


def _write(xml: IO[bytes], element: ElementTree.Element) -> None:
    xml.write(ElementTree.tostring(element, encoding="utf-8") + b"\n")
