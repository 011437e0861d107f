"""The table of writers in docs/developers.md is true: nobody else writes, and whoever it names does."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

BASE: Path = settings.BASE_DIR
APP = BASE / "annotations"
PAGE = (BASE / "docs" / "developers.md").read_text(encoding="utf-8")
WRITES = "|".join(
    (
        r"\b{0}\.objects\.(?:\w*create\w*|bulk_update)\(",
        r"\b{0}\.objects\b[^\n]*\.(?:update|delete)\(",
        r"\bTable\(\s*{0},",
    )
)
ALLOWED = ("migrations/", "demo/", "management/")


def table() -> dict[str, list[str]]:
    """The name of a model -> the files and folders that write it."""
    rows = PAGE.split("| data | written by |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    writers = {}
    for row in rows:
        names, places = row.strip("|").split("|")
        for name in names.split(","):
            writers[name.strip()] = re.findall(r"`([\w/]+(?:\.py)?)`", places)
    return writers


WRITERS = table()
SOURCES = {path.relative_to(APP).as_posix(): path.read_text(encoding="utf-8") for path in APP.rglob("*.py")}


def test_every_table_has_a_writer() -> None:
    models = {model.__name__ for model in apps.get_app_config("annotations").get_models()}
    assert sorted(models - set(WRITERS)) == []
    assert sorted(set(WRITERS) - models) == []


@pytest.mark.parametrize("model", sorted(WRITERS))
def test_a_table_is_written_where_the_page_says(model: str) -> None:
    found = {
        place
        for place, text in SOURCES.items()
        if not place.startswith(ALLOWED) and re.search(WRITES.format(model), text)
    }
    assert {place for place in found if not place.startswith(tuple(WRITERS[model]))} == set()
    for writer in WRITERS[model]:
        assert any(
            re.search(rf"\b{model}\b", SOURCES[place]) for place in SOURCES if place.startswith(writer)
        )
