"""Two versions side by side: what changed, in words, and whether coders agree better. Reads only.

The alphas of a change are of the very same conversations: those that a recode round holds, as they were coded
with the earlier version and as they were coded again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..codebooks.carrying import carrier
from ..codebooks.changes import changes_of
from ..codebooks.document import Document, marked
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..models import CodebookVersion, Coding, Round, Study
from ..reliability.data import ReportScope
from ..reliability.report import agreement_of
from .words import ToldChange, told_changes, told_version

RESAMPLES = 500


@dataclass(frozen=True)
class Agreement:
    """`alpha`, `low`, `high` are None where undefined; `units`: coded by two coders or more."""

    alpha: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True)
class Pair:
    """One variable in a round and in the round that coded it again."""

    variable: str
    label: str
    old_round: str
    new_round: str
    conversations: int
    before: Agreement | None
    after: Agreement | None

    @property
    def sides(self) -> tuple[Agreement | None, Agreement | None]:
        return self.before, self.after

    @property
    def difference(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        if self.before.alpha is None or self.after.alpha is None:
            return None
        return self.after.alpha - self.before.alpha


def versions_of(study: Study) -> list[CodebookVersion]:
    """The versions that the study used or uses, and those in between, the newest first."""
    ids = {study.codebook_version_id, *study.rounds.values_list("codebook_version", flat=True)}
    waiting = list(ids)
    parents = dict(CodebookVersion.objects.filter(based_on__isnull=False).values_list("pk", "based_on"))
    while waiting:
        parent = parents.get(waiting.pop())
        if parent and parent not in ids:
            ids.add(parent)
            waiting.append(parent)
    return list(CodebookVersion.objects.filter(pk__in=ids).order_by("-number"))


def told_between(study: Study, old: CodebookVersion, new: CodebookVersion, language: str) -> list[ToldChange]:
    """What changed: as it was published where one was made of the other, else by comparing the texts."""
    if new.based_on_id == old.pk:
        return told_version(new, language)
    return told_changes(study, old.pk, changes_of(lookup(old.pk).spec, _as_document(old, new)), language)


def _as_document(old: CodebookVersion, new: CodebookVersion) -> Document:
    """The later text, as far as is known with what its items were in the earlier one."""
    document = marked(lookup(new.pk).spec)
    known = lookup(old.pk).spec
    carried = carrier(old.pk, new.pk)
    came_from: dict[str, str] = {}
    for key in known.by_key:
        came_from[carried.key(key) if carried else key] = key
    for item in document["variables"]:
        was = came_from.get(item["key"])
        item.pop("_was", None)
        before = known.by_key.get(was or "")
        if before is None or (before.level, before.kind) != (item["level"], item["kind"]):
            continue
        item["_was"] = was
        for category in item.get("categories", []):
            category["_was"] = [
                key
                for key in before.by_key
                if (carried.category(before.key, key) if carried else key) == category["key"]
            ]
    return document


def alphas(study: Study, old: CodebookVersion, new: CodebookVersion) -> list[Pair]:
    """Of each variable that was coded again the agreement before and after, per recode round."""
    rounds = Round.objects.filter(
        study=study, recodes__isnull=False, recodes__codebook_version=old, codebook_version=new
    ).select_related("recodes", "codebook_version", "study")
    found: list[Pair] = []
    for after in rounds:
        before = after.recodes
        assert before is not None
        carried = carrier(old.pk, new.pk)
        if carried is None:
            continue
        book, now = lookup(old.pk).spec, lookup(new.pk).spec
        names = {key: carried.key(key) for key in carried.changed if carried.key(key) in now.by_key}
        finished = after.assignments.filter(coding__state=Coding.State.FINISHED)
        ids = frozenset(finished.values_list("conversation", flat=True))
        open_ids = after.assignments.exclude(coding__state=Coding.State.FINISHED).values_list(
            "conversation", flat=True
        )
        ids -= frozenset(open_ids)
        if not ids:
            continue
        old_figures = _figures(before, names, ids)
        new_figures = _figures(after, names.values(), ids)
        for key, name in names.items():
            if key in old_figures or name in new_figures:
                label = in_language(book.by_key[key].label)
                found.append(
                    Pair(
                        name,
                        label,
                        before.name,
                        after.name,
                        len(ids),
                        old_figures.get(key),
                        new_figures.get(name),
                    )
                )
    return found


def _figures(of_round: Round, variables: Iterable[str], ids: frozenset[int]) -> dict[str, Agreement]:
    scope = ReportScope(conversation_ids=ids)
    found = {}
    for each in agreement_of(of_round, selection=scope, variables=list(variables), bootstrap=RESAMPLES):
        result = each.result
        low, high = result.alpha_ci or (None, None)
        found[each.variable.key] = Agreement(result.alpha, low, high, result.pairable_units)
    return found


def chosen_pair(study: Study, old: str, new: str) -> tuple[CodebookVersion, CodebookVersion]:
    """Two versions of the study by their ids; without a choice the newest and the one it was made of.

    Raises BadInput where the study has one version only, or not these.
    """
    versions = versions_of(study)
    by_pk = {str(row.pk): row for row in versions}
    later = (
        by_pk.get(new)
        if new
        else next((row for row in versions if row.pk == study.codebook_version_id), None)
    )
    if later is None:
        raise BadInput("")
    parent = str(later.based_on_id or "")
    others = [row for row in versions if row.pk != later.pk]
    earlier = by_pk.get(old) if old else by_pk.get(parent) or (others[0] if others else None)
    if earlier is None or earlier.pk == later.pk:
        raise BadInput("")
    return earlier, later
