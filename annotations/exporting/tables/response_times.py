"""response_times.csv: how long each message of a consumer waited for an answer, and stood in public."""

from __future__ import annotations

from collections.abc import Iterator

from ...results.units.frame import CONVERSATION, MESSAGE, VALID, Frame
from ..study_data import StudyData
from . import Column, Row, Table

TIMES = ("response_minutes", "minutes_public")


def response_times(data: StudyData) -> Table:
    return Table(
        "response_times.csv",
        "Of every consumer's message that was coded: minutes until an answer, and until a request to remove",
        (
            Column("conversation_id", "string", "conversation"),
            Column("message_id", "string", "message"),
            Column("organisation", "string", "organisation of the conversation"),
            Column("response_minutes", "number", "minutes until the organisation answered, or was looked at"),
            Column("answered", "integer", "1: it answered; 0: looked at for so long without an answer"),
            Column("minutes_public", "number", "minutes that personal data stood there, or was looked at"),
            Column("asked_to_remove", "integer", "1: the organisation asked for removal then; 0: not yet"),
        ),
        lambda: _rows(data),
        key=("conversation_id", "message_id"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    if not data.profile.times:
        return
    frame = data.figures.frame
    of = frame.parents[MESSAGE][CONVERSATION]
    pairs = [list(_times(frame, key)) for key in TIMES]
    for at, pk in enumerate(frame.ids[MESSAGE]):
        cells = [cell for times in pairs for cell in times[at]]
        if any(cell is not None for cell in cells):
            conversation = int(frame.ids[CONVERSATION][of[at]])
            yield (
                data.conversation_name(conversation),
                data.message_name(int(pk)),
                data.organisation_name(conversation),
                *cells,
            )


def _times(frame: Frame, key: str) -> Iterator[tuple[float | None, int | None]]:
    """Per message the minutes and whether it happened."""
    if key not in frame.fields:
        yield from [(None, None)] * frame.size(MESSAGE)
        return
    found = frame.values(key, MESSAGE)
    assert found.numbers is not None
    assert found.happened is not None
    for reason, minutes, happened in zip(found.reasons, found.numbers, found.happened, strict=True):
        yield (round(float(minutes), 2), int(happened)) if reason == VALID else (None, None)
