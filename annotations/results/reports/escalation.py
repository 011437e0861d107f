"""Escalation: what starts an outcry, which first answer makes it worse, and who is prepared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .ready import Part, Ready, Report, ask

TABLES = (
    Ready(
        "trigger_response_second",
        _("Which first answer makes it worse?"),
        ask("first_response", "second_escalation", "trigger"),
        _("A layer per trigger. A first answer can be of several kinds."),
    ),
    Ready(
        "response_and_second",
        _("And over all triggers?"),
        ask("first_response", "second_escalation", percentages="row"),
        _("Percentages of the cases with this first answer."),
    ),
    Ready("trigger_and_level", _("How far does it go, by trigger?"), ask("escalation_level", "trigger")),
    Ready(
        "time_and_second",
        _("Does a late answer escalate again?"),
        ask("response_minutes", "second_escalation", unit="conversation"),
        _("Until the first answer to the first message."),
    ),
    Ready("factors_and_level", _("What makes it escalate?"), ask("escalation_factor", "escalation_level")),
    Ready(
        "screenshot_and_second",
        _("Is a screenshot there before the answer?"),
        ask("second_escalation", "screenshot_spread"),
    ),
    Ready("theme_and_level", _("Which themes?"), ask("sensitive_theme", "escalation_level")),
    Ready("harm_and_level", _("What harm is seen?"), ask("harm", "escalation_level")),
)
REPORT = Report(
    "escalation",
    _("Escalation"),
    "escalation",
    (Part("tables", _("Tables"), TABLES),),
    cases="escalation",
    measures=True,
)
