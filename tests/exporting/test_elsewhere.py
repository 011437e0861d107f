"""A dataset that was coded elsewhere, handed in by a supervisor: from an empty study to agreement."""

import csv
import io
import json
from datetime import date
from datetime import time as clock

import openpyxl
import pandas
import pyreadstat
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from annotations.drafts.publish import publish
from annotations.drafts.store import draft_of
from annotations.exporting.export import write_export
from annotations.exporting.reading.codings import import_codings
from annotations.exporting.reading.elsewhere.storing import look_at
from annotations.exporting.reading.elsewhere.storing import store as store_dataset
from annotations.models import Code, Coding, CodingsUpload, Conversation, Message, Round
from annotations.reliability.alphas import alphas_of
from tests.factories import make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
TICKED = ("Provide URL", "Apologize", "Refer to specialist team")


@pytest.fixture
def study(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    return make_study("elsewhere")


@pytest.fixture
def chief(study, client):
    chief = make_member(study, "chief", role="supervisor")
    client.force_login(chief)
    return chief


def table(rows, header):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def ticked(coders=("",)):
    """As `coded_wide.csv`: a reply of an organisation per row, and a 1 in the columns that apply."""
    header = [
        "",
        "tweet_id",
        "in_response_to_tweet_id",
        "created_at",
        "author_id",
        "inbound",
        "text",
        *TICKED,
        "coder",
    ]
    rows = []
    for coder in coders:
        for n in range(8):
            text = f"@1817{n:02} Sorry to hear this, please use our form https://example.org/{n} ^AB"
            codes = ["1" if n % 2 else "", "1", "1" if n == 3 and coder != "kim" else ""]
            at = f"2017-10-07 10:{n:02}:00+00:00"
            rows.append(
                [
                    n,
                    str(318645 + 2 * n),
                    str(318644 + 2 * n),
                    at,
                    "ZwaluwlijnHulp",
                    "False",
                    text,
                    *codes,
                    coder,
                ]
            )
    if coders == ("",):
        header, rows = header[:-1], [row[:-1] for row in rows]
    return table(rows, header)


def hand_in(client, study, content, name="coded.csv", **fields):
    data = {"file": SimpleUploadedFile(name, content), **fields}
    client.post(reverse("codings", args=[study.slug]), data, follow=True)
    return CodingsUpload.objects.latest("pk")


def columns(client, row, coder="", level="message", **chosen):
    """Posts the form of the columns as the page shows it, with some chosen otherwise: {name: role}."""
    saved = row.report["choices"]
    data = {"coder": coder, "level": level}
    for number, column in enumerate(row.report["columns"]):
        data[f"holds-{number}"] = chosen.get(column["name"], column["role"])
        data[f"empty-{number}"] = saved["empty"].get(column["name"], "")
    page = client.post(reverse("codings_columns", args=[row.study.slug, row.pk]), data, follow=True)
    row.refresh_from_db()
    return page


def make_variables(client, row, chief, **fields):
    client.post(reverse("codings_draft", args=[row.study.slug, row.pk]), fields)
    draft = draft_of(row.study)
    publish(draft.pk, revision=draft.revision, actor_id=chief.pk)
    row.study.refresh_from_db()
    columns(client, row, coder=row.report["choices"]["coder"])


def store(client, row):
    page = client.post(reverse("codings_store", args=[row.study.slug, row.pk]), follow=True)
    row.refresh_from_db()
    return page.content.decode()


def test_from_an_empty_study_to_agreement_and_files(study, chief, client, tmp_path):
    row = hand_in(client, study, ticked(("sam", "kim")), create_coders="on")
    assert row.report["new"] == list(TICKED)
    assert {column["name"]: column["role"] for column in row.report["columns"]} == {
        "column 1": "", "tweet_id": "id", "in_response_to_tweet_id": "parent_id", "created_at": "created_at",
        "author_id": "author_handle", "inbound": "inbound", "text": "text", **dict.fromkeys(TICKED, "new"),
        "coder": "coder",
    }  # fmt: skip
    assert row.report["choices"]["empty"] == {"Provide URL": "no", "Refer to specialist team": "no"}
    assert "Dit zou worden opgeslagen" in store(client, row)  # variables first
    assert not Message.objects.filter(study=study).exists()
    make_variables(client, row, chief, only_these="1")
    study.refresh_from_db()
    assert [v.key for v in study.codebook_version.variables.all()] == [
        "provide_url", "apologize", "refer_to_specialist_team"
    ]  # fmt: skip
    assert row.report["new"] == row.report["problems"] == []
    assert row.report["answers"] == 48
    url = next(v for v in row.report["variables"] if v["key"] == "provide_url")
    assert [(v["written"], v["means"], v["n"]) for v in url["values"]] == [("", "Nee", 8), ("1", "Ja", 8)]
    assert not Message.objects.filter(study=study).exists()
    told = store(client, row)
    assert "<h2>Opgeslagen</h2>" in told
    assert Conversation.objects.filter(study=study).count() == 8
    assert Conversation.objects.filter(organisation__name="Zwaluwlijn").count() == 8
    round_ = Round.objects.get(study=study)
    assert (round_.name, round_.modules) == ("coded", ["imported"])
    assert Coding.objects.filter(assignment__round=round_, state="finished").count() == 16
    assert Code.objects.filter(coding__assignment__round=round_).count() == 48
    alphas = alphas_of(round_, ["provide_url", "refer_to_specialist_team"])
    assert alphas["provide_url"] == 1
    assert alphas["refer_to_specialist_team"] < 1
    write_export(study, tmp_path / "out", profile="restricted", only=["codings_wide.csv", "results.csv"])
    wide = list(csv.DictReader((tmp_path / "out" / "codings_wide.csv").open(encoding="utf-8")))
    assert len(wide) == 8
    assert {line["provide_url"] for line in wide} == {"0", "1"}


def test_the_same_file_again_adds_nothing(study, chief, client):
    content = ticked(("sam", "kim"))
    row = hand_in(client, study, content, create_coders="on")
    make_variables(client, row, chief)
    store(client, row)
    again = hand_in(client, study, content, create_coders="on")
    assert again.report["texts_known"] == again.report["texts"] == 8
    store(client, again)
    assert again.report["codings_new"] == 0
    assert again.report["codings_known"] == 16
    assert Code.objects.count() == 48


def test_one_coder_for_all_of_it_is_a_member_or_is_made(study, chief, client):
    row = hand_in(client, study, ticked(), create_coders="on")
    assert any("wie het codeerde" in problem for problem in row.report["problems"])
    columns(client, row, coder="sam")
    make_variables(client, row, chief)
    store(client, row)
    assert set(Coding.objects.values_list("assignment__coder__username", flat=True)) == {"sam"}


HEADER = ["id", "text", "coder", "solved", "tone"]
TEXT = "Mijn pakket is niet aangekomen, wat nu?"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["1", TEXT, "sam", "boos", ""]], "regel 2: “boos” in kolom solved past bij geen antwoord"),
        (
            [["1", TEXT, "sam", "fully", ""], ["1", TEXT, "sam", "not", ""]],
            "regel 3: sam codeerde bericht 1 al op regel 2",
        ),
        (
            [["1", TEXT, "sam", "fully", ""], ["1", "Iets anders dan dat, zeg.", "kim", "not", ""]],
            "regel 3: bericht 1 heeft een andere tekst dan op regel 2",
        ),
        ([["", TEXT, "sam", "fully", ""]], "regel 2:"),
        ([["1", TEXT, "", "fully", ""]], "regel 2: er staat geen codeur"),
        ([["1", TEXT, "sam", "fully", "", "x"]], "regel 2: 6 cellen"),
    ],
)
def test_what_fits_nothing_is_told_with_its_line_and_nothing_is_stored(study, chief, client, rows, told):
    row = hand_in(client, study, table(rows, HEADER), create_coders="on")
    assert any(told in problem for problem in row.report["problems"]), row.report["problems"]
    store(client, row)
    assert not Message.objects.filter(study=study).exists()
    assert not study.rounds.exists()


def test_values_are_known_by_key_code_label_and_missing_code(study, chief, client):
    rows = [
        ["1", TEXT, "sam", "fully", "DM; mail"],
        ["2", TEXT + "!", "sam", "2", "none"],
        ["3", TEXT + "?", "sam", "NIET", "98"],
        ["4", TEXT + "..", "sam", "97", "n/a"],
        ["5", TEXT + "!!", "sam", "", ""],
    ]
    content = table(rows, ["id", "text", "codeur", "Solved", "Channels"])
    row = hand_in(client, study, content, create_coders="on", round_name="elders")
    assert row.report["problems"] == []
    store(client, row)
    found = {
        (code.coding.assignment.conversation.messages.get().external_id, code.variable.key): (
            code.missing or (code.category and code.category.key) or {c.key for c in code.categories.all()}
        )
        for code in Code.objects.select_related("category", "variable")
    }
    assert found == {
        ("1", "solved"): "fully", ("1", "channels"): {"dm", "mail"},
        ("2", "solved"): "partly", ("2", "channels"): {"none"},
        ("3", "solved"): "not", ("3", "channels"): 98, ("4", "solved"): 97,
    }  # fmt: skip
    assert study.rounds.get().name == "elders"


def test_a_sav_file_brings_its_labels_and_missing_codes(study, chief, client, tmp_path):
    frame = pandas.DataFrame(
        {
            "nr": [f"t{n}" for n in range(4)],
            "tekst": [f"{TEXT} {n} {'lang ' * 200}👍" for n in range(4)],
            "toon": [1.0, 2.0, 9.0, 1.0],
            "klacht": [1.0, 2.0, 2.0, 1.0],
        }
    )
    labels = {"toon": {1: "Boos", 2: "Blij", 9: "Niet te zeggen"}, "klacht": {1: "Ja", 2: "Nee"}}
    pyreadstat.write_sav(
        frame, tmp_path / "a.sav", column_labels=["", "", "Toon van het bericht", ""],
        variable_value_labels=labels, missing_ranges={"toon": [9]},
    )  # fmt: skip
    row = hand_in(client, study, (tmp_path / "a.sav").read_bytes(), "a.sav", create_coders="on")
    columns(client, row, coder="sam", nr="id")
    make_variables(client, row, chief)
    toon = row.study.codebook_version.variables.get(key="toon")
    assert toon.label["nl"] == "Toon van het bericht"
    assert [(c.key, c.code) for c in toon.categories.all()] == [("boos", 1), ("blij", 2)]
    store(client, row)
    codes = Code.objects.order_by("message__external_id")
    assert [code.missing or code.category.key for code in codes.filter(variable=toon)] == [
        "boos", "blij", 99, "boos"
    ]  # fmt: skip
    complaint = codes.filter(variable__key="klacht")
    assert [code.category.key for code in complaint] == ["yes", "no", "no", "yes"]
    assert Message.objects.filter(text__endswith="👍").count() == 4


def test_a_workbook_does_as_well_and_a_conversation_holds_what_is_about_it(study, chief, client, tmp_path):
    book = openpyxl.Workbook()
    for cells in (
        ["datum", "tijd", "bericht", "gesprek", "id", "coder", "solved", "removal_request"],
        [date(2019, 4, 1), clock(10, 5), TEXT, "g1", "1", "sam", 3, True],
        [date(2019, 4, 1), clock(10, 9), TEXT + " Graag antwoord.", "g1", "2", "sam", 3, "nee"],
        [date(2019, 4, 2), clock(8), TEXT + " Nu.", "g2", "3", "sam", 1, None],
    ):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    row = hand_in(client, study, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx", create_coders="on")
    assert row.report["problems"] == row.report["new"] == []
    store(client, row)
    assert Conversation.objects.count() == 2
    at = Message.objects.get(external_id="2").created_at
    assert localtime(at).isoformat() == "2019-04-01T10:09:00+02:00"
    solved = Code.objects.filter(variable__key="solved").values_list("message", "category__key")
    assert sorted(solved) == [(None, "fully"), (None, "not")]
    assert Code.objects.filter(variable__key="removal_request").count() == 2


def test_a_file_that_only_names_messages_of_the_study(study, chief, client):
    message = make_conversation(study, TEXT).messages.get()
    rows = [[message.external_id, "sam", "ja"], ["404", "sam", "nee"]]
    row = hand_in(client, study, table(rows, ["tweet_id", "coder", "removal_request"]), create_coders="on")
    assert row.report["problems"] == ["coded.csv, regel 3: bericht 404 zit niet in deze studie."]
    row = hand_in(
        client, study, table(rows[:1], ["tweet_id", "coder", "removal_request"]), create_coders="on"
    )
    store(client, row)
    assert Code.objects.get().message == message


def test_looking_writes_nothing(study, chief, client, tmp_path):
    path = tmp_path / "coded.csv"
    path.write_bytes(table([["1", TEXT, "sam", "fully", ""]], HEADER))
    with CaptureQueriesContext(connection) as looked:
        report = look_at(study, path, "coded.csv", saved={})
    assert report["answers"] == 1
    line = "coder,conversation_id,message_id,variable,value\nsam,{},,solved,fully\n"
    codings = tmp_path / "codings.csv"
    codings.write_text(line.format(make_conversation(study, TEXT).key))
    with CaptureQueriesContext(connection) as read:
        assert import_codings(study, codings, create_coders=True, dry_run=True)["codings_new"] == 1
    for query in [*looked, *read]:
        assert query["sql"].startswith("SELECT"), query["sql"]
        assert "FOR UPDATE" not in query["sql"]


def test_a_hostile_table_is_text(study, chief, client):
    bad = "<script>alert(1)</script>"
    rows = [["1", TEXT, "sam", bad], ["2", TEXT + "!", "sam", "=1+1"], ["3", TEXT + "?", "sam", bad]]
    row = hand_in(client, study, table(rows, ["id", "text", "coder", bad]), create_coders="on")
    page = client.get(reverse("codings_upload", args=[study.slug, row.pk]))
    assert bad.encode() not in page.content
    columns(client, row, **{bad: "new"})
    make_variables(client, row, chief)
    assert b"&lt;script&gt;" in client.get(reverse("codings_upload", args=[study.slug, row.pk])).content


def test_the_queries_do_not_grow_with_the_rows(study, chief, client, tmp_path):
    def queries(n):
        rows = [[f"{n}-{i}", f"{TEXT} {i}", "chief", "fully", ""] for i in range(n)]
        path = tmp_path / f"{n}.csv"
        path.write_bytes(table(rows, HEADER))
        with CaptureQueriesContext(connection) as looked:
            look_at(study, path, path.name, saved={})
        with CaptureQueriesContext(connection) as stored:
            store_dataset(study, path, path.name, saved={})
        return len(looked), len(stored)

    queries(1)
    assert queries(3) == queries(40)


def test_the_command_does_it_too_and_refuses_with_a_sentence(study, tmp_path, capsys):
    path = tmp_path / "elders.csv"
    path.write_bytes(table([["1", TEXT, "fully"], ["2", TEXT + "!", "not"]], ["nr", "text", "oordeel"]))
    said = ["--column", "nr=id", "--column", "oordeel=variable:solved"]
    with pytest.raises(SystemExit):
        call_command("import_codings", study.slug, path, *said)
    assert "say who coded it" in capsys.readouterr().err
    said += ["--coder", "sam", "--create-coders", "--json"]
    call_command("import_codings", study.slug, path, *said, "--dry-run")
    assert json.loads(capsys.readouterr().out)["answers"] == 2
    assert not Message.objects.filter(study=study).exists()
    call_command("import_codings", study.slug, path, *said)
    found = json.loads(capsys.readouterr().out)
    assert (found["codings_new"], found["answers"], found["conversations_new"]) == (2, 2, 2)
    assert study.rounds.get().name == "elders"
    with pytest.raises(SystemExit):
        call_command("import_codings", study.slug, path, "--column", "nummer=id")
    assert "there is no column nummer; the columns are nr, text, oordeel" in capsys.readouterr().err
