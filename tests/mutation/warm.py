"""Makes what all tests of a run share (the database) before the first process is forked."""

import pytest


@pytest.mark.django_db
def test_the_database_is_there() -> None:
    pass
