"""Which round a report is about."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ..errors import BadInput
from ..models import Round, Study


def rounds_with_agreement(study: Study) -> QuerySet[Round]:
    """All but training: there the coders are told what differs, so that they do not code independently."""
    return study.rounds.exclude(kind=Round.Kind.TRAINING)


def round_for_report(study: Study, name: str | None) -> Round:
    """The round of this name; without one the newest in which two or more coders finished something.

    Where there is no such round the newest one. Raises BadInput.
    """
    rounds = rounds_with_agreement(study).select_related("study").order_by("-created_at", "-id")
    if name is not None:
        found = rounds.filter(name=name).first()
        if found is None:
            if study.rounds.filter(name=name).exists():
                raise BadInput(f"{name} is a training round: it counts in no agreement.")
            known = ", ".join(rounds.values_list("name", flat=True)) or "none yet"
            raise BadInput(f"The study {study.slug} has no round {name}. Rounds: {known}.")
        return found
    finished = Count("assignments__coder", filter=Q(assignments__coding__state="finished"), distinct=True)
    several = rounds.annotate(coders=finished).filter(coders__gt=1).first()
    newest = several or rounds.first()
    if newest is None:
        raise BadInput(f"The study {study.slug} has no round yet: assign conversations first.")
    return newest
