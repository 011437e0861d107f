"""Files as people are handed them: every kind of oddity once, made here, with what a person would expect."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from annotations.common.cells import csv_lines
from tests.importing.help import take_in

LINK = "https://x.com/piet_demo/status/17180000000000001{:02}"
WANTED = datetime(2023, 10, 28, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "28-10-23 16:00", "za 28-10-2023 16:00", "28-10-2023 16:00 uur", "28-10-2023 om 16.00 uur",
        "28 okt 2023 16:00", "28 okt. 2023 16:00", "zaterdag 28 oktober 2023 16:00", "28-Oct-2023 04:00PM",
        "Oct 28, 2023 4:00 PM", "2023/10/28 16:00", "28.10.2023 16:00", "45227.6666666667",
        "2023-W43-6T16:00", "20231028 160000", "Sat, 28 Oct 2023 14:00:00 GMT", "2023-10-28 16:00:00 CEST",
        "2023-10-28 16:00 Europe/Amsterdam", "28-10-'23 16u00", "16:00 · 28 okt. 2023",
        "4:00 PM · Oct 28, 2023", "Sat Oct 28 2023 16:00:00 GMT+0200 (Midden-Europese zomertijd)",
        "1698501600000000", "1.698501600000E+12", "2023-10-28T16:00:00+0200",
        "Sat Oct 28 14:00:00 UTC 2023", "1698501600", "1698501600000",
    ],
)  # fmt: skip
def test_a_time_is_read_as_it_is_written(give, written):
    text = f'Datum;Auteur;Bericht;URL\n"{written}";piet_demo;hoi;{LINK.format(1)}\n'
    (message,), problems, corpus = give("in.csv", text)
    assert message.created_at == WANTED
    assert not corpus.refused, problems


def test_a_column_that_is_no_time_is_one_sentence(give):
    rows = "".join(f"gisteren;hoi;{LINK.format(i)}\n" for i in range(30))
    _messages, problems, corpus = give("in.csv", "Datum;Bericht;URL\n" + rows)
    assert corpus.refused
    assert problems["not_times"].params["share"] == 30
    assert "bad_time" not in problems


@pytest.mark.parametrize("header", ["Datum;Tijd", "Date;Time", "Publicatiedatum;Tijdstip (uur)"])
@pytest.mark.parametrize("clock", ["16:00", "04:00 PM", "16.00 uur", "0,6666667"])
def test_a_date_and_a_time_in_two_columns_are_one(give, header, clock):
    text = f"{header};Auteur;Bericht;URL\n28-10-2023;{clock};piet_demo;hoi;{LINK.format(1)}\n"
    (message,), problems, _corpus = give("in.csv", text, timezone="Europe/Amsterdam")
    assert message.created_at == WANTED
    assert "columns_unread" not in problems


def test_days_without_a_time_of_day_are_told(give):
    _messages, problems, _corpus = give("in.csv", f"datum,tekst,url\n28-10-2023,hoi,{LINK.format(1)}\n")
    assert problems["days_only"].severity == "notice"


def test_columns_are_joined_by_hand(give):
    text = f"dag,klok,kop,bericht,url\n28-10-2023,16:00,Mijn pas,Waar is hij?,{LINK.format(1)}\n"
    mapping = {"created_at": "dag + klok", "text": "kop+bericht"}
    (message,), _problems, _corpus = give("in.csv", text, columns=mapping, timezone="Europe/Amsterdam")
    assert (message.created_at, message.text) == (WANTED, "Mijn pas\n\nWaar is hij?")


def test_a_title_that_is_the_beginning_of_the_text_is_not_said_twice(give):
    text = f"kop,bericht,url\nMijn pas is…,Mijn pas is weg,{LINK.format(1)}\n"
    (message,), _problems, _corpus = give("in.csv", text, columns={"text": "kop + bericht"})
    assert message.text == "Mijn pas is weg"


@pytest.mark.parametrize("cell", ["Piet P. (@piet_demo)", "Piet P. @piet_demo", "Piet P. [@piet_demo]"])
def test_a_name_and_a_handle_in_one_cell_are_two(give, cell):
    (message,), _problems, _corpus = give("in.csv", f"auteur,tekst,url\n{cell},hoi,{LINK.format(1)}\n")
    assert (message.author_name, message.author_handle) == ("Piet P.", "piet_demo")


def test_both_orders_of_day_and_month_are_told(give):
    rows = "".join(
        f"{day},hoi,{LINK.format(i)}\n" for i, day in enumerate(["04/13/2023 10:00", "13/04/2023 10:00"])
    )
    _messages, problems, _corpus = give("in.csv", "datum,tekst,url\n" + rows)
    assert problems["day_orders_mixed"].params == {"day": 1, "month": 1}


def test_what_nobody_reads_and_what_is_not_there_is_told(give):
    _messages, problems, _corpus = give("in.csv", "id,tekst,Sentiment\n1,hoi,0.3\n2,ja,\n")
    assert problems["columns_unread"].params == {"columns": "Sentiment", "count": 1}
    assert {"no_times", "no_authors", "no_threads"} <= problems.keys()


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("1,2K", 1200), ("12.040", 12040), ("3 mln", 3_000_000), ("n.v.t.", None), ("veel", None)],
)
def test_no_message_is_lost_to_a_number(give, cell, wanted):
    (message,), _problems, corpus = give("in.csv", f"volgers;tekst;url\n{cell};hoi;{LINK.format(1)}\n")
    assert message.author_followers == wanted
    assert corpus.repairs["number_unread"] == (cell == "veel")


PREAMBLE = "Rapport:,Zonnebank\nPeriode:,oktober\n\n"


def test_the_header_is_found_below_what_stands_above_it(give):
    messages, problems, _corpus = give(
        "in.csv", PREAMBLE + "Date,Author,Full Text,Url\n2023-10-28 14:00,a,hoi,u1\n"
    )
    assert [message.text for message in messages] == ["hoi"]
    assert problems["header_found"].params == {"at": 4, "count": 2}
    assert messages[0].line == 5


def workbook(path: Path, **sheets) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


TABLE = [["id", "tekst", "gesprek"], ["1", "een", "A"], ["2", "twee", None], ["3", "drie", "B"]]


def test_the_sheet_with_messages_is_read_and_the_others_are_named(tmp_path):
    path = workbook(tmp_path / "in.xlsx", Voorblad=[["Rapport"]], Berichten=TABLE, Los=[["x"]])
    messages, problems, _corpus = take_in(path, tmp_path / "u")
    assert len(messages) == 3
    assert problems["other_sheets"].params == {"sheet": "Berichten", "others": "Voorblad, Los"}
    _messages, problems, corpus = take_in(path, tmp_path / "u", sheet="Nergens")
    assert corpus.refused
    assert "Voorblad, Berichten, Los" in problems["no_sheet"].message


def test_merged_cells_are_filled_down(tmp_path):
    book = Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "in.xlsx")
    messages, _problems, corpus = take_in(tmp_path / "in.xlsx", tmp_path / "u")
    assert {message.external_id: message.conversation_id for message in messages} == {
        "1": "A",
        "2": "A",
        "3": "B",
    }
    assert corpus.repairs["merged_cells"] == 1


@pytest.mark.parametrize("name", ["link", "bekijk"])
def test_a_link_is_its_address_not_what_is_shown(tmp_path, name):
    book = Workbook()
    book.active.append([name, "tekst", "url" if name == "bekijk" else "auteur"])
    for number in range(3):
        book.active.append(["openen", f"tekst {number}", "" if name == "bekijk" else "a"])
        book.active.cell(number + 2, 1).hyperlink = LINK.format(number)
    book.save(tmp_path / "in.xlsx")
    columns = {} if name == "link" else {"permalink": "bekijk"}
    messages, _problems, corpus = take_in(tmp_path / "in.xlsx", tmp_path / "u", columns=columns)
    assert {message.external_id for message in messages} == {
        f"17180000000000001{number:02}" for number in range(3)
    }
    assert corpus.repairs["link_addresses"] == 3


PLAIN = "id,text,created_at\n1,Oké “ja” 😀,2023-10-28T14:00:00Z\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_utf_16_is_read_with_and_without_its_mark(give, encoding):
    (message,), _problems, corpus = give("in.csv", PLAIN.encode(encoding))
    assert message.text == "Oké “ja” 😀"
    assert not corpus.repairs["nul"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_json_lines_in_utf_16_are_read(give, encoding):
    line = json.dumps({"id": "1", "text": "Oké 😀", "speaker": "a", "reply-to": None}, ensure_ascii=False)
    (message,), _problems, _corpus = give("in.jsonl", (line + "\r\n").encode(encoding))
    assert message.text == "Oké 😀"


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return made.getvalue()


JSONL = b'{"id": "1", "text": "x", "speaker": "a", "reply-to": null}\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.zip", zipped(twcs_csv=PLAIN.encode())),
        ("in.csv.gz", gzip.compress(PLAIN.encode())),
        ("in.csv.bz2", bz2.compress(PLAIN.encode())),
        ("in.zip", zipped(in_zip=zipped(twcs_csv=PLAIN.encode()))),
        ("in.zip", zipped(in_csv_gz=gzip.compress(PLAIN.encode()))),
        ("in.zip", zipped(utterances_jsonl_gz=gzip.compress(JSONL))),
        ("in.jsonl.gz", gzip.compress(JSONL)),
    ],
)
def test_wrapped_files_are_read(give, name, content):
    messages, problems, corpus = give(name, content)
    assert [message.external_id for message in messages] == ["1"], problems
    assert not corpus.refused


def locked() -> bytes:
    """A zip that says of its file that it needs a password."""
    content = bytearray(zipped(in_csv=PLAIN.encode()))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    return bytes(content)


def unknown_method(name: str, inside: bytes) -> bytes:
    content = bytearray(zipped(**{name: inside}))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(magic) + offset] = 98
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("in.zip", locked(), "encrypted"),
        ("in.zip", unknown_method("in_csv", PLAIN.encode()), "bad_archive"),
        ("in.zip", unknown_method("in_jsonl", JSONL), "not_readable"),
        ("in.csv.gz", gzip.compress(PLAIN.encode())[:-12], "bad_archive"),
        ("in.zip", zipped(leesmij_pdf=b"%PDF"), "nothing_in_zip"),
        ("in.xls", "<html><table><tr><td>Datum</td></tr></table></html>", "web_page"),
        ("in.7z", b"7z\xbc\xaf\x27\x1c0000", "other_archive"),
        ("in.csv", ",".join(f"kolom{i}" for i in range(5000)) + "\n", "too_many_columns"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(give, name, content, code):
    messages, problems, _corpus = give(name, content)
    assert messages == []
    assert [problem.code for problem in problems.values() if problem.severity == "file"] == [code]
    assert problems[code].sentence("nl") != problems[code].message


def test_what_this_program_exports_comes_back_unchanged(give):
    header = ["conversation_id", "message_id", "parent_id", "position", "state", "account", "role", "text"]
    texts = ["@a hoi", "=1+1", "'t is zo", "-5 graden", "''", "Oké\nja"]
    rows = [["1", str(i), "", i, "present", "=x", "consumer", text] for i, text in enumerate(texts, 1)]
    messages, _problems, _corpus = give("messages.csv", "".join(csv_lines(header, rows)))
    assert [message.text for message in messages] == texts
    assert {message.author_handle for message in messages} == {"=x"}


def test_an_apostrophe_against_formulas_is_taken_off_only_where_every_such_text_has_it(give):
    messages, _problems, corpus = give("in.csv", "id,text\n1,'@a hoi\n2,'=SOM(1)\n3,'t is zo\n")
    assert [message.text for message in messages] == ["@a hoi", "=SOM(1)", "'t is zo"]
    assert corpus.repairs["guard_taken_off"] == 2
    messages, _problems, _corpus = give("in.csv", "id,text\n1,@a hoi\n2,'@a hoi' zei hij\n")
    assert messages[1].text == "'@a hoi' zei hij"


@pytest.mark.parametrize(
    ("encoding", "told"), [("mac_roman", "mac_roman"), ("windows-1252", "windows_1252"), ("utf-8", None)]
)
def test_old_encodings_are_told_apart_by_their_letters(give, encoding, told):
    texts = ["“Help” zei zij… oké, reünie in België", "café’s – één ding: ‘prima’", "geïnd • niets"]
    table = "id,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(texts))
    messages, _problems, corpus = give("in.csv", table.encode(encoding))
    assert sorted(one.text for one in messages) == sorted(texts)
    assert {"mac_roman", "windows_1252"} & corpus.repairs.keys() == ({told} if told else set())


def test_ids_that_lost_digits_are_named(give):
    tweet = '{"data": [{"id": 1.718e+18, "text": "hoi", "conversation_id": 1.718e+18}], "meta": {}}'
    _messages, problems, _corpus = give("in.jsonl", tweet)
    assert "id 1.718e+18, conversation_id 1.718e+18" in problems["ids_are_floats"].message


def test_the_outbox_of_a_mastodon_archive_is_read(give):
    def note(number, answers, text):
        me = "https://m.example/users/kees"
        return {
            "type": "Create",
            "object": {
                "id": f"{me}/statuses/{number}",
                "attributedTo": me,
                "inReplyTo": answers and f"https://o.example/@webcare/{answers}",
                "content": text,
                "published": "2024-01-01T10:00:00Z",
                "tag": [{"type": "Mention", "name": "@webcare@o.example"}],
            },
        }

    items = [note(3, 2, "<p>a &amp; b</p>"), note(4, None, "nieuw"), {"type": "Announce", "object": "x"}]
    messages, problems, corpus = give("outbox.json", json.dumps({"orderedItems": items}))
    assert not problems.keys() & {"not_a_message"}
    assert [(one.external_id, one.parent_id, one.text) for one in messages] == [
        ("3", "2", "a & b"),
        ("4", None, "nieuw"),
    ]
    assert messages[0].author_handle == "kees@m.example"
    assert messages[0].mentions == ("webcare@o.example",)
    assert corpus.repairs["stream_notice"] == 1
