"""Names of the facts that no codebook describes, in both languages, and of their values."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ...models import Organisation, Study
from ...models.corpus import AuthorRole, Message

MEASURES = {
    "has_social_media_rules": _("Rules for managing social media"),
    "has_employee_policy": _("Policy for employees on social media"),
    "has_training": _("Training"),
    "has_diverse_review": _("Messages read beforehand by different people"),
    "has_crisis_plan": _("Crisis plan"),
}
"""The five measures against an outcry."""

FIELDS = {
    "organisation": _("Organisation"),
    "org_sector": _("Sector"),
    "account_purpose": _("Purpose of the account"),
    "bio_no_personal_data": _("Profile asks for no personal data"),
    "bio_dm_possible": _("Profile says a direct message is possible"),
    **MEASURES,
    "monitoring_24h": _("Watched 24 hours a day"),
    "month": _("Month"),
    "weekday": _("Day of the week"),
    "hour": _("Time of day"),
    "round": _("Round"),
    "author_role": _("Author"),
    "addressed": _("Addressed to"),
    "first_contact": _("First contact"),
    "platform": _("Platform"),
    "agent": _("Agent, by signature"),
    "new_account": _("New account"),
    "account_age_days": _("Age of the account"),
    "followers": _("Followers"),
    "posts": _("Posts"),
    "reposts": _("Reposts"),
    "unanswered": _("Unanswered"),
    "response_minutes": _("Response time"),
    "minutes_public": _("Time in public until the request to remove"),
    "detected": _("Found by the detector"),
    "first_response_minutes": _("Minutes until the first answer"),
    "n_data_found": _("Number of data asked, as found"),
    "data_asked_found": _("Number of data asked, as found, in classes"),
    "n_data_requested": _("Number of data asked"),
    "data_asked": _("Number of data asked, in classes"),
    "n_info_types": _("Number of kinds shared"),
    "kinds_shared": _("Kinds of information shared"),
    "bsn": _("Citizen service number"),
    "removal_asked": _("Explicit request to remove"),
    "shares": _("Shares personal data"),
    "embedded_bsn": _("BSN inside the number"),
}
VALUES = {
    "yes": _("Yes"),
    "no": _("No"),
    "literal": _("BSN itself"),
    "embedded": _("BSN inside an assessment number"),
    "none": _("No BSN"),
    "night": _("0–6 h"),
    "morning": _("6–9 h"),
    "office": _("9–17 h"),
    "evening": _("17–22 h"),
    "late": _("22–24 h"),
    "other": _("Others"),
    "0": "0",
    "1": "1",
    "2": "2",
    "3+": _("3 or more"),
    **{
        f"day{number}": day
        for number, day in enumerate(
            (
                _("Monday"),
                _("Tuesday"),
                _("Wednesday"),
                _("Thursday"),
                _("Friday"),
                _("Saturday"),
                _("Sunday"),
            )
        )
    },
}
CHOICES: dict[str, dict[str, object]] = {
    "org_sector": dict(Organisation.Sector.choices),
    "account_purpose": dict(Organisation.Purpose.choices),
    "author_role": dict(AuthorRole.choices),
    "addressed": {key: label for key, label in Message.Addressed.choices if key},
}
UNITS = {
    "account_age_days": _("days"),
    "response_minutes": _("minutes"),
    "minutes_public": _("minutes"),
    "first_response_minutes": _("minutes"),
}


def in_languages(text: object) -> dict[str, str]:
    """A translatable text in every language of the program."""
    found = {}
    for language in Study.Language.values:
        with translation.override(language):
            found[language] = str(text)
    return found


def same(text: str) -> dict[str, str]:
    """A name, which is the same in every language."""
    return dict.fromkeys(Study.Language.values, text)
