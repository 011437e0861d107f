"""A stamp of everything the figures of a round rest on: what is remembered under it is never out of date."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Count, F, Max, Q, Sum

from ..models import Code, Conversation, Message, Round, Span
from .coded import codings_of
from .counted import counted_assignments, frozen_in


def stamp_of(round_: Round) -> str | None:
    """Changes with the codebook version, the modules, every finished coding, code and fragment, the names of
    coders, and the organisation, number, reading order and state of what was coded.

    None while nothing is finished. A fixed number of queries.
    """
    finished = codings_of(round_)
    codings = finished.aggregate(
        n=Count("id"), ids=Sum("id"), last=Max("finished_at"), revisions=Sum("revision")
    )
    frozen = frozen_in(round_).aggregate(n=Count("id"), last=Max("id"))
    if not codings["n"] and not frozen["n"]:
        return None
    conversations = Conversation.objects.filter(
        pk__in=counted_assignments(round_).order_by().values("conversation_id")
    )
    messages = Message.objects.filter(conversation__in=conversations.order_by().values("pk"))
    facts = (
        round_.pk,
        round_.codebook_version_id,
        sorted(round_.modules),
        codings,
        frozen,
        Code.objects.filter(coding__in=finished).aggregate(
            n=Count("id"), last=Max("updated_at"), revisions=Sum("revision")
        ),
        Span.objects.filter(coding__in=finished).aggregate(
            n=Count("id"), last=Max("updated_at"), revisions=Sum("revision")
        ),
        sorted(round_.study.memberships.values_list("user_id", "pseudonym")),
        list(conversations.order_by("pk").values_list("pk", "organisation_id", "number")),
        messages.order_by().aggregate(
            n=Count("id"),
            present=Count("id", filter=Q(state=Message.State.PRESENT)),
            revisions=Sum("revision"),
            order=Sum(F("id") * F("position")),
        ),
    )
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()
