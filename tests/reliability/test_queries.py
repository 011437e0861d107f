"""The pages of the report take no more queries where there are more units."""

import pytest

from tests.conftest import forget_codebooks
from tests.reliability.test_pages import build
from tests.world import browser_of, undone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reported(django_db_setup, django_db_blocker):
    """A study of 10 units and one of 60 with their supervisors' browsers; the report is there."""
    forget_codebooks()
    with django_db_blocker.unblock(), undone():
        found = []
        for size in (10, 60):
            study = build(size, f"study-{size}")
            browser = browser_of(study.memberships.get(role="supervisor").user)
            browser.get(f"/s/{study.slug}/reliability/")
            found.append((study, browser))
        yield found


@pytest.mark.parametrize(
    "address",
    [
        "",
        "solved/",
        "solved/units/?cell=pairable",
        "info_type/units/?cell=pairable",
        "methods/",
        "methods/reliability.csv",
        "time/",
    ],
)
def test_pages_take_as_many_queries_for_60_units_as_for_10(reported, address, django_assert_max_num_queries):
    counts = []
    for study, client in reported:
        url = f"/s/{study.slug}/reliability/{address}"
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
