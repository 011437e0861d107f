"""Settled cases beside a category: what coders see of decisions, and what they must not."""

import pytest

from annotations.adjudication.cases import settled_cases
from annotations.adjudication.resolve import settle, withdraw
from annotations.adjudication.units import Ruling, find_unit
from annotations.finals.settled import SpanValue
from tests.adjudication.help import make_scene
from tests.factories import assign, make_candidate, make_study

pytestmark = pytest.mark.django_db


def decide(scene, message, variable, settlement, **words):
    unit = find_unit(scene.round, variable, message.conversation_id, message.pk)
    words = {"is_settled_case": True, "reason": "Een nummer.", **words}
    known = unit.known()
    settle(
        unit,
        Ruling(settlement, **words),
        revision=known.revision if known else 0,
        actor_id=scene.supervisor.pk,
    )
    return unit


def cases(scene, variable="contains_pii", **fields):
    return settled_cases(scene.study, scene.round.codebook_version_id, variable, **fields)


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def message(scene):
    return scene.code(scene.conversation(), {"contains_pii": "yes"}, {"contains_pii": "no"})


def test_a_settled_case_stands_beside_its_category_with_its_reason(scene, message):
    decide(scene, message, "contains_pii", "yes")
    (case,) = cases(scene)["yes"]
    assert case.reason == "Een nummer."
    assert case.quote.startswith("@ZwaluwlijnHulp bel 06-00000011")
    assert cases(scene, "removal_request") == {}
    assert cases(scene, "nonsense") == {}


def test_only_decisions_chosen_for_it_that_stand_are_shown(scene, message):
    decide(scene, message, "contains_pii", "yes", is_settled_case=False)
    assert cases(scene) == {}
    unit = decide(scene, message, "contains_pii", "yes")
    withdraw(unit, revision=2, actor_id=scene.supervisor.pk)
    assert cases(scene) == {}


def test_nothing_is_shown_of_a_conversation_the_coder_still_has_to_code(scene, message):
    decide(scene, message, "contains_pii", "yes")
    coder = scene.coders[0]
    assert "yes" in cases(scene, coder_id=coder.pk)
    assign(message.conversation, coder, "second round")
    assert cases(scene, coder_id=coder.pk) == {}
    assert "yes" in cases(scene, coder_id=scene.coders[1].pk)


def test_fragments_are_examples_of_their_kinds(scene, message):
    decide(scene, message, "info_type", (SpanValue(20, 31, "phone"), SpanValue(40, 62, "email")))
    found = cases(scene, "info_type")
    assert set(found) == {"phone", "email"}
    assert "06-00000011" in found["phone"][0].quote


def test_in_a_masked_study_the_quotation_is_masked():
    scene = make_scene(privacy="masked", detector_version="1")
    message = scene.code(
        scene.conversation(),
        {"contains_pii": "yes"},
        {"contains_pii": "no"},
        spans=(((40, 62, "email"),), ()),
    )
    make_candidate(message, "06-00000011", "phone", version="1")
    decide(scene, message, "contains_pii", "yes")
    (case,) = cases(scene)["yes"]
    assert "06-" not in case.quote
    assert "kees@" not in case.quote
    assert case.quote.startswith("@ZwaluwlijnHulp bel •••••••••••")


def test_another_study_with_the_same_codebook_shows_nothing_of_this_one(scene, message):
    decide(scene, message, "contains_pii", "yes")
    other = make_study(codebook_version=scene.study.codebook_version)
    assert settled_cases(other, scene.study.codebook_version_id, "contains_pii") == {}


@pytest.mark.parametrize("size", [1, 6])
def test_the_number_of_queries_does_not_grow_with_the_cases(scene, size, django_assert_max_num_queries):
    for _ in range(size):
        message = scene.code(scene.conversation(), {"contains_pii": "yes"}, {"contains_pii": "no"})
        decide(scene, message, "contains_pii", "yes")
    version = scene.round.codebook_version_id
    settled_cases(scene.study, version, "solved")
    with django_assert_max_num_queries(6):
        found = settled_cases(scene.study, version, "contains_pii", coder_id=scene.coders[0].pk)
    assert len(found["yes"]) == min(size, 3)


def test_a_coder_reads_settled_cases_beside_the_question(scene, message, client_of):
    decide(scene, message, "contains_pii", "yes")
    address = f"/s/{scene.study.slug}/disagreements/cases/{scene.round.pk}/contains_pii/"
    page = client_of(scene.coders[0]).get(address).content.decode()
    assert "Een nummer." in page
    strange = f"/s/{scene.study.slug}/disagreements/cases/{scene.round.pk}/nonsense/"
    assert client_of(scene.coders[0]).get(strange).status_code == 404
