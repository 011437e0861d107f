"""A dataset that was coded elsewhere, handed in by a supervisor: from an empty study to agreement and files."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.drafts.publish import publish
from annotations.drafts.store import draft_of
from annotations.exporting.export import write_export
from annotations.models import Code, Coding, CodingsUpload, Conversation, Message, Round
from annotations.reliability.alphas import alphas_of
from tests.factories import make_member, make_study

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
    header = ["", "tweet_id", "in_response_to_tweet_id", "created_at", "author_id", "text", *TICKED, "coder"]
    rows = []
    for coder in coders:
        for n in range(8):
            text = f"@1817{n:02} Sorry to hear this, please use our form https://example.org/{n} ^AB"
            codes = ["1" if n % 2 else "", "1", "1" if n == 3 and coder != "kim" else ""]
            at = f"2017-10-07 10:{n:02}:00+00:00"
            rows.append([n, str(318645 + 2 * n), str(318644 + 2 * n), at, "ZwaluwlijnHulp", text, *codes, coder])
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
        "author_id": "author_id", "text": "text", **dict.fromkeys(TICKED, "new"), "coder": "coder",
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
    round_ = Round.objects.get(study=study)
    assert (round_.name, round_.modules) == ("coded", ["imported"])
    assert Coding.objects.filter(assignment__round=round_, state="finished").count() == 16
    assert Code.objects.filter(coding__assignment__round=round_).count() == 48
    alphas = alphas_of(round_, ["provide_url", "refer_to_specialist_team"])
    assert alphas["provide_url"] == 1 and alphas["refer_to_specialist_team"] < 1
    write_export(study, tmp_path / "out", profile="restricted", only=["codings_wide.csv", "results.csv"])
    wide = list(csv.DictReader((tmp_path / "out" / "codings_wide.csv").open(encoding="utf-8")))
    assert len(wide) == 8 and {line["provide_url"] for line in wide} == {"0", "1"}


def test_the_same_file_again_adds_nothing(study, chief, client):
    content = ticked(("sam", "kim"))
    row = hand_in(client, study, content, create_coders="on")
    make_variables(client, row, chief)
    store(client, row)
    again = hand_in(client, study, content, create_coders="on")
    assert again.report["texts_known"] == again.report["texts"] == 8
    store(client, again)
    assert again.report["codings_new"] == 0 and again.report["codings_known"] == 16
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
        ([["1", TEXT, "sam", "boos", ""]], "regel 2: “boos” in kolom solved past bij geen antwoord op solved"),
        ([["1", TEXT, "sam", "fully", ""], ["1", TEXT, "sam", "no", ""]], "regel 3: sam codeerde bericht 1 al"),
        ([["1", TEXT, "sam", "fully", ""], ["1", "Iets anders dan dat, zeg.", "kim", "no", ""]], "regel 3: "
         "bericht 1 heeft een andere tekst dan op regel 2"),
        ([["", TEXT, "sam", "fully", ""]], "regel 2:"),
        ([["1", TEXT, "", "fully", ""]], "regel 2: er staat geen codeur"),
        ([["1", TEXT, "sam", "fully", "", "x"]], "regel 2: 6 cellen"),
    ],
)  # fmt: skip
def test_what_fits_nothing_is_told_with_its_line_and_nothing_is_stored(study, chief, client, rows, told):
    row = hand_in(client, study, table(rows, HEADER), create_coders="on")
    assert any(told in problem for problem in row.report["problems"]), row.report["problems"]
    store(client, row)
    assert not Message.objects.filter(study=study).exists()
    assert not study.rounds.exists()
