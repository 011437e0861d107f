"""A study and its supervisor at the pages of the import; a file given to be read."""

from __future__ import annotations

import pytest

from tests.factories import make_study, with_people
from tests.importing.help import take_in


@pytest.fixture
def study(make_user):
    people = {"anna": "supervisor", "bram": "coder", "stranger": ""}
    return with_people(make_study("webcare"), make_user, **people)


@pytest.fixture
def client(study, client_of):
    return client_of(study.anna)


@pytest.fixture
def give(tmp_path):
    """Write a file and take it in."""

    def make(name: str, content: bytes | str, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return take_in(path, tmp_path / "unpacked", **options)

    return make
