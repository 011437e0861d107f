"""A study and its supervisor at the pages of the import."""

from __future__ import annotations

import pytest

from tests.factories import add_member, make_study


@pytest.fixture
def study(make_user):
    study = make_study("webcare")
    study.anna = make_user("anna")
    study.bram = make_user("bram")
    study.stranger = make_user("stranger")
    add_member(study, study.anna, "supervisor")
    add_member(study, study.bram, "coder")
    return study


@pytest.fixture
def client(study, client_of):
    return client_of(study.anna)
