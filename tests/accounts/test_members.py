"""The members page and what can be done there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from annotations.accounts.members import Seen, add_member, change_role, set_active
from annotations.errors import BadInput, StaleWrite
from annotations.models import Event, Membership, SignInLink, Study
from tests.factories import make_coding, make_conversation, make_member, make_study

pytestmark = pytest.mark.django_db
URL = "/s/zilver/members/"


@pytest.fixture
def study() -> Study:
    return make_study("zilver")


@pytest.fixture
def boss(study: Study) -> User:
    return make_member(study, "boss", "supervisor")


@pytest.fixture
def browser(boss: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(boss)


def member_of(study: Study, username: str) -> Membership:
    return study.memberships.get(user__username=username)


def seen(member: Membership, **values: str) -> dict[str, str]:
    return {"seen_role": member.role, "seen_active": "1" if member.is_active else "0", **values}


def new(browser: Client, username: str, role: str = "coder", **more: str) -> Any:
    return browser.post(f"{URL}new/", {"username": username, "role": role, **more})


def test_the_list_shows_role_pseudonym_state_and_progress(study: Study, browser: Client) -> None:
    anna = make_member(study, "anna")
    make_coding(make_conversation(study, "Hoi", "Dag"), anna)
    add_member(study, "bert", "coder", actor_id=None)
    text = browser.get(URL).content.decode()
    for expected in ("anna", "0 van 1", "codeur", "supervisor", "heeft een link nodig", "nooit", "C3"):
        assert expected in text


@pytest.mark.parametrize("number", [10, 200])
def test_the_number_of_queries_does_not_grow_with_the_list(
    study: Study, browser: Client, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for index in range(number):
        make_member(study, f"person{index}")
    browser.get(URL)
    with django_assert_num_queries(6):
        browser.get(URL)


def test_a_newcomer_gets_a_link_that_is_shown_once(study: Study, browser: Client) -> None:
    answer = new(browser, "anna", full_name="Anna de Wit")
    link = answer.context["link"]
    assert link in answer.content.decode()
    assert Client().get(link).status_code == 200
    member = member_of(study, "anna")
    assert (member.role, member.user.get_full_name()) == ("coder", "Anna de Wit")
    assert not member.user.has_usable_password()
    for path in (URL, f"{URL}{member.pk}/"):
        assert link.rsplit("/", 2)[1] not in browser.get(path).content.decode()


def test_a_person_of_ones_own_studies_is_added_at_once(study: Study, boss: User, browser: Client) -> None:
    other = make_study("other")
    make_member(other, "boss", "supervisor")
    anna = make_member(other, "anna")
    anna.set_password("een-heel-eigen-wachtwoord")
    anna.save()
    assert new(browser, "anna")["Location"] == URL
    assert member_of(study, "anna").is_active
    assert SignInLink.objects.count() == 0


def test_a_stranger_with_an_account_is_added_only_after_a_look(study: Study, browser: Client) -> None:
    make_member(make_study("other"), "anna", "supervisor")
    answer = new(browser, "anna")
    assert answer.status_code == 422
    assert "outside" in answer.content.decode() or "buiten jouw studies" in answer.content.decode()
    assert not study.memberships.filter(user__username="anna").exists()
    assert new(browser, "anna", confirmed="on")["Location"] == URL
    assert member_of(study, "anna").role == "coder"


@pytest.mark.parametrize("name", ["an na", "a/b", "<b>", "x" * 151, "", "Boss"])
def test_a_bad_user_name_stores_nothing(study: Study, browser: Client, name: str) -> None:
    answer = new(browser, name)
    assert answer.status_code == 422
    assert answer.context["form"].errors["username"]
    assert study.memberships.count() == 1
    assert User.objects.count() == 1


def test_a_role_changes_and_the_log_keeps_both(study: Study, boss: User, browser: Client) -> None:
    make_member(study, "anna")
    member = member_of(study, "anna")
    browser.post(f"{URL}{member.pk}/role/", seen(member, role="supervisor"))
    assert member_of(study, "anna").role == "supervisor"
    event = Event.objects.get(action="member.changed")
    assert (event.actor, event.study, event.subject_id) == (boss, study, member.pk)
    assert event.before == {"role": "coder", "active": True}
    assert event.after == {"role": "supervisor", "active": True}


def test_who_leaves_keeps_the_work_and_loses_the_access(
    study: Study, browser: Client, client_of: Callable[[User], Client]
) -> None:
    anna = make_member(study, "anna")
    coding = make_coding(make_conversation(study, "Hoi", "Dag"), anna)
    member = member_of(study, "anna")
    path = f"{URL}{member.pk}/active/"
    assert browser.post(path, seen(member, active="0")).status_code == 302
    assert client_of(anna).get("/s/zilver/").status_code == 404
    coding.refresh_from_db()
    member.refresh_from_db()
    assert browser.post(path, seen(member, active="1")).status_code == 302
    assert member_of(study, "anna").pseudonym == "anna"
    assert client_of(anna).get("/s/zilver/").status_code == 200


@pytest.mark.parametrize("change", [("role", "coder"), ("active", "0")])
def test_the_last_supervisor_stays(study: Study, browser: Client, change: tuple[str, str]) -> None:
    member = member_of(study, "boss")
    answer = browser.post(f"{URL}{member.pk}/{change[0]}/", seen(member, **dict([change])))
    assert answer.status_code == 422
    assert "enige supervisor" in answer.content.decode()
    member.refresh_from_db()
    assert (member.role, member.is_active) == ("supervisor", True)


def test_a_supervisor_without_a_password_cannot_keep_a_study_alone(study: Study, boss: User) -> None:
    add_member(study, "anna", "supervisor", actor_id=boss.pk)
    member = member_of(study, "boss")
    step_down = {"study_id": study.pk, "seen": Seen("supervisor", True), "actor_id": boss.pk}
    with pytest.raises(BadInput):
        change_role(member.pk, "coder", **step_down)
    anna = User.objects.get(username="anna")
    anna.set_password("een-heel-eigen-wachtwoord")
    anna.save()
    assert change_role(member.pk, "coder", **step_down).role == "coder"


def test_a_stale_form_changes_nothing_and_shows_how_it_is_now(study: Study, browser: Client) -> None:
    make_member(study, "anna")
    member = member_of(study, "anna")
    old = seen(member)
    browser.post(f"{URL}{member.pk}/active/", {**old, "active": "0"})
    answer = browser.post(f"{URL}{member.pk}/role/", {**old, "role": "supervisor"})
    assert answer.status_code == 409
    assert "doet niet meer mee" in answer.content.decode()
    assert member_of(study, "anna").role == "coder"


def test_a_stale_write_is_refused_below_the_pages_too(study: Study, boss: User) -> None:
    make_member(study, "anna")
    member = member_of(study, "anna")
    with pytest.raises(StaleWrite) as refused:
        set_active(member.pk, False, study_id=study.pk, seen=Seen("supervisor", True), actor_id=boss.pk)
    assert refused.value.current == Seen("coder", True)


def test_a_supervisor_reaches_no_member_of_another_study(study: Study, browser: Client) -> None:
    other = make_study("other")
    make_member(other, "chief", "supervisor")
    theirs = member_of(other, "chief")
    for action in ("", "role/", "active/", "link/"):
        path = f"{URL}{theirs.pk}/{action}"
        answer = browser.post(path, seen(theirs, role="coder", active="0")) if action else browser.get(path)
        assert answer.status_code == 404
    theirs.refresh_from_db()
    assert (theirs.role, theirs.is_active) == ("supervisor", True)
    assert SignInLink.objects.count() == 0


def test_a_refused_link_says_why(study: Study, browser: Client) -> None:
    make_member(study, "anna")
    make_member(make_study("other"), "anna")
    member = member_of(study, "anna")
    answer = browser.post(f"{URL}{member.pk}/link/", follow=True)
    assert "Een beheerder kan dat wel" in answer.content.decode()
    assert SignInLink.objects.count() == 0


def test_adding_somebody_again_keeps_pseudonym_and_never_removes_the_last_supervisor(
    study: Study, boss: User
) -> None:
    with pytest.raises(BadInput):
        add_member(study, "boss", "coder", actor_id=None)
    first = add_member(study, "lena", "coder", actor_id=None)
    again = add_member(study, "lena", "supervisor", actor_id=None)
    assert (again.pk, again.pseudonym, again.role) == (first.pk, first.pseudonym, "supervisor")
