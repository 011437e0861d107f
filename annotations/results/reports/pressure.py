"""Public pressure: who presses, with what, and does it pay? About texts, never a verdict on a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .ready import Part, Ready, Report, ask

TABLES = (
    Ready(
        "basis_pressure_concession",
        _("Does pressure bring a concession, and whose?"),
        ask("concession", "pressure_tactics", "complaint_basis"),
        _("A layer per basis of the complaint. A conversation can show several means of pressure."),
    ),
    Ready(
        "basis_and_concession",
        _("Is a justified complaint met sooner?"),
        ask("concession", "complaint_basis"),
    ),
    Ready(
        "followers_and_concession",
        _("Does influence pay?"),
        ask("followers", "concession", unit="conversation"),
        _("Followers of the consumer at the first message."),
    ),
    Ready(
        "claimed_and_actual_wait",
        _("Is the wait as long as it is said to be?"),
        ask("claimed_wait_minutes", "first_response_minutes", unit="conversation"),
        _("The waiting time that is claimed beside the minutes until the first answer here."),
    ),
    Ready("signal_and_concession", _("Do signals of pressure pay?"), ask("concession", "blackmail_signal")),
    Ready("demand_and_concession", _("What is asked, and what is given?"), ask("concession", "demand")),
    Ready(
        "concession_and_amplification",
        _("Does a concession calm it?"),
        ask("amplification", "concession"),
    ),
    Ready("pressure_by_organisation", _("Which means of pressure?"), ask("pressure_tactics", "organisation")),
)
REPORT = Report(
    "pressure",
    _("Public pressure"),
    "blackmail",
    (Part("tables", _("Tables"), TABLES),),
)
