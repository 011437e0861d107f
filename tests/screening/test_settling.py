"""Doubts and differences of screeners on the desk, and the reliability report of what two people screened."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from annotations.models import Event, ScreeningDecision
from annotations.reliability.drill import Cell, units_in
from annotations.screening.decide import Given
from annotations.screening.double import agreement, figures
from annotations.screening.settling import load_queue
from tests.factories import make_member
from tests.screening.help import DOUBT, NO, YES, begin, make_archive, people, screen, screen_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def differing():
    """Eight messages screened by anna and bram: the third differs, of the fifth anna doubts."""
    study = make_archive(8)
    pair = people(study, "anna", "bram")
    track = begin(study, pair, target=8, double=100)
    at = {3: Given("yes", note="een foto"), 5: DOUBT}
    for position in range(1, 9):
        screen(track, pair[0], at.get(position, YES if position == 1 else NO))
    screen_all(track, pair[1], lambda message: YES if message.text == "bericht 8" else NO)
    return track


def desk(track, position):
    unit = track.units.get(position=position)
    return reverse("screening_settle_unit", args=[track.screening.study.slug, track.screening_id, unit.pk])


def test_the_desk_shows_what_was_said_but_not_by_whom_until_it_is_settled(differing, client_of):
    study = differing.screening.study
    client = client_of(make_member(study, "chef", "supervisor"))
    pseudonyms = set(study.memberships.filter(role="coder").values_list("pseudonym", flat=True))

    def shown(address):
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    first = reverse("screening_settle", args=[study.slug, differing.screening_id])
    page = shown(first)
    assert 'value="yes"' in page
    assert 'value="no:nothing_visible"' in page
    assert "een foto" in page
    assert not any(name in page for name in {*pseudonyms, ">anna<", ">bram<"})
    named = shown(desk(differing, 3) + "?names=1")
    assert all(name in named for name in pseudonyms)
    sent = {"settlement": "yes", "revision": "0", "cause": "borderline", "reason": "de foto telt"}
    answer = client.post(desk(differing, 3), sent)
    assert answer.url == desk(differing, 5)
    row = ScreeningDecision.objects.get(is_settling=True)
    assert (row.answer, row.cause, row.note) == ("yes", "borderline", "de foto telt")
    log = Event.objects.get(action="screening.settled")
    assert log.after["cause"] == "borderline"
    assert "foto" not in json.dumps(log.after)
    assert "anna" in shown(desk(differing, 3))
    # Every other answer can be chosen too.
    answer = client.post(desk(differing, 5), {"settlement": "no:other_kind", "revision": "0"})
    assert answer.url == first
    assert 'id="decision"' not in shown(first)
    unit = differing.units.get(position=5)
    assert (unit.state, unit.answer, unit.reason) == ("done", "no", "other_kind")


def test_two_supervisors_do_not_overwrite_each_other(differing, client_of):
    one, two = (client_of(make_member(differing.screening.study, n, "supervisor")) for n in ("een", "twee"))
    assert one.post(desk(differing, 3), {"settlement": "yes", "revision": "0"}).status_code == 302
    refused = two.post(desk(differing, 3), {"settlement": "cannot_tell", "revision": "0"})
    assert refused.status_code == 409
    assert 'value="1"' in re.search(r'name="revision"[^>]*', refused.content.decode()).group()
    assert two.post(desk(differing, 3), {"settlement": "cannot_tell", "revision": "1"}).status_code == 302
    assert ScreeningDecision.objects.get(is_settling=True).answer == "cannot_tell"
    assert Event.objects.filter(action="screening.settled").count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"settlement": "maybe"},
        {"settlement": "no"},
        {"settlement": "no:because"},
        {"settlement": "yes", "cause": "zomaar"},
    ],
)
def test_a_decision_that_is_none_says_so_and_changes_nothing(differing, client_of, sent):
    client = client_of(make_member(differing.screening.study, "chef", "supervisor"))
    assert client.post(desk(differing, 3), sent).status_code == 422
    assert not ScreeningDecision.objects.filter(is_settling=True).exists()


def test_a_message_on_which_nobody_differs_is_not_on_the_desk(differing, client_of):
    client = client_of(make_member(differing.screening.study, "chef", "supervisor"))
    assert client.get(desk(differing, 2)).status_code == 404


def test_the_queue_takes_as_many_queries_whatever_waits(differing, django_assert_num_queries):
    screening, current = differing.screening, differing.units.get(position=3).pk
    with django_assert_num_queries(4):
        queue = load_queue(screening, "open", current)
    assert [entry.position for entry in queue.entries] == [3, 5]
    assert (queue.open, queue.total, queue.next_open) == (2, 2, differing.units.get(position=5).pk)


def test_what_two_people_screened_has_a_report_like_that_of_a_round(differing, client_of):
    screening = differing.screening
    item = agreement(screening)
    # Of seven messages both gave an answer: once both yes, once yes and no, else both no.
    assert (item.result.pairable_units, item.result.percent_agreement) == (7, pytest.approx(6 / 7))
    # Krippendorff (nominal) by hand: observed 2 / 14; expected 2 * 3 * 11 / (14 * 13).
    assert item.result.alpha == pytest.approx(1 - (2 / 14) / (2 * 3 * 11 / (14 * 13)))
    (unit,) = units_in(item, Cell("differ"))
    assert unit[1] == differing.units.get(position=3).message_id
    assert figures(screening)["alpha_ci"][0] < item.result.alpha
    client = client_of(make_member(screening.study, "chef", "supervisor"))
    places = [screening.study.slug, screening.pk]
    assert client.get(reverse("screening_agreement", args=places)).status_code == 200
    units = client.get(reverse("screening_agreement_units", args=places) + "?cell=differ").content.decode()
    assert units.count("row-link") == 1
    one = client.get(reverse("screening_agreement_unit", args=[*places, 1]) + "?cell=differ").content.decode()
    assert desk(differing, 3) in one
    data = client.get(reverse("screening_agreement_data", args=places)).content.decode()
    rows = list(csv.DictReader(io.StringIO(data)))
    assert len(rows) == 7
    assert {row["variable"] for row in rows} == {"contains_pii"}
    figured = client.get(reverse("screening_agreement_csv", args=places)).content.decode()
    assert next(csv.DictReader(io.StringIO(figured)))["pairable_units"] == "7"
    assert client.get(reverse("screening_agreement_units", args=places) + "?cell=nonsense").status_code == 404


def test_settling_does_not_change_what_agreement_was_computed_from(differing, client_of):
    before = figures(differing.screening)
    client = client_of(make_member(differing.screening.study, "chef", "supervisor"))
    client.post(desk(differing, 3), {"settlement": "yes", "revision": "0"})
    assert figures(differing.screening) == before
