"""Accounts at import: one per author, with a guess of whose side they are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Lower

from ...common.bulk import Table, next_ids, stored_time
from ...models import Account, Study
from ...models.corpus import AuthorRole
from ..facts.context import SIGNED_AT_LEAST, guess_role
from ..facts.handles import Handles
from ..read.rows import MessageRow, author_key
from .bloom import Bloom

KEPT = 50_000
_TABLE = Table(
    Account,
    (
        "id",
        "study_id",
        "key",
        "handle",
        "display_name",
        "role",
        "role_source",
        "evidence",
        "organisation_id",
        "created_at",
        "revision",
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    role: str
    organisation_id: int | None
    handle: str


class People:
    """Finds and makes the accounts of one study; roles that are stored already stay as they are."""

    def __init__(self, study: Study, handles: Handles, signed: Counter[str]):
        self.study_id, self.handles, self.signed = study.pk, handles, signed
        self._known: dict[str, Person] = {}
        # What an empty study can hold is only what was made here; most authors are new and not asked after.
        self._made = None if Account.objects.filter(study=study).exists() else Bloom()

    def of(self, rows: Iterable[MessageRow]) -> Mapping[str, Person]:
        """author_key -> account, for all authors of these rows."""
        if len(self._known) > KEPT:
            self._known = {}  # not cleared: who asked before may still look things up in it
        wanted = {key: row for row in rows if (key := author_key(row)) and key not in self._known}
        if wanted:
            self._find(wanted)
            self._make({key: row for key, row in wanted.items() if key not in self._known})
        return self._known

    def _find(self, wanted: dict[str, MessageRow]) -> None:
        """By key; an account whose id a file did not give is known by its handle, and the other way round."""
        wanted = {key: row for key, row in wanted.items() if self._may_be_there(key, row)}
        by_handle: dict[str, list[str]] = {}
        for key, row in wanted.items():
            if row.author_handle:
                by_handle.setdefault(row.author_handle.lower(), []).append(key)
        fields = ("key", "pk", "role", "organisation_id", "handle")
        accounts = Account.objects.filter(study_id=self.study_id).order_by()
        for key, *values in accounts.filter(key__among=wanted).values_list(*fields):
            self._known[key] = Person(*values)
        missing = [name for name, keys in by_handle.items() if any(key not in self._known for key in keys)]
        if missing:
            same = accounts.annotate(low=Lower("handle")).filter(low__among=missing)
            for low, stored, *values in same.values_list("low", *fields):
                for key in by_handle[low]:
                    # Two different ids are two accounts, even when one took over the other's handle.
                    if key not in self._known and low in (key, stored):
                        self._known[key] = Person(*values)

    def _may_be_there(self, key: str, row: MessageRow) -> bool:
        made, handle = self._made, row.author_handle
        return made is None or key in made or (handle is not None and handle.lower() in made)

    def _make(self, rows: dict[str, MessageRow]) -> None:
        both = {
            row.author_handle.lower(): key for key, row in rows.items() if row.author_id and row.author_handle
        }
        new = {key: row for key, row in rows.items() if row.author_id or key not in both}
        ids = next_ids(Account, len(new))
        values: list[tuple[Any, ...]] = []
        for pk, (key, row) in zip(ids, new.items(), strict=True):
            handle = row.author_handle or ""
            evidence = evidence_in(row, self.signed[key])
            role, source, organisation_id = role_from(handle, evidence, self.handles)
            values.append(
                (
                    pk,
                    self.study_id,
                    key,
                    handle,
                    row.author_name or "",
                    role,
                    source,
                    evidence,
                    organisation_id,
                    stored_time(row.author_created_at),
                    1,
                )
            )
            self._known[key] = Person(pk, role, organisation_id, handle)
            if self._made is not None:
                self._made.add(key)
                if handle:
                    self._made.add(handle.lower())
        _TABLE.insert(values)
        for key in rows.keys() - new.keys():
            self._known[key] = self._known[both[key]]


def evidence_in(row: MessageRow, signed: int) -> str:
    """What a file says of an author's side, whatever the handles; `signed`: messages with an agent's end."""
    if row.role_hint == AuthorRole.THIRD_PARTY:
        return Account.Evidence.THIRD_PARTY
    guess = guess_role(None, inbound=row.inbound, role_hint=row.role_hint, signed=signed)
    if guess.source == "signature":
        return Account.Evidence.SIGNATURE
    return guess.role if guess.source == "file" else Account.Evidence.NONE


def role_from(handle: str, evidence: str, handles: Handles) -> tuple[str, str, int | None]:
    """(role, its source, organisation): the guess at import, and again when the study's handles change."""
    if evidence == Account.Evidence.THIRD_PARTY and handle.lower() not in handles.keys:
        return AuthorRole.THIRD_PARTY, Account.RoleSource.FILE, None
    is_signed = evidence == Account.Evidence.SIGNATURE
    guess = guess_role(
        handle,
        role_hint=None if is_signed else evidence,
        signed=SIGNED_AT_LEAST if is_signed else 0,
        handles=handles.keys,
    )
    return guess.role, guess.source, int(guess.organisation) if guess.organisation else None
