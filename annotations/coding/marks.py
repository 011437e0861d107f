"""Spans and candidates of one coding as marks in the texts, and what is masked. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from ..codebooks.language import in_language
from ..codebooks.proposing import proposed_kinds
from ..models import Assignment, Candidate, CandidateDecision, Span, Study
from .answers import CodingState
from .text import Mark, Range

FAMILIES = {
    "identity": ("bsn", "name", "birth_date", "id_document", "credentials", "health"),
    "contact": ("address", "email", "phone", "postcode_only"),
    "reference": ("customer_order_invoice", "assessment_decision", "contract_data"),
    "money": ("iban", "income", "debt"),
}
_FAMILY_OF = {key: family for family, keys in FAMILIES.items() for key in keys}
SHORT = {
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "iban": gettext_lazy("IBAN"),
    "customer_order_invoice": gettext_lazy("customer no."),
    "assessment_decision": gettext_lazy("decision no."),
    "bsn": gettext_lazy("BSN"),
    "birth_date": gettext_lazy("birth date"),
    "postcode_only": gettext_lazy("postcode"),
    "credentials": gettext_lazy("sign-in data"),
    "contract_data": gettext_lazy("contract"),
    "id_document": gettext_lazy("ID document"),
    "other": gettext_lazy("other"),
}
LONGEST_TAG = 18


@dataclass
class Marks:
    """The candidates that are shown, and per message the stretches that are masked."""

    highlights: bool
    candidates: dict[int, Candidate] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)
    masked: dict[int, list[Range]] = field(default_factory=lambda: defaultdict(list))


def is_masked(study: Study) -> bool:
    return study.privacy != Study.Privacy.OPEN


def is_shown(study: Study, candidate: Candidate) -> bool:
    """Whether the study shows coders a candidate as certain as this one; masked it is either way."""
    return (
        study.least_confidence == Study.LeastConfidence.MEDIUM
        or candidate.confidence == Candidate.Confidence.HIGH
    )


def family_of(info_type: str) -> str:
    return _FAMILY_OF.get(info_type, "other")


def load_marks(assignment: Assignment, state: CodingState, message_id: int | None = None) -> Marks:
    """The detector's candidates for a conversation (or one message of it) and what became of them.

    Where highlights are withheld, candidates are not shown; in a masked study they are still masked,
    for privacy comes before the comparison.
    """
    study = assignment.round.study
    marks = Marks(assignment.highlights)
    masks = is_masked(study)
    if assignment.highlights or masks:
        where = (
            {"message__conversation_id": assignment.conversation_id}
            if message_id is None
            else {"message_id": message_id}
        )
        found = Candidate.objects.filter(**where, version=study.detector_version)
        marks.candidates = {candidate.pk: candidate for candidate in found}
        decisions = CandidateDecision.objects.filter(coding_id=state.coding.pk).values_list(
            "candidate_id", "decision"
        )
        for candidate_id, decision in decisions:
            rejected = decision == CandidateDecision.Decision.REJECTED
            (marks.rejected if rejected else marks.decided).add(candidate_id)
        # What the coder marked by hand at the very place of a candidate needs no decision any more.
        by_hand = {(span.message_id, span.start, span.end) for span in state.spans.values()}
        marks.decided |= {
            candidate.pk
            for candidate in found
            if (candidate.message_id, candidate.start, candidate.end) in by_hand
        }
    if masks:
        for candidate in marks.candidates.values():
            if candidate.pk not in marks.rejected:
                marks.masked[candidate.message_id].append((candidate.start, candidate.end))
        for span in state.spans.values():
            marks.masked[span.message_id].append((span.start, span.end))
    if not assignment.highlights:
        marks.candidates = {}
    # Below the level of the study: masked, never offered; what was decided on earlier stays in sight.
    # A kind that the codebook does not know cannot be accepted: masked where texts are masked, never offered.
    marks.candidates = {
        pk: candidate
        for pk, candidate in marks.candidates.items()
        if proposed_kinds(state.codebook.version_id, candidate.info_type)
        and (is_shown(study, candidate) or pk in marks.rejected | marks.decided)
    }
    return marks


def marks_of(message_id: int, state: CodingState, marks: Marks, language: str) -> list[Mark]:
    """What is drawn in one message."""
    drawn = [_of_span(span, state, language) for span in state.spans_of(message_id)]
    for candidate in marks.candidates.values():
        if candidate.message_id == message_id and candidate.pk not in marks.decided:
            drawn.append(_of_candidate(candidate, candidate.pk in marks.rejected, state, language))
    return drawn


def type_of(span: Span, state: CodingState) -> str:
    variable = state.codebook.type_variable
    return str(state.values(("span", span.pk)).get(variable.key, "")) if variable else ""


def _of_span(span: Span, state: CodingState, language: str) -> Mark:
    info_type = type_of(span, state)
    if not info_type:  # of an earlier version: its kind is to be given again
        return Mark(f"s{span.pk}", span.start, span.end, "span--other is-open", _("which kind?"))
    added = span.origin == Span.Origin.ADDED
    css = f"span--{family_of(info_type)} {'is-added' if added else 'is-accepted'}"
    tag = f"{short_label(info_type, state, language)} {'+' if added else '✓'}"
    return Mark(f"s{span.pk}", span.start, span.end, css, tag)


def _of_candidate(candidate: Candidate, rejected: bool, state: CodingState, language: str) -> Mark:
    sure = candidate.confidence == Candidate.Confidence.HIGH
    kind = "is-rejected" if rejected else "is-open" if sure else "is-open is-unsure"
    kinds = proposed_kinds(state.codebook.version_id, candidate.info_type)
    tag = " / ".join(short_label(each, state, language) for each in kinds)
    if not rejected:
        tag += " ?" if sure and len(kinds) == 1 else " ??"
    return Mark(
        f"c{candidate.pk}",
        candidate.start,
        candidate.end,
        f"span--{family_of(candidate.info_type)} {kind}",
        tag,
    )


def short_label(info_type: str, state: CodingState, language: str) -> str:
    if info_type in SHORT:
        return str(SHORT[info_type])
    label = state.codebook.type_label(info_type, language)
    label = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return label if len(label) <= LONGEST_TAG else label[: LONGEST_TAG - 1] + "…"


def reason_of(candidate: Candidate, language: str) -> str:
    """Why it was found and how sure that is, for the coder."""
    sure = (
        pgettext("candidate", "certain")
        if candidate.confidence == Candidate.Confidence.HIGH
        else pgettext("candidate", "less certain")
    )
    parts = [in_language(candidate.reason, language), sure]
    if candidate.completeness == "partial":
        parts.insert(1, _("incomplete"))
    elif candidate.completeness == "masked":
        parts.insert(1, _("hidden by the writer"))
    return " · ".join(part for part in parts if part)


def inside(ranges: Iterable[Range], start: int, end: int) -> list[Range]:
    """The masked stretches as far as they lie in [start, end), counted from `start`."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and start < b]
