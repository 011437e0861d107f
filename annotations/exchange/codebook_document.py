"""A codebook as a document for people: HTML that prints to A4, and `.docx`.

Both are made from one description, `sections`, so that they say the same.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from ..codebooks.categories import CategorySpec, text_in
from ..codebooks.schema import CodebookSpec, VariableSpec
from ..codebooks.writing import condition_text

WORDS = {
    "nl": {
        "version": "versie",
        "include": "Wel",
        "exclude": "Niet",
        "example": "Voorbeeld",
        "asked": "Gevraagd als",
        "required": "verplicht",
        "code": "Code",
        "category": "Categorie",
        "meaning": "Betekenis",
        "key": "Sleutel",
        "rules": "Algemene regels",
        "missing": "Ontbrekende waarden",
    },
    "en": {
        "version": "version",
        "include": "Include",
        "exclude": "Exclude",
        "example": "Example",
        "asked": "Asked if",
        "required": "required",
        "code": "Code",
        "category": "Category",
        "meaning": "Meaning",
        "key": "Key",
        "rules": "General rules",
        "missing": "Missing values",
    },
}


Words = Mapping[str, str]


LEVELS = {
    "nl": {"span": "over een fragment", "message": "over een bericht", "conversation": "over een gesprek"},
    "en": {"span": "about a fragment", "message": "about a message", "conversation": "about a conversation"},
}


@dataclass
class Section:
    """A variable: its question, the facts beside it, what guides the coder, and a row per category."""

    title: str
    facts: str
    paragraphs: list[tuple[str, str]] = field(default_factory=list)
    """(heading, text); the heading may be empty."""
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Code, label, key, meaning."""


def sections(spec: CodebookSpec, language: str) -> Iterator[Section]:
    words = WORDS.get(language, WORDS["en"])
    levels = LEVELS.get(language, LEVELS["en"])
    modules = {module.key: text_in(module.label, language) for module in spec.modules}
    for variable in spec.variables:
        facts = [variable.key, modules.get(variable.module, variable.module), levels[variable.level]]
        facts.append(variable.of_kind.name.get(language, variable.kind))
        if variable.required:
            facts.append(words["required"])
        paragraphs = list(_paragraphs(variable, language, words))
        if variable.show_if:
            paragraphs.append((words["asked"], condition_text(variable.show_if)))
        rows = [
            (
                str(category.code),
                text_in(category.label, language),
                category.key,
                _meaning(category, language, words),
            )
            for category in variable.options
        ]
        yield Section(text_in(variable.label, language), " · ".join(facts), paragraphs, rows)


def _paragraphs(item: VariableSpec | CategorySpec, language: str, words: Words) -> Iterator[tuple[str, str]]:
    if item.definition:
        yield "", text_in(item.definition, language)
    for name in ("include", "exclude", "example"):
        if texts := getattr(item, name):
            yield words[name], text_in(texts, language)


def _meaning(category: CategorySpec, language: str, words: Words) -> str:
    parts = _paragraphs(category, language, words)
    return " ".join(f"{heading}: {text}" if heading else text for heading, text in parts)


STYLE = """@page { size: A4; margin: 18mm }
body { font: 11pt/1.45 Georgia, serif; max-width: 180mm; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
h1, h2, th { font-family: system-ui, sans-serif } h2 { margin: 2rem 0 .2rem; break-after: avoid }
.facts { color: #555; font: 9.5pt system-ui, sans-serif; margin: 0 0 .6rem }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: 10pt }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #bbb }
td:first-child { text-align: right; font-variant-numeric: tabular-nums } tr { break-inside: avoid }
code { font-size: .92em }"""


def write_html(spec: CodebookSpec, language: str) -> str:
    """One file, nothing beside it."""
    words = WORDS.get(language, WORDS["en"])
    title = escape(text_in(spec.title, language))
    parts = [
        f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n<title>{title}</title>',
        f"<style>{STYLE}</style>\n<h1>{title}</h1>",
        f'<p class="facts">{escape(spec.key)}, {words["version"]} {escape(spec.version)}</p>',
    ]
    parts += [f"<p>{escape(text_in(spec.description, language))}</p>"] if spec.description else []
    parts += _html_list(words["rules"], [text_in(rule, language) for rule in spec.rules.values()])
    parts += _html_list(words["missing"], list(_missing(spec, language)))
    for section in sections(spec, language):
        parts.append(f'<h2>{escape(section.title)}</h2>\n<p class="facts">{escape(section.facts)}</p>')
        for heading, text in section.paragraphs:
            lead = f"<strong>{escape(heading)}:</strong> " if heading else ""
            parts.append(f"<p>{lead}{escape(text)}</p>")
        if section.rows:
            heads = "".join(
                f'<th scope="col">{words[name]}</th>' for name in ("code", "category", "key", "meaning")
            )
            parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>")
            parts += [
                f"<tr><td>{escape(code)}</td><td>{escape(label)}</td><td><code>{escape(key)}</code></td>"
                f"<td>{escape(meaning)}</td></tr>"
                for code, label, key, meaning in section.rows
            ]
            parts.append("</tbody></table>")
    return "\n".join(parts) + "\n</html>\n"


def _html_list(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return [f"<h2>{title}</h2>\n<ul>", *(f"<li>{escape(item)}</li>" for item in items), "</ul>"]


def _missing(spec: CodebookSpec, language: str) -> Iterator[str]:
    for code, text in sorted(spec.missing_codes.items()):
        yield f"{code}: {text_in(text, language)}"


def write_docx(spec: CodebookSpec, language: str, path: Path) -> None:
    from docx import Document
    from docx.shared import Cm

    words = WORDS.get(language, WORDS["en"])
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    document.core_properties.title = text_in(spec.title, language)
    document.core_properties.language = language
    document.add_heading(_clean(text_in(spec.title, language)), 0)
    document.add_paragraph(f"{spec.key}, {words['version']} {spec.version}")
    if spec.description:
        document.add_paragraph(_clean(text_in(spec.description, language)))
    for title, items in (
        (words["rules"], [text_in(rule, language) for rule in spec.rules.values()]),
        (words["missing"], list(_missing(spec, language))),
    ):
        if items:
            document.add_heading(title, 1)
            for item in items:
                document.add_paragraph(_clean(item), style="List Bullet")
    for section in sections(spec, language):
        document.add_heading(_clean(section.title), 1)
        document.add_paragraph(_clean(section.facts)).style = "Subtitle"
        for heading, text in section.paragraphs:
            paragraph = document.add_paragraph()
            if heading:
                paragraph.add_run(f"{heading}: ").bold = True
            paragraph.add_run(_clean(text))
        if section.rows:
            heads = [words[name] for name in ("code", "category", "key", "meaning")]
            table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
            for cell, head in zip(table.rows[0].cells, heads, strict=True):
                cell.text = head
            for row in section.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = _clean(text)
    _save(document, path)


def _save(document: Any, path: Path) -> None:
    """The same document gives the same bytes: the entries of the file bear no time of writing."""
    with BytesIO() as buffer:
        document.save(buffer)
        with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in made.namelist():
                target.writestr(zipfile.ZipInfo(name), made.read(name), zipfile.ZIP_DEFLATED)


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
