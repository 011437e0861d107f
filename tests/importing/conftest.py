"""A study and its supervisor at the pages of the import."""

from __future__ import annotations

import pytest

from tests.factories import make_study, with_people


@pytest.fixture
def study(make_user):
    people = {"anna": "supervisor", "bram": "coder", "stranger": ""}
    return with_people(make_study("webcare"), make_user, **people)


@pytest.fixture
def client(study, client_of):
    return client_of(study.anna)
