"""A conversation typed or pasted by hand; it goes the way of every file."""

from __future__ import annotations

import csv
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import Conversation, ImportBatch, Study
from .read.repair import id_from_link
from .store.commit import ImportChoices, import_named

HEADER = (
    "id",
    "parent_id",
    "conversation_id",
    "created_at",
    "author_handle",
    "author_role",
    "text",
    "permalink",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """One message; `answers` is the number (from 1) of the message it answers, None for the one above it."""

    text: str
    author: str = ""
    role: str = ""
    at: datetime | None = None
    link: str = ""
    answers: int | None = None


def import_typed(study: Study, messages: Sequence[Typed], *, actor_id: int) -> Conversation:
    """Store a typed conversation. A message whose link holds its id gets that id, so that a file which has it
    too adds nothing. Raises BadInput.
    """
    if not messages:
        raise BadInput(_("Type at least one message."))
    token = secrets.token_hex(6)
    ids = [
        id_from_link(message.link) or f"typed-{token}-{number}" for number, message in enumerate(messages, 1)
    ]
    if len(set(ids)) < len(ids):
        raise BadInput(_("Two messages have the same link; each has its own."))
    if found := study.messages.filter(external_id__in=ids, state="present").first():
        raise BadInput(
            _("The message with the link %(id)s is in the study already, in conversation %(number)s.")
            % {"id": found.external_id, "number": found.conversation.number}
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typed.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number, (own, typed) in enumerate(zip(ids, messages, strict=True), 1):
                above = typed.answers or number - 1
                at = typed.at.astimezone(timezone.get_default_timezone()).isoformat() if typed.at else ""
                text = typed.text.replace("\r\n", "\n").replace("\r", "\n")
                writer.writerow(
                    (
                        own,
                        ids[above - 1] if above else "",
                        "",
                        at,
                        typed.author.lstrip("@"),
                        typed.role,
                        text,
                        typed.link,
                    )
                )

        def make() -> ImportBatch:
            return ImportBatch(study=study, created_by_id=actor_id, started_at=timezone.now())

        import_named(study, [(_("typed by hand"), path)], ImportChoices("csv"), make, actor_id=actor_id)
    return Conversation.objects.get(study=study, messages__external_id=ids[0])
