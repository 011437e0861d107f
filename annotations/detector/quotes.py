"""Where the detector went wrong, with the words around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..codebooks.lookup import lookup
from ..common.masking import mask, mentions_and_links
from ..models import Candidate, Message, Study
from .score_card import Miss

AROUND = 90


@dataclass(frozen=True)
class Quote:
    conversation: int
    before: str
    marked: str
    after: str
    other: str
    reason: str


def quoted(study: Study, misses: Sequence[Miss], version: str, language: str) -> list[Quote]:
    """The places with up to 90 characters on either side; in a masked study bullets hide what was found."""
    messages = Message.objects.select_related("conversation").in_bulk({miss.message_id for miss in misses})
    reasons = {}
    places = defaultdict(list)
    for pk, start, end, info_type, reason in Candidate.objects.filter(
        message__in=messages, version=version
    ).values_list("message_id", "start", "end", "info_type", "reason"):
        reasons[pk, start, end, info_type] = reason
        places[pk].append((start, end))
    for miss in misses:
        places[miss.message_id].append((miss.start, miss.end))
    codebook = lookup(study.codebook_version_id)
    found = []
    for miss in misses:
        message = messages[miss.message_id]
        text = message.text
        if study.privacy != Study.Privacy.OPEN:
            text = mask(text, places[miss.message_id] + mentions_and_links(text))
        reason = reasons.get((miss.message_id, miss.start, miss.end, miss.info_type), {})
        found.append(
            Quote(
                message.conversation.number,
                ("…" if miss.start > AROUND else "") + text[max(0, miss.start - AROUND) : miss.start],
                text[miss.start : miss.end],
                text[miss.end : miss.end + AROUND] + ("…" if len(text) > miss.end + AROUND else ""),
                codebook.type_label(miss.other, language) if miss.other else "",
                reason.get(language, ""),
            )
        )
    return found
