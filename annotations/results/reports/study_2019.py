"""The study of 2019: what is shared, how organisations answer, in what context, and what would prevent it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .ready import Part, Ready, Report, ask

NO_ANSWER = _("Of consumers' messages with personal data; a message without an answer counts as no request.")
SEVERAL = _("A message can hold several kinds, so the percentages of a column add up to more than 100.")
COMPARED = _(
    "An odds ratio, because the conversations with and without sharing were found in different ways: shares "
    "of conversations that share cannot be given."
)
WATCHED = _(
    "Until the first answer after the message. What was not answered counts as long as it was looked at: "
    "until the end of the collection, at most seven days."
)

REQUESTS = (
    Ready(
        "removal",
        _("Does the organisation ask to remove it?"),
        ask("removal_asked", "organisation"),
        NO_ANSWER,
    ),
    Ready(
        "removal_answered",
        _("And of the messages it answered?"),
        ask(
            "removal_request",
            "organisation",
            unit="message",
            author_role="consumer",
            contains_pii="yes",
            response_present="yes",
        ),
        _("Of consumers' messages with personal data that were answered."),
    ),
)
KINDS = (
    Ready("kinds", _("What do people share?"), ask("kinds_shared", "organisation"), SEVERAL),
    Ready(
        "kinds_per_message",
        _("How many kinds in a message?"),
        ask("n_info_types", "organisation"),
        _("Of consumers' messages with personal data."),
    ),
    Ready(
        "removal_by_kind",
        _("Which kinds are asked to be removed?"),
        ask("kinds_shared", "removal_asked", percentages="row"),
        _("Percentages of the messages with this kind; a message without an answer counts as no request."),
    ),
    Ready(
        "whose_data",
        _("Whose data are shared?"),
        ask("info_subject", "organisation", unit="span"),
        _("Of the marked fragments."),
    ),
)
BSN = (
    Ready(
        "bsn",
        _("Does a citizen service number bring a request?"),
        ask("removal_asked", "bsn"),
        _("An assessment number of a private person begins with the BSN."),
    ),
    Ready("bsn_by_organisation", _("Where are citizen service numbers shared?"), ask("bsn", "organisation")),
)
EVENNESS = (
    Ready("removal_by_month", _("Does it differ by month?"), ask("removal_asked", "month"), NO_ANSWER),
    Ready(
        "removal_by_agent",
        _("Does it differ by agent?"),
        ask("removal_asked", "agent"),
        _("The agent who signs the first answer after the message."),
    ),
    Ready("removal_by_sector", _("Does it differ by sector?"), ask("removal_asked", "org_sector"), NO_ANSWER),
    Ready(
        "style_by_agent",
        _("Do agents write alike?"),
        ask("chv_informal", "agent"),
        _("Of the organisation's messages."),
    ),
)
CONTEXT_FIELDS = {
    "sharing_trigger": _("What makes people share?"),
    "too_much_first_contact": _("Is too much asked at first contact?"),
    "private_first": _("Does it go private first?"),
    "dm_misunderstanding": _("Is a direct message understood?"),
    "new_user": _("Are they new to the platform?"),
    "channel_reason": _("Why this channel?"),
}
CONTEXT = tuple(
    Ready(f"{field}_by_organisation", title, ask(field, "organisation"))
    for field, title in CONTEXT_FIELDS.items()
)
CONTEXT_AND_REMOVAL = tuple(
    Ready(f"removal_by_{field}", title, ask("removal_asked", field), NO_ANSWER)
    for field, title in {
        "sharing_trigger": _("A request to remove, by what made people share"),
        "too_much_first_contact": _("A request to remove, by how much was asked"),
        "dm_misunderstanding": _("A request to remove, by understanding of direct messages"),
        "new_user": _("A request to remove, by being new to the platform"),
        "channel_reason": _("A request to remove, by reason for this channel"),
    }.items()
)
PREVENTION = (
    Ready(
        "too_much_and_sharing",
        _("Is more shared where too much is asked?"),
        ask("too_much_first_contact", "shares", unit="conversation", too_much_first_contact="yes,no"),
        COMPARED,
    ),
    Ready(
        "number_asked_and_sharing",
        _("Is more shared the more is asked?"),
        ask("shares", "data_asked", unit="conversation"),
        _("The most data asked in one message of the conversation, as coded."),
    ),
    Ready(
        "number_found_and_sharing",
        _("Is more shared the more the program sees asked?"),
        ask("shares", "data_asked_found", unit="conversation"),
        _("The most data asked in one message of the conversation, as the program finds it."),
    ),
    Ready(
        "dm_wording_and_sharing",
        _("Is an explained direct message used?"),
        ask("sharing_trigger", "dm_wording", unit="conversation"),
    ),
    Ready(
        "age_and_sharing",
        _("Do new accounts share more?"),
        ask("account_age_days", "shares", unit="conversation"),
        _("Age of the account at its first message, in days."),
    ),
    Ready(
        "private_first_and_sharing",
        _("Does going private first prevent it?"),
        ask("private_first", "shares", unit="conversation"),
        COMPARED,
    ),
    Ready(
        "preventable_by_organisation", _("Could it have been prevented?"), ask("preventable", "organisation")
    ),
    Ready("prevention_by_organisation", _("By which measure?"), ask("prevention", "organisation")),
)
TIMES = (
    Ready("response_time", _("How long until an answer?"), ask("response_minutes", "organisation"), WATCHED),
    Ready(
        "minutes_public",
        _("How long does it stand in public until the request?"),
        ask("minutes_public", "organisation"),
        _(
            "Until the first answer, where it asks to remove. Without a request it stood as long as it was "
            "looked at."
        ),
    ),
    Ready(
        "removed_after_request",
        _("Is it removed after a request?"),
        ask("availability", "removal_asked", unit="message"),
    ),
    Ready(
        "style_and_removal",
        _("Is a personal request followed more often?"),
        ask("availability", "chv_personal", unit="conversation", removal_asked="yes"),
        _("Of the conversations in which the organisation asked to remove something."),
    ),
    Ready(
        "hours",
        _("When do people write?"),
        ask("hour", "organisation", unit="message", author_role="consumer"),
    ),
    Ready(
        "overload_by_day", _("On which days is the telephone overloaded?"), ask("channel_reason", "weekday")
    ),
)
REPORT = Report(
    "study_2019",
    _("Study of 2019"),
    "",
    (
        Part("removal", _("Request to remove"), REQUESTS),
        Part("kinds", _("Kinds of information"), KINDS),
        Part("times", _("Response time"), TIMES),
        Part("context", _("Context"), CONTEXT),
        Part("context_and_removal", _("Context and request"), CONTEXT_AND_REMOVAL),
        Part("bsn", _("Citizen service numbers"), BSN),
        Part("evenness", _("Months and agents"), EVENNESS),
        Part("prevention", _("Prevention"), PREVENTION),
    ),
)
