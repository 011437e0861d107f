"""One-time sign-in links: who may make one, what using one does, and what may not happen."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from annotations.accounts.links import DeadLink, make_link, may_make_link, person_of, use_link
from annotations.accounts.members import Seen, add_member, set_active
from annotations.errors import BadInput, NotAllowed
from annotations.models import Event, Membership, SignInLink, Study
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db
PASSWORD = "een-nieuw-wachtwoord"


@pytest.fixture
def study() -> Study:
    return make_study("zilver")


@pytest.fixture
def boss(study: Study) -> User:
    return make_member(study, "boss", "supervisor")


@pytest.fixture
def anna(study: Study, boss: User) -> User:
    return add_member(study, "anna", "coder", actor_id=boss.pk).user


def token_for(person: User, maker: User | None = None) -> str:
    return make_link(person.pk, actor_id=maker.pk if maker else None).token


def test_only_a_hash_of_the_token_is_stored(anna: User) -> None:
    token = token_for(anna)
    link = SignInLink.objects.get()
    assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(list(Event.objects.values()))


def test_opening_a_link_uses_nothing_up_and_choosing_a_password_does(client: Client, anna: User) -> None:
    path = f"/link/{token_for(anna)}/"
    for _ in range(3):
        assert client.get(path).status_code == 200
    answer = client.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert client.get(path).status_code == 410
    assert Client().post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 410
    assert Client().login(username="anna", password=PASSWORD)
    actions = list(Event.objects.filter(actor=anna).order_by("id").values_list("action", flat=True))
    assert actions == ["link.used", "person.signed_in"]


@pytest.mark.parametrize(
    ("one", "two"), [("kort", "kort"), (PASSWORD, PASSWORD + "x"), ("", ""), ("1" * 14, "1" * 14)]
)
def test_a_weak_or_mistyped_password_leaves_the_link_as_it_is(
    client: Client, anna: User, one: str, two: str
) -> None:
    path = f"/link/{token_for(anna)}/"
    answer = client.post(path, {"password": one, "again": two})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "_auth_user_id" not in client.session
    assert client.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302


def test_a_link_that_is_made_is_in_the_log_with_who_for_whom_and_which(anna: User, boss: User) -> None:
    study = Study.objects.get()
    made = make_link(anna.pk, actor_id=boss.pk, study_id=study.pk)
    event = Event.objects.get(action="link.made")
    link = SignInLink.objects.get()
    assert (event.actor, event.study, event.after) == (boss, study, {"link": link.pk})
    assert (event.subject_type, event.subject_id) == ("user", anna.pk)
    assert (link.user, link.created_by) == (anna, boss)
    assert len(made.token) == 43  # 256 bits


def test_a_link_that_was_used_says_when_and_those_beside_it_end(anna: User) -> None:
    before, token = timezone.now(), token_for(anna)
    used = SignInLink.objects.get()
    # As when two were made at the same moment: the newer did not end this one.
    beside = SignInLink.objects.create(user=anna, token_hash="0" * 64, expires_at=used.expires_at)
    use_link(token, PASSWORD)
    expires = used.expires_at
    used.refresh_from_db()
    beside.refresh_from_db()
    assert before <= used.used_at <= timezone.now()
    assert used.expires_at == expires
    assert beside.used_at is None
    assert beside.expires_at <= timezone.now()
    event = Event.objects.get(action="link.used")
    assert (event.actor, event.after["link"]) == (anna, used.pk)


def test_a_link_ends_after_seven_days(anna: User) -> None:
    token = token_for(anna)
    link = SignInLink.objects.get()
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DeadLink):
        use_link(token, PASSWORD)


def test_a_newer_link_ends_the_older(anna: User) -> None:
    older, newer = token_for(anna), token_for(anna)
    with pytest.raises(DeadLink):
        person_of(older)
    assert person_of(newer) == anna


def test_a_link_signs_the_person_out_elsewhere(client: Client, anna: User) -> None:
    client.force_login(anna)
    use_link(token_for(anna), PASSWORD)
    assert client.get("/password/").status_code == 302


def test_an_unknown_link_says_nothing_about_anybody(client: Client, anna: User) -> None:
    answer = client.get("/link/no-such-token/")
    assert answer.status_code == 410
    assert "anna" not in answer.content.decode()


def test_a_closed_account_cannot_come_in_by_a_link(anna: User) -> None:
    token = token_for(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    with pytest.raises(DeadLink):
        use_link(token, PASSWORD)


class TestNobodyTakesOverAnAccount:
    def test_a_supervisor_makes_links_for_people_of_the_own_studies_only(
        self, study: Study, boss: User, anna: User
    ) -> None:
        other = make_study("other")
        make_member(other, "chief", "supervisor")
        assert may_make_link(boss.pk, anna)
        add_member(other, "anna", "supervisor", actor_id=None)
        assert not may_make_link(boss.pk, anna)
        with pytest.raises(NotAllowed):
            make_link(anna.pk, actor_id=boss.pk)
        assert SignInLink.objects.count() == 0

    def test_adding_another_studys_supervisor_to_ones_own_study_gives_no_way_in(
        self, study: Study, boss: User
    ) -> None:
        chief = make_member(make_study("other"), "chief", "supervisor")
        add_member(study, "chief", "coder", actor_id=boss.pk)
        assert not may_make_link(boss.pk, chief)

    def test_a_study_the_person_left_counts_too(self, study: Study, boss: User, anna: User) -> None:
        other = make_study("other")
        make_member(other, "chief", "supervisor")
        member = add_member(other, "anna", "coder", actor_id=None)
        set_active(member.pk, False, study_id=other.pk, seen=Seen("coder", True), actor_id=boss.pk)
        assert not may_make_link(boss.pk, anna)

    def test_a_link_kept_back_dies_when_the_person_joins_another_study(
        self, study: Study, boss: User, anna: User
    ) -> None:
        token = token_for(anna, boss)
        add_member(make_study("other"), "anna", "supervisor", actor_id=None)
        with pytest.raises(DeadLink):
            use_link(token, PASSWORD)

    def test_a_link_dies_when_its_maker_is_supervisor_no_more(
        self, study: Study, boss: User, anna: User
    ) -> None:
        token = token_for(anna, boss)
        Membership.objects.filter(user=boss).update(role="coder")
        with pytest.raises(DeadLink):
            use_link(token, PASSWORD)

    @pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
    def test_nobody_makes_a_link_for_an_administrator(self, boss: User, anna: User, power: str) -> None:
        User.objects.filter(pk=anna.pk).update(**{power: True})
        anna.refresh_from_db()
        assert not may_make_link(boss.pk, anna)

    def test_nobody_makes_a_link_for_oneself(self, boss: User) -> None:
        assert not may_make_link(boss.pk, boss)

    def test_a_coder_makes_no_links(self, study: Study, anna: User) -> None:
        bert = make_member(study, "bert")
        assert not may_make_link(anna.pk, bert)


def test_a_bad_password_is_told_in_words(anna: User) -> None:
    with pytest.raises(BadInput) as refused:
        use_link(token_for(anna), "kort")
    assert refused.value.problems
