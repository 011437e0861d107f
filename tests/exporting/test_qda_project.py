"""project.qdpx, read as another program reads it: by its schema, with positions in code points."""

import re
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.adjudication.imported import COLUMNS, import_settled
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.errors import BadInput
from annotations.exchange.project_qdpx import shifted, text_of_lines
from annotations.exporting.export import write_export
from annotations.exporting.reading.codings import import_codings
from annotations.models import Category, Code, Coding, Event, Span
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


def add_in_another_program(path, coder, start, end, *names, name="", note=""):
    """A selection with codes, as NVivo writes one that a person made there."""
    with ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    root = ElementTree.fromstring(files["project.qde"])
    users = {user.get("name"): user.get("guid") for user in root.iter(f"{Q}User")}
    guids = {}
    for top in root.findall(f"{Q}CodeBook/{Q}Codes/{Q}Code"):
        for below in top.iter(f"{Q}Code"):
            guids.setdefault(below.get("name"), below.get("guid"))
    source = root.find(f"{Q}Sources/{Q}TextSource")
    for number, code in enumerate(names):
        selection = ElementTree.SubElement(
            source,
            f"{Q}PlainTextSelection",
            guid=f"0000000{number}-0000-4000-8000-000000000000",
            name=name,
            startPosition=str(start),
            endPosition=str(end),
            creatingUser=users[coder],
        )
        coding = ElementTree.SubElement(
            selection, f"{Q}Coding", guid=f"1000000{number}-0000-4000-8000-000000000000",
            creatingUser=users[coder],
        )  # fmt: skip
        ElementTree.SubElement(coding, f"{Q}CodeRef", targetGUID=guids[code])
    files["project.qde"] = ElementTree.tostring(root)
    with ZipFile(path, "w") as archive:
        for name_, content in files.items():
            archive.writestr(name_, content)


@pytest.fixture
def project(study, tmp_path):
    write_export(study, tmp_path, profile="restricted", only=["project.qdpx"])
    path = tmp_path / "project.qdpx"
    with ZipFile(path) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".txt"))
        text = archive.read(name).decode()
    return path, text


def test_what_a_person_marked_in_another_program_is_added_to_that_coding(study, project):
    path, text = project
    coding = Coding.objects.get()
    before = list(Code.objects.order_by("pk").values_list("pk", "revision"))
    at = text.index("kees_demo")
    add_in_another_program(path, "noor", at, at + 9, "E-mail")
    preview = import_codings(study, path, dry_run=True)
    assert (preview["codings_added_to"], preview["spans"], preview["answers"]) == (1, 1, 0)
    assert Span.objects.count() == 1
    report = import_codings(study, path)
    assert (report["codings_added_to"], report["codings_known"], report["codings_new"]) == (1, 0, 0)
    first, second = Span.objects.order_by("number")
    assert second.message.text[second.start : second.end] == "kees_demo"
    assert second.codes.get().category.key == "email"
    assert (first.number, second.number) == (1, 2)
    assert list(Code.objects.order_by("pk").values_list("pk", "revision"))[: len(before)] == before
    assert Coding.objects.get().revision == coding.revision + 1
    assert Coding.objects.get().finished_at == coding.finished_at
    assert Event.objects.get(action="codings.extended").after["spans"] == 1
    assert import_codings(study, path)["codings_known"] == 1


def test_one_more_of_several_answers_is_added(study, project):
    path, text = project
    code = Code.objects.get(variable__key="channels")
    code.categories.remove(code.categories.get(key="mail"))
    write_export(study, path.parent, profile="restricted", only=["project.qdpx"])
    at = text.index("regel een")
    add_in_another_program(path, "noor", at, at + 9, "Mail", name="main · channels")
    assert import_codings(study, path)["codings_added_to"] == 1
    code.refresh_from_db()
    assert set(code.categories.values_list("key", flat=True)) == {"dm", "mail"}
    assert code.revision == 2


def test_what_contradicts_the_coding_is_refused_and_nothing_is_stored(study, project):
    path, _text = project
    Code.objects.filter(span__isnull=False).update(category=Category.objects.get(key="bsn"))
    with pytest.raises(BadInput, match=r"otherwise in round main \(info_type\); nothing is overwritten"):
        import_codings(study, path)
    assert Span.objects.count() == 1


def test_nothing_is_added_to_what_is_open_or_was_decided_on(study, project):
    path, text = project
    at = text.index("kees_demo")
    add_in_another_program(path, "noor", at, at + 9, "E-mail")
    Coding.objects.update(state="open", finished_at=None)
    with pytest.raises(BadInput, match="nothing can be added until it is finished"):
        import_codings(study, path)
    Coding.objects.update(state="finished", finished_at=START)
    chief = make_member(study, "chief", role="supervisor")
    message = study.conversations.get().messages.first()
    row = dict.fromkeys(COLUMNS, "") | {"variable": "contains_pii", "value": "yes"}
    row |= {"conversation_id": message.conversation.key, "message_id": message.external_id}
    import_settled(study, [row], actor_id=chief.pk)
    with pytest.raises(BadInput, match="was decided on; what noor gave cannot be added to"):
        import_codings(study, path)
