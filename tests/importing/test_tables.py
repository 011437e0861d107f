"""Tables by column mapping: what real exports look like and how spreadsheets damage them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from annotations.importing.read.formats import choose
from annotations.importing.read.rows import Problem, ReadOptions
from tests.importing.help import conversations, problems_beside, read

DUTCH = "Bericht;Geplaatst door (optioneel);Datum;Link;Volgers\n"
IDS = [f"158032068430541{n:04d}" for n in range(6960, 6975)]


def write(folder, text: str, name: str = "in.csv", encoding: str = "utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_dutch_headers_semicolons_and_windows_1252_are_understood(tmp_path):
    text = DUTCH + "Café dicht…;@klant_x;31-10-2017 22:10;https://twitter.com/klant_x/status/12345;1.204\n"
    name, (row,), _problems, tally = read(write(tmp_path, text, encoding="cp1252"))
    assert name == "obi4wan"
    assert (row.external_id, row.text, row.author_handle) == ("12345", "Café dicht…", "klant_x")
    assert row.author_followers == 1204
    assert row.created_at == datetime(2017, 10, 31, 21, 10, tzinfo=UTC)
    assert tally.repairs["windows_1252"] == tally.repairs["local_time"] == tally.repairs["id_from_link"] == 1


@pytest.mark.parametrize(
    ("local", "utc", "doubtful"),
    [
        ("2017-10-29 02:30", datetime(2017, 10, 29, 0, 30, tzinfo=UTC), 1),
        ("2017-03-26 02:30", datetime(2017, 3, 26, 1, 30, tzinfo=UTC), 1),
        ("2017-07-01 12:00", datetime(2017, 7, 1, 10, 0, tzinfo=UTC), 0),
        ("2017-07-01T12:00:00Z", datetime(2017, 7, 1, 12, 0, tzinfo=UTC), 0),
        ("7/13/2017 1:05 PM", datetime(2017, 7, 13, 11, 5, tzinfo=UTC), 0),
    ],
)
def test_local_times_become_utc_and_a_change_of_the_clock_is_counted(tmp_path, local, utc, doubtful):
    path = write(tmp_path, f"id,tekst,datum\n1,hoi,{local}\n")
    _name, (row,), _problems, tally = read(path)
    assert row.created_at == utc
    assert tally.repairs["time_ambiguous"] == doubtful


def test_a_time_zone_can_be_given(tmp_path):
    path = write(tmp_path, "id,text,date\n1,hi,2017-07-01 12:00\n")
    assert read(path)[1][0].created_at == datetime(2017, 7, 1, 12, tzinfo=UTC)
    options = ReadOptions(timezone="America/New_York")
    assert read(path, options)[1][0].created_at == datetime(2017, 7, 1, 16, tzinfo=UTC)


def test_columns_can_be_mapped_by_hand_and_go_before_names(tmp_path):
    path = write(tmp_path, "nr,text,wie,echte tekst\n7,kop,ik,hallo\n")
    options = ReadOptions(columns={"id": "nr", "text": "Echte Tekst", "author": "wie"})
    _name, (row,), _problems, _tally = read(path, options)
    assert (row.external_id, row.text, row.author_handle) == ("7", "hallo", "ik")


@pytest.mark.parametrize(
    ("columns", "code", "said"),
    [
        ({"id": "nee"}, "no_such_column", "there is no column nee"),
        ({"idd": "nr"}, "no_such_field", "there is no field idd"),
        ({}, "missing_id", "--map id=COLUMN"),
    ],
)
def test_a_mapping_that_cannot_be_is_one_clear_sentence(tmp_path, columns, code, said):
    path = write(tmp_path, "nr,tekst\n7,hallo\n")
    problems = read(path, ReadOptions(columns=columns))[2]
    assert code in {problem.code for problem in problems}
    assert all(problem.severity == "file" for problem in problems)
    assert any(said in problem.message for problem in problems)


def test_ids_a_spreadsheet_rounded_are_refused_with_an_explanation(tmp_path):
    rows = "".join(f"{number[:15]}0000,tekst {i}\n" for i, number in enumerate(IDS))
    corpus, threads = conversations(write(tmp_path, "id,text\n" + rows))
    assert corpus.refused
    assert threads == []
    assert "rounded by a spreadsheet" in problems_beside(corpus.problems)[0].message


def test_the_id_in_the_link_replaces_a_rounded_one(tmp_path):
    rows = "".join(
        f"1.58E+18,tekst {i},https://x.com/a/status/{number},1.58E+18\n" for i, number in enumerate(IDS)
    )
    _name, found, problems, tally = read(write(tmp_path, "id,text,url,in_reply_to\n" + rows))
    assert [row.external_id for row in found] == IDS
    assert {row.parent_id for row in found} == {None}
    assert {problem.code for problem in problems_beside(problems)} == {"ids_from_link", "references_rounded"}
    assert tally.repairs["id_from_link"] == len(IDS)


def test_a_single_rounded_id_among_good_ones_is_a_bad_row(tmp_path):
    rows = "".join(f"{number},tekst\n" for number in IDS) + "5.5E+17,tekst\n"
    corpus, _threads = conversations(write(tmp_path, "id,text\n" + rows))
    assert corpus.refused
    assert [(problem.code, problem.line) for problem in problems_beside(corpus.problems)] == [
        ("id_rounded", 17)
    ]


def test_numbers_in_a_workbook_lose_their_digits_and_text_keeps_them(tmp_path):
    for as_text, code in ((True, None), (False, "ids_rounded")):
        book = Workbook()
        sheet = book.active
        sheet.append(["id", "text", "date"])
        for number in IDS:
            sheet.append([number if as_text else float(number), "hoi", datetime(2017, 7, 1, 12, 0)])
        sheet.cell(row=30_000, column=2).number_format = "0.00"
        path = tmp_path / f"{as_text}.xlsx"
        book.save(path)
        _name, rows, problems, _tally = read(path)
        codes = {problem.code for problem in problems if problem.severity == "file"}
        assert codes == ({code} if code else set())
        assert [row.external_id for row in rows] == (IDS if as_text else [])


def test_blank_rows_are_passed_over_and_counted_once(tmp_path):
    _name, rows, problems, tally = read(write(tmp_path, "id,text\n1,a\n" + ",\n" * 5000 + "2,b\n"))
    assert [row.external_id for row in rows] == ["1", "2"]
    assert rows[1].line == 5003
    assert problems_beside(problems) == []
    assert tally.repairs["blank_rows"] == 5000


def test_mojibake_is_offered_and_repaired_only_when_asked_with_the_raw_text_kept(tmp_path):
    good = "Ik wacht al een uur… 😉 café’s"
    bad = "".join(
        chr(b) if 0x80 <= b < 0xA0 and b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252")
        for b in good.encode()
    )
    path = write(tmp_path, f"id,text\n1,{bad}\n2,gewoon café\n", encoding="utf-8-sig")
    _name, rows, problems, tally = read(path)
    assert [row.text for row in rows] == [bad, "gewoon café"]
    assert [(sample.before, sample.after) for sample in tally.samples] == [(bad, good)]
    assert [problem.code for problem in problems_beside(problems)] == ["mojibake"]
    _name, rows, problems, tally = read(path, ReadOptions(repair_mojibake=True))
    assert (rows[0].text, rows[0].text_raw) == (good, bad)
    assert tally.repairs["mojibake"] == 1
    assert problems_beside(problems) == []


@pytest.mark.parametrize(
    ("cell", "wanted", "kind"),
    [("3694.0", "3694", "float_id"), ("x3694", "3694", "x_id"), ('"=""3694"""', "3694", "formula_cell")],
)
def test_traces_of_data_frames_and_spreadsheets_are_taken_off_ids(tmp_path, cell, wanted, kind):
    _name, (row,), _problems, tally = read(write(tmp_path, f"id,text\n{cell},hoi\n"))
    assert row.external_id == wanted
    assert tally.repairs[kind] == 1


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("id,text\n1,a\n2,b,c\n", 3, "field_count"),
        ("id,text\n1,a\n2\n", 3, "field_count"),
        ("id,text\n,a\n", 2, "id_missing"),
        ("id,text,datum\n1,a,gisteren\n", 2, "bad_time"),
        ('id,text\n1,"niet dicht\n2,b\n3,c\n', 2, "open_quote"),
    ],
)
def test_a_bad_row_refuses_the_file_and_names_its_line(tmp_path, text, line, code):
    corpus, _threads = conversations(write(tmp_path, text))
    assert corpus.refused
    assert [(problem.code, problem.line) for problem in corpus.problems if problem.severity != "notice"] == [
        (code, line)
    ]


def test_bytes_that_are_no_utf_8_in_a_utf_8_file_are_a_bad_row(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(
        "id,text\n1,crème brûlée is één café, ’s ochtends\n".replace(", ", " ").encode() + b"2,kapot \xff\n"
    )
    corpus, _threads = conversations(path)
    assert [(problem.code, problem.line) for problem in problems_beside(corpus.problems)] == [
        ("bad_encoding", 3)
    ]


def test_duplicate_ids_keep_the_longest_text_and_are_counted(tmp_path):
    corpus, (thread,) = conversations(write(tmp_path, "id,text\n1,kort\n1,een stuk langer\n1,kort\n"))
    assert thread.nodes[0].message.text == "een stuk langer"
    assert corpus.duplicates == 2
    assert [problem.code for problem in problems_beside(corpus.problems)] == ["duplicate_differs"]


def test_line_ends_within_a_text_become_newlines(tmp_path):
    path = write(tmp_path, 'id,text\r\n1,"een\r\ntwee"\r\n')
    assert read(path)[1][0].text == "een\ntwee"


PRESETS = {
    "twarc-csv": "id,conversation_id,referenced_tweets.replied_to.id,author_id,created_at,text,"
    "author.username,author.public_metrics.followers_count,author.created_at,entities.mentions\n"
    "2,1,1,9,2021-04-08T15:07:30.000Z,hoi,"
    'klant_x,3,2020-01-01T00:00:00.000Z,"[{""username"": ""waterwolk""}]"\n',
    "dmi-tcat": "\ufeffid,time,created_at,from_user_name,text,in_reply_to_status_id,from_user_id,"
    "from_user_followercount,from_user_created_at,mentions\n2,1617894450,2021-04-08 15:07:30,klant_x,hoi,1,"
    "9,3,"
    "2020-01-01 00:00:00,waterwolk\n",
    "rtweet": "user_id,status_id,created_at,screen_name,text,reply_to_status_id,mentions_screen_name,"
    "followers_count,"
    "account_created_at\nx9,x2,2021-04-08 15:07:30,klant_x,hoi,x1,waterwolk,3,2020-01-01 00:00:00\n",
    "twitter-web-exporter": "id,created_at,full_text,screen_name,name,user_id,in_reply_to,favorite_count,"
    "url\n"
    '"=""2""",2021-04-08 15:07:30 +00:00,hoi,klant_x,Klant,9,"=""1""",0,https://twitter.com/klant_x/status/2\n',
}


@pytest.mark.parametrize("preset", PRESETS)
def test_known_exports_are_recognised_from_their_header(tmp_path, preset):
    name, (row,), problems, _tally = read(write(tmp_path, PRESETS[preset]))
    assert name == preset
    assert [problem for problem in problems if problem.severity != "notice"] == []
    assert (row.external_id, row.parent_id, row.author_handle, row.author_id) == ("2", "1", "klant_x", "9")
    assert row.created_at == datetime(2021, 4, 8, 15, 7, 30, tzinfo=UTC)
    if preset != "twitter-web-exporter":
        assert (row.author_followers, row.mentions) == (3, ("waterwolk",))
        assert row.author_created_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_4cat_tables_have_no_parents_and_say_so(tmp_path):
    text = (
        "id,thread_id,timestamp,link,body,author,author_fullname,replied_author\n"
        "3,1,2021-04-08 15:09:00,,b,klant,K,\n1,1,2021-04-08 15:07:00,,a,klant,K,\n"
    )
    path = write(tmp_path, text)
    name, rows, problems, _tally = read(path)
    assert name == "4cat-csv"
    assert [problem.code for problem in problems] == ["flat_threads"]
    assert [row.conversation_id for row in rows] == ["1", "1"]
    _corpus, (thread,) = conversations(path)
    assert [node.message.text for node in thread.nodes] == ["a", "b"]


def test_a_table_without_ids_gets_them_only_when_asked(tmp_path):
    path = write(tmp_path, "tekst,datum\nhallo,2019-01-01\n")
    _name, rows, (problem,), _tally = read(path)
    assert (rows, problem.code) == ([], "missing_id")
    _name, rows, problems, _tally = read(path, ReadOptions(columns={"id": ""}))
    assert [row.text for row in rows] == ["hallo"]
    assert {"ids_made", "times_are_local"} <= {problem.code for problem in problems}


def test_made_ids_are_the_same_for_the_same_rows_and_no_row_is_lost(tmp_path):
    options = ReadOptions(columns={"id": ""})
    text = "tekst,auteur,datum\nok,jan,2019-01-01\nok,piet,2019-01-01\nok,jan,2019-01-01\n"
    _name, first, _problems, _tally = read(write(tmp_path, text), options)
    _name, more, _problems, _tally = read(write(tmp_path, text + "nieuw,jan,2019-01-02\n", "b.csv"), options)
    ids = [row.external_id for row in first]
    assert len(set(ids)) == 3
    assert [row.external_id for row in more][:3] == ids


@pytest.mark.parametrize("column", ["datum", "iets"])
def test_messages_with_made_ids_stand_in_the_order_of_time_or_of_the_file(tmp_path, column):
    moments = {"datum": [f"2019-01-{day:02}" for day in range(1, 13)], "iets": ["x"] * 12}[column]
    rows = [f"tekst {number},7,{moment}\n" for number, moment in enumerate(moments)]
    path = write(tmp_path, f"tekst,gesprek,{column}\n" + "".join(rows))
    _corpus, (thread,) = conversations(path, ReadOptions(columns={"id": ""}))
    assert [node.message.text for node in thread.nodes] == [f"tekst {number}" for number in range(12)]


def test_of_two_columns_with_one_name_the_first_is_read_and_that_is_said(tmp_path):
    _name, (row,), problems, _tally = read(write(tmp_path, "id,text,text\n1,eerste,tweede\n"))
    assert row.text == "eerste"
    (notice,) = problems_beside(problems)
    assert (notice.code, notice.severity) == ("column_twice", "notice")


def test_bytes_that_are_no_text_are_no_table(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(bytes(range(256)) * 20)
    found = choose(path)
    assert isinstance(found, Problem)
    assert found.code == "unknown_format"


def test_empty_unknown_and_missing_files_each_have_their_sentence(tmp_path):
    empty, odd = write(tmp_path, "", "leeg.csv"), write(tmp_path, "zomaar wat tekst\n", "los.txt")
    for path, code in (
        (empty, "empty_file"),
        (odd, "unknown_format"),
        (tmp_path / "weg.csv", "not_readable"),
    ):
        found = choose(path)
        assert isinstance(found, Problem)
        assert found.code == code
        assert found.message.startswith(f"{path.name}: ")
        assert str(tmp_path) not in found.message
