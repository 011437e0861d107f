"""The .sav files of an export come back: as exported, as SPSS and PSPP save them, and not where changed."""

import subprocess

import pyreadstat
import pytest

from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.exporting.reading.codings import import_codings
from annotations.models import Code, Coding
from tests.exporting.reading import write_tables
from tests.exporting.test_export import empty_copy, rows, study  # noqa: F401 (a fixture)
from tests.programs import needs

pytestmark = pytest.mark.django_db
FILES = ("messages.sav", "conversations.sav", "spans.sav")
# Of a line of codings_long.csv all that a .sav knows.
KNOWN = ("round", "coder", "conversation_id", "message_id", "variable", "value", "start", "end")


@pytest.fixture
def out(study, tmp_path):  # noqa: F811
    write_export(study, tmp_path / "out", profile="restricted", only=FILES)
    return tmp_path / "out"


def saved(path, change):
    """The file, changed by `change` and saved as pyreadstat does, with labels and missing codes."""
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    change(frame)
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={name: about.column_names_to_labels[name] for name in frame.columns},
        variable_value_labels=about.variable_value_labels,
        missing_ranges=about.missing_ranges,
    )
    return path


def test_the_three_files_make_the_codings_they_came_from(study, out, tmp_path):  # noqa: F811
    copy = empty_copy(study, "copy")
    reports = [import_codings(copy, out / name, create_coders=True) for name in FILES]
    assert [report["codings_new"] for report in reports] == [4, 0, 0]
    assert [report["codings_added_to"] for report in reports] == [0, 4, 3]
    for of, folder in ((study, "first"), (copy, "second")):
        write_tables(of, tmp_path / folder, profile="restricted")
    lines = [
        sorted(tuple(line[name] for name in KNOWN) for line in rows(tmp_path / folder / "codings_long.csv"))
        for folder in ("first", "second")
    ]
    assert lines[0] == lines[1]


def test_the_files_in_their_own_study_are_known(study, out):  # noqa: F811
    before = Code.objects.count()
    for name in FILES:
        report = import_codings(study, out / name)
        assert report["codings_known"] == {"spans.sav": 3}.get(name, 4)
        assert report["codings_new"] == report["codings_added_to"] == 0
    assert Code.objects.count() == before


@needs("pspp")
def test_what_pspp_saved_is_as_it_was(study, out):  # noqa: F811
    for name in FILES:
        commands = f"GET FILE='{name}'.\nSORT CASES BY conversation_id (D).\nSAVE OUTFILE='{name}.sav'.\n"
        subprocess.run(["pspp", "-"], input=commands, cwd=out, text=True, check=True, capture_output=True)
        assert import_codings(study, out / f"{name}.sav")["codings_known"] == {"spans.sav": 3}.get(name, 4)


def _recode(frame):
    frame.loc[0, "contains_pii"] = 2.0
    frame.loc[0, "contains_pii__noor"] = 2.0


def _retype(frame):
    frame.loc[1, "conversation_id"] = "1.23E+18"


def _drop(frame):
    del frame["organisation"]


@pytest.mark.parametrize(("change", "line"), [(_recode, 1), (_retype, 2), (_drop, 1)])
def test_a_row_that_a_program_changed_is_refused_with_its_line(study, out, change, line):  # noqa: F811
    copy = empty_copy(study, "copy")
    path = saved(out / "messages.sav", change)
    with pytest.raises(BadInput, match=f"messages.sav, line {line}: this row is not as it was exported"):
        import_codings(copy, path, create_coders=True)
    assert not Coding.objects.filter(assignment__round__study=copy).exists()


def test_a_code_that_means_something_else_in_the_file_is_refused(study, out):  # noqa: F811
    frame, about = pyreadstat.read_sav(out / "messages.sav", user_missing=True)
    frame["row_check"] = ""
    labels = about.variable_value_labels
    labels["contains_pii__noor"] = {1.0: "Nee", 2.0: "Ja"}
    pyreadstat.write_sav(
        frame, out / "messages.sav", column_labels=about.column_labels, variable_value_labels=labels
    )
    with pytest.raises(BadInput, match="the file calls 1 of contains_pii “Nee”"):
        import_codings(study, out / "messages.sav")


def test_a_changed_row_without_its_check_is_read_and_a_code_of_no_category_is_not(study, out):  # noqa: F811
    def change(frame):
        frame.loc[0, "row_check"] = ""
        frame.loc[0, "contains_pii__noor"] = 7.0

    with pytest.raises(BadInput, match="line 1: contains_pii has no category with the code 7"):
        import_codings(study, saved(out / "messages.sav", change))
