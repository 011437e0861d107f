"""The texts of messages as a profile shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ..common.masking import mask, mentions_and_links
from ..models import Candidate, Message, Span
from .study_data import StudyData

Places = dict[int, list[tuple[int, int]]]


def shown_texts(
    data: StudyData, messages: Sequence[Message], candidates: Places, handles: frozenset[str]
) -> dict[int, str]:
    """Message id -> text, as long as the stored one. `handles`: those that stay readable."""
    if data.profile.texts == "raw":
        return {message.pk: message.text for message in messages}
    places: Places = defaultdict(list)
    rows = Span.objects.filter(message__in=messages).values_list("message_id", "start", "end")
    for pk, start, end in rows:
        places[pk].append((start, end))
    return {
        message.pk: mask(
            message.text,
            [
                *places[message.pk],
                *candidates[message.pk],
                *mentions_and_links(message.text, keep_handles=handles),
            ],
        )
        for message in messages
    }


def candidate_places(data: StudyData, messages: Sequence[Message]) -> Places:
    """Message id -> what the study's detector found in it."""
    found: Places = defaultdict(list)
    rows = Candidate.objects.filter(message__in=messages, version=data.study.detector_version)
    for pk, start, end in rows.values_list("message_id", "start", "end"):
        found[pk].append((start, end))
    return found
