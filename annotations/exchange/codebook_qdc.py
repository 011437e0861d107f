"""A codebook as REFI-QDA Codebook Exchange (`.qdc`), for NVivo, MAXQDA, ATLAS.ti and QualCoder.

The format: REFI-QDA standard 1.5, namespace `urn:QDA-XML:codebook:1.0`. A variable is a code that
cannot be given itself, its categories are the codes below it; a number or a text is a code of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from xml.etree import ElementTree

from ..codebooks.categories import CategorySpec, text_in
from ..codebooks.schema import CodebookSpec, VariableSpec

NAMESPACE = "urn:QDA-XML:codebook:1.0"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
GUIDS = uuid.UUID("5d2f1a56-6f0f-4c37-9f0c-6f3c6d0c2b11")
"""The same codebook gives the same codes in every file."""
NOT_IN_XML = {number: None for number in range(32) if chr(number) not in "\t\n\r"}


def write_qdc(spec: CodebookSpec, language: str) -> str:
    """The file's text. Labels and definitions are in `language`."""
    root = ElementTree.Element("CodeBook", xmlns=NAMESPACE, origin="webcare_coding")
    root.append(codes_element(spec.key, spec.variables, language))
    ElementTree.indent(root)
    return HEAD + ElementTree.tostring(root, encoding="unicode") + "\n"


def codes_element(codebook: str, variables: Iterable[VariableSpec], language: str) -> ElementTree.Element:
    """The element `Codes`, without a namespace; `codebook` is the codebook's key."""
    codes = ElementTree.Element("Codes")
    for variable in variables:
        path = (codebook, variable.key)
        code = _code(codes, path, variable, language, is_codable=not variable.options)
        for category in variable.options:
            _code(code, (*path, category.key), category, language, is_codable=True)
    return codes


def guid(*path: str) -> str:
    """The id of a code: `codebook, variable` or `codebook, variable, category`."""
    return str(uuid.uuid5(GUIDS, "/".join(path)))


def clean(text: str) -> str:
    """Without what XML cannot hold."""
    return text.translate(NOT_IN_XML).encode("utf-8", "replace").decode("utf-8")


def _code(
    parent: ElementTree.Element,
    path: tuple[str, ...],
    item: VariableSpec | CategorySpec,
    language: str,
    *,
    is_codable: bool,
) -> ElementTree.Element:
    code = ElementTree.SubElement(
        parent,
        "Code",
        guid=guid(*path),
        name=clean(text_in(item.label, language) or item.key),
        isCodable="true" if is_codable else "false",
    )
    about = [
        text
        for name in ("definition", "include", "exclude", "example")
        if (text := _guidance(item, name, language))
    ]
    description = ElementTree.SubElement(code, "Description")
    description.text = clean("\n".join([f"[{item.key}]", *about]))
    return code


def _guidance(item: VariableSpec | CategorySpec, name: str, language: str) -> str:
    texts = getattr(item, name)
    return text_in(texts, language) if texts else ""
