"""project.qdpx, read as another program reads it: by its schema, with positions in code points."""

import re
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.exchange.project_qdpx import shifted, text_of_lines
from annotations.exporting.export import write_export
from tests.factories import START, assign, make_conversation, make_member, make_round, make_study

Q = "{urn:QDA-XML:project:1.0}"
TEXT = "👨‍👩‍👧 regel een\r\nbel\r06-00000011 \x0b<b>nu</b>\n@kees_demo"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def study(db):
    study = make_study("source", modules=["core", "extra"])
    coder = make_member(study, "noor", pseudonym="C1")
    conversation = make_conversation(study, TEXT, "Stuur een DM ^MK")
    first, second = conversation.messages.all()
    start = TEXT.index("06-")
    item = ImportedCoding(
        assign(conversation, coder),
        answers={
            ("message", first.pk): {"contains_pii": "yes", "channels": frozenset({"dm", "mail"})},
            ("message", second.pk): {"contains_pii": "no"},
        },
        spans=[ImportedSpan(first.pk, start, start + 11, {"info_type": "phone"}, "accepted")],
        finished_at=START,
    )
    store_imported(make_round(study), [item], actor_id=None)
    return study


def read(path):
    """What QualCoder and its like make of the file: (coder, names of codes, text of the selection)."""
    with ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    users = {user.get("guid"): user.get("name") for user in root.iter(f"{Q}User")}
    codes = {code.get("guid"): code for code in root.iter(f"{Q}Code")}
    found = []
    for source in root.iter(f"{Q}TextSource"):
        text = texts[source.get("plainTextPath").replace("internal://", "Sources/")]
        for selection in source.iter(f"{Q}PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            names = [codes[ref.get("targetGUID")].get("name") for ref in selection.iter(f"{Q}CodeRef")]
            found.append((users[selection.get("creatingUser")], sorted(names), text[start:end]))
    return root, found


def test_every_selection_is_the_text_that_was_coded(study, tmp_path):
    write_export(study, tmp_path, profile="restricted", only=["project.qdpx"])
    _root, found = read(tmp_path / "project.qdpx")
    whole = text_of_lines(TEXT)
    assert sorted(found) == sorted(
        [
            ("noor", ["Ja"], whole),
            ("noor", ["DM", "Mail"], whole),
            ("noor", ["Nee"], "Stuur een DM ^MK"),
            ("noor", ["Telefoon"], "06-00000011"),
        ]
    )


def test_masked_texts_keep_the_places_and_hide_the_number(study, tmp_path):
    write_export(study, tmp_path, only=["project.qdpx"])
    _root, found = read(tmp_path / "project.qdpx")
    assert ("C1", ["Telefoon"], "•" * 11) in found
    with ZipFile(tmp_path / "project.qdpx") as archive:
        assert not any(b"06-00000011" in archive.read(name) for name in archive.namelist())


def test_a_public_export_has_none(study, tmp_path):
    manifest = write_export(study, tmp_path, profile="public", only=["project.qdpx"])
    assert manifest["files"] == []


def test_elements_and_attributes_are_those_of_the_schema(study, tmp_path):
    """The order of elements in the XSD of the standard, and what it requires of each."""
    write_export(study, tmp_path, only=["project.qdpx"])
    root, _found = read(tmp_path / "project.qdpx")
    assert [child.tag.removeprefix(Q) for child in root] == ["Users", "CodeBook", "Variables", "Sources"]
    order = [
        "Description",
        "PlainTextSelection",
        "Coding",
        "VariableValue",
        "VariableRef",
        "TextValue",
        "Code",
    ]
    seen = set()
    for element in root.iter():
        places = [order.index(tag) for child in element if (tag := child.tag.removeprefix(Q)) in order]
        assert places == sorted(places)
        if "guid" in element.attrib:
            assert GUID.fullmatch(element.get("guid"))
            assert element.get("guid") not in seen
            seen.add(element.get("guid"))
    for element in root.iter(f"{Q}Coding"):
        assert [child.tag for child in element] == [f"{Q}CodeRef"]
    assert all(code.get("isCodable") in ("true", "false") for code in root.iter(f"{Q}Code"))


def test_the_same_study_gives_the_same_bytes(study, tmp_path):
    for name in ("a", "b"):
        write_export(study, tmp_path / name, only=["project.qdpx"])
    assert (tmp_path / "a/project.qdpx").read_bytes() == (tmp_path / "b/project.qdpx").read_bytes()


@given(st.text(alphabet="a\r\n😀", max_size=12), st.data())
def test_a_position_keeps_its_place_when_line_ends_become_one(text, data):
    """A fragment that does not cut a line end in two is the same text before and after."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = [place for place in (start, end) if text[place - 1 : place + 1] == "\r\n" and place]
    if not cut:
        assert text_of_lines(text)[shifted(text, start) : shifted(text, end)] == text_of_lines(
            text[start:end]
        )
