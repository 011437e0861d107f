"""Words for what tables hold: units, reasons for leaving out, tests, effects, why something is undefined."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..statistics.estimates import Undefined

UNITS = {
    "message": _("messages"),
    "conversation": _("conversations"),
    "span": _("fragments"),
    "account": _("accounts"),
}
REASONS = {
    "unresolved": _("not settled"),
    "not_applicable": _("not applicable"),
    "undetermined": _("cannot be determined"),
    "not_coded": _("not coded"),
    "no_kind": _("no kind of information given"),
    "other_kinds": _("other kinds of information only"),
    "unknown": _("not known"),
    "earlier_version": _("coded with an earlier version of the codebook, not yet again"),
}
TESTS = {
    "chi_square": "χ²",
    "fisher": _("Fisher's exact test"),
    "freeman_halton": _("Freeman-Halton"),
    "cochran_armitage": _("Cochran-Armitage"),
    "mann_whitney": _("Mann-Whitney"),
    "kruskal_wallis": _("Kruskal-Wallis"),
    "spearman": _("Spearman"),
    "log_rank": _("Log-rank"),
}
STATISTICS = {
    "chi_square": "χ²",
    "cochran_armitage": "z",
    "mann_whitney": "U",
    "kruskal_wallis": "H",
    "spearman": "ρ",
    "log_rank": "χ²",
}
EFFECTS = {
    "cramers_v": _("Cramér's V"),
    "superiority": _("probability of superiority"),
    "epsilon_squared": "ε²",
    "rho": "ρ",
}
UNDEFINED = {
    Undefined.NO_UNITS: _("Not tested: nothing was counted."),
    Undefined.EMPTY_GROUP: _("Not tested: one of the groups is empty."),
    Undefined.ONE_VALUE: _("Not tested: every unit has the same value."),
    Undefined.ONE_GROUP: _("Not tested: there is one group only."),
    Undefined.TOO_FEW: _("Not tested: there are too few units."),
    Undefined.NO_DISCORDANT: _("Not tested: no pair in which the two differ."),
    Undefined.NO_EVENTS: _("Not tested: it happened to nobody."),
    Undefined.NOT_REACHED: _("Not tested: it happened to fewer than half."),
}


def undefined(reason: Undefined) -> str:
    return str(UNDEFINED[reason])
