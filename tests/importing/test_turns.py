"""Imports that are begun side by side: the later one waits, and says so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from annotations.importing.store import turns
from annotations.importing.store.turns import alone_with, patiently
from annotations.models import Study
from tests.factories import make_study


class GivenUp(Exception):
    pass


@pytest.mark.django_db
def test_while_others_write_the_transaction_waits_and_then_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries, waits = transaction.atomic, [1, 1], []

    def busy(*given: Any, **named: Any) -> Any:
        if tries:
            tries.pop()
            raise OperationalError("database is locked")
        return real(*given, **named)

    monkeypatch.setattr(turns.transaction, "atomic", busy)
    with patiently(lambda: waits.append(1)):
        make_study("waited")
    assert len(waits) == 2
    assert Study.objects.filter(slug="waited").exists()


@pytest.mark.django_db
def test_waiting_ends_when_somebody_stops_it_and_other_errors_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "database is locked"

    def busy() -> Any:
        raise OperationalError(said)

    def stop() -> None:
        raise GivenUp

    monkeypatch.setattr(turns.transaction, "atomic", busy)
    with pytest.raises(GivenUp), patiently(stop):
        pass
    said = "disk I/O error"
    with pytest.raises(OperationalError, match="disk"), patiently(stop):
        pass


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_study_that_another_import_has_is_waited_for() -> None:
    study = make_study("held")
    other = connection.copy()

    def let_go() -> None:
        with suppress(Exception):
            other.rollback()

    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM annotations_study WHERE id = %s FOR UPDATE", [study.pk])
        with transaction.atomic():
            assert alone_with(study.pk, let_go) == study
    finally:
        other.close()
