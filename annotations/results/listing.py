"""The units behind a cell as rows of a list. Reads only, and the same number of queries for any page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..common.masking import mask
from ..models import Account, Candidate, Conversation, Message, Span, Study
from .units.frame import ACCOUNT, CONVERSATION, MESSAGE, SPAN, Frame

EXCERPT = 160


@dataclass(frozen=True)
class ListedUnit:
    """`message`: its number in the conversation, from 1. `excerpt`: with personal data hidden."""

    conversation: int
    message: int | None
    name: str
    organisation: str
    excerpt: str
    pk: int = 0

    @property
    def quoted_by(self) -> str:
        """The query with which its message, or one of its messages, is put in other words."""
        return f"message={self.pk}" if self.pk else f"conversation={self.conversation}"


def listed(study: Study, frame: Frame, level: str, places: Sequence[int] | np.ndarray) -> list[ListedUnit]:
    """`places`: of the units of one page. An account is named by where it is met first."""
    if level == CONVERSATION:
        return _conversations(study, [int(frame.ids[CONVERSATION][place]) for place in places])
    if level == ACCOUNT:
        accounts = frame.parents[MESSAGE][ACCOUNT]
        firsts = [int(np.flatnonzero(accounts == place)[0]) for place in places]
        return _messages(study, [int(frame.ids[MESSAGE][first]) for first in firsts], as_accounts=True)
    marks = [frame.places[place] for place in places] if level == SPAN else None
    return _messages(study, [int(frame.ids[level][place]) for place in places], marks=marks)


def _conversations(study: Study, ids: list[int]) -> list[ListedUnit]:
    found = Conversation.objects.filter(study=study).select_related("organisation").in_bulk(ids)
    return [
        ListedUnit(found[pk].number, None, str(found[pk].number), _name(found[pk]), "")
        for pk in ids
        if pk in found
    ]


def _messages(
    study: Study, ids: list[int], *, marks: list[np.ndarray] | None = None, as_accounts: bool = False
) -> list[ListedUnit]:
    messages = Message.objects.filter(study=study).select_related("conversation__organisation")
    found = messages.in_bulk(set(ids))
    hidden: dict[int, list[tuple[int, int]]] = {}
    places: tuple[QuerySet[Candidate] | QuerySet[Span], ...] = (
        Candidate.objects.filter(message__in=set(ids), version=study.detector_version),
        Span.objects.filter(message__in=set(ids)),
    )
    for rows in places:
        for pk, start, end in rows.values_list("message_id", "start", "end"):
            hidden.setdefault(pk, []).append((start, end))
    handles: dict[int, str] = {}
    if as_accounts:
        accounts = Account.objects.filter(pk__in={found[pk].account_id for pk in ids if pk in found})
        handles = {row.pk: str(row) for row in accounts}
    listed_units = []
    for at, pk in enumerate(ids):
        message = found.get(pk)
        if message is None:
            continue
        text = mask(message.text, [*hidden.get(pk, ()), *([tuple(marks[at])] if marks is not None else [])])
        excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
        name = handles.get(message.account_id or 0, "") if as_accounts else ""
        listed_units.append(
            ListedUnit(
                message.conversation.number,
                message.position + 1,
                name,
                _name(message.conversation),
                excerpt or _("(no text)"),
                pk if message.text else 0,
            )
        )
    return listed_units


def _name(conversation: Conversation) -> str:
    return conversation.organisation.name if conversation.organisation else ""
