"""Odds ratios of finds and comparisons. Reads only.

The finds were looked for, so how many conversations hold one says nothing: neither a share of conversations
nor a share of the sample is ever given across the two. What is valid is the odds ratio (Cornfield 1951): how
many times greater the odds of, say, having been asked too much are among finds than among comparisons.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...codebooks.lookup import lookup
from ...finals.of_study import counted_rounds, study_values
from ...models import ComparisonSample, ComparisonUnit, Study
from ...screening.found import finds
from ...statistics import (
    Estimate,
    MatchedSet,
    Significance,
    Undefined,
    conditional_odds_ratio,
    exact_odds_ratio,
    holm,
    mantel_haenszel,
    matched_odds_ratio,
)
from ...statistics.tables import Table, empty_margin
from ..population import Outcome, Reason, outcome_of
from .exposures import Exposure, exposures

FIND, COMPARISON = "find", "comparison"
OTHER_ANSWER = "other_answer"
"""Why a conversation is left out whose answer is neither exposed nor unexposed; else a `Reason`."""


@dataclass(frozen=True)
class Subject:
    """A conversation with a find, or one it is compared with; a conversation counts once.

    `sets`: the conversations with a find that a comparison is matched to (of a find: itself).
    """

    conversation: int
    organisation: str
    stratum: str
    sets: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OfOrganisation:
    name: str
    table: Table
    odds_ratio: Estimate


@dataclass(frozen=True)
class Compared:
    """One exposure. `table`: finds and comparisons by exposed and not.

    `odds_ratio` and `test`: exact, conditional on the matched sets, or within organisations where the sample
    was drawn at random. `mantel_haenszel`: the same by its simple estimate. `homogeneity`: whether
    organisations agree on it. `sets` with a find and a comparison were answered, `discordant` of them differ.
    `left_out`: conversations per stratum and reason. `p_holm`: p corrected over all exposures of the sample.
    """

    exposure: Exposure
    table: Table
    odds_ratio: Estimate
    test: Significance
    mantel_haenszel: Estimate
    homogeneity: Significance
    organisations: tuple[OfOrganisation, ...] = ()
    sets: int = 0
    discordant: int = 0
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    p_holm: float | None = None


@dataclass(frozen=True)
class SampleResult:
    """What one comparison sample says. `finds` and `comparisons`: conversations, coded or not."""

    screening: str
    is_matched: bool
    per_find: int
    finds: int
    comparisons: int
    compared: tuple[Compared, ...]

    @property
    def is_coded(self) -> bool:
        """Whether any exposure has an answer of both kinds of conversations."""
        return any(sum(row[0]) and sum(row[1]) for row in (each.table for each in self.compared))


def sample_results(study: Study) -> list[SampleResult]:
    """Of every comparison sample of a study, in the order in which they were drawn; empty without one."""
    samples = list(
        ComparisonSample.objects.filter(screening__study=study)
        .select_related("screening")
        .order_by("drawn_at", "id")
    )
    if not samples:
        return []
    found = exposures(lookup(study.codebook_version_id).spec)
    of_sample = {sample.pk: subjects(sample) for sample in samples}
    ids = {subject.conversation for some in of_sample.values() for subject in some}
    outcomes = _outcomes(study, {each.variable.key for each in found}, ids)
    return [_result(sample, of_sample[sample.pk], found, outcomes) for sample in samples]


def subjects(sample: ComparisonSample) -> list[Subject]:
    """Conversations of a sample, each once: one with several finds has the comparisons of all of them."""
    organisations: dict[int, str] = {}
    of_find: dict[int, int] = {}
    for unit, conversation, name in finds(sample.screening_id).values_list(
        "pk", "message__conversation_id", "track__organisation__name"
    ):
        of_find[unit] = conversation
        organisations.setdefault(conversation, name)
    cases = [Subject(pk, name, FIND, frozenset({pk})) for pk, name in organisations.items()]
    matched: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for conversation, name, find in ComparisonUnit.objects.filter(sample=sample).values_list(
        "conversation_id", "unit__track__organisation__name", "find_id"
    ):
        names[conversation] = name
        if find in of_find:
            matched[conversation].add(of_find[find])
    controls = [Subject(pk, name, COMPARISON, frozenset(matched[pk])) for pk, name in names.items()]
    return cases + controls


def _outcomes(study: Study, variables: set[str], ids: set[int]) -> dict[tuple[int, str], Outcome]:
    rounds = counted_rounds(study)
    found: dict[tuple[int, str], Outcome] = {}
    for final in study_values(rounds, variables=variables, conversation_ids=ids):
        assert not isinstance(final.value, tuple)
        if final.message_id is None:
            variable = lookup(final.version_id).spec.by_key[final.variable]
            found[final.conversation_id, final.variable] = outcome_of(variable, final.value, final.source)
    return found


def _result(
    sample: ComparisonSample,
    of_sample: Sequence[Subject],
    found: Sequence[Exposure],
    outcomes: dict[tuple[int, str], Outcome],
) -> SampleResult:
    is_matched = sample.design == ComparisonSample.Design.MATCHED
    compared = [_compared(each, of_sample, outcomes, is_matched=is_matched) for each in found]
    corrected = holm([each.test.p for each in compared])
    strata = Counter(subject.stratum for subject in of_sample)
    return SampleResult(
        sample.screening.name,
        is_matched,
        sample.per_find,
        strata[FIND],
        strata[COMPARISON],
        tuple(replace(each, p_holm=p) for each, p in zip(compared, corrected, strict=True)),
    )


def _compared(
    exposure: Exposure,
    of_sample: Iterable[Subject],
    outcomes: dict[tuple[int, str], Outcome],
    *,
    is_matched: bool,
) -> Compared:
    answered: list[tuple[Subject, bool]] = []
    left_out: dict[str, Counter[str]] = {FIND: Counter(), COMPARISON: Counter()}
    for subject in of_sample:
        outcome = outcomes.get((subject.conversation, exposure.variable.key), Reason.NOT_CODED)
        exposed = None if isinstance(outcome, Reason) else exposure.of(outcome)
        if exposed is None:
            reason = outcome.value if isinstance(outcome, Reason) else OTHER_ANSWER
            left_out[subject.stratum][reason] += 1
        else:
            answered.append((subject, exposed))
    by_organisation = _by_organisation(answered)
    of_organisations = tuple(
        OfOrganisation(name, table, conditional_odds_ratio(table)) for name, table in by_organisation
    )
    table = _table(answered)
    if is_matched:
        sets = _sets(answered)
        matched = matched_odds_ratio(sets)
        return Compared(
            exposure,
            table,
            _with_reason(matched.odds_ratio, table),
            matched.test,
            matched.mantel_haenszel,
            Significance("breslow_day", undefined=Undefined.TOO_FEW),
            of_organisations,
            matched.sets,
            matched.discordant,
            left_out,
        )
    tables = [each for _name, each in by_organisation]
    ratio, test = exact_odds_ratio(tables)
    simple = mantel_haenszel(tables)
    return Compared(
        exposure,
        table,
        _with_reason(ratio, table),
        test,
        simple.odds_ratio,
        simple.homogeneity,
        of_organisations,
        left_out=left_out,
    )


def _with_reason(ratio: Estimate, table: Table) -> Estimate:
    """Where the odds ratio is undefined, why: what all organisations together lack, before anything else."""
    if ratio.undefined is None:
        return ratio
    return Estimate(None, undefined=empty_margin(table) or Undefined.NO_DISCORDANT)


def _table(answered: Iterable[tuple[Subject, bool]]) -> Table:
    counts = Counter((subject.stratum, exposed) for subject, exposed in answered)
    first, second = ((counts[stratum, True], counts[stratum, False]) for stratum in (FIND, COMPARISON))
    return first, second


def _by_organisation(answered: Iterable[tuple[Subject, bool]]) -> list[tuple[str, Table]]:
    groups: dict[str, list[tuple[Subject, bool]]] = defaultdict(list)
    for subject, exposed in answered:
        groups[subject.organisation].append((subject, exposed))
    return [(name, _table(groups[name])) for name in sorted(groups)]


def _sets(answered: Sequence[tuple[Subject, bool]]) -> list[MatchedSet]:
    """Each find with those of its comparisons that were answered; a find without any is in no set."""
    controls: dict[int, list[bool]] = defaultdict(list)
    for subject, exposed in answered:
        if subject.stratum == COMPARISON:
            for find in subject.sets:
                controls[find].append(exposed)
    return [
        MatchedSet(exposed, sum(controls[subject.conversation]), len(controls[subject.conversation]))
        for subject, exposed in answered
        if subject.stratum == FIND and controls[subject.conversation]
    ]
