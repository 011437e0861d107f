"""One unit, asked everywhere: what a codebook calls missing is missing in all that counts or writes it."""

import csv
import json
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from django.utils import translation

from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, store_imported
from annotations.exporting.export import write_export
from annotations.reliability.data import ReportScope, units_by_coders
from annotations.reliability.data_file import program
from annotations.results.population import Reason
from annotations.results.tables import study_tables
from annotations.statistics import Proportion
from tests.conftest import made_once
from tests.factories import SMALL_CODEBOOK, assign, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db
UNCLEAR = "  - {key: unclear, code: 98, exclusive: true, label: {nl: Onduidelijk, en: Unclear}}\n"
CODEBOOK = SMALL_CODEBOOK.replace("- key: removal_request\n", UNCLEAR + "- key: removal_request\n", 1)
VALID = {
    "contains_pii": "yes",
    "channels": frozenset({"dm"}),
    "removal_request": "yes",
    "solved": "fully",
    "waiting_days": Decimal(97),
}
MISSING = {
    "contains_pii": "cannot_tell",
    "channels": frozenset({"unclear"}),
    "removal_request": Missing.UNDETERMINED,
    "solved": Missing.NOT_CODED,
    "waiting_days": Missing.UNDETERMINED,
}
OF_CONVERSATION = {"solved", "waiting_days"}


def coded():
    """Two coders give the first conversation a valid answer everywhere, and the second a missing one."""
    study = make_study("study", codebook=CODEBOOK)
    coders = [make_member(study, name) for name in ("noor", "daan")]
    for values in (VALID, MISSING):
        conversation = make_conversation(study, "Bel 06-00000011")
        message = conversation.messages.get()
        answers = {
            CONVERSATION: {key: value for key, value in values.items() if key in OF_CONVERSATION},
            ("message", message.pk): {k: v for k, v in values.items() if k not in OF_CONVERSATION},
        }
        items = [ImportedCoding(assign(conversation, coder), answers) for coder in coders]
        store_imported(make_round(study), items, actor_id=None)
    return study


study = made_once(coded)


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("export")
    with django_db_blocker.unblock(), translation.override("en"):
        write_export(study, folder)
    return folder


def rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def declared(folder):
    """Column of codings_wide.csv -> the numbers that SPSS and the data package are told are missing."""
    syntax = (folder / "spss.sps").read_text(encoding="utf-8")
    found = dict(re.findall(r"MISSING VALUES (\S+) \(([^)]*)\)\.", syntax))
    spss = {name: set(numbers.split(", ")) for name, numbers in found.items()}
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    wide = next(resource for resource in package["resources"] if resource["name"] == "codings_wide")
    for field in wide["schema"]["fields"]:
        if field["name"] in spss:
            assert set(field["missingValues"]) - {""} == spss[field["name"]], field["name"]
    return spss


def test_results_count_the_valid_one_only(study):
    tables = {table.key: table for table in study_tables(study, "en")}
    for key, category in (("contains_pii", "yes"), ("channels", "dm"), ("removal_request", "yes")):
        table = tables[f"variable_{key}"]
        assert table.cells[category, ""].proportion == Proportion(1, 1), key
        assert table.left_out == {Reason.UNDETERMINED: 1}, key
    assert tables["variable_solved"].left_out == {Reason.NOT_CODED: 1}


def test_agreement_rests_on_the_valid_one_only(study):
    for data in units_by_coders(study.rounds.get(), ReportScope()):
        assert len(data.rows) == 1, data.variable.key
        assert data.rows[0] == [VALID[data.variable.key]] * 2
        assert sum(data.missing.values()) == 2, data.variable.key


def test_the_file_for_alpha_has_empty_cells_for_the_other(folder, study):
    found = {key: [] for key in VALID}
    for row in rows(folder, "reliability.csv"):
        found[row["variable"]].append((row["noor"], row["daan"]))
    for key, cells in found.items():
        assert [pair for pair in cells if any(pair)] == [pair for pair in cells if all(pair)], key
        assert sum(map(all, cells)) == 1, key
    (folder / "alpha.py").write_text(program("python", study.rounds.get()), encoding="utf-8")
    subprocess.run([sys.executable, "-I", "alpha.py"], cwd=folder, capture_output=True, check=True)


def test_spss_and_the_data_package_are_told_that_the_other_is_missing(folder, declared):
    valid, missing = {}, {}
    for row in rows(folder, "codings_wide.csv"):
        of_first = row["conversation_id"] == rows(folder, "codings_wide.csv")[0]["conversation_id"]
        (valid if of_first else missing).update({key: cell for key, cell in row.items() if cell})
    for key in VALID:
        columns = [name for name in declared if re.match(rf"{key}(__|$)", name)]
        assert columns, key
        for name in columns:
            assert valid[name] not in declared[name], name
            assert missing[name] in declared[name], name


@pytest.mark.parametrize("name", ["codings_long.csv", "consensus.csv"])
def test_the_code_in_the_long_files_is_one_that_is_declared(folder, declared, name):
    first = rows(folder, name)[0]["conversation_id"]
    for row in rows(folder, name):
        if row["variable"] not in VALID:
            continue
        column = next(each for each in declared if re.match(rf"{row['variable']}(__|$)", each))
        is_missing = row["conversation_id"] != first
        assert (row["code"] in declared[column]) == is_missing, row["variable"]
