import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_django
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from tests import on_postgres
from tests.database import already_migrated, keep_migrated
from tests.imports import changed_for
from tests.world import World, browser_of, make_world, undone

# The same examples at every run, so that a failure is the change's; `thorough` looks further, elsewhere.
hypothesis.settings.register_profile(
    "suite", max_examples=100, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

PASSWORD = "Long-enough-for-a-test-7"


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """make_user("anna") stores a person who can sign in with PASSWORD."""

    def make(username: str, **fields: object) -> User:
        return User.objects.create_user(username, password=PASSWORD, **fields)

    return make


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """client_of(user) is a browser in which that person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    with already_migrated():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        keep_migrated()


def forget_codebooks() -> None:
    """Ids are used again after a test is rolled back; what a process keeps of codebooks is not."""
    from annotations.codebooks.carrying import carrier
    from annotations.codebooks.lookup import lookup
    from annotations.codebooks.proposing import proposed_kinds
    from annotations.coding.answers import _consistency, _rules
    from annotations.coding.views.questions import _drawn

    lookup.cache_clear()
    carrier.cache_clear()
    proposed_kinds.cache_clear()
    _rules.cache_clear()
    _consistency.cache_clear()
    _drawn.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> None:
    """What an earlier test left in the process: codebooks, and the language of its last request."""
    forget_codebooks()
    translation.deactivate()


def made_once(make: Callable[[], Any]) -> Any:
    """A fixture: what `make` stores, once for the tests of a module, each of which undoes what it does.

    What a test does to an object in Python is not undone: let it have its own from the database.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Any]:
        forget_codebooks()
        with django_db_blocker.unblock(), undone():
            yield make()

    return made


world = made_once(make_world)
"""Everything an address can name."""


@pytest.fixture(scope="module")
def cookies(world: World, django_db_blocker: pytest_django.DjangoDbBlocker) -> dict[str, SimpleCookie]:
    """What the browser of each kind of visitor sends; they sign in once."""
    with django_db_blocker.unblock():
        return {visitor: browser_of(user).cookies for visitor, user in world.visitors().items()}


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        database = item.get_closest_marker("django_db")
        if not fixtures & DATABASE_FIXTURES and database is None:
            # What asks for no database need not run on both.
            item.add_marker(pytest.mark.once)
        has_transactions = database is not None and database.kwargs.get("transaction")
        if item.get_closest_marker("pure") and (database or fixtures & DATABASE_FIXTURES):
            raise pytest.UsageError(f"{item.nodeid}: with a database, imports do not tell it all")
        path = item.path.relative_to(settings.BASE_DIR).as_posix()
        if has_transactions or "transactional_db" in fixtures or on_postgres.holds(path):
            item.add_marker(pytest.mark.postgres)
    leave_out_long(config, items)


def pytest_collection_finish() -> None:
    """What was loaded by now stays, and need not be looked through for garbage over and over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def leave_out_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run of the whole suite, tests marked long(CODE...) or pure run when what they rest on changed."""
    if "CHANGED_FILES" not in os.environ:
        return
    changed = set(os.environ["CHANGED_FILES"].splitlines())

    @cache
    def concerned(path: Path, code: tuple[str, ...]) -> bool:
        return changed_for(path, code, changed)

    def runs(item: pytest.Item) -> bool:
        marker = item.get_closest_marker("long") or item.get_closest_marker("pure")
        return marker is None or concerned(item.path, marker.args)

    left_out = [item for item in items if not runs(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if runs(item)]


def pytest_unconfigure(config: pytest.Config) -> None:
    # Processes of pytest-xdist share the folder; the one that started them removes it.
    if not hasattr(config, "workerinput") and settings.DATA_DIR.name.startswith("webcare-test-"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are no names: they may hold the time they were packed at, and each process has its own."""
    return argname if isinstance(val, bytes) else None
