"""97, 98 and 99 are honest numbers: a number and a missing code are told apart in every file."""

import csv
import json
from decimal import Decimal

import pytest

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.coded import coded_values
from annotations.coding.save import ImportedCoding, store_imported
from annotations.exporting.export import write_export
from annotations.exporting.reading.codings import import_codings
from annotations.models import Round
from tests.factories import assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
GIVEN = [
    Decimal(97),
    Missing.NOT_APPLICABLE,
    Decimal(98),
    Missing.UNDETERMINED,
    Decimal(99),
    Missing.NOT_CODED,
]


@pytest.fixture
def study():
    study = make_study("study", modules=["core", "extra"])
    coder = make_member(study, "anna")
    for value in GIVEN:
        conversation = make_conversation(study, "Hoi")
        answers = {CONVERSATION: {"waiting_days": value}}
        store_imported(
            make_round(study), [ImportedCoding(assign(conversation, coder), answers=answers)], actor_id=None
        )
    return study


FILES = ["codings_long.csv", "codings_wide.csv", "datapackage.json", "spss.sps"]


def column(path, name, where=lambda row: True):
    with path.open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file) if where(row)]


def test_in_the_files(study, tmp_path):
    write_export(study, tmp_path, only=FILES)
    expected = ["97", "-97", "98", "-98", "99", "-99"]
    asked = column(tmp_path / "codings_long.csv", "value", lambda row: row["variable"] == "waiting_days")
    assert asked == expected
    of_conversations = column(
        tmp_path / "codings_wide.csv", "waiting_days", lambda row: row["level"] == "conversation"
    )
    assert of_conversations == expected
    package = json.loads((tmp_path / "datapackage.json").read_text())
    wide = next(table for table in package["resources"] if table["name"] == "codings_wide")
    field = next(field for field in wide["schema"]["fields"] if field["name"] == "waiting_days")
    assert field["missingValues"] == ["", "-97", "-98", "-99"]
    syntax = (tmp_path / "spss.sps").read_text()
    assert "MISSING VALUES waiting_days (-97, -98, -99)." in syntax
    assert "MISSING VALUES solved (97, 98, 99)." in syntax
    labels = syntax.split("VALUE LABELS waiting_days\n")[1].split("  .\n")[0]
    assert labels.split("\n")[:3] == [
        "  -99 'Niet gecodeerd'",
        "  -98 'Niet vast te stellen'",
        "  -97 'Niet van toepassing'",
    ]


def test_on_the_way_out_and_back(study, tmp_path):
    write_export(study, tmp_path, only=FILES)
    before = [row.value for row in coded_values(Round.objects.get(study=study))]
    copy = make_study("copy", modules=["core", "extra"], codebook_version=study.codebook_version)
    for conversation in study.conversations.order_by("number"):
        twin = make_conversation(copy, "Hoi")
        type(twin).objects.filter(pk=twin.pk).update(key=conversation.key)
    import_codings(copy, tmp_path / "codings_long.csv", create_coders=True)
    after = [row.value for row in coded_values(Round.objects.get(study=copy))]
    assert [repr(value) for value in after] == [repr(value) for value in before]
    assert [isinstance(value, Missing) for value in before] == [False, True] * 3
