"""Every row of every table comes back as it was, under ids that were drawn here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from annotations.archive.contents import columns_of, included, keys_of, rows_of
from annotations.archive.load import load_study
from annotations.archive.write import write_study
from annotations.models import Study
from tests.archive.fullest import are_between, count_from, make_fullest

pytestmark = pytest.mark.django_db
HERE, THERE = 10_000_000, 300_000_000
ANOTHER = {"Study": {"slug"}, "ExportFile": {"file"}}
"""Columns that differ: the address, for both studies are here, and the name of a kept file."""


def rows_told(study: Study) -> dict[str, list[dict[str, str]]]:
    """Every row of every table, each id as the row it is of, counted within the study."""
    names: dict[int, str] = {}
    people: dict[int, str] = {}
    for model in included():
        keys = rows_of(model, study).values_list("pk", flat=True)
        names |= {pk: f"{model.__name__}-{number}" for number, pk in enumerate(keys, 1)}
        for column, other in keys_of(model).items():
            if other is User:
                ids = set(rows_of(model, study).order_by().values_list(column, flat=True)) - {None}
                people |= {
                    user.pk: user.username.removesuffix("-2") for user in User.objects.filter(pk__in=ids)
                }
    names |= people

    def told(value: Any) -> str:
        return re.sub(r"(?<!\w)\d{8,9}(?!\w)", lambda found: names.get(int(found[0]), found[0]), str(value))

    found = {}
    for model in included():
        columns = columns_of(model)
        same = ANOTHER.get(model.__name__, set())
        rows = rows_of(model, study).values_list(*columns)
        found[model.__name__] = [
            {name: told(value) for name, value in zip(columns, row, strict=True) if name not in same}
            for row in rows
        ]
    return found


def ids_left(study: Study) -> list[str]:
    """Places where an id of the study that it was made from still stands."""
    found = []
    shared = {"Codebook", "CodebookVersion", "Variable", "Category", "VersionChange"}
    for model in included():
        if model.__name__ in shared:
            continue
        names = [name for name, other in {**dict.fromkeys(columns_of(model)), **keys_of(model)}.items()]
        names = [name for name in names if keys_of(model).get(name, Study).__name__ not in shared]
        for row in rows_of(model, study).values_list(*names):
            text = json.dumps(dict(zip(names, row, strict=True)), default=str)
            found += [f"{model.__name__} {number}: {text[:300]}" for number in are_between(text, HERE)]
    return found


def test_every_row_comes_back_and_no_id_of_before_is_left(tmp_path: Path) -> None:
    count_from(HERE)
    study = make_fullest().study
    path = tmp_path / "whole.zip"
    with path.open("wb") as file:
        write_study(study, file)
    before = rows_told(study)
    count_from(THERE)
    loaded = load_study(path, slug="elders", actor_id=None).study
    after = rows_told(loaded)
    last = after["Event"].pop()
    assert last["action"] == "archive.loaded"
    for name, rows in before.items():
        assert after[name] == rows, name
    left = [place for place in ids_left(loaded) if str(study.codebook_version_id) not in place]
    assert left == []
