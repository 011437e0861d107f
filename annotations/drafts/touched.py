"""What each change of a draft touches: codes, coders, conversations and settled cases. Reads only.

However many changes there are, and however much was coded, the number of queries is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ..codebooks.carrying import carrier, earlier_versions
from ..codebooks.changes import NEW_VARIABLE, WITHDRAWN_VARIABLE, Change
from ..codebooks.lookup import lookup
from ..models import (
    Assignment,
    Code,
    CodeCategory,
    Coding,
    Consensus,
    ConsensusCategory,
    ConsensusSpan,
    Round,
    Study,
)


@dataclass(frozen=True)
class Touched:
    """`settled`: decisions of supervisors whose value the change is about."""

    codes: int = 0
    coders: int = 0
    conversations: int = 0
    settled: int = 0

    def as_json(self) -> dict[str, int]:
        return {
            "codes": self.codes,
            "coders": self.coders,
            "conversations": self.conversations,
            "settled": self.settled,
        }


@dataclass(frozen=True)
class Places:
    """Rows of the stored versions that a change is about: whole variables, or some of their categories."""

    variables: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()


def rounds_touched(study: Study, version_id: int) -> QuerySet[Round]:
    """The rounds whose codes a next version of `version_id` is about: training is not among them."""
    rounds = study.rounds.exclude(kind=Round.Kind.TRAINING)
    return rounds.filter(codebook_version_id__in=earlier_versions(version_id))


def standing(study: Study, version_id: int) -> QuerySet[Coding]:
    """Finished codings of these rounds, without those that were coded again in a later round."""
    again = Assignment.objects.filter(
        round__recodes=OuterRef("assignment__round"),
        conversation=OuterRef("assignment__conversation"),
        coder=OuterRef("assignment__coder"),
        coding__state=Coding.State.FINISHED,
    )
    codings = Coding.objects.filter(
        assignment__round__in=rounds_touched(study, version_id), state=Coding.State.FINISHED
    )
    return codings.exclude(Exists(again))


def touched_by(study: Study, version_id: int, changes: Sequence[Change]) -> list[Touched]:
    """For each change of a draft on this version what it touches, in the order of the changes."""
    versions = earlier_versions(version_id)
    places = [_places(versions, change) for change in changes]
    variables = set().union(*(place.variables for place in places))
    categories = set().union(*(place.categories for place in places))
    given = _given(standing(study, version_id), variables, categories)
    settled = _settled(rounds_touched(study, version_id), variables, categories)
    finished = standing(study, version_id).aggregate(
        coders=Count("assignment__coder", distinct=True),
        conversations=Count("assignment__conversation", distinct=True),
    )
    found = []
    for change, place in zip(changes, places, strict=True):
        if change.kind == NEW_VARIABLE:
            found.append(Touched(0, finished["coders"], finished["conversations"]))
            continue
        rows = [row for key in (*place.variables, *place.categories) for row in given.get(key, ())]
        found.append(
            Touched(
                codes=sum(row.codes for row in rows),
                coders=len({row.coder for row in rows}),
                conversations=len({row.conversation for row in rows}),
                settled=sum(len(settled.get(key, ())) for key in (*place.variables, *place.categories)),
            )
        )
    return found


def code_counts(study: Study, version_id: int) -> dict[tuple[str, str], int]:
    """(variable, category) of this version -> how many codes stand with it, for the editor."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    names = {}
    for version in earlier_versions(version_id):
        book = lookup(version)
        carried = carrier(version, version_id)
        for (variable, category), pk in book.category_ids.items():
            key = carried.key(variable) if carried else variable
            value = carried.category(variable, category) if carried else category
            if value is not None:
                names[pk] = (key, value)
    codes = Code.objects.filter(coding__in=standing(study, version_id), category__isnull=False)
    several = CodeCategory.objects.filter(code__coding__in=standing(study, version_id))
    for rows in (codes, several):
        for pk, number in rows.order_by().values_list("category").annotate(n=Count("pk")):
            if pk in names:
                counts[names[pk]] += number
    return dict(counts)


def _places(versions: Sequence[int], change: Change) -> Places:
    """Variables and categories of a version (the first) and of those it was made of, as ids of their rows."""
    if not change.was:
        return Places()
    variables, categories = set(), set()
    wanted = set(change.carries)
    whole = change.every_code or change.kind == WITHDRAWN_VARIABLE or not wanted
    for version in versions:
        book = lookup(version)
        carried = carrier(version, versions[0])
        for key, pk in book.variable_ids.items():
            if (carried.key(key) if carried else key) != change.was:
                continue
            if whole:
                variables.add(-pk)  # apart from ids of categories
                continue
            for option in book.spec.by_key[key].values:
                value = carried.category(key, option) if carried else option
                if value in wanted:
                    categories.add(book.category_ids[key, option])
    return Places(frozenset(variables), frozenset(categories))


@dataclass(frozen=True)
class _Row:
    coder: int
    conversation: int
    codes: int


def _given(
    codings: QuerySet[Coding], variables: Collection[int], categories: Collection[int]
) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    place = ("coding__assignment__coder", "coding__assignment__conversation")
    valid = Q(missing__isnull=True) | Q(missing=98)
    codes = Code.objects.filter(valid, coding__in=codings)
    whole = codes.filter(variable__in=[-pk for pk in variables]).order_by()
    for pk, coder, conversation, number in whole.values_list("variable", *place).annotate(n=Count("pk")):
        found[-pk].append(_Row(coder, conversation, number))
    single = codes.filter(category__in=categories).order_by()
    for pk, coder, conversation, number in single.values_list("category", *place).annotate(n=Count("pk")):
        found[pk].append(_Row(coder, conversation, number))
    several = CodeCategory.objects.filter(code__coding__in=codings, category__in=categories).order_by()
    of_code = tuple(f"code__{name}" for name in place)
    for pk, coder, conversation, number in several.values_list("category", *of_code).annotate(n=Count("pk")):
        found[pk].append(_Row(coder, conversation, number))
    return found


def _settled(
    rounds: QuerySet[Round], variables: Collection[int], categories: Collection[int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Consensus.objects.filter(round__in=rounds).order_by()
    for pk, variable in rows.filter(variable__in=[-pk for pk in variables]).values_list("pk", "variable"):
        found[-variable].add(pk)
    pairs: list[Iterable[tuple[int, int]]] = [
        rows.filter(category__in=categories).values_list("pk", "category"),
        *(
            model.objects.filter(consensus__in=rows, category__in=categories)
            .order_by()
            .values_list("consensus", "category")
            for model in (ConsensusCategory, ConsensusSpan)
        ),
    ]
    for some in pairs:
        for pk, category in some:
            found[category].add(pk)
    return found
