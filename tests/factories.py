"""Small studies for tests: plain functions that store what a test needs, wholly fictitious."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from annotations.codebooks.store import store_codebook
from annotations.coding.save import start_coding
from annotations.detector.rescan import RESCANS, ask
from annotations.errors import BadInput
from annotations.models import (
    Account,
    Assignment,
    Candidate,
    Coding,
    Conversation,
    ImportBatch,
    Membership,
    Message,
    Organisation,
    OrganisationHandle,
    Round,
    Study,
)

FILES = Path(__file__).parent / "files"
SMALL_CODEBOOK = (FILES / "small_codebook.yaml").read_text(encoding="utf-8")
START = datetime(2019, 5, 30, 9, 12, tzinfo=UTC)
_numbers = count(8_991_234_567_891_111_111)


def make_study(slug: str = "", codebook: str = SMALL_CODEBOOK, **fields: Any) -> Study:
    """A study with one organisation, Zwaluwlijn (@ZwaluwlijnHulp)."""
    slug = slug or f"study-{next(_numbers)}"
    if "codebook_version" not in fields:
        fields["codebook_version"] = store_codebook(codebook)
    defaults = {"name": f"Study {slug}", "modules": ["core"], "privacy": "open"}
    study = Study.objects.create(slug=slug, **(defaults | fields))
    organisation = Organisation.objects.create(study=study, name="Zwaluwlijn")
    OrganisationHandle.objects.create(study=study, organisation=organisation, handle="ZwaluwlijnHulp")
    return study


def make_member(study: Study, username: str, role: str = "coder", pseudonym: str = "") -> User:
    user, _ = User.objects.get_or_create(username=username)
    Membership.objects.create(study=study, user=user, role=role, pseudonym=pseudonym or username)
    return user


def make_account(study: Study, handle: str, role: str = "consumer") -> Account:
    organisation = study.organisations.first() if role == "organisation" else None
    account, _ = Account.objects.get_or_create(
        study=study,
        key=handle.lower(),
        defaults={"handle": handle, "role": role, "organisation": organisation},
    )
    return account


def make_conversation(study: Study, *texts: str, organisation_first: bool = False) -> Conversation:
    """A thread in which consumer and organisation take turns; an empty text makes a placeholder."""
    batch, _ = ImportBatch.objects.get_or_create(study=study, state=ImportBatch.State.DONE)
    last = study.conversations.order_by("-number").values_list("number", flat=True).first() or 0
    conversation = Conversation.objects.create(
        study=study,
        number=last + 1,
        key=str(next(_numbers)),
        organisation=study.organisations.first(),
        batch=batch,
        started_at=START,
        message_count=len(texts),
    )
    parent = None
    for position, text in enumerate(texts):
        is_organisation = (position % 2 == 0) == organisation_first
        handle, role = ("ZwaluwlijnHulp", "organisation") if is_organisation else ("kees_demo", "consumer")
        parent = Message.objects.create(
            study=study,
            conversation=conversation,
            batch=batch,
            external_id=str(next(_numbers)),
            parent=parent,
            position=position,
            depth=position,
            state="present" if text else "deleted",
            account=make_account(study, handle, role) if text else None,
            created_at=START + timedelta(minutes=20 * position),
            text=text,
        )
    return conversation


def make_round(study: Study, name: str = "main", **fields: object) -> Round:
    round_, _ = Round.objects.get_or_create(
        study=study,
        name=name,
        defaults={"codebook_version": study.codebook_version, "modules": study.modules, **fields},
    )
    return round_


def assign(conversation: Conversation, coder: User, round_name: str = "main", **fields: object) -> Assignment:
    round_ = make_round(conversation.study, round_name)
    position = round_.assignments.filter(coder=coder).count() + 1
    return Assignment.objects.create(
        round=round_, conversation=conversation, coder=coder, position=position, **fields
    )


def make_coding(conversation: Conversation, coder: User, round_name: str = "main") -> Coding:
    assignment = assign(conversation, coder, round_name)
    return start_coding(assignment.pk, actor_id=coder.pk)


def make_candidate(message: Message, quote: str, info_type: str, **fields: object) -> Candidate:
    start = message.text.index(quote)
    defaults = {"confidence": "high", "detector": info_type, "version": "1"}
    return Candidate.objects.create(
        message=message, start=start, end=start + len(quote), info_type=info_type, **(defaults | fields)
    )


def add_member(study: Study, user: User, role: str = "coder", **fields: Any) -> Membership:
    fields.setdefault("pseudonym", f"{role[0].upper()}{user.pk}")
    return Membership.objects.create(study=study, user=user, role=role, **fields)


def with_people(study: Study, make_user: Callable[[str], User], **roles: str) -> Any:
    """The study with each of these people as an attribute; one with no role is no member."""
    for name, role in roles.items():
        user = make_user(name)
        setattr(study, name, user)
        if role:
            add_member(study, user, role)
    return study


def add_conversations(study: Study, sizes: Mapping[str, int], **fields: Any) -> list[Conversation]:
    """Conversations per organisation name; `""` for those of no organisation."""
    batch = ImportBatch.objects.create(study=study, state=ImportBatch.State.DONE)
    number = study.conversations.count()
    rows = []
    for name, size in sizes.items():
        organisation = Organisation.objects.get_or_create(study=study, name=name)[0] if name else None
        for _ in range(size):
            number += 1
            values = {"number": number, "key": str(number), "message_count": 2} | fields
            rows.append(Conversation(study=study, organisation=organisation, batch=batch, **values))
    return Conversation.objects.bulk_create(rows)


def add_round(study: Study, name: str = "", **fields: Any) -> Round:
    values = {"codebook_version": study.codebook_version, "modules": study.modules} | fields
    return Round.objects.create(study=study, name=name or f"Round {next(_numbers)}", **values)


def add_assignment(of_round: Round, conversation: Conversation, coder: User, **fields: Any) -> Assignment:
    position = of_round.assignments.filter(coder=coder).count() + 1
    values = {"position": position} | fields
    return Assignment.objects.create(round=of_round, conversation=conversation, coder=coder, **values)


def add_coding(assignment: Assignment, *, finished: bool = False) -> Coding:
    return Coding.objects.create(
        assignment=assignment,
        state="finished" if finished else "open",
        finished_at=timezone.now() if finished else None,
    )


def rescan(study_id: int, *, actor_id: int | None) -> int:
    """Scan a study again as the worker does; gives how many candidates came. Raises BadInput."""
    row = ask(study_id, actor_id=actor_id)
    RESCANS.run(row.pk)
    row.refresh_from_db()
    if row.problem:
        raise BadInput(row.problem)
    return row.added
