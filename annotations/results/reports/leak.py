"""The organisation's own leak: what it put in public itself, why, what came of it, how it was repaired."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .ready import Part, Ready, Report, ask

LEAKS = {"org_disclosure": "new,repeats,confirms"}
TABLES = (
    Ready(
        "leaked_kinds",
        _("What did the organisation put in public?"),
        ask("info_type", "organisation", unit="span", author_role="organisation", **LEAKS),
        _("Of the fragments marked in the organisation's own messages."),
    ),
    Ready(
        "disclosure_by_organisation",
        _("Does the organisation disclose data itself?"),
        ask("org_disclosure", "organisation"),
        _("Of the organisation's messages."),
    ),
    Ready("cause_by_organisation", _("How did it happen?"), ask("disclosure_cause", "organisation")),
    Ready("harm_by_organisation", _("What came of it?"), ask("disclosure_harm", "organisation")),
    Ready("repair_by_organisation", _("How was it repaired?"), ask("disclosure_repair", "organisation")),
    Ready(
        "repair_and_acceptance",
        _("Which repair is accepted?"),
        ask("repair_accepted", "disclosure_repair"),
    ),
)
REPORT = Report(
    "leak",
    _("Own leak"),
    "leak",
    (Part("tables", _("Tables"), TABLES),),
    cases="leak",
)
