"""Agenda and minutes as documents of two pages at most: for the page, for print and for Word. Reads only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ..adjudication.options import OTHER
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..common.masking import mask
from ..documents.document import Document, Paragraph, Part, Section
from ..finals.thread import masked_places
from ..models import Consensus, Meeting, MeetingCase
from .case import label_of, tallies
from .choosing import still_coding
from .seen import CASES

LONGEST = {8: (320, 600), 14: (190, 350), 20: (120, 220)}
"""Cases at most -> characters of a text and of a reason: so they fit on two pages. The log of decisions holds
all of a reason."""
LONGEST_COUNTS = 200
Outcome = MeetingCase.Outcome


@dataclass(frozen=True)
class Line:
    """A case on one line: where, about what, how coders differed, what came of it."""

    case: MeetingCase
    label: str
    place: str
    quote: str
    given: str
    question: str
    is_hidden: bool
    is_settled: bool


def lines_of(meeting: Meeting, language: str) -> list[Line]:
    """The cases in order, in a constant number of queries; texts are masked as the study asks."""
    cases = list(meeting.cases.select_related(*CASES).order_by("position", "id"))
    conversations = {case.conversation_id for case in cases}
    masked = masked_places(meeting.study, list(conversations)) if cases else {}
    waiting = still_coding(meeting.study_id, conversations)
    standing = _standing(cases)
    longest, _reason = _room(len(cases))
    found = []
    for case in cases:
        label, given = _("Question"), ""
        if case.variable_id:
            codebook = lookup(case.round.codebook_version_id)
            variable = codebook.variables[case.variable_id]
            label = in_language(variable.label, language)
            if not case.question_id:
                given = _counts(
                    [(label_of(codebook, variable, value, language), n) for value, n in case.given]
                )
        message = case.message
        quote = mask(message.text, masked.get(message.pk, [])) if message else ""
        found.append(
            Line(
                case,
                label,
                place_of(case),
                clipped(quote, longest),
                given,
                clipped(case.question.text, longest) if case.question else "",
                case.conversation_id in waiting,
                (case.round_id, case.conversation_id, case.message_id, case.variable_id) in standing,
            )
        )
    return found


def agenda_of(meeting: Meeting, language: str) -> Document:
    """What will be spoken of. A case that somebody still has to code stands there without its text."""
    with override(language):
        lines = lines_of(meeting, language)
        n = len(lines)
        opening = ngettext("%(n)d case, %(minutes)d minutes.", "%(n)d cases, %(minutes)d minutes.", n) % {
            "n": n,
            "minutes": meeting.minutes,
        }
        sections = [_agenda_section(number, line) for number, line in enumerate(lines, 1)]
        return Document(
            _("Agenda: %(name)s") % {"name": meeting.name},
            f"{meeting.study.name} · {opening}",
            language,
            tuple(sections),
        )


def minutes_of(meeting: Meeting, language: str) -> Document:
    """What was decided, on which grounds and with how many votes; nobody's name."""
    with override(language):
        lines = lines_of(meeting, language)
        votes = tallies([line.case for line in lines])
        counts = {outcome: sum(line.case.outcome == outcome for line in lines) for outcome in Outcome}
        said = [f"{Outcome(key).label}: {n}" for key, n in counts.items() if n]
        left = sum(not line.case.outcome for line in lines)
        if left:
            said.append(_("not reached: %(n)d") % {"n": left})
        when = _when(meeting.started_at, meeting.ended_at)
        most = _room(len(lines))[1]
        sections = [
            _minutes_section(number, line, votes, most, language) for number, line in enumerate(lines, 1)
        ]
        return Document(
            _("Minutes: %(name)s") % {"name": meeting.name},
            " · ".join(filter(None, (meeting.study.name, when, "; ".join(said)))),
            language,
            tuple(sections),
        )


def _room(cases: int) -> tuple[int, int]:
    """The most characters of a text and of a reason for so many cases."""
    return next((lengths for most, lengths in LONGEST.items() if cases <= most), LONGEST[20])


def place_of(case: MeetingCase) -> str:
    number = case.conversation.number
    if case.message is None:
        return _("conversation %(number)d") % {"number": number}
    return _("conversation %(number)d, message %(place)d") % {
        "number": number,
        "place": case.message.position + 1,
    }


def clipped(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _agenda_section(number: int, line: Line) -> Section:
    parts: list[Part] = []
    if line.is_hidden:
        parts.append(
            Paragraph(_("Somebody still has to code this conversation; it stays hidden until then."))
        )
    else:
        if line.question:
            parts.append(Paragraph(line.question))
        if line.quote:
            parts.append(Paragraph(line.quote, is_note=True))
        if line.given:
            parts.append(Paragraph(line.given))
        if line.is_settled:
            parts.append(Paragraph(_("Settled already.")))
    return Section(f"{number}. {line.label} ({line.place})", tuple(parts), level=2)


def _minutes_section(
    number: int, line: Line, votes: dict[int, dict[int, dict[str, int]]], most: int, language: str
) -> Section:
    case = line.case
    parts: list[Part] = []
    if line.question:
        parts.append(Paragraph(line.question))
    if line.quote and not line.is_hidden:
        parts.append(Paragraph(line.quote, is_note=True))
    before = _("At first: %(given)s.") % {"given": line.given} if line.given else ""
    if not line.is_hidden and (
        said := " ".join(filter(None, (before, _ballots(case, votes[case.pk], language))))
    ):
        parts.append(Paragraph(said))
    parts.append(Paragraph(_outcome(line, most, language)))
    return Section(f"{number}. {line.label} ({line.place})", tuple(parts), level=2)


def _ballots(case: MeetingCase, ballots: dict[int, dict[str, int]], language: str) -> str:
    """Each ballot in which votes were shown; of the one under way nothing."""
    if case.variable_id is None:
        return ""
    codebook = lookup(case.round.codebook_version_id)
    variable = codebook.variables[case.variable_id]
    shown = [tally for ballot, tally in sorted(ballots.items()) if ballot < case.ballot or case.shows_votes]
    said = []
    for number, tally in enumerate(shown, 1):
        counts = _counts(
            sorted(
                (
                    (
                        _("something else")
                        if sent == OTHER
                        else label_of(codebook, variable, json.loads(sent), language),
                        n,
                    )
                    for sent, n in tally.items()
                ),
                key=lambda pair: -pair[1],
            )
        )
        words = _("Votes: %(counts)s.") if len(shown) == 1 else _("Vote %(number)d: %(counts)s.")
        said.append(words % {"counts": counts, "number": number})
    return " ".join(said)


def _outcome(line: Line, most: int, language: str) -> str:
    case = line.case
    if case.outcome == Outcome.SETTLED and case.decision is not None and case.variable_id:
        codebook = lookup(case.round.codebook_version_id)
        value = label_of(codebook, codebook.variables[case.variable_id], case.decision.value, language)
        said = _("Decided: %(value)s. %(reason)s") % {
            "value": value,
            "reason": clipped(case.decision.reason, most),
        }
        if case.proposal_id:
            said += " " + _("Rule proposed for the codebook.")
        return said
    if case.outcome:
        return f"{Outcome(case.outcome).label.capitalize()}: {clipped(case.word, most)}"
    return _("Settled at the desk.") if line.is_settled else _("Not reached.")


def _counts(pairs: Sequence[tuple[str, Any]]) -> str:
    return clipped(", ".join(f"{label} {n}" for label, n in pairs), LONGEST_COUNTS)


def _standing(cases: Sequence[MeetingCase]) -> set[tuple[int, int, int | None, int | None]]:
    rows = Consensus.objects.filter(
        round__in={case.round_id for case in cases}, conversation__in={case.conversation_id for case in cases}
    )
    return set(rows.values_list("round_id", "conversation_id", "message_id", "variable_id"))


def _when(begun: datetime | None, ended: datetime | None) -> str:
    if begun is None:
        return ""
    start = timezone.localtime(begun)
    said = f"{date_format(start, 'DATE_FORMAT')}, {date_format(start, 'TIME_FORMAT')}"
    return f"{said}–{date_format(timezone.localtime(ended), 'TIME_FORMAT')}" if ended else said
