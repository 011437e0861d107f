"""The codebook as people read it."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from annotations.codebooks.lookup import lookup
from annotations.studies.book import in_words, readable, versions_in_use
from annotations.studies.change import change_codebook
from annotations.studies.create import create_study
from tests.coding.contradicting import CONSISTENCY
from tests.factories import SMALL_CODEBOOK, add_member, add_round, make_study


@pytest.fixture
def study(make_user):
    study = make_study("privacy")
    study.anna = make_user("anna")
    add_member(study, study.anna)
    return study


def variables(book):
    return {variable.key: variable for module in book.modules for variable in module.variables}


def test_conditions_are_put_into_words(study):
    book = lookup(study.codebook_version_id).spec
    condition = {"contains_pii": ("yes", "cannot_tell"), "channels": ("*",)}
    with override("nl"):
        assert in_words(book, condition) == (
            "“Bevat persoonsgegevens” “Ja” of “Onduidelijk” is, en “Genoemde kanalen” beantwoord is"
        )
    with override("en"):
        assert in_words(book, condition) == (
            "“Contains personal data” is “Yes” or “Unclear”, and “Channels named” is answered"
        )


def test_every_variable_stands_in_it_with_its_answers_in_the_readers_language(study):
    with override("en"):
        shown = variables(readable(study.codebook_version_id, ["core"]))
    channels = shown["channels"]
    assert channels.label == "Channels named"
    assert [(row.code, row.label, row.exclusive) for row in channels.categories] == [
        (1, "DM", False),
        (2, "Mail", False),
        (3, "None", True),
    ]
    assert len(channels.conditions) == 2
    assert any("Contains personal data" in condition for condition in channels.conditions)


def test_modules_that_are_off_come_last_and_say_so(study):
    modules = readable(study.codebook_version_id, ["extra"]).modules
    assert [(module.key, module.is_on) for module in modules] == [("extra", True), ("core", False)]


def test_it_lists_which_answers_contradict_each_other(client_of, make_user):
    study = make_study("rules", SMALL_CODEBOOK + CONSISTENCY)
    anna = make_user("anna")
    add_member(study, anna)
    with override("nl"):
        soft, hard = readable(study.codebook_version_id, ["core"]).contradictions
        assert soft.condition == "“Bevat persoonsgegevens” “Nee” is, en er iets gemarkeerd is"
    assert (soft.is_hard, hard.is_hard, hard.level) == (False, True, "per gesprek")
    page = client_of(anna).get(reverse("codebook", args=["rules"])).content.decode()
    assert soft.text in page


@pytest.mark.parametrize("key", ["webcare_privacy", "webcare_privacy_core"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_built_in_codebooks_can_be_read_whole(db, key, language):
    study = create_study(slug=key, name=key, codebook=key)
    with override(language):
        shown = variables(readable(study.codebook_version_id, study.modules))
    assert len(shown) == len(lookup(study.codebook_version_id).spec.variables)
    assert all(variable.label and variable.definition for variable in shown.values())


def test_a_coder_reads_the_version_of_a_round_that_has_an_older_one(study, client_of):
    add_round(study)
    old = study.codebook_version
    change_codebook(study.pk, 1, SMALL_CODEBOOK.replace("version: 1.0.0", "version: 2.0.0"), actor_id=None)
    study.refresh_from_db()
    assert versions_in_use(study) == [study.codebook_version, old]
    client, address = client_of(study.anna), reverse("codebook", args=["privacy"])
    assert client.get(address).context["version"].version == "2.0.0"
    assert client.get(f"{address}?version={old.pk}").context["version"].version == "1.0.0"


def test_a_codebook_of_another_study_cannot_be_read(study, client_of):
    other = make_study("other", codebook=SMALL_CODEBOOK.replace("key: small", "key: secret"))
    client, address = client_of(study.anna), reverse("codebook", args=["privacy"])
    assert client.get(f"{address}?version={other.codebook_version_id}").status_code == 404
    assert client.get(f"{address}?version=x").status_code == 404
