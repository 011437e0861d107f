"""A document as .docx: headings, paragraphs, tables and pictures with their texts, to go on writing in."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from ..figures.drawing.draw import cleaned
from ..figures.records import Drawable
from .document import Bullets, Document, Grid, Paragraph, Part

Draw = Callable[[Drawable], bytes]
"""The picture of a record as PNG."""
WIDTH = 16.0
"""Centimetres between the margins of A4."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


def as_docx(document: Document, draw: Draw) -> bytes:
    """The same as the page. Texts are text: nothing in them is a field or a formula."""
    from docx import Document as Docx  # loads lxml: only where somebody asks for a document
    from docx.shared import Cm

    file = Docx()
    for margin in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(file.sections[0], margin, Cm(2.5))
    file.sections[0].page_width, file.sections[0].page_height = Cm(21), Cm(29.7)
    _language(file, LANGUAGES.get(document.language, "en-GB"))
    file.core_properties.title = plain(document.title)
    file.core_properties.author = ""
    file.add_heading(plain(document.title), 0)
    file.add_paragraph(plain(document.subtitle))
    for section in document.sections:
        file.add_heading(plain(section.title), section.level)
        for part in section.parts:
            _part(file, part, draw)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def plain(text: str) -> str:
    """Without characters that XML cannot hold."""
    return cleaned(text)


def _part(file: Any, part: Part, draw: Draw) -> None:
    from docx.shared import Cm, Pt

    if isinstance(part, Paragraph):
        run = file.add_paragraph().add_run(plain(part.text))
        if part.is_note:
            run.font.size = Pt(9)
    elif isinstance(part, Bullets):
        for item in part.items:
            file.add_paragraph(plain(item), style="List Bullet")
    elif isinstance(part, Grid):
        _grid(file, part)
    else:
        picture = file.add_picture(io.BytesIO(draw(part.record)), width=Cm(WIDTH))
        header, rows = part.record.table()
        said = "; ".join(" ".join(row) for row in [header, *rows])
        properties = picture._inline.docPr
        properties.set("title", plain(part.record.title))
        properties.set("descr", plain(f"{part.record.title}. {said}")[:2000])


def _grid(file: Any, grid: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    caption = file.add_paragraph()
    caption.add_run(plain(grid.title)).bold = True
    caption.paragraph_format.keep_with_next = True
    table = file.add_table(rows=0, cols=len(grid.header), style="Light List")
    for number, row in enumerate([grid.header, *grid.rows]):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            run = cell.paragraphs[0].add_run(plain(text))
            run.font.size = Pt(9)
            run.bold = number == 0
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    file.add_paragraph()


def _language(file: Any, tag: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = file.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    properties.append(language)
