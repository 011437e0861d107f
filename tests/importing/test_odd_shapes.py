"""More shapes of the files that people are handed: what belongs to one message stands in many ways."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.importing.help import take_in

LINK = "https://x.com/piet_demo/status/1718000000000000101"
WANTED = datetime(2023, 10, 28, 14, 0, tzinfo=UTC)
REST = f"piet_demo;hoi;{LINK}\n"


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Tijdstip;Datum", "16:00;28-10-2023"),
        ("Datum;Tijd;Tijdzone", "28-10-2023;14:00;UTC"),
        ("Datum;Timezone", "28-10-2023 10:00;America/New_York"),
        ("Jaar;Maand;Dag;Uur;Minuut", "2023;okt;28;16;0"),
        ("Year;Month;Day;Time", "2023;10;28;16:00"),
        ("Datum;Uur", "28-10-2023;16"),
        ("Created At (UTC)", "2023-10-28 14:00"),
        ("CreatedTime", "2023-10-28 16:00"),
    ],
)
def test_a_moment_is_put_together(give, columns, cells):
    text = f"{columns};Auteur;Bericht;URL\n{cells};{REST}"
    (message,), _problems, corpus = give("in.csv", text)
    assert not corpus.refused
    zone = {"CreatedTime": 2, "Year;Month;Day;Time": 2}.get(columns, 0)  # no Dutch word: read as UTC
    assert message.created_at in {WANTED, WANTED.replace(hour=14 + zone)}


def test_a_zone_that_the_times_have_themselves_is_not_joined(give):
    text = f"Datum;Tijdzone;Auteur;Bericht;URL\n2023-10-28T14:00:00Z;Europe/Amsterdam;{REST}"
    (message,), problems, _corpus = give("in.csv", text)
    assert message.created_at == WANTED
    assert problems["columns_unread"].params["columns"] == "Tijdzone"


@pytest.mark.parametrize(
    "cell",
    [
        "@piet_demo (Piet P.)", "Piet P. | @piet_demo", "Piet P. - @piet_demo", "Piet P. (x.com/piet_demo)",
        '"Piet P.\n@piet_demo"',
    ],
)  # fmt: skip
def test_a_name_and_a_handle_are_told_apart(give, cell):
    (message,), _problems, _corpus = give("in.csv", f"auteur,tekst,url\n{cell},hoi,{LINK}\n")
    assert (message.author_name, message.author_handle) == ("Piet P.", "piet_demo")


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Author,Author URL", "Piet P.,https://twitter.com/piet_demo"),
        ("Author,Full Name", "piet_demo,Piet P. (piet_demo)"),
        ("Profile,Name", "https://bsky.app/profile/piet_demo,Piet P."),
    ],
)
def test_a_handle_is_found_in_the_address_of_the_account(give, columns, cells):
    (message,), _problems, _corpus = give("in.csv", f"{columns},text,url\n{cells},hoi,{LINK}\n")
    assert (message.author_handle, message.author_name) == ("piet_demo", "Piet P.")


def test_the_numbers_of_a_suite_give_way_to_the_ids_in_the_links(give):
    text = "id;Datum;Auteur;Bericht;URL\n1;28-10-2023 16:00;" + REST
    (message,), problems, _corpus = give("in.csv", text)
    assert message.external_id == "1718000000000000101"
    assert problems["ids_of_links"].params == {"column": "id"}
    (message,), problems, _corpus = give("in.csv", text, columns={"id": "id"})
    assert message.external_id == "1"
    # What others refer to is an id.
    text = "id;in_reactie_op;" + "Auteur;Bericht;URL\n1;;" + REST + "2;1;" + REST.replace("101", "202")
    messages, _problems, _corpus = give("in.csv", text)
    assert [(one.external_id, one.parent_id) for one in messages] == [("1", None), ("2", "1")]


@pytest.mark.parametrize("footer", ["Totaal: 1 bericht;;;\n", "\nTotaal: 1 bericht\n"])
def test_what_stands_below_the_table_is_left_aside(give, footer):
    table = f"Datum;Auteur;Bericht;URL\n28-10-2023 16:00;{REST}"
    messages, _problems, corpus = give("in.csv", table + footer)
    assert (len(messages), corpus.repairs["footer_rows"], corpus.refused) == (1, 1, False)
    # In the middle of messages it may be one that lost its cells.
    _messages, _problems, corpus = give("in.csv", table + footer + "29-10-2023 16:00;" + REST)
    assert corpus.refused


def test_a_table_with_texts_of_two_kinds_is_asked_about(give):
    """Comments below a post: either could be meant, and the post stands in every row."""
    text = f"post_id,post_text,comment_id,comment_message\n7,zie {LINK},71,een\n7,zie {LINK},72,twee\n"
    _messages, problems, corpus = give("in.tab", text)
    assert corpus.refused
    assert "missing_column" in problems
    messages, _problems, _corpus = give(
        "in.tab", text, columns={"id": "comment_id", "text": "comment_message"}
    )
    assert [one.text for one in messages] == ["een", "twee"]


def book(path: Path, rows: list[list[object]], link: tuple[int, int] | None = None) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if link:
        made.active.cell(*link).hyperlink = LINK
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("header", "row", "link"),
    [
        (["Datum", "Bericht", "Link"], ["28-10-2023", "hoi", f'=HYPERLINK("{LINK}","Bekijk")'], None),
        (["Datum", "Bericht"], ["28-10-2023", "hoi"], (2, 2)),
    ],
)
def test_an_address_behind_a_cell_is_the_link(tmp_path, header, row, link):
    path = book(tmp_path / "in.xlsx", [header, row], link)
    (message,), _problems, _corpus = take_in(path, tmp_path / "u")
    assert (message.external_id, message.permalink) == ("1718000000000000101", LINK)


def test_a_formula_in_a_csv_gives_its_address(give):
    (message,), _problems, _corpus = give("in.csv", f'tekst;link\nhoi;"=HYPERLINK(""{LINK}"";""Bekijk"")"\n')
    assert (message.external_id, message.permalink) == ("1718000000000000101", LINK)


def test_a_hidden_sheet_gives_way(tmp_path):
    made = Workbook()
    made.active.title, made.active.sheet_state = "Oud", "hidden"
    for sheet, word in ((made.active, "oud"), (made.create_sheet("Nu"), "nieuw")):
        sheet.append(["id", "tekst", "auteur"] if word == "oud" else ["id", "tekst"])
        sheet.append(["1", word, "a"] if word == "oud" else ["1", word])
    made.active = 1
    made.save(tmp_path / "in.xlsx")
    (message,), problems, _corpus = take_in(tmp_path / "in.xlsx", tmp_path / "u")
    assert message.text == "nieuw"
    assert problems["other_sheets"].params["others"] == "Oud (hidden)"


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("in.csv"))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("in.tar.gz", tar(), "other_archive"),
        ("in.jsonl.zst", b"\x28\xb5\x2f\xfd0000", "other_archive"),
        ("in.xls", "\ufeff<!-- export -->\n<table><tr><td>Datum</td></tr></table>", "web_page"),
        ("in.xls", '<?xml version="1.0"?>\n<Workbook></Workbook>', "other_document"),
        ("in.pdf", b"%PDF-1.4", "other_document"),
    ],
)
def test_what_is_no_table_is_one_sentence(give, name, content, code):
    messages, problems, _corpus = give(name, content)
    assert (messages, list(problems)) == ([], [code])
    assert problems[code].sentence("nl") != problems[code].message


def test_utf_32_is_read(give):
    (message,), _problems, _corpus = give("in.csv", "id,text\n1,Oké 😀\n".encode("utf-32"))
    assert message.text == "Oké 😀"


def test_json_in_windows_1252_is_read(give):
    line = '{"id": "1", "text": "Oké €5", "speaker": "a", "reply-to": null}\n'
    (message,), _problems, corpus = give("in.jsonl", line.encode("cp1252"))
    assert message.text == "Oké €5"
    assert corpus.repairs["windows_1252"] == 1


RECORD = {
    "tweetId": "17",
    "createdAt": "2023-10-28T14:00:00Z",
    "text": "hoi daar",
    "user": {"userName": "piet"},
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORD),
        json.dumps([RECORD], indent=2),
        json.dumps({"count": 1, "results": [RECORD]}),
    ],
)
def test_records_of_an_unknown_program_are_a_table(give, content):
    (message,), problems, corpus = give("in.json", content)
    assert not corpus.refused, problems
    assert (message.external_id, message.author_handle, message.text) == ("17", "piet", "hoi daar")
    assert message.created_at == WANTED


def status(number: object, answers: object = None) -> dict[str, object]:
    return {
        "id": number, "in_reply_to_id": answers, "created_at": "2023-10-28T14:00:00Z",
        "content": "<p>hoi</p>", "account": {"id": "7", "acct": "piet"},
    }  # fmt: skip


def test_ids_that_were_floats_are_whole_or_refused(give):
    messages, _problems, corpus = give("in.json", json.dumps([status(101.0), status("102.0", 101.0)]))
    assert [(one.external_id, one.parent_id) for one in messages] == [("101", None), ("102", "101")]
    assert corpus.repairs["float_id"] == 3
    for lost in (1.12e17, "1.12e+17"):
        _messages, problems, corpus = give("in.json", json.dumps([status(lost)]))
        assert corpus.refused
        assert "ids_are_floats" in problems


def test_what_json_does_not_say_is_told(give):
    tweets = [
        {"id": str(n), "text": "hoi " * 30 + "… https://t.co/a", "edit_history_tweet_ids": [str(n)]}
        for n in (1, 2)
    ]
    _messages, problems, _corpus = give("in.jsonl", "\n".join(map(json.dumps, tweets)))
    assert {"no_times", "no_authors", "no_threads"} <= problems.keys()
    assert problems["texts_cut"].params == {"count": 2}


@pytest.mark.parametrize("seconds", [0, 3])
def test_a_long_post_of_an_archive_is_whole_whatever_ends_the_cut_one(tmp_path, seconds):
    whole = "Ik wacht al weken & niemand belt. " * 12
    tweet = {
        "id_str": "1", "full_text": whole[:270].replace("&", "&amp;") + "… https://t.co/abc",
        "created_at": "Sat Oct 28 14:00:00 +0000 2023",
    }  # fmt: skip
    note = {"noteTweet": {"createdAt": f"2023-10-28T14:00:0{seconds}.000Z", "core": {"text": whole}}}
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "tweets.js").write_text("window.YTD.tweets.part0 = " + json.dumps([{"tweet": tweet}]))
    (folder / "note-tweet.js").write_text("window.YTD.note_tweet.part0 = " + json.dumps([note]))
    (message,), problems, corpus = take_in(folder, tmp_path / "u")
    assert (message.text, corpus.repairs["note_texts"]) == (whole, 1)
    assert not problems.keys() & {"cut_texts", "texts_cut"}


def test_an_archive_of_mastodon_is_read_as_the_zip_it_is(tmp_path):
    note = {
        "type": "Create",
        "object": {
            "id": "https://m.example/users/a/statuses/1", "attributedTo": "https://m.example/users/a",
            "content": "<p>hoi</p>", "published": "2024-01-01T10:00:00Z",
        },
    }  # fmt: skip
    for name, items in {"outbox": [note], "likes": ["https://x.example/1"]}.items():
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / f"{name}.json").write_text(json.dumps({"orderedItems": items}))
    (message,), problems, corpus = take_in(tmp_path / "a", tmp_path / "u")
    assert (message.text, corpus.refused) == ("hoi", False), problems
