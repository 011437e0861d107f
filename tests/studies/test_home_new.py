"""The page that makes a study."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.models import Membership, Study
from tests.factories import SMALL_CODEBOOK, add_member, make_study

NEW = reverse("study_new")


@pytest.fixture
def staff(make_user):
    return make_user("staff", is_staff=True)


@pytest.fixture
def client(staff, client_of):
    return client_of(staff)


def filled_in(**fields):
    values = {
        "name": "Privacy op X",
        "slug": "",
        "language": "nl",
        "codebook": "webcare_privacy_core",
        "privacy": "masked",
        "organisations-TOTAL_FORMS": 3,
        "organisations-INITIAL_FORMS": 0,
        "organisations-0-name": "Zwaluwlijn",
        "organisations-0-handles": "@ZwaluwlijnHulp, Zwaluwlijn",
    }
    return values | fields


def test_a_name_is_enough_and_the_maker_becomes_supervisor(client, staff):
    answer = client.post(NEW, filled_in())
    study = Study.objects.get()
    assert answer.url == reverse("study", args=[study.slug])
    assert (study.slug, study.created_by) == ("privacy-op-x", staff)
    assert Membership.objects.get(study=study).user == staff
    handles = study.handles.order_by("position").values_list("handle", flat=True)
    assert list(handles) == ["ZwaluwlijnHulp", "Zwaluwlijn"]
    assert client.get(answer.url).status_code == 200


def test_a_codebook_of_ones_own_is_loaded(client):
    file = SimpleUploadedFile("mine.yaml", SMALL_CODEBOOK.encode())
    client.post(NEW, filled_in(codebook="own", codebook_file=file))
    assert Study.objects.get().codebook_version.codebook.key == "small"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "!!!"},
        {"slug": "Not An Address"},
        {"codebook": "own"},
        {"codebook": "x"},
        {"privacy": "x"},
        {"organisations-0-name": ""},
        {"organisations-1-name": "zwaluwlijn"},
        {"organisations-0-handles": "a=b"},
        {"organisations-TOTAL_FORMS": ""},
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(client, fields):
    page = client.post(NEW, filled_in(**fields))
    assert page.status_code == 422
    assert "field__error" in page.content.decode() or "notice--error" in page.content.decode()
    assert not Study.objects.exists()


def test_a_faulty_codebook_shows_its_faults_with_their_lines(client):
    file = SimpleUploadedFile("mine.yaml", SMALL_CODEBOOK.replace("kind: single", "kind: sinlge", 1).encode())
    page = client.post(NEW, filled_in(codebook="own", codebook_file=file))
    assert page.status_code == 422
    assert "18" in page.content.decode()
    assert "sinlge" in page.content.decode()
    assert not Study.objects.exists()


def test_coders_may_not_make_studies(make_user, client_of):
    anna = make_user("anna")
    add_member(make_study(), anna)
    assert client_of(anna).get(NEW).status_code == 403
    assert client_of(anna).post(NEW, filled_in()).status_code == 403
    assert Study.objects.count() == 1
