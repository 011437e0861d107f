"""Odds ratios as the page shows them: figures as text, a forest plot, and a sentence where they mislead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ...common.figures import p_value
from ...figures.records import Forest, Point
from ...statistics import Estimate, Undefined
from ...statistics.tables import Table
from ..population import Reason
from .odds import COMPARISON, FIND, OTHER_ANSWER, Compared, SampleResult

LARGE = 1000
"""An odds ratio beyond this is not told apart from one that has no end."""
DISAGREE = 0.05
WHY_LEFT_OUT = {
    Reason.UNRESOLVED.value: gettext_lazy("not settled"),
    Reason.NOT_APPLICABLE.value: gettext_lazy("not applicable"),
    Reason.UNDETERMINED.value: gettext_lazy("cannot be determined"),
    Reason.NOT_CODED.value: gettext_lazy("not coded"),
    Reason.EARLIER_VERSION.value: gettext_lazy(
        "coded with an earlier version of the codebook, not yet again"
    ),
    OTHER_ANSWER: gettext_lazy("another answer"),
}
UNDEFINED = {
    Undefined.NO_UNITS: gettext_lazy("nothing coded yet"),
    Undefined.EMPTY_GROUP: gettext_lazy("one of the two is not coded yet"),
    Undefined.ONE_VALUE: gettext_lazy("every conversation has the same answer"),
    Undefined.NO_DISCORDANT: gettext_lazy("no find differs from what it is compared with"),
}


@dataclass(frozen=True)
class ShownRatio:
    """`label` names what is counted as exposed, `against` what as not. Counts are "16 / 50"."""

    label: str
    exposed: str
    against: str
    finds: str
    comparisons: str
    odds_ratio: str
    mantel_haenszel: str
    p: str
    p_holm: str
    sets: str
    left_out: list[str]
    warning: str
    organisations: list[tuple[str, str, str, str]]


@dataclass(frozen=True)
class ShownSample:
    """`figure` is None while nothing can be drawn."""

    result: SampleResult
    design: str
    rows: list[ShownRatio]
    figure: Forest | None


def shown_sample(result: SampleResult) -> ShownSample:
    """In the language that is active."""
    language = (get_language() or "nl")[:2]
    rows = [_row(each, language, is_matched=result.is_matched) for each in result.compared]
    per_find = {"count": result.per_find}
    if result.is_matched:
        design = ngettext(
            "%(count)d for each find, of the same organisation and month and alike in first contact",
            "up to %(count)d for each find, of the same organisation and month and alike in first contact",
            result.per_find,
        )
    else:
        design = ngettext(
            "%(count)d for each find, at random from the same organisation",
            "up to %(count)d for each find, at random from the same organisation",
            result.per_find,
        )
    return ShownSample(result, design % per_find, rows, forest(result.compared, language))


def forest(compared: Sequence[Compared], language: str) -> Forest | None:
    """The odds ratios that are defined, in order; one without an end is written out instead of drawn."""
    drawn = [each for each in compared if each.odds_ratio.value is not None]
    if not drawn:
        return None
    return Forest(
        _("What goes together with sharing"),
        _("Odds ratio, with 95% interval"),
        language,
        rows=tuple(f"{each.exposure.label(language)}: {_exposed(each, language)}" for each in drawn),
        points=tuple(_point(each.odds_ratio, each.table) for each in drawn),
        marks=(1.0,),
        log=True,
        estimate=_("Odds ratio"),
    )


def _exposed(compared: Compared, language: str) -> str:
    return compared.exposure.named(compared.exposure.exposed, language)


def _point(ratio: Estimate, table: Table) -> Point:
    (a, b), (c, d) = table
    count = f"{a} / {a + b} – {c} / {c + d}"
    low, high = ratio.interval or (0.0, inf)
    if ratio.value and isfinite(ratio.value) and low and isfinite(high):
        return Point(ratio.value, low, high, count=count)
    return Point(count=count, note=written(ratio))


def _row(compared: Compared, language: str, *, is_matched: bool) -> ShownRatio:
    exposure = compared.exposure
    against = exposure.named(exposure.unexposed, language) if exposure.unexposed else _("any other answer")
    finds, comparisons = compared.table
    return ShownRatio(
        exposure.label(language),
        _exposed(compared, language),
        against,
        _count(finds),
        _count(comparisons),
        written(compared.odds_ratio),
        "–" if compared.mantel_haenszel.value is None else written(compared.mantel_haenszel),
        "" if compared.test.p is None else p_value(compared.test.p),
        "" if compared.p_holm is None else p_value(compared.p_holm),
        _sets(compared) if is_matched else "",
        _left_out(compared),
        _warning(compared),
        [
            (each.name, _count(each.table[0]), _count(each.table[1]), written(each.odds_ratio))
            for each in compared.organisations
        ],
    )


def written(estimate: Estimate) -> str:
    """2,31 [1,10; 4,87]; without an end: from 1,10 up. Undefined: why."""
    if estimate.value is None:
        return str(UNDEFINED.get(estimate.undefined or Undefined.NO_UNITS, UNDEFINED[Undefined.NO_UNITS]))
    if estimate.interval is None:
        return _ratio(estimate.value)
    low, high = map(_ratio, estimate.interval)
    return f"{_ratio(estimate.value)} [{low}; {high}]"


def _ratio(value: float) -> str:
    return "∞" if value > LARGE else number_format(round(value, 2), 2)


def _count(row: tuple[int, int]) -> str:
    return f"{row[0]} / {sum(row)}"


def _sets(compared: Compared) -> str:
    return _("%(discordant)d of %(sets)d finds differ from what they are compared with") % {
        "discordant": compared.discordant,
        "sets": compared.sets,
    }


def _left_out(compared: Compared) -> list[str]:
    names = {FIND: _("among the finds"), COMPARISON: _("among the comparisons")}
    return [
        f"{count} {names[stratum]}: {WHY_LEFT_OUT.get(reason, reason)}"
        for stratum, reasons in compared.left_out.items()
        for reason, count in sorted(reasons.items())
    ]


def _warning(compared: Compared) -> str:
    """Where one odds ratio for all organisations hides that they differ."""
    p = compared.homogeneity.p
    if p is None or p >= DISAGREE:
        return ""
    return _("The organisations differ (%(p)s): read them one by one.") % {"p": p_value(p)}
