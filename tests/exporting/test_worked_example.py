"""The worked example: every cell of every table of one small study, in each profile (expected/).

A table may get columns that the example does not know; those it knows hold what stands there.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from annotations.exporting import study_data
from annotations.exporting.export import write_export
from tests.exporting.worked_study import worked_study
from tests.world import undone

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "expected"
EXPECTED = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.csv"))


@pytest.fixture(scope="module")
def folder(django_db_setup, django_db_blocker, tmp_path_factory):
    """The tables in three folders, one a profile."""
    made = tmp_path_factory.mktemp("worked")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(study_data, "token_bytes", lambda size: b"x" * size)
        study = worked_study()
        for profile in ("restricted", "research", "public"):
            write_export(
                study,
                made / profile,
                profile=profile,
                reason="test",
                raw=True,
                only=[path.split("/")[1] for path in EXPECTED if path.startswith(profile)]
                or ["manifest.json"],
            )
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", EXPECTED)
def test_every_cell_is_what_the_worked_example_says(folder, name):
    expected, found = rows(HERE / name), rows(folder / name)
    assert expected, "an example holds a row"
    assert [{key: row.get(key) for key in expected[0]} for row in found] == expected
