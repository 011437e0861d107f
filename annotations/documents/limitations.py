"""What follows from the design of a study and limits its conclusions: sentences, each only where it holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

RELIABLE, TENTATIVE = 0.8, 0.667


@dataclass(frozen=True)
class Design:
    """What decides which limits hold.

    selects_on_sharing: every unit was chosen because data are shared in it. has_comparison: there is a sample
    of conversations without. organisations: names. single: coded conversations that one coder coded only.
    unresolved: values on which coders differ and nobody decided. unfinished: codings that may still change.
    withheld: tables with a percentage that is not given. design_effect: the largest of the tables.
    """

    selects_on_sharing: bool
    has_comparison: bool
    organisations: Collection[str]
    conversations: int
    single: int
    unresolved: int
    unfinished: int
    withheld: int
    design_effect: float
    agreement: Sequence[tuple[str, float | None]]
    """Label of each variable and its alpha."""


def limitations(design: Design) -> list[str]:
    """In the language that is active."""
    found: list[str] = []
    if design.selects_on_sharing and not design.has_comparison:
        found.append(
            _(
                "Only units in which data are shared were chosen. What goes together with sharing cannot "
                "be seen "
                "in them: that needs a comparison sample of conversations in which nothing is shared."
            )
        )
    if design.has_comparison:
        found.append(
            _(
                "Conversations with and without sharing were sampled apart. Odds ratios between them "
                "hold; shares "
                "of conversations in which data are shared cannot be given."
            )
        )
    if 0 < len(design.organisations) < 5:
        found.append(
            ngettext(
                "One organisation was studied (%(names)s): what is found holds for its account in this "
                "period.",
                "%(n)d organisations were studied (%(names)s): differences between them hold for these "
                "accounts in "
                "this period, and need not follow from their sector or size.",
                len(design.organisations),
            )
            % {"n": len(design.organisations), "names": ", ".join(design.organisations)}
        )
    found += _of_agreement(design.agreement)
    if design.single and design.conversations:
        found.append(
            _(
                "%(n)d of %(all)d conversations were coded by one coder: their values rest on agreement "
                "that was "
                "measured on the others."
            )
            % {"n": design.single, "all": design.conversations}
        )
    if design.unresolved:
        found.append(
            ngettext(
                "On %(n)d value coders differ and nobody has decided; it is left out.",
                "On %(n)d values coders differ and nobody has decided; they are left out.",
                design.unresolved,
            )
            % {"n": design.unresolved}
        )
    if design.unfinished:
        found.append(
            ngettext(
                "%(n)d coding is unfinished and not counted.",
                "%(n)d codings are unfinished and not counted.",
                design.unfinished,
            )
            % {"n": design.unfinished}
        )
    if design.withheld:
        found.append(
            ngettext(
                "In %(n)d table percentages are withheld where fewer than ten units stand behind them.",
                "In %(n)d tables percentages are withheld where fewer than ten units stand behind them.",
                design.withheld,
            )
            % {"n": design.withheld}
        )
    if design.design_effect >= 1.05:
        found.append(
            _(
                "Messages of one conversation resemble each other. Intervals were widened for it where "
                "that could "
                "be estimated (design effect up to %(deff)s); the tests take units as independent."
            )
            % {"deff": number_format(design.design_effect, 2)}
        )
    found.append(
        _(
            "Public messages only: what was said in direct messages, by telephone or in messages that "
            "were deleted "
            "before the collection is not in the data."
        )
    )
    return found


def _of_agreement(agreement: Sequence[tuple[str, float | None]]) -> list[str]:
    if not agreement:
        return [_("No conversation was coded by two coders: the reliability of the values is not known.")]
    groups: dict[str, list[str]] = {"unreliable": [], "tentative": [], "undefined": []}
    for label, alpha in agreement:
        if alpha is None:
            groups["undefined"].append(label)
        elif alpha < TENTATIVE:
            groups["unreliable"].append(label)
        elif alpha < RELIABLE:
            groups["tentative"].append(label)
    words = {
        "unreliable": _("Coders agree too little (alpha below .667) to draw conclusions from: %(names)s."),
        "tentative": _("Conclusions are tentative (alpha between .667 and .800) from: %(names)s."),
        "undefined": _("Agreement is not defined, for want of variation, for: %(names)s."),
    }
    return [words[key] % {"names": ", ".join(names)} for key, names in groups.items() if names]


def alphas_of(result: Sequence[dict[str, Any]], labels: dict[str, str]) -> list[tuple[str, float | None]]:
    """From the figures of an agreement report."""
    return [(labels.get(figures["key"], figures["key"]), figures["alpha"]) for figures in result]
