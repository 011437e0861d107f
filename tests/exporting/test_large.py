"""A large study goes out part by part, while coders go on saving."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from annotations.exporting import study_data
from annotations.exporting.export import write_export
from annotations.exporting.snapshot import snapshot
from annotations.models import Study
from tests.exporting.test_settled import coded_study

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profile", ["research", "restricted"])
def test_read_part_by_part_the_files_are_the_same(tmp_path, monkeypatch, profile):
    study = coded_study(4)
    whole = write_export(study, tmp_path / "whole", profile=profile)
    monkeypatch.setattr(study_data, "PART", 1)
    parts = write_export(study, tmp_path / "parts", profile=profile)
    assert {file["name"]: file["sha256"] for file in parts["files"]} == {
        file["name"]: file["sha256"] for file in whole["files"]
    }


@pytest.mark.django_db(transaction=True)
def test_reading_a_study_keeps_nobody_from_writing():
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        snapshot(),
    ):
        list(Study.objects.all())
        begun = [query["sql"] for query in asked.captured_queries]
    if connection.vendor == "sqlite":
        assert begun[0] == "BEGIN DEFERRED"
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        assert "REPEATABLE READ, READ ONLY" in " ".join(begun)
        with pytest.raises(DatabaseError, match="read-only"), snapshot():
            Study.objects.update(name="written")
