"""The statement before the first text, a copy without data, and a study that is closed."""

import pytest
from django.urls import reverse

from annotations.errors import BadInput, StaleWrite
from annotations.models import AcceptedStatement, Gate, Study
from annotations.sampling.gates import set_gate
from annotations.studies.ending import copy_set_up, set_state
from annotations.studies.statement import accept, set_statement
from tests.factories import make_coding, make_conversation, make_member, make_round, make_study

pytestmark = pytest.mark.django_db


class Scene:
    def __init__(self):
        self.study = make_study("regelen")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.noor = make_member(self.study, "noor")
        self.coding = make_coding(make_conversation(self.study, "Geheim bericht"), self.noor)
        self.unit = reverse("coding_unit", args=["regelen", self.coding.assignment_id])


@pytest.fixture
def scene():
    return Scene()


def test_a_coder_accepts_before_the_first_text_and_again_after_a_change(scene, client):
    client.force_login(scene.noor)
    assert client.get(scene.unit).status_code == 200
    set_statement(scene.study.pk, "Ik zwijg.", version=0, actor_id=scene.chief.pk)
    page = reverse("statement", args=["regelen"])
    for address in (scene.unit, reverse("study", args=["regelen"]), reverse("codebook", args=["regelen"])):
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (302, page)
    save = reverse("coding_save", args=["regelen", scene.coding.assignment_id])
    assert client.post(save, {"do": "finish"}, content_type="application/json").status_code == 403
    assert b"Ik zwijg." in client.get(page).content
    assert client.post(page, {"version": "0"}).status_code == 409
    assert client.post(page, {"version": "1"}).status_code == 302
    assert client.get(scene.unit).status_code == 200
    row = AcceptedStatement.objects.get()
    assert (row.user, row.version, row.text) == (scene.noor, 1, "Ik zwijg.")
    set_statement(scene.study.pk, "Ik zwijg voorgoed.", version=1, actor_id=scene.chief.pk)
    assert client.get(scene.unit).status_code == 302
    accept(scene.study.pk, version=2, actor_id=scene.noor.pk)
    accept(scene.study.pk, version=2, actor_id=scene.noor.pk)
    assert AcceptedStatement.objects.count() == 2
    with pytest.raises(StaleWrite):
        set_statement(scene.study.pk, "Anders", version=1, actor_id=scene.chief.pk)
    with pytest.raises(BadInput):
        set_statement(scene.study.pk, "x" * 20_001, version=2, actor_id=scene.chief.pk)
    client.force_login(scene.chief)
    assert client.get(reverse("study", args=["regelen"])).status_code == 200


def test_a_copy_has_the_set_up_and_no_data(scene):
    first = make_round(scene.study, "eerst", kind="reliability")
    main = make_round(scene.study, "later", kind="main")
    set_gate(
        main.pk,
        after_id=first.pk,
        bound="lower",
        thresholds={"solved": 0.8},
        revision=0,
        actor_id=scene.chief.pk,
    )
    made = copy_set_up(scene.study.pk, slug="nog-een", name="Nog een", actor_id=scene.chief.pk)
    assert made.codebook_version == scene.study.codebook_version
    assert [row.handle for row in made.organisations.get().handles.all()] == ["ZwaluwlijnHulp"]
    assert sorted(made.rounds.values_list("name", "kind", "is_open")) == [
        ("eerst", "reliability", True),
        ("later", "main", False),
        ("main", "main", True),
    ]
    assert Gate.objects.get(round__study=made).after.name == "eerst"
    assert made.conversations.count() == 0
    assert not made.rounds.filter(assignments__isnull=False).exists()
    assert [row.user for row in made.memberships.all()] == [scene.chief]
    with pytest.raises(BadInput):
        copy_set_up(scene.study.pk, slug="nog-een", name="Nog een", actor_id=scene.chief.pk)


def test_in_a_closed_study_everything_is_read_and_nothing_changes(scene, client):
    set_state(scene.study.pk, "closed", actor_id=scene.chief.pk)
    client.force_login(scene.noor)
    save = reverse("coding_save", args=["regelen", scene.coding.assignment_id])
    assert client.post(save, {"do": "finish"}, content_type="application/json").status_code == 403
    assert client.get(scene.unit).status_code == 200
    client.force_login(scene.chief)
    assert client.post(reverse("round_new", args=["regelen"]), {}).status_code == 403
    assert client.get(reverse("results", args=["regelen"])).status_code == 200
    state = reverse("organising_state", args=["regelen"])
    client.post(state, {"state": "archived"})
    assert Study.objects.get(pk=scene.study.pk).state == "archived"
    assert b"gearchiveerd" in client.get(reverse("home")).content
    client.post(state, {"state": "unknown"})
    client.post(state, {"state": "running"})
    assert client.post(reverse("round_new", args=["regelen"]), {}).status_code == 422


def test_the_pages(scene, client):
    client.force_login(scene.chief)
    client.post(reverse("organising_statement", args=["regelen"]), {"statement": "Zwijg.", "version": "0"})
    accept(scene.study.pk, version=1, actor_id=scene.noor.pk)
    assert b"noor" in client.get(reverse("organising", args=["regelen"])).content
    copy = reverse("organising_copy", args=["regelen"])
    assert client.post(copy, {"slug": "Fout!", "name": "x"}).url == reverse("organising", args=["regelen"])
    assert client.post(copy, {"slug": "goed", "name": "Goed"}).url == reverse("study", args=["goed"])
