"""Everything on a screener's screen, in a constant number of queries whatever the archive. Reads only."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..coding.marks import SHORT, family_of, is_masked
from ..coding.text import Mark
from ..coding.thread import ShownMessage, show_thread
from ..common.masking import mask
from ..finals.thread import masked_places
from ..models import (
    Candidate,
    Conversation,
    Screening,
    ScreeningDecision,
    ScreeningTrack,
    ScreeningUnit,
)
from .reasons import reason_label
from .stop import FOUND
from .strip import Strip, expected_positions, make_strip

LATEST = 3
LONGEST_QUOTE = 34
MOST_TICKS = 300
ADDRESSED = re.compile(r"^(@\w+ )+(?=.)")


@dataclass(frozen=True)
class Choice:
    """An answer that a key gives. `note`: the reason that goes without saying."""

    key: str
    answer: str
    reason: str
    label: str
    note: str = ""
    is_last_no: bool = False


@dataclass(frozen=True)
class Latest:
    """One of the screener's last decisions."""

    position: int
    answer: str
    quote: str
    reason: str


@dataclass
class Line:
    shown: ShownMessage
    is_current: bool


@dataclass(frozen=True)
class Counter:
    """What the screener always sees. `found` never exceeds the target; `day`: how far back the search is."""

    found: int
    target: int | None
    screened: int
    size: int
    rule: str
    until: date | None
    day: datetime | None
    with_supervisor: int


@dataclass
class Screen:
    """`unit` is None where nothing is left for this screener: `track.ended_at` says whether it has ended."""

    track: ScreeningTrack
    unit: ScreeningUnit | None
    counter: Counter
    strip: Strip | None
    question: str
    definition: str
    choices: list[Choice]
    latest: list[Latest]
    lines: list[Line] = field(default_factory=list)
    revision: int = 0
    note: str = ""
    is_masked: bool = False

    @property
    def screening(self) -> Screening:
        return self.track.screening


def load_screen(
    track_id: int, coder_id: int, unit: ScreeningUnit | None, language: str, *, revealed: bool = False
) -> Screen:
    """`unit`: what was handed out to this screener. `revealed`: personal data of a masked study are shown."""
    track = ScreeningTrack.objects.select_related(
        "screening__study", "screening__variable", "organisation"
    ).get(pk=track_id)
    screening = track.screening
    spec = lookup(screening.codebook_version_id).spec.by_key[screening.variable.key]
    screen = Screen(
        track=track,
        unit=unit,
        counter=counter_of(track),
        strip=strip_of(track),
        question=in_language(spec.label, language),
        definition=in_language(spec.definition, language),
        choices=choices_of(screening, spec, language),
        latest=_latest(track, coder_id),
        is_masked=is_masked(screening.study),
    )
    if unit is not None:
        message = unit.message
        screen.lines = lines_of(screening, message.conversation_id, message.pk, revealed=revealed)
        row = ScreeningDecision.objects.filter(unit=unit, coder_id=coder_id, is_settling=False).first()
        screen.revision, screen.note = (row.revision, row.note) if row else (0, "")
    return screen


def counter_of(track: ScreeningTrack) -> Counter:
    is_number = track.stop_rule == FOUND and track.target is not None
    return Counter(
        found=min(track.found, track.target or 0) if is_number else track.found,
        target=track.target if is_number else None,
        screened=track.screened,
        size=track.size,
        rule=track.stop_rule,
        until=track.until,
        day=track.reached_at,
        with_supervisor=track.with_supervisor,
    )


def strip_of(track: ScreeningTrack) -> Strip | None:
    finds = (
        ScreeningUnit.objects.filter(track=track, is_find=True)
        .order_by("-position")
        .values_list("message__created_at", flat=True)[:MOST_TICKS]
    )
    reached = track.frontier - 1
    expected = None
    if track.stop_rule == FOUND and track.ended_at is None:
        expected = expected_positions(track.found, reached, track.target or 0, track.size)
    bins = [(date.fromisoformat(day), number) for day, number in track.timeline]
    days = [timezone.localdate(at) for at in finds if at]
    return make_strip(bins, reached=reached, finds=days, expected=expected)


def choices_of(screening: Screening, spec: VariableSpec, language: str) -> list[Choice]:
    """Yes, no with each of its reasons, cannot tell; each by one key."""

    def label(answer: str) -> str:
        return in_language(spec.by_key[answer].label, language)

    first, *others = screening.reasons
    no = label("no")
    return [
        Choice("y", "yes", "", label("yes")),
        Choice("n", "no", first, no, reason_label(first), is_last_no=not others),
        *(
            Choice(
                str(number),
                "no",
                reason,
                f"{no}, {reason_label(reason)}",
                is_last_no=number == len(others),
            )
            for number, reason in enumerate(others, 1)
        ),
        Choice("0", "cannot_tell", "", label("cannot_tell")),
    ]


def lines_of(
    screening: Screening, conversation_id: int, message_id: int, *, revealed: bool = False
) -> list[Line]:
    """The thread with its candidates; what is personal is masked where the study says so."""
    study = screening.study
    conversation = Conversation.objects.get(pk=conversation_id)
    hides = is_masked(study) and not revealed
    masked = masked_places(study, [conversation_id]) if hides else {}
    drawn: dict[int, list[Mark]] = defaultdict(list)
    candidates = Candidate.objects.filter(
        message__conversation_id=conversation_id, version=study.detector_version
    )
    kinds = type_labels(screening.codebook_version_id)
    for one in candidates:
        drawn[one.message_id].append(_mark(one, kinds))
    thread = show_thread(study, conversation, lambda pk: drawn.get(pk, []), masked)
    return [Line(shown, shown.pk == message_id) for shown in thread]


def quote_of(text: str, hidden: list[tuple[int, int]]) -> str:
    """The beginning of a text, as it may be shown, without whom it speaks to."""
    shown = ADDRESSED.sub("", " ".join(mask(text, hidden).split()))
    return shown if len(shown) <= LONGEST_QUOTE else shown[: LONGEST_QUOTE - 1].rstrip() + "…"


def type_labels(version_id: int) -> dict[str, str]:
    """What the codebook calls each kind of information."""
    variable = lookup(version_id).type_variable
    return {one.key: in_language(one.label) for one in variable.categories} if variable else {}


def _mark(candidate: Candidate, kinds: dict[str, str]) -> Mark:
    sure = candidate.confidence == Candidate.Confidence.HIGH
    kind = "is-open" if sure else "is-open is-unsure"
    tag = str(SHORT.get(candidate.info_type) or kinds.get(candidate.info_type, candidate.info_type))
    css = f"span--{family_of(candidate.info_type)} {kind}"
    return Mark(f"c{candidate.pk}", candidate.start, candidate.end, css, f"{tag} {'?' if sure else '??'}")


def _latest(track: ScreeningTrack, coder_id: int) -> list[Latest]:
    rows = list(
        ScreeningDecision.objects.filter(unit__track=track, coder_id=coder_id, is_settling=False)
        .exclude(answer="", is_doubt=False)
        .select_related("unit__message")
        .order_by("-decided_at", "-id")[:LATEST]
    )
    hidden = masked_places(track.screening.study, [row.unit.message.conversation_id for row in rows])
    return [
        Latest(
            row.unit.position,
            "doubt" if row.is_doubt else row.answer,
            quote_of(row.unit.message.text, hidden.get(row.unit.message_id, [])),
            reason_label(row.reason) if row.reason else "",
        )
        for row in rows
    ]
