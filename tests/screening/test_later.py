"""An archive that grows after a screening began: what an import brings is told apart, the order stays."""

import csv
import re

import pytest
from django.urls import reverse

from annotations.importing.store.commit import import_files
from annotations.screening.later import later_messages
from annotations.screening.outcome import outcomes
from tests.factories import make_member, make_study
from tests.screening.help import NO, YES, begin, people, screen_all

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "parent_id", "created_at", "author_handle", "author_role", "text")
HELP = "@ZwaluwlijnHulp "


def file(folder, name, *rows):
    """`rows`: (id, replies to, day of May 2019, text), all by one consumer."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for pk, parent, day, text in rows:
            at = f"2019-05-{day:02}T10:00:00+00:00"
            writer.writerow((pk, parent, at, "kees_demo", "consumer", HELP + text))
    return path


def imported(study, *paths):
    return import_files(study, list(paths), timezone="Europe/Amsterdam")


@pytest.fixture
def screened(tmp_path):
    """The 20th back to the 10th; two finds. Of the message that 103 replies to only the place is known."""
    study = make_study(detector_version="1")
    rows = [(100 + day, "", day, f"bericht {day}") for day in (8, 10, 12, 20)] + [(203, 202, 15, "en toen")]
    imported(study, file(tmp_path, "eerst.csv", *rows))
    (anna,) = people(study, "anna")
    track = begin(study, [anna], target=2)
    screen_all(track, anna, lambda message: YES if message.text.endswith(("10", "12")) else NO)
    track.refresh_from_db()
    assert (track.size, track.stop_position, track.screened) == (5, 4, 4)
    return track


def test_nothing_is_counted_where_nothing_was_imported_since(screened, django_assert_num_queries):
    screening, tracks = screened.screening, list(screened.screening.tracks.all())
    with django_assert_num_queries(1):
        assert later_messages(screening, tracks) == {}


def test_what_an_import_brings_is_told_apart_and_not_screened(screened, tmp_path, client_of):
    screening = screened.screening
    order = list(screened.units.values_list("position", "message_id"))
    study = screening.study
    rows = [
        (301, "", 31, "nieuwer"),
        (302, "", 14, "ertussen"),
        (303, "", 5, "ouder"),
        (304, "", 3, "nog ouder"),
        (108, "", 8, "bericht 8"),  # known already
        (202, "", 14, "nu pas gevonden"),
    ]
    report = imported(study, file(tmp_path, "later.csv", *rows))
    assert report.repairs["placeholder_filled"] == 1
    (row,) = outcomes(screening, with_later=True)
    assert row.later == {"newer": 1, "within": 2, "older": 2}
    assert list(screened.units.values_list("position", "message_id")) == order
    screened.refresh_from_db()
    assert screened.ended_at
    page = client_of(make_member(study, "chef", "supervisor")).get(
        reverse("screening", args=[study.slug, screening.pk])
    )
    assert re.search(r"1 (consumentenberichten|consumer messages).* 2 .* 2 ", page.content.decode())


def test_what_came_later_is_screened_in_another_screening(screened, tmp_path):
    study = screened.screening.study
    imported(study, file(tmp_path, "later.csv", (303, "", 5, "ouder")))
    anna = people(study, "bram")[0]
    again = begin(study, [anna], name="Verder terug", target=9)
    assert again.size == 6
