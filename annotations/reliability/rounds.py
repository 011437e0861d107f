"""Which round a report is about."""

from __future__ import annotations

from django.db.models import Count, Q

from ..errors import BadInput
from ..models import Round, Study


def round_for_report(study: Study, name: str | None) -> Round:
    """The round of this name; without one the newest in which two or more coders finished something.

    Where there is no such round the newest one. Raises BadInput.
    """
    rounds = study.rounds.select_related("study").order_by("-created_at", "-id")
    if name is not None:
        found = rounds.filter(name=name).first()
        if found is None:
            known = ", ".join(study.rounds.values_list("name", flat=True)) or "none yet"
            raise BadInput(f"The study {study.slug} has no round {name}. Rounds: {known}.")
        return found
    finished = Count("assignments__coder", filter=Q(assignments__coding__state="finished"), distinct=True)
    several = rounds.annotate(coders=finished).filter(coders__gt=1).first()
    newest = several or rounds.first()
    if newest is None:
        raise BadInput(f"The study {study.slug} has no round yet: assign conversations first.")
    return newest
