"""The list of disagreements as it is shown: a page of it, in words. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..finals.given import given_for, groups
from ..finals.of_round import Key
from ..models import Organisation, Round, Study
from ..reliability.rounds import rounds_with_agreement
from .disagreements import AlphasOf, Disagreement, DisagreementList, Filter, disagreement_list
from .wording import difference

PER_PAGE = 40


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    row: Disagreement
    variable: str
    organisation: str
    difference: str
    is_settled: bool
    is_current: bool

    @property
    def place(self) -> int | None:
        """The number of the message in its conversation."""
        return None if self.row.position is None else self.row.position + 1


@dataclass(frozen=True)
class Listing:
    """A page of the list; `page` counts from 1."""

    whole: DisagreementList
    entries: list[Entry]
    page: int
    pages: int
    variables: list[tuple[str, str, int]]
    organisations: list[Organisation]
    share: float
    compared: int


def list_disagreements(
    round_: Round,
    wanted: Filter,
    language: str,
    alphas_of: AlphasOf,
    *,
    current: Key | None = None,
    page: int | None = None,
) -> Listing:
    """The page of the list that holds `current`, or the one asked for; in a constant number of queries."""
    found = disagreement_list(round_, wanted, alphas_of)
    codebook = lookup(round_.codebook_version_id)
    pages = max(1, -(-len(found.rows) // PER_PAGE))
    if page is None:
        page = (found.place_of(current) or 0) // PER_PAGE + 1 if current else 1
    page = min(max(1, page), pages)
    rows = found.rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    organisations = list(round_.study.organisations.all())
    names = {organisation.pk: organisation.name for organisation in organisations}
    given = given_for(round_, [row.key for row in rows])
    labels = {key: in_language(spec.label, language) for key, spec in codebook.spec.by_key.items()}
    entries = [
        Entry(
            row,
            labels[row.variable],
            names.get(row.organisation_id or 0, ""),
            difference(codebook, codebook.spec.by_key[row.variable], groups(given[row.key]), language),
            row.key in found.settled,
            row.key == current,
        )
        for row in rows
    ]
    comparison = found.comparison
    return Listing(
        found,
        entries,
        page,
        pages,
        [(key, labels[key], found.by_variable[key]) for key in labels if key in found.by_variable],
        organisations,
        comparison.share(current[0]) if current else 0.0,
        comparison.compared.get(current[0], 0) if current else 0,
    )


def choose_round(study: Study, asked: str = "") -> tuple[Round | None, list[Round]]:
    """The round asked for, else the newest one in which something waits, else the newest; and all rounds."""
    rounds = list(rounds_with_agreement(study).select_related("study").order_by("-created_at", "-id"))
    for round_ in rounds:
        if asked and str(round_.pk) == asked:
            return round_, rounds
    with_open = (round_ for round_ in rounds if disagreement_list(round_, Filter()).rows)
    return next(with_open, rounds[0] if rounds else None), rounds
