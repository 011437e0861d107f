"""Proactive webcare: is an answer that nobody asked for felt as an infringement, and is it useful?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .ready import Part, Ready, Report, ask

FIRST = _("The consumer's first message, with what its conversation led to.")
TABLES = (
    Ready(
        "directed_and_infringement",
        _("Does an answer to what was not addressed to the organisation feel as an infringement?"),
        ask("privacy_reaction", "addressivity", unit="message", first_contact="yes"),
        FIRST,
    ),
    Ready(
        "directed_and_satisfaction",
        _("Who is satisfied: those who addressed the organisation, or those who wrote about it?"),
        ask("satisfaction", "addressivity", unit="message", first_contact="yes"),
        FIRST,
    ),
    Ready(
        "usefulness_and_satisfaction",
        _("Does a useful answer satisfy?"),
        ask("satisfaction", "usefulness"),
    ),
    Ready(
        "infringement_and_satisfaction",
        _("Is somebody who feels watched less satisfied?"),
        ask("satisfaction", "privacy_reaction"),
    ),
    Ready(
        "intervention_and_infringement",
        _("Reactive or proactive: is it felt as an infringement?"),
        ask("privacy_reaction", "intervention"),
    ),
    Ready(
        "party_and_infringement",
        _("Competitor or own organisation: is it felt as an infringement?"),
        ask("privacy_reaction", "intervening_party"),
    ),
    Ready(
        "party_and_satisfaction",
        _("Competitor or own organisation: who satisfies?"),
        ask("satisfaction", "intervening_party"),
    ),
    Ready(
        "personal_and_infringement",
        _("Does a personal answer feel as an infringement?"),
        ask("privacy_reaction", "personalisation"),
    ),
    Ready(
        "intervention_by_organisation",
        _("Who reacts to what was not asked?"),
        ask("intervention", "organisation"),
    ),
)
REPORT = Report(
    "proactive",
    _("Proactive webcare"),
    "proactive",
    (Part("tables", _("Tables"), TABLES),),
)
