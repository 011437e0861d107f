"""Whether candidates would be others with other handles: an organisation's own address is nobody's."""

from __future__ import annotations

import re

from django.db.models import Q

from ...models import Message, Study
from ...pii import find_candidates
from ..facts.handles import Handles

MOST_READ = 200  # messages


def changed_suggestions(study: Study, names: set[str], before: Handles, after: Handles) -> tuple[int, int]:
    """Messages in which the detector finds more, and in which it finds less, than with the handles of before.

    Reads at most 200 messages: those with a mail address at one of the names.
    """
    at = Q()
    for name in sorted(names):
        at |= Q(text__icontains=f"@{name}.", text__iregex=rf"[a-z0-9]@{re.escape(name)}[.][a-z0-9]")
    rows = Message.objects.filter(at, study=study, state=Message.State.PRESENT).order_by("pk")
    more = less = 0
    for text, role in rows.values_list("text", "account__role")[:MOST_READ]:
        author = role if role in {"consumer", "organisation"} else ""
        old, new = (
            {
                (candidate.start, candidate.end, candidate.info_type)
                for candidate in find_candidates(text, organisation_handles=handles.all, author_role=author)
            }
            for handles in (before, after)
        )
        more += bool(new - old)
        less += bool(old - new)
    return more, less
