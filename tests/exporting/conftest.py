import pytest
from django.utils import translation

from tests.conftest import made_once


def _two_coders():
    from tests.exporting.test_export import coded  # not before pytest has rewritten it

    return coded()


two_coders = made_once(_two_coders)


@pytest.fixture(autouse=True)
def english():
    """As in a command; pages answer in the language of who asks."""
    with translation.override("en"):
        yield
