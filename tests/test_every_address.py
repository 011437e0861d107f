"""Every address of the app answers those it is for, on either database: the queries of a page run on both.

`run.py test` asks those that rest on what changed; tests/test_permissions.py asks all of them, every time.
"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.expectations import EXPECTED, Who
from tests.pages import code_of
from tests.world import World, address_of

VISITORS = {
    Who.ANYBODY: "signed out",
    Who.SIGNED_IN: "supervisor",
    Who.CREATOR: "supervisor",
    Who.ADMINISTRATOR: "administrator",
    Who.MEMBER: "supervisor",
    Who.SUPERVISOR: "supervisor",
    Who.OWNER: "coder",
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long(*code_of(name))) for name in sorted(EXPECTED)]
)
def test_an_address_answers(world: World, client: Client, name: str) -> None:
    line = EXPECTED[name]
    user = world.visitors()[VISITORS[line.who]]
    if user is not None:
        client.force_login(user)
    for method in sorted(line.methods - {"HEAD"}):
        status = client.generic(method, address_of(name, world.ours.objects)).status_code
        assert status < 500, f"{method} {name}"
        assert status not in {401, 403, 404, 405}, f"{method} {name} gets {status}"
