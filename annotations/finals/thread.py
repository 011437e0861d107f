"""The conversation around a unit, with every coder's fragments as lanes under the text. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..coding.marks import is_masked
from ..coding.text import Mark as TextMark
from ..coding.text import Range, leaves_of, segments
from ..coding.thread import ShownMessage, show_thread
from ..common.masking import mask
from ..models import Candidate, ConsensusSpan, Conversation, Message, Span, Study
from .given import Coder, Given
from .settled import SpanValue

Lane = tuple[int, tuple[SpanValue, ...]]
"""A coder's number and fragments."""
LANES = 4
"""Lines that can be told apart under a text."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same lanes; of an atom `stored` holds the numbers of its characters."""

    shown: str
    css: str
    stored: str = ""


@dataclass
class Line:
    """One message of the thread."""

    shown: ShownMessage
    is_current: bool
    pieces: list[Piece] = field(default_factory=list)
    readable: str = ""

    @property
    def pk(self) -> int:
        return self.shown.pk

    def quote(self, start: int, end: int) -> str:
        """A fragment as it may be shown."""
        return self.readable[start:end]


def lanes_of(given: Given, coders: Mapping[int, Coder]) -> list[Lane]:
    """The coders' fragments, of as many coders as there are lines to tell them apart."""
    return [
        (coders[pk].number, value)
        for pk, value in given.items()
        if isinstance(value, tuple) and coders[pk].number <= LANES
    ]


def load_lines(
    study: Study,
    conversation: Conversation,
    message: Message | None,
    lanes: Sequence[Lane],
    *,
    revealed: bool = False,
) -> tuple[list[Line], bool]:
    """The thread, and whether something in it is masked. Same facts as on the coding page.

    `message`: the unit itself, under which the lanes are drawn; None for the conversation.
    """
    hides = is_masked(study) and not revealed
    masked = masked_places(study, [conversation.pk]) if hides else {}
    lines = []
    for shown in show_thread(study, conversation, lambda message_id: [], {}):
        ranges = masked.get(shown.pk, [])
        is_current = message is not None and shown.pk == message.pk
        text = shown.message.text
        lines.append(
            Line(
                shown,
                is_current,
                _pieces(text, lanes if is_current else (), ranges),
                mask(text, ranges),
            )
        )
    return lines, is_masked(study)


def masked_places(study: Study, conversation_ids: Sequence[int]) -> dict[int, list[Range]]:
    """Message id -> what is hidden on screen: found, marked or settled."""
    found: dict[int, list[Range]] = defaultdict(list)
    if not is_masked(study):
        return found
    candidates = Candidate.objects.filter(
        message__conversation__in=conversation_ids, version=study.detector_version
    )
    spans = Span.objects.filter(message__conversation__in=conversation_ids)
    settled = ConsensusSpan.objects.filter(consensus__conversation__in=conversation_ids)
    for rows in (
        candidates.values_list("message_id", "start", "end"),
        spans.values_list("message_id", "start", "end"),
        settled.values_list("consensus__message_id", "start", "end"),
    ):
        for message_id, start, end in rows:
            if message_id is not None:
                found[message_id].append((start, end))
    return found


def _pieces(text: str, lanes: Sequence[Lane], masked: Sequence[Range]) -> list[Piece]:
    marks = [
        TextMark(f"{number}-{place}", span.start, span.end)
        for number, spans in lanes
        for place, span in enumerate(spans)
    ]
    pieces = []
    for leaf in leaves_of(segments(text, marks, masked)):
        end = leaf.start + len(leaf.stored)
        on = [n for n, spans in lanes if any(s.start < end and leaf.start < s.end for s in spans)]
        css = ["lanes", *(f"on-{number}" for number in on)] if on else []
        css += ["redacted"] if leaf.kind == "masked" else ["odd"] if leaf.kind == "odd" else []
        stored = ".".join(f"{ord(character):x}" for character in leaf.stored) if leaf.is_atom else ""
        pieces.append(Piece(leaf.shown, " ".join(css), stored))
    return pieces
