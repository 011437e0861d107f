"""The stages on the front page: each with what there is of it, and the first that is not done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.models import Coding, Event
from annotations.studies.open_work import open_work
from annotations.studies.stages import stages
from tests.factories import make_coding, make_conversation, make_member, make_study


@pytest.fixture
def study(db):
    return make_study("privacy")


def told(study):
    return {row.key: (row.number, row.total, row.is_done) for row in stages(study, open_work(study.pk))}


def current(study):
    return [row.key for row in stages(study, open_work(study.pk)) if row.is_current]


def finish(coding):
    coding.state, coding.finished_at = Coding.State.FINISHED, timezone.now()
    coding.save()


def test_an_empty_study_begins_with_its_import(study):
    found = told(study)
    assert [key for key, row in found.items() if row[2]] == ["codebook"]
    assert found["codebook"][0] == study.codebook_version.variables.count()
    assert current(study) == ["import"]


def test_every_stage_says_what_there_is_of_it(study):
    anna, bram = make_member(study, "anna"), make_member(study, "bram")
    first = make_conversation(study, "Bel mij")
    codings = [make_coding(first, anna), make_coding(first, bram)]
    second = make_conversation(study, "Dank")
    assert told(study)["import"] == (2, None, True)
    assert told(study)["coders"] == (2, None, True)
    assert told(study)["assign"] == (1, 2, False)
    assert current(study) == ["assign"]

    codings.append(make_coding(second, anna))
    assert told(study)["assign"] == (2, 2, True)
    assert current(study) == ["code"]

    for coding in codings[:2]:
        finish(coding)
    assert told(study)["code"] == (2, 3, False)
    assert told(study)["agreement"] == (1, None, False)

    finish(codings[2])
    assert told(study)["code"] == (3, 3, True)
    assert told(study)["agreement"] == (1, None, True)
    assert told(study)["settle"] == (0, None, False)
    assert current(study) == ["settle"]

    Event.objects.record("study.exported", actor_id=None, study_id=study.pk, subject=study)
    assert told(study)["export"] == (1, None, True)


def test_the_page_marks_the_current_stage_and_says_which_are_done(study, client):
    supervisor = make_member(study, "sofie", "supervisor")
    make_conversation(study, "Bel mij")
    client.force_login(supervisor)
    page = client.get(reverse("study", args=["privacy"])).content.decode()
    assert page.count('aria-current="step"') == 1
    assert page.count('class="stage is-done"') == 2
    assert "van 1 gesprek<" in page
