"""The log of decisions and the list of what must change in the codebook. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from ..codebooks.conversion import write_value
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..finals.settled import Settlement
from ..finals.wording import settlement_label
from ..models import Consensus, Decision, Study
from .fragments import from_json, read_spans

COLUMNS = (
    "decided_at",
    "decided_by",
    "round",
    "conversation_id",
    "message_id",
    "variable",
    "decision",
    "value",
    "cause",
    "reason",
    "stands",
    "settled_case",
    "codebook_change",
)


@dataclass(frozen=True)
class Entry:
    """One decision. `former`: what stood before it, empty where nothing did; `stands`: nothing was decided on
    this unit since."""

    decision: Decision
    variable: str
    variable_key: str
    value: str
    former: str
    written: str
    decided_by: str
    stands: bool

    @property
    def consensus(self) -> Consensus:
        return self.decision.consensus

    @property
    def place(self) -> int | None:
        message = self.consensus.message
        return None if message is None else message.position + 1


def decisions(study: Study, *, codebook_only: bool = False) -> QuerySet[Decision]:
    """Decisions, newest first; or only standing ones after which the codebook must change.

    `former` and `was_taken_back` are the value of the decision before it on the same unit, and whether that
    one was a withdrawal.
    """
    earlier = Decision.objects.filter(
        consensus=OuterRef("consensus"), revision__lt=OuterRef("revision")
    ).order_by("-revision")
    rows = Decision.objects.filter(consensus__round__study=study).annotate(
        former=Subquery(earlier.values("value")[:1]),
        was_taken_back=Subquery(earlier.values("is_withdrawal")[:1]),
    )
    if codebook_only:
        rows = rows.filter(
            consensus__needs_codebook_change=True,
            consensus__withdrawn_at__isnull=True,
            revision=F("consensus__revision"),
        )
    return rows.select_related(
        "consensus__round", "consensus__conversation__organisation", "consensus__message", "decided_by"
    ).order_by("-decided_at", "-id")


def entries(study: Study, rows: Iterable[Any], language: str) -> Iterator[Entry]:
    """Rows of `decisions` in words; names of people are their pseudonyms in the study."""
    names = dict(study.memberships.values_list("user_id", "pseudonym"))
    for row in rows:
        consensus = row.consensus
        codebook = lookup(consensus.round.codebook_version_id)
        variable = codebook.variables[consensus.variable_id]

        def value_of(stored: Any, variable: VariableSpec = variable) -> Settlement:
            return read_spans(stored) if variable.level == "span" else from_json(variable, stored)

        value = value_of(row.value)
        is_change = row.was_taken_back is False and not row.is_withdrawal
        written = (
            " ".join(f"{span.start}-{span.end}:{span.category}" for span in value)
            if isinstance(value, tuple)
            else " ".join(write_value(variable, value))
        )
        yield Entry(
            row,
            in_language(variable.label, language),
            variable.key,
            settlement_label(codebook, variable, value, language),
            settlement_label(codebook, variable, value_of(row.former), language) if is_change else "",
            written,
            names.get(row.decided_by_id, "–"),
            row.revision == consensus.revision and not row.is_withdrawal,
        )


def csv_rows(study: Study, language: str) -> Iterator[tuple[object, ...]]:
    """COLUMNS of every decision, oldest first. The flags are those of the unit as it stands."""
    rows = decisions(study).order_by("decided_at", "id")
    for entry in entries(study, rows, language):
        consensus = entry.consensus
        yield (
            entry.decision.decided_at.isoformat(timespec="seconds"),
            entry.decided_by,
            consensus.round.name,
            consensus.conversation.key,
            consensus.message.external_id if consensus.message else None,
            entry.variable_key,
            "withdrawn" if entry.decision.is_withdrawal else "settled",
            entry.written,
            entry.decision.cause,
            entry.decision.reason,
            entry.stands,
            consensus.is_settled_case if entry.stands else None,
            consensus.needs_codebook_change if entry.stands else None,
        )
