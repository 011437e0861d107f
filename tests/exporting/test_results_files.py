"""Results, own tables, response times, organisations, quotations and figures leave with an export."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.exporting import figures_files
from annotations.exporting.archive import write_zip
from annotations.exporting.export import write_export
from annotations.models import Organisation, StudyFigures
from annotations.quotations.store import add_quotation
from annotations.results.building import Definition
from annotations.results.collect import table_of
from annotations.results.kept import figures_now
from annotations.results.saved import save_table
from tests.factories import assign, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
FINE = "Een klant geeft een nummer"


@pytest.fixture(autouse=True)
def figure_folder(settings, tmp_path):
    settings.FIGURE_DIR = tmp_path / "drawn"


@pytest.fixture
def study():
    """Two coded conversations, of which the first message holds personal data and was answered."""
    study = make_study("cijfers", modules=["core", "extra"], detector_version="1")
    coder = make_member(study, "noor")
    items = []
    for number in range(2):
        conversation = make_conversation(study, f"Bel mij op 06-0000001{number}", "Stuur een DM ^MK")
        first, second = conversation.messages.all()
        answers = {
            CONVERSATION: {"solved": "fully"},
            ("message", first.pk): {"contains_pii": "yes"},
            ("message", second.pk): {"contains_pii": "no"},
        }
        items.append(ImportedCoding(assign(conversation, coder), answers=answers))
    store_imported(study.rounds.get(), items, actor_id=None)
    study.message = first
    return study


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def quote(study, paraphrase: str) -> None:
    add_quotation(
        study.pk,
        study.message.pk,
        category="contains_pii:yes",
        paraphrase=paraphrase,
        status="paraphrase",
        actor_id=None,
    )


def test_tables_times_facts_and_quotations(study, tmp_path):
    Organisation.objects.filter(study=study).update(
        has_training=True, measures={"has_training": {"on": "2026-05-01", "source": "jaarverslag"}}
    )
    asked = Definition("organisation", unit="conversation")
    made = table_of(figures_now(study), study, asked, "nl")
    saved = save_table(study.pk, name="Waar", definition=asked, table=made, actor_id=None)
    quote(study, FINE)
    quote(study, "Bel 06 0000 0011")
    only = [
        "methods.nl.txt",
        "results.csv",
        "saved_tables.csv",
        "response_times.csv",
        "organisations.csv",
        "quotations.csv",
    ]
    manifest = write_export(study, tmp_path, only=only)

    said = (tmp_path / "methods.nl.txt").read_text(encoding="utf-8")
    assert "“Waar” (Organisatie; 2 gesprekken, zoals doorgelopen op" in said
    cells = [row for row in rows(tmp_path / "results.csv") if row["table"] == f"saved.{saved.pk}"]
    assert [(row["row"], row["n"], row["of"]) for row in cells] == [("Zwaluwlijn", "2", "2")]
    assert [row["name"] for row in rows(tmp_path / "saved_tables.csv")] == ["Waar"]
    times = rows(tmp_path / "response_times.csv")
    assert [(row["response_minutes"], row["answered"]) for row in times] == [("20.0", "1")] * 2
    [organisation] = rows(tmp_path / "organisations.csv")
    assert (organisation["has_training"], organisation["has_training_source"]) == ("1", "jaarverslag")
    assert organisation["has_crisis_plan"] == ""
    assert [row["quotation"] for row in rows(tmp_path / "quotations.csv")] == [FINE]
    assert "1 quotations in which the message can be recognised" in manifest["left_out"]
    assert study.message.external_id not in (tmp_path / "quotations.csv").read_text(encoding="utf-8-sig")


def test_an_export_writes_no_figures_into_the_database(study, tmp_path):
    write_export(study, tmp_path, only=["results.csv"])
    assert not StudyFigures.objects.exists()


def test_a_public_export_has_no_response_times(study, tmp_path):
    write_export(study, tmp_path, profile="public", only=["response_times.csv", "results.csv"])
    assert rows(tmp_path / "response_times.csv") == []
    assert not [row for row in rows(tmp_path / "results.csv") if row["table"].endswith(("_month", "_agent"))]


def test_each_table_is_drawn_three_ways_in_a_folder_of_the_zip(study, tmp_path, monkeypatch):
    drawings: list[str] = []

    def drawn(study_id: int, key: str, look: object, ending: str) -> bytes:
        drawings.append(key)
        return f"{key} {ending}".encode()

    monkeypatch.setattr(figures_files, "drawn", drawn)
    told: list[float] = []
    with (tmp_path / "all.zip").open("w+b") as file:
        write_zip(
            study, file, profile="research", reason="", actor_id=None, figures=True, on_share=told.append
        )
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = [name for name in archive.namelist() if "/figures/" in name]
        assert len(names) == len(drawings) > 0
        assert {name.rsplit(".", 1)[1] for name in names} == {"svg", "png", "pdf"}
        assert archive.read(names[0])
    assert told == sorted(told)
