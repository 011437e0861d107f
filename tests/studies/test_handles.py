"""Roles follow the handles of organisations: as if the files were imported with those handles."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.coding.save import save_answer
from annotations.errors import BadInput
from annotations.importing.roles.set_role import set_role
from annotations.importing.store import recompute_facts as renewing
from annotations.importing.store.commit import import_files
from annotations.models import (
    Account,
    Candidate,
    Code,
    Coding,
    ContextSuggestion,
    Conversation,
    Event,
    Message,
    Organisation,
    Study,
)
from annotations.studies.log import log_page
from annotations.studies.organisations import (
    FACTS,
    OrganisationInput,
    remove_organisation,
    save_organisation,
)
from tests.factories import make_coding, make_member, make_study

pytestmark = pytest.mark.django_db

NOTHING_KNOWN = dict.fromkeys(FACTS) | {"sector": "", "account_purpose": ""}
HEADER = ("id", "parent_id", "created_at", "author_handle", "author_role", "text", "author_created_at")
ROWS = [
    ("1", "", "09:00", "kees_demo", "", "@ZwaluwlijnHulp mail naar kees@zwaluwlijnhulp.example graag"),
    ("2", "1", "09:30", "ZwaluwlijnHulp", "", "@kees_demo Stuur je geboortedatum via DM"),
    ("3", "2", "10:00", "kees_demo", "", "@ZwaluwlijnHulp gedaan"),
    ("11", "", "11:00", "mia_demo", "", "@Zwaluwlijn wanneer is de storing voorbij?"),
    ("21", "", "12:00", "piet_demo", "", "@KabelHulp geen internet, @Zwaluwlijn jullie wel?"),
    ("22", "21", "12:20", "KabelHulp", "organisatie", "@piet_demo Sinds wanneer speelt dit?"),
    ("31", "", "13:00", "Steunpunt", "", "Vandaag zijn wij er tot 17 uur ^AB"),
    ("32", "31", "13:10", "an_demo", "", "dank je @Steunpunt"),
    ("33", "32", "13:20", "Steunpunt", "", "@an_demo Graag gedaan ^CD"),
    ("41", "", "14:00", "Zwaluwlijn", "klant", "Ik ben gewoon een vogelliefhebber"),
    ("42", "41", "14:30", "nieuws_demo", "derde", "@Zwaluwlijn mooi"),
    ("51", "", "15:00", "", "", "Waarom is het zo stil?"),
]


def corpus(path: Path, copies: int = 1) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for copy in range(copies):
            prefix = f"{copy}0" if copy else ""
            for own, parent, time, handle, role, text in ROWS:
                above = f"{prefix}{parent}" if parent else ""
                moment = f"2019-05-01T{time}:00Z"
                writer.writerow([f"{prefix}{own}", above, moment, handle, role, text, "2019-04-20"])
    return path


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The corpus, imported with @ZwaluwlijnHulp as the only handle."""
    study = make_study("handles")
    import_files(study, [corpus(tmp_path / "corpus.csv")])
    return study


@pytest.fixture
def client(study: Study, client_of: Any) -> Client:
    return client_of(make_member(study, "anna", "supervisor"))


def save(study: Study, name: str, handles: Sequence[str], **more: Any) -> Any:
    row = study.organisations.filter(name=name).first()
    where = {"organisation_id": row.pk, "revision": row.revision} if row else {}
    given = OrganisationInput(name, tuple(handles))
    return save_organisation(study.pk, given, NOTHING_KNOWN, actor_id=None, **(where | more))


def known(study: Study) -> dict[str, Any]:
    """All that an import works out, by names that do not depend on the database."""
    accounts = Account.objects.filter(study=study).order_by("key")
    conversations = Conversation.objects.filter(study=study).order_by("key")
    suggestions = ContextSuggestion.objects.filter(conversation__study=study)
    return {
        "accounts": list(accounts.values_list("key", "role", "role_source", "organisation__name")),
        "conversations": list(
            conversations.values_list("key", "organisation__name", "first_response_minutes", "unanswered")
        ),
        "addressed": dict(Message.objects.filter(study=study).values_list("external_id", "addressed")),
        "suggestions": sorted(
            map(str, suggestions.values_list("message__external_id", "kind", "value", "evidence"))
        ),
    }


def imported_with(path: Path, *organisations: tuple[str, Sequence[str]]) -> dict[str, Any]:
    study = make_study()
    study.handles.all().delete()
    for name, handles in organisations:
        save(study, name, handles)
    import_files(study, [corpus(path)])
    return known(study)


def role(study: Study, handle: str) -> tuple[str, str, str | None]:
    account = Account.objects.select_related("organisation").get(study=study, handle=handle)
    return account.role, account.role_source, account.organisation and account.organisation.name


EDITS: dict[str, list[tuple[str, list[str]]]] = {
    "one is added": [("Zwaluwlijn", ["ZwaluwlijnHulp", "Zwaluwlijn"])],
    "another comes first": [("Zwaluwlijn", ["Zwaluwlijn", "ZwaluwlijnHulp"])],
    "the only one is taken away": [("Zwaluwlijn", [])],
    "one takes the place of another": [("Zwaluwlijn", ["KabelHulp"])],
    "in other letters": [("Zwaluwlijn", ["ZWALUWLIJNHULP", "kabelhulp"])],
    "an organisation is added": [("Kabel", ["KabelHulp", "Steunpunt"])],
    "one is moved": [
        ("Zwaluwlijn", ["ZwaluwlijnHulp", "Zwaluwlijn", "Steunpunt"]),
        ("Zwaluwlijn", ["Zwaluwlijn"]),
        ("Kabel", ["Steunpunt", "ZwaluwlijnHulp", "KabelHulp"]),
    ],
    "a mistake is undone": [
        ("Zwaluwlijn", ["ZwaluwlijnHulp", "kees_demo", "nieuws_demo", "KabelHulp", "Steunpunt"]),
        ("Zwaluwlijn", ["ZwaluwlijnHulp"]),
    ],
    "all are taken away and come back": [("Zwaluwlijn", []), ("Zwaluwlijn", ["ZwaluwlijnHulp"])],
}


@pytest.mark.parametrize("edits", EDITS.values(), ids=EDITS)
def test_after_a_change_of_handles_all_is_as_if_imported_with_them(study, tmp_path, edits):
    candidates = list(Candidate.objects.order_by("pk").values())
    for name, handles in edits:
        save(study, name, handles)
    assert list(Candidate.objects.order_by("pk").values()) == candidates
    final = {"Zwaluwlijn": ["ZwaluwlijnHulp"], **dict(edits)}
    assert known(study) == imported_with(tmp_path / "again.csv", *final.items())


def test_what_the_file_said_or_a_signature_comes_back_when_a_handle_goes(study):
    assert role(study, "KabelHulp") == ("organisation", "file", None)
    assert role(study, "Steunpunt") == ("organisation", "signature", None)
    save(study, "Kabel", ["KabelHulp", "Steunpunt"])
    assert role(study, "KabelHulp") == ("organisation", "handle", "Kabel")
    assert role(study, "Steunpunt") == ("organisation", "handle", "Kabel")
    save(study, "Kabel", [])
    assert role(study, "KabelHulp") == ("organisation", "file", None)
    assert role(study, "Steunpunt") == ("organisation", "signature", None)


def test_a_role_set_by_hand_stays_whatever_the_handles_also_one_that_was_only_confirmed(study):
    supervisor = make_member(study, "anna", "supervisor")
    for handle, chosen in [("KabelHulp", "third_party"), ("ZwaluwlijnHulp", "organisation")]:
        account = Account.objects.get(handle=handle)
        set_role(
            account.pk,
            role=chosen,
            organisation_id=account.organisation_id,
            revision=account.revision,
            actor_id=supervisor.pk,
        )
    save(study, "Zwaluwlijn", ["KabelHulp"])
    assert role(study, "KabelHulp") == ("third_party", "hand", None)
    assert role(study, "ZwaluwlijnHulp") == ("organisation", "hand", "Zwaluwlijn")


def test_no_coding_is_touched(study):
    coder = make_member(study, "bram")
    coding = make_coding(Message.objects.get(external_id="1").conversation, coder)
    message = Message.objects.get(external_id="1").pk
    save_answer(
        coding.pk,
        actor_id=coder.pk,
        key=("message", message),
        variable="contains_pii",
        value="yes",
        revision=0,
    )
    before = [list(model.objects.order_by("pk").values()) for model in (Coding, Code)]
    save(study, "Zwaluwlijn", ["KabelHulp"])
    assert [list(model.objects.order_by("pk").values()) for model in (Coding, Code)] == before
    assert before[1]


def test_whom_a_message_addresses_stays_where_a_person_said_it(study):
    Message.objects.filter(external_id="1").update(addressed="none", by_hand=["addressed"])
    save(study, "Zwaluwlijn", ["Zwaluwlijn", "ZwaluwlijnHulp"])
    found = dict(Message.objects.values_list("external_id", "addressed"))
    assert (found["1"], found["3"], found["11"]) == ("none", "other", "this")


def test_a_message_that_names_nobody_keeps_what_the_file_knew_of_it(study):
    Message.objects.filter(external_id="3").update(text="gedaan", parent=None, addressed="this")
    save(study, "Zwaluwlijn", ["ZwaluwlijnHulp", "Zwaluwlijn"])
    assert Message.objects.get(external_id="3").addressed == "this"


def test_the_log_tells_how_many_accounts_had_and_have_which_role(study):
    save(study, "Zwaluwlijn", ["KabelHulp"])
    event = Event.objects.get(action="account.guessed_again")
    assert event.before == {"role_consumer": 0, "role_organisation": 2}
    assert (event.after["role_consumer"], event.after["role_organisation"]) == (1, 1)
    assert event.after["accounts"] == 2
    assert event.after["conversations"] == 2
    assert Event.objects.get(action="conversation.renewed").after == {"conversations": 2}
    words = " ".join(entry.sentence for entry in log_page(study, kind="import").entries)
    for raw in ("guessed_again", "renewed", "role_", "changed'"):
        assert raw not in words


def test_an_edit_that_changes_no_handle_guesses_nothing(study):
    row = study.organisations.get()
    facts = NOTHING_KNOWN | {"has_training": True}
    given = OrganisationInput("Zwaluwlijn BV", ("zwaluwlijnhulp",))
    save_organisation(study.pk, given, facts, organisation_id=row.pk, revision=1, actor_id=None)
    assert not Event.objects.filter(action__in=["account.guessed_again", "conversation.renewed"]).exists()


def test_accounts_of_which_nothing_is_known_follow_the_first_and_the_last_handle_of_the_study(study):
    assert role(study, "mia_demo") == ("consumer", "none", None)
    save(study, "Zwaluwlijn", [])
    assert role(study, "mia_demo") == ("unknown", "none", None)
    save(study, "Empty", ["Nobody"])
    assert role(study, "mia_demo") == ("consumer", "none", None)
    remove_organisation(study.pk, Organisation.objects.get(name="Empty").pk, actor_id=None)
    assert role(study, "mia_demo") == ("unknown", "none", None)


@pytest.mark.parametrize("handles", [["KabelHulp"], []], ids=["others", "none"])
def test_the_number_of_queries_does_not_grow_with_accounts_or_conversations(tmp_path, handles):
    counts = []
    for copies in (2, 30):
        study = make_study()
        import_files(study, [corpus(tmp_path / f"{copies}.csv", copies)])
        with CaptureQueriesContext(connection) as queries:
            saved = save(study, "Zwaluwlijn", handles)
        counts.append(len(queries))
        assert not saved.followed.waits
    assert saved.followed.conversations >= 60
    # Django's bulk_update takes some hundred rows in a query.
    assert counts[1] - counts[0] <= 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_while_an_import_holds_the_study_nobody_waits_for_ever(monkeypatch):
    study = make_study("handles")
    monkeypatch.setattr(renewing, "PATIENCE", 0.2)
    importing = connection.copy()
    try:
        importing.set_autocommit(False)
        with importing.cursor() as cursor:
            cursor.execute("SELECT 1 FROM annotations_study WHERE id = %s FOR UPDATE", [study.pk])
        with pytest.raises(BadInput, match="import"):
            save(study, "Zwaluwlijn", ["Zwaluwlijn"])
        importing.rollback()
        assert save(study, "Zwaluwlijn", ["Zwaluwlijn"]).organisation.revision == 2
    finally:
        importing.close()


class Killed(Exception):
    """What a worker feels of a kill is nothing; the test needs a name for it."""


def test_much_work_waits_for_the_worker_and_survives_its_death(
    study, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(renewing, "MOST_IN_A_REQUEST", 2)
    with django_capture_on_commit_callbacks() as queued:
        saved = save(study, "Zwaluwlijn", [])
    assert len(queued) == 1
    assert saved.followed.waits
    assert saved.followed.conversations == renewing.due(study.pk) == 4

    refreshed: list[list[int]] = []

    def dies_in_the_second_portion(ids: list[int]) -> None:
        refresh_facts(ids)
        refreshed.append(ids)
        if len(refreshed) == 2:
            raise Killed

    refresh_facts = renewing.refresh_facts
    monkeypatch.setattr(renewing, "refresh_facts", dies_in_the_second_portion)
    with pytest.raises(Killed):
        renewing.renew_in_background.call(study.pk, None)
    assert renewing.due(study.pk) == 2

    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        renewing.take_up()
    assert renewing.due(study.pk) == 0
    expected = imported_with(tmp_path / "again.csv", ("Zwaluwlijn", []))
    assert known(study) == expected
    Conversation.objects.filter(study=study).update(facts_due=True)
    renewing.renew_in_background.call(study.pk, None)
    assert known(study) == expected


def posted(study: Study, **fields: Any) -> dict[str, Any]:
    row = study.organisations.get()
    return {"name": row.name, "handles": "ZwaluwlijnHulp", "revision": row.revision} | fields


def test_the_supervisor_reads_which_accounts_changed_and_where_to_correct_them(study, client):
    address = reverse("organisation", args=[study.slug, study.organisations.get().pk])
    answer = client.post(address, posted(study, handles="KabelHulp"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{address}?roles"
    [told] = answer.context["messages"]
    assert str(told).startswith("Zwaluwlijn is opgeslagen.")
    assert "2 accounts" in str(told)
    guesses = answer.context["guessed"]
    number = Message.objects.get(external_id="22").conversation.number
    assert {(guess.account.handle, guess.before, guess.number) for guess in guesses.listed} >= {
        ("KabelHulp", "organisatie", number)
    }
    assert reverse("conversation", args=[study.slug, number]) in answer.content.decode()


def test_work_in_the_background_is_told_of_while_it_lasts(study, client, monkeypatch):
    monkeypatch.setattr(renewing, "MOST_IN_A_REQUEST", 2)
    address = reverse("organisation", args=[study.slug, study.organisations.get().pk])
    answer = client.post(address, posted(study, handles=""), follow=True)
    assert "4 gesprekken" in str(next(iter(answer.context["messages"])))
    listed = reverse("organisations", args=[study.slug])
    assert "4 gesprekken" in client.get(listed).content.decode()
    renewing.renew_in_background.call(study.pk, None)
    assert client.get(listed).context["due"] == 0


def test_suggestions_that_a_handle_kept_out_are_offered_and_come_with_a_scan(
    study, client, django_capture_on_commit_callbacks
):
    def found() -> list[str]:
        rows = Candidate.objects.filter(message__external_id="1").select_related("message")
        return [row.message.text[row.start : row.end] for row in rows]

    assert found() == []
    address = reverse("organisation", args=[study.slug, study.organisations.get().pk])
    answer = client.post(address, posted(study, handles="Zwaluwlijn"), follow=True)
    assert answer.context["guessed"].missing == 1
    assert found() == []
    scan = reverse("detector_rescan", args=[study.slug])
    assert scan in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(scan)
    assert found() == ["kees@zwaluwlijnhulp.example"]
    assert scan not in client.get(address).content.decode()
    answer = client.post(address, posted(study), follow=True)
    assert (answer.context["guessed"].missing, answer.context["guessed"].own) == (0, 1)
    assert found() == ["kees@zwaluwlijnhulp.example"]


def test_of_two_supervisors_the_second_sees_both_versions_and_loses_nothing(study, client):
    row = study.organisations.get()
    address = reverse("organisation", args=[study.slug, row.pk])
    first, second = (
        posted(study, has_training="yes"),
        posted(study, handles="Zwaluwlijn", sector="commercial"),
    )
    assert client.post(address, first).status_code == 302
    refused = client.post(address, second)
    assert refused.status_code == 409
    assert "Iemand anders heeft deze organisatie intussen opgeslagen" in refused.content.decode()
    assert refused.context["form"]["handles"].value() == "Zwaluwlijn"
    assert len(refused.context["differing"]) == 3
    assert list(row.handles.values_list("handle", flat=True)) == ["ZwaluwlijnHulp"]
    row.refresh_from_db()
    assert (row.has_training, row.sector, row.revision) == (True, "", 2)
    again = second | {"revision": refused.context["form"]["revision"].value()}
    assert client.post(address, again).status_code == 302
    row.refresh_from_db()
    assert (row.sector, row.revision) == ("commercial", 3)


def test_a_change_without_a_revision_is_stale(study, client):
    row = study.organisations.get()
    without = {key: value for key, value in posted(study, name="Other").items() if key != "revision"}
    assert client.post(reverse("organisation", args=[study.slug, row.pk]), without).status_code == 409
