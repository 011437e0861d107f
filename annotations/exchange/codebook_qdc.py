"""A codebook as REFI-QDA Codebook Exchange (`.qdc`), for NVivo, MAXQDA, ATLAS.ti and QualCoder.

The format: REFI-QDA standard 1.5, namespace `urn:QDA-XML:codebook:1.0`. A variable is a code that
cannot be given itself, its categories are the codes below it; a number or a text is a code of its own.
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree

from ..codebooks.categories import CategorySpec, text_in
from ..codebooks.schema import CodebookSpec, VariableSpec

NAMESPACE = "urn:QDA-XML:codebook:1.0"
GUIDS = uuid.UUID("5d2f1a56-6f0f-4c37-9f0c-6f3c6d0c2b11")
"""The same codebook gives the same codes in every file."""
NOT_IN_XML = {number: None for number in range(32) if chr(number) not in "\t\n\r"}


def write_qdc(spec: CodebookSpec, language: str) -> str:
    """The file's text. Labels and definitions are in `language`."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}CodeBook", origin="webcare_coding")
    codes = ElementTree.SubElement(root, f"{{{NAMESPACE}}}Codes")
    for variable in spec.variables:
        code = _code(codes, spec, variable, language, is_codable=not variable.options)
        for category in variable.options:
            _code(code, spec, category, language, is_codable=True, variable=variable)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _code(
    parent: ElementTree.Element,
    spec: CodebookSpec,
    item: VariableSpec | CategorySpec,
    language: str,
    *,
    is_codable: bool,
    variable: VariableSpec | None = None,
) -> ElementTree.Element:
    key = f"{spec.key}/{variable.key}/{item.key}" if variable else f"{spec.key}/{item.key}"
    code = ElementTree.SubElement(
        parent,
        f"{{{NAMESPACE}}}Code",
        guid=str(uuid.uuid5(GUIDS, key)),
        name=_clean(text_in(item.label, language) or item.key),
        isCodable="true" if is_codable else "false",
    )
    about = [
        text
        for name in ("definition", "include", "exclude", "example")
        if (text := _guidance(item, name, language))
    ]
    description = ElementTree.SubElement(code, f"{{{NAMESPACE}}}Description")
    description.text = _clean("\n".join([f"[{item.key}]", *about]))
    return code


def _guidance(item: VariableSpec | CategorySpec, name: str, language: str) -> str:
    texts = getattr(item, name)
    return text_in(texts, language) if texts else ""


def _clean(text: str) -> str:
    return text.translate(NOT_IN_XML)
