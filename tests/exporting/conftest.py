import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """As in a command; pages answer in the language of who asks."""
    with translation.override("en"):
        yield
