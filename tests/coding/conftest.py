import pytest

from tests.coding.scene import Scene


@pytest.fixture
def scene(client_of):
    return Scene(client_of)
