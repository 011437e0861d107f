"""Small studies for tests, made with the models alone."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from annotations.models import (
    Assignment,
    Codebook,
    CodebookVersion,
    Coding,
    Conversation,
    ImportBatch,
    Membership,
    Organisation,
    Round,
    Study,
)

_numbers = count(1)


def make_codebook_version(key: str = "tiny", **fields: Any) -> CodebookVersion:
    codebook, _new = Codebook.objects.get_or_create(key=key)
    number = codebook.versions.count() + 1
    values: dict[str, Any] = {
        "number": number,
        "version": f"{number}.0",
        "title": {"nl": "Klein", "en": "Tiny"},
        "sha256": f"{key}-{number}",
        "source": "",
        "modules": [{"key": "core", "label": {"nl": "Basis", "en": "Core"}, "default_on": True}],
    }
    return CodebookVersion.objects.create(codebook=codebook, **(values | fields))


def make_study(slug: str = "", **fields: Any) -> Study:
    slug = slug or f"study-{next(_numbers)}"
    if "codebook_version" not in fields:
        fields["codebook_version"] = make_codebook_version(f"book-{slug}")
    return Study.objects.create(slug=slug, **({"name": f"Study {slug}", "modules": ["core"]} | fields))


def add_member(study: Study, user: User, role: str = "coder", **fields: Any) -> Membership:
    fields.setdefault("pseudonym", f"{role[0].upper()}{user.pk}")
    return Membership.objects.create(study=study, user=user, role=role, **fields)


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


def start_coding(assignment: Assignment, *, finished: bool = False) -> Coding:
    return Coding.objects.create(
        assignment=assignment,
        state="finished" if finished else "open",
        finished_at=timezone.now() if finished else None,
    )
