"""Days away, what they do to an expected end, and who could take over what will not be done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.errors import BadInput, NotAllowed
from annotations.models import Absence, Coding, Event
from annotations.sampling.planned import outlook
from annotations.sampling.relief import study_shortfalls
from annotations.studies.absence import Away, add_absence, away_soon, remove_absence
from annotations.studies.activity import coders_now
from annotations.studies.pace import DayOfCoder, expected_end, presence_of
from tests.factories import assign, make_conversation, make_member, make_round, make_study

TODAY = date(2026, 11, 28)


def day(number):
    return TODAY + timedelta(days=number)


def test_the_pace_is_that_of_days_on_which_coders_were_there() -> None:
    """Anna 10 a day on four days, away for six; Bram 5 a day: 10 + 5 a day together."""
    rows = [DayOfCoder(day(-n), "anna", 10, 0, 1) for n in range(4)]
    rows += [DayOfCoder(day(-n), "bram", 5, 0, 2) for n in range(10)]
    per_day = {day(-n): 5 + (10 if n < 4 else 0) for n in range(10)}
    away = Away({1: [(day(-9), day(-4))]})
    found = expected_end(per_day, 150, TODAY, presence_of(rows, away, TODAY))
    assert found is not None
    assert found.per_day == pytest.approx(15)
    assert found.day == day(10)
    assert expected_end(per_day, 150, TODAY).day == day(17)  # 9 a day on plain days


def test_coming_days_away_make_it_later() -> None:
    rows = [DayOfCoder(day(-n), "anna", 10, 0, 1) for n in range(4)]
    per_day = {row.day: 10 for row in rows}
    away = Away({1: [(day(2), day(8))]})
    found = expected_end(per_day, 30, TODAY, presence_of(rows, away, TODAY))
    assert (found.day, found.earliest, found.latest) == (day(10), day(10), day(10))


@pytest.mark.django_db
class TestEntering:
    @pytest.fixture
    def study(self):
        study = make_study("weg")
        study.chief = make_member(study, "chief", "supervisor")
        study.noor, study.sem = make_member(study, "noor"), make_member(study, "sem")
        return study

    def test_own_days_and_a_supervisor_everybodys(self, study):
        today = timezone.localdate()
        row = add_absence(study.pk, study.noor.pk, first=today, last=today, actor_id=study.noor.pk)
        add_absence(study.pk, study.sem.pk, first=today, last=today, actor_id=study.chief.pk)
        with pytest.raises(NotAllowed):
            add_absence(
                study.pk,
                study.sem.pk,
                first=today + timedelta(9),
                last=today + timedelta(9),
                actor_id=study.noor.pk,
            )
        with pytest.raises(NotAllowed):
            remove_absence(study.pk, Absence.objects.get(user=study.sem).pk, actor_id=study.noor.pk)
        assert set(away_soon(study.pk)) == {study.noor.pk, study.sem.pk}
        remove_absence(study.pk, row.pk, actor_id=study.noor.pk)
        remove_absence(study.pk, row.pk, actor_id=study.noor.pk)
        assert Event.objects.filter(action__startswith="absence.").count() == 3

    @pytest.mark.parametrize(("first", "last"), [(5, 4), (-9, -1), (0, 400), (1, 2)])
    def test_days_that_make_no_sense_are_refused(self, study, first, last):
        today = timezone.localdate()
        add_absence(
            study.pk,
            study.noor.pk,
            first=today + timedelta(2),
            last=today + timedelta(3),
            actor_id=study.noor.pk,
        )
        with pytest.raises(BadInput):
            add_absence(
                study.pk,
                study.noor.pk,
                first=today + timedelta(first),
                last=today + timedelta(last),
                actor_id=study.noor.pk,
            )
        assert Absence.objects.count() == 1

    def test_the_pages(self, study, client):
        today = timezone.localdate()
        address = reverse("absence", args=["weg"])
        client.force_login(study.noor)
        client.post(address, {"first": today.isoformat(), "user": study.sem.pk})
        assert Absence.objects.get().user == study.noor
        assert client.post(address, {"first": "x"}).status_code == 422
        client.force_login(study.sem)
        assert b"noor" not in client.get(address).content
        client.post(reverse("absence_remove", args=["weg", Absence.objects.get().pk]))
        assert Absence.objects.exists()
        client.force_login(study.chief)
        assert "noor" in client.get(address).content.decode()
        assert "weg t/m" in client.get(reverse("study", args=["weg"])).content.decode()


@pytest.mark.django_db
def test_a_day_that_will_not_be_met_is_said_with_what_helps(client, django_assert_max_num_queries):
    study = make_study("krap")
    chief = make_member(study, "chief", "supervisor")
    noor, sem = make_member(study, "noor"), make_member(study, "sem")
    round_ = make_round(study, "main", kind="main", due_on=day(5))
    for coder, done, left in ((sem, 10, 30), (noor, 20, 2)):
        for number in range(done + left):
            row = assign(make_conversation(study, "Hoi"), coder)
            if number < done:
                at = datetime(2026, 11, 28 - number % 10, 12, tzinfo=UTC)
                Coding.objects.create(assignment=row, state="finished", finished_at=at)
    with django_assert_max_num_queries(6):
        (short,) = study_shortfalls(study, TODAY)
    # Sem does 1 a day, Noor 2: by then 5 of 30, and Noor has room for 8.
    assert (short.name, short.left, short.will_do, short.over) == ("sem", 30, 5, 25)
    assert [(help_.name, help_.number) for help_ in short.helps] == [("noor", 8)]
    Absence.objects.create(study=study, user=noor, first=day(1), last=day(4), created_by=chief)
    (short,) = study_shortfalls(study, TODAY)
    assert short.helps == []
    assert outlook(round_, TODAY).short == [short]
    client.force_login(chief)
    page = client.get(reverse("round", args=["krap", round_.pk]) + f"?coder={sem.pk}&to={noor.pk}&number=8")
    assert page.context["form"]["number"].value() == "8"


@pytest.mark.django_db
def test_who_is_quiet_and_who_is_away(django_assert_num_queries):
    study = make_study("stil")
    names = ("noor", "sem", "lotte", "daan")
    people = [make_member(study, name) for name in names]
    for coder, days in zip(people[:3], (0, 5, 5), strict=True):
        for number in range(2):
            row = assign(make_conversation(study, "Hoi"), coder)
            if not number:
                at = datetime(2026, 11, 28 - days, 12, tzinfo=UTC)
                Coding.objects.create(assignment=row, state="finished", finished_at=at, active_seconds=50)
    Absence.objects.create(study=study, user=people[2], first=day(-1), last=day(1), created_by=people[2])
    with django_assert_num_queries(5):
        rows = {row.progress.name: row for row in coders_now(study.pk, TODAY)}
    assert [(name, rows[name].days_since, rows[name].is_quiet) for name in names] == [
        ("noor", 0, False),
        ("sem", 5, True),
        ("lotte", 5, False),
        ("daan", 0, False),
    ]
    assert (rows["sem"].seconds, rows["daan"].seconds, rows["daan"].last) == (50, None, None)
