"""Settings, codebook versions and organisations of a study that exists."""

import html
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from annotations.errors import BadInput, StaleWrite
from annotations.models import CodebookVersion, Event, Study
from annotations.studies.change import change_codebook, change_study, settings_of
from annotations.studies.organisations import (
    FACTS,
    OrganisationInput,
    remove_organisation,
    save_organisation,
)
from tests.factories import (
    SMALL_CODEBOOK,
    add_conversations,
    add_member,
    add_round,
    make_study,
)

NOTHING_KNOWN = dict.fromkeys(FACTS) | {"sector": "", "account_purpose": ""}


@pytest.fixture
def study(make_user):
    study = make_study("privacy")
    study.anna = make_user("anna")
    add_member(study, study.anna, "supervisor")
    return study


def posted(study, **fields):
    values = {
        "name": study.name,
        "description": "",
        "privacy": "open",
        "modules": ["core"],
        "new_user_days": 30,
        "many_data_threshold": 3,
        "withheld_percent": 0,
        "least_confidence": "medium",
        "revision": study.revision,
    }
    return values | fields


def test_settings_are_saved_and_logged_with_what_stood_there(study):
    values = settings_of(study) | {
        "name": "New  name",
        "withheld_share": Decimal("0.2"),
        "least_confidence": "high",
    }
    changed = change_study(study.pk, study.revision, values, actor_id=study.anna.pk)
    assert (changed.name, changed.withheld_share, changed.revision) == ("New name", Decimal("0.2"), 2)
    event = Event.objects.get(action="study.changed")
    assert event.before == {"name": "Study privacy", "withheld_share": 0, "least_confidence": "medium"}
    assert event.after == {"name": "New name", "withheld_share": 0.2, "least_confidence": "high"}


def test_a_stale_change_is_refused_and_tells_what_stands_there_now(study):
    change_study(study.pk, 1, settings_of(study) | {"name": "First"}, actor_id=None)
    with pytest.raises(StaleWrite) as stale:
        change_study(study.pk, 1, settings_of(study) | {"name": "Second"}, actor_id=None)
    assert (stale.value.current["name"], stale.value.revision) == ("First", 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"privacy": "x"},
        {"modules": ["x"]},
        {"withheld_share": Decimal(-1)},
        {"least_confidence": "x"},
    ],
)
def test_wrong_settings_change_nothing(study, wrong):
    with pytest.raises(BadInput):
        change_study(study.pk, 1, settings_of(study) | wrong, actor_id=None)
    study.refresh_from_db()
    assert study.revision == 1


def test_the_page_saves_the_settings(study, client_of):
    answer = client_of(study.anna).post(
        reverse("study_settings", args=["privacy"]),
        posted(study, name="Renamed", modules=["core", "extra"], withheld_percent=25),
    )
    assert answer.status_code == 302
    study.refresh_from_db()
    assert (study.name, study.modules, study.withheld_share) == (
        "Renamed",
        ["core", "extra"],
        Decimal("0.25"),
    )


@pytest.mark.parametrize("privacy", ["masked", "strict"])
def test_a_share_without_highlights_is_refused_where_bullets_show_the_candidates(study, client_of, privacy):
    answer = client_of(study.anna).post(
        reverse("study_settings", args=["privacy"]), posted(study, privacy=privacy, withheld_percent=25)
    )
    assert answer.status_code == 422
    [problem] = answer.context["form"].errors["withheld_percent"]
    assert problem in html.unescape(answer.content.decode())
    with pytest.raises(BadInput, match=problem):
        change_study(
            study.pk,
            1,
            settings_of(study) | {"privacy": privacy, "withheld_share": Decimal("0.25")},
            actor_id=None,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Study.objects.filter(pk=study.pk).update(privacy=privacy, withheld_share=Decimal("0.25"))
    study.refresh_from_db()
    assert (study.privacy, study.withheld_share, study.revision) == ("open", 0, 1)


def test_an_open_study_with_a_share_without_highlights_is_masked_once_the_share_is_gone(study, client_of):
    client, address = client_of(study.anna), reverse("study_settings", args=["privacy"])
    assert client.post(address, posted(study, withheld_percent=25)).status_code == 302
    study.refresh_from_db()
    assert client.post(address, posted(study, privacy="masked", withheld_percent=25)).status_code == 422
    assert client.post(address, posted(study, privacy="masked")).status_code == 302


def test_a_stale_form_gets_409_and_shows_both_versions(study, client_of):
    client, address = client_of(study.anna), reverse("study_settings", args=["privacy"])
    client.post(address, posted(study, name="Of the other tab", privacy="strict"))
    answer = client.post(address, posted(study, name="Of this tab"))
    assert answer.status_code == 409
    differing = {str(row["label"]): (row["now"], row["mine"]) for row in answer.context["differing"]}
    assert len(differing) == 2
    assert ("Of the other tab", "Of this tab") in differing.values()
    assert "Of the other tab" in answer.content.decode()
    study.refresh_from_db()
    assert study.name == "Of the other tab"
    # Saving again, now knowingly, is based on what stands there.
    again = client.post(
        address, posted(study, name="Of this tab", revision=answer.context["form"].data["revision"])
    )
    assert again.status_code == 302
    study.refresh_from_db()
    assert study.name == "Of this tab"


def test_a_form_with_a_fault_keeps_what_was_filled_in(study, client_of):
    answer = client_of(study.anna).post(
        reverse("study_settings", args=["privacy"]), posted(study, name="Kept", new_user_days=0)
    )
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.content.decode()


def upload(client, study, text):
    file = SimpleUploadedFile("mine.yaml", text.encode())
    return client.post(
        reverse("codebook_upload", args=[study.slug]), {"file": file, "revision": study.revision}
    )


def test_another_codebook_version_holds_for_later_rounds_only(study, client_of):
    of_round, old = add_round(study), study.codebook_version
    newer = SMALL_CODEBOOK.replace("version: 1.0.0", "version: 2.0.0")
    assert upload(client_of(study.anna), study, newer).status_code == 302
    study.refresh_from_db()
    of_round.refresh_from_db()
    assert (study.codebook_version.version, of_round.codebook_version) == ("2.0.0", old)
    assert Event.objects.get(action="codebook.changed").after["version"] == "2.0.0"


def test_new_modules_follow_the_codebook_and_old_ones_stay_as_they_were(study):
    newer = SMALL_CODEBOOK.replace(
        "variables:\n",
        "- {key: more, label: {nl: Meer, en: More}, default_on: true}\nvariables:\n",
        1,
    ).replace(
        "label: {nl: Extra, en: Extra}, default_on: false", "label: {nl: Extra, en: Extra}, default_on: true"
    )
    newer = newer.replace("version: 1.0.0", "version: 1.1.0")
    assert change_codebook(study.pk, 1, newer, actor_id=None).modules == ["core", "more"]


def test_a_faulty_codebook_shows_every_fault_and_changes_nothing(study, client_of):
    faulty = SMALL_CODEBOOK.replace("kind: single", "kind: sinlge", 1).replace(
        "level: message", "level: mess", 1
    )
    answer = upload(client_of(study.anna), study, faulty)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "sinlge" in text
    assert "mess" in text
    assert "mine.yaml" in text
    assert CodebookVersion.objects.count() == 1
    study.refresh_from_db()
    assert study.revision == 1


def test_the_same_codebook_again_changes_nothing(study, client_of):
    upload(client_of(study.anna), study, SMALL_CODEBOOK)
    study.refresh_from_db()
    assert study.revision == 1


def test_a_codebook_for_settings_that_changed_meanwhile_gets_409(study, client_of):
    change_study(study.pk, 1, settings_of(study) | {"name": "First"}, actor_id=None)
    assert upload(client_of(study.anna), study, SMALL_CODEBOOK.replace("1.0.0", "2.0.0")).status_code == 409


def test_an_organisation_is_added_with_its_facts(study, client_of):
    answer = client_of(study.anna).post(
        reverse("organisation_new", args=["privacy"]),
        {
            "name": "Dienst Rijksheffingen",
            "handles": "@RijksheffingHulp, Rijksheffingen",
            "sector": "government",
            "bio_no_personal_data": "yes",
            "has_crisis_plan": "no",
            "has_training": "",
            "observed_on": "2019-05-31",
        },
    )
    assert answer.status_code == 302
    row = study.organisations.get(name="Dienst Rijksheffingen")
    assert list(row.handles.values_list("handle", flat=True)) == ["RijksheffingHulp", "Rijksheffingen"]
    assert (row.bio_no_personal_data, row.has_crisis_plan, row.has_training) == (True, False, None)
    assert (row.sector, row.observed_on) == ("government", date(2019, 5, 31))


def test_an_organisation_shows_what_is_known_and_can_be_changed(study, client_of):
    row = study.organisations.get()
    client, address = client_of(study.anna), reverse("organisation", args=["privacy", row.pk])
    client.post(address, {"name": row.name, "handles": "Other", "has_training": "yes", "revision": 1})
    form = client.get(address).context["form"]
    assert (form["handles"].value(), form["has_training"].value(), form["sector"].value()) == (
        "Other",
        "yes",
        "",
    )
    assert Event.objects.get(action="organisation.changed").after["has_training"] is True


def test_saving_an_organisation_unchanged_is_no_event(study):
    row = study.organisations.get()
    given = OrganisationInput(row.name, tuple(row.handles.values_list("handle", flat=True)))
    save_organisation(
        study.pk, given, NOTHING_KNOWN, organisation_id=row.pk, revision=row.revision, actor_id=None
    )
    assert not Event.objects.filter(action__startswith="organisation").exists()


@pytest.mark.parametrize(
    "given",
    [
        lambda row: OrganisationInput(row.name.upper(), ()),
        lambda row: OrganisationInput("New", (row.handles.get().handle.upper(),)),
        lambda row: OrganisationInput("New", ("a", "A")),
        lambda row: OrganisationInput("New", ("a=b",)),
        lambda row: OrganisationInput("x" * 121, ()),
    ],
)
def test_a_name_or_handle_that_is_taken_or_wrong_is_refused(study, given):
    with pytest.raises(BadInput):
        save_organisation(study.pk, given(study.organisations.get()), NOTHING_KNOWN, actor_id=None)
    assert study.organisations.count() == 1


def test_an_organisation_with_conversations_stays(study, client_of):
    row = study.organisations.get()
    add_conversations(study, {row.name: 1})
    with pytest.raises(BadInput):
        remove_organisation(study.pk, row.pk, actor_id=None)
    client_of(study.anna).post(reverse("organisation_remove", args=["privacy", row.pk]))
    assert study.organisations.count() == 1


def test_an_organisation_without_conversations_can_be_removed(study, client_of):
    row = study.organisations.get()
    client_of(study.anna).post(reverse("organisation_remove", args=["privacy", row.pk]))
    assert not study.organisations.exists()
    assert Event.objects.get(action="organisation.removed").before["name"] == row.name
