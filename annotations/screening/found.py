"""What a search found and turned down, as far as it counts. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..errors import BadInput
from ..models import Screening, ScreeningAnswer, ScreeningTrack, ScreeningUnit

Part = ScreeningTrack.Part


def finds(screening_id: int, part: str = Part.SEARCH) -> QuerySet[ScreeningUnit]:
    """Finds up to the end of each search, in order."""
    units = ScreeningUnit.objects.counting().filter(
        track__screening_id=screening_id, track__part=part, is_find=True
    )
    return units.order_by("track_id", "position")


def found_in_study(study_id: int, conversations: Collection[int]) -> set[int]:
    """Those of these conversations in which some search of the study found something."""
    units = ScreeningUnit.objects.counting().filter(
        track__screening__study=study_id,
        track__part=Part.SEARCH,
        is_find=True,
        message__conversation__in=conversations,
    )
    return set(units.order_by().values_list("message__conversation_id", flat=True))


def negatives(screening: Screening) -> QuerySet[ScreeningUnit]:
    """Screened messages without what is looked for, in conversations of which the same holds throughout.

    Where only messages with a candidate are searched, those are not like the other negatives: the sample
    without candidates stands for them then.
    """
    part = Part.ELUSION if screening.design == Screening.Design.DETECTOR else Part.SEARCH
    done = Q(state=ScreeningUnit.State.DONE, answer=ScreeningAnswer.NO)
    same = ScreeningUnit.objects.filter(
        message__conversation=OuterRef("message__conversation"), track__screening=screening
    )
    units = ScreeningUnit.objects.counting().filter(done, track__screening=screening, track__part=part)
    return units.filter(~Exists(same.exclude(done)))


def conversations_of(units: QuerySet[ScreeningUnit]) -> dict[str, list[int]]:
    """Organisation -> its conversations with one of these units, each once."""
    rows = units.values_list("track__organisation__name", "message__conversation_id")
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for name, conversation in rows:
        found[name][conversation] = None
    return {name: list(ids) for name, ids in found.items()}


def check_ended(screening: Screening, sentence: str, parts: Sequence[str] = (Part.SEARCH,)) -> None:
    """Raises BadInput with the sentence as long as one of these tracks has not ended."""
    tracks = screening.tracks.filter(part__in=parts)
    if screening.state == Screening.State.DRAFT or tracks.filter(ended_at=None).exists():
        raise BadInput(sentence)
