"""Migrations carry over the rows of a study that stood before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from annotations.models import AgreementReport, DrawUnderWay, ExportFile, ImportBatch, triggers
from tests.factories import make_member, make_round, make_study

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long("annotations/migrations", "annotations/models"),
]
LONG_AGO = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def migrate_to(*targets: tuple[str, str]) -> Any:
    """Gives the models as they were after the last of these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


@pytest.fixture
def before() -> Iterator[Callable[[str], Any]]:
    """Takes the database back to a migration; the newest are there again after the test."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("annotations")
    triggers.drop(connection)  # as `migrate` does
    yield lambda name: migrate_to(("annotations", name))
    migrate_to(*newest)  # the flush after the test makes the triggers again; with them it deletes no event


def test_jobs_of_before_keep_who_when_why_and_how_far(before):
    study = make_study("study")
    anna = make_member(study, "anna", role="supervisor")
    rounds = [make_round(study, str(number)) for number in (1, 2, 3)]
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("annotations")
    apps = before("0001_initial")
    old = {name: apps.get_model("annotations", name) for name in ("ImportBatch", "DrawUnderWay")}
    old_report, old_export = (
        apps.get_model("annotations", name) for name in ("AgreementReport", "ExportFile")
    )
    batch = old["ImportBatch"].objects.create(
        study_id=study.pk,
        created_by_id=anna.pk,
        created_at=LONG_AGO,
        state="failed",
        error="Row 7 is no row.",
    )
    draws = [{"problem": "Nobody codes."}, {"started_at": LONG_AGO}, {}]
    for of_round, values in zip(rounds, draws, strict=True):
        old["DrawUnderWay"].objects.create(round_id=of_round.pk, wish={"n": 1}, asked_by_id=anna.pk, **values)
    old_report.objects.create(round_id=rounds[0].pk, fingerprint="a", state="done", requested_at=LONG_AGO)
    old_export.objects.create(study_id=study.pk, asked_by_id=anna.pk, profile="research", state="failed")

    migrate_to(*newest)

    carried = ImportBatch.objects.get(pk=batch.pk)
    assert (carried.state, carried.problem) == ("failed", "Row 7 is no row.")
    assert (carried.confirmed_by, carried.asked_at) == (anna, LONG_AGO)
    states = dict(DrawUnderWay.objects.values_list("round_id", "state"))
    assert [states[of_round.pk] for of_round in rounds] == ["failed", "running", "waiting"]
    assert DrawUnderWay.objects.get(state="failed").problem == "Nobody codes."
    report = AgreementReport.objects.get()
    assert (report.state, report.asked_at, report.problem) == ("done", LONG_AGO, "")
    assert ExportFile.objects.get().state == "failed"


def test_the_rules_of_the_database_are_there_again_afterwards():
    assert triggers.missing(connection) == []
