"""A codebook as people and other programs read it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from docx import Document

from annotations.codebooks.reading import read_codebook
from annotations.exchange.codebook_document import write_docx, write_html
from annotations.exchange.codebook_qdc import write_qdc
from tests.factories import SMALL_CODEBOOK

HOSTILE = "<script>alert(1)</script> & \x00 \x0b"
Q = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def spec():
    return read_codebook(SMALL_CODEBOOK)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_documents_hold_every_question_and_category(spec, language, tmp_path):
    page = Tags()
    page.feed(write_html(spec, language))
    write_docx(spec, language, tmp_path / "codebook.docx")
    document = Document(tmp_path / "codebook.docx")
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    for variable in spec.variables:
        assert variable.label[language] in page.text
        assert variable.label[language] in headings
        for category in variable.options:
            assert category.label[language] in cells
            assert category.key in cells
            assert category.label[language] in page.text
    assert page.seen.count("h2") >= len(spec.variables)


def test_a_qdc_has_a_code_per_category_with_ids_that_stay(spec):
    text = write_qdc(spec, "nl")
    assert text == write_qdc(spec, "nl")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{Q}CodeBook"
    assert [child.tag for child in root] == [f"{Q}Codes"]
    codes = list(root.iter(f"{Q}Code"))
    assert len(codes) == len(spec.variables) + sum(len(variable.options) for variable in spec.variables)
    guids = [code.get("guid") for code in codes]
    assert len(set(guids)) == len(guids)
    assert all(GUID.fullmatch(guid) for guid in guids)
    for variable, code in zip(spec.variables, root[0], strict=True):
        assert code.get("name") == variable.label["nl"]
        assert code.get("isCodable") == ("false" if variable.options else "true")
        assert next(child.tag for child in code) == f"{Q}Description"  # as the schema orders them
        assert [child.get("isCodable") for child in code[1:]] == ["true"] * len(variable.options)


def test_a_hostile_label_is_text_in_every_document(spec, tmp_path):
    hostile = replace(spec, variables=(replace(spec.variables[0], label={"nl": HOSTILE}),))
    page = Tags()
    page.feed(write_html(hostile, "nl"))
    assert "script" not in page.seen
    assert "<script>alert(1)</script> &" in page.text
    write_docx(hostile, "nl", tmp_path / "codebook.docx")
    texts = [paragraph.text for paragraph in Document(tmp_path / "codebook.docx").paragraphs]
    assert "<script>alert(1)</script> &  " in texts
    (code, *_) = ElementTree.fromstring(write_qdc(hostile, "nl"))[0]
    assert code.get("name") == "<script>alert(1)</script> &  "
