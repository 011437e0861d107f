"""What an export shows of people: three profiles, from the desk of a colleague to the whole world."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..errors import BadInput


@dataclass(frozen=True)
class Profile:
    """`texts`: raw, masked (same length, so that offsets hold) or none.

    `source_ids`: whether rows can be put beside the corpus; without them order and numbers are by chance.
    """

    name: str
    label: str | Promise
    texts: str
    usernames: bool
    handles: bool
    notes: bool
    source_ids: bool
    times: bool
    offsets: bool
    detector_rules: bool

    def left_out(self) -> list[str]:
        """What is not in the files and why, for the manifest."""
        reasons = [
            (not self.usernames, "user names of coders: pseudonyms instead"),
            (self.texts == "masked", "personal data in texts: masked with the same number of characters"),
            (self.texts == "none", "texts of messages: not for publication"),
            (not self.handles, "handles and names of consumers: numbered accounts instead"),
            (not self.notes, "free-text answers: they may repeat personal data"),
            (not self.source_ids, "ids and addresses of messages: they lead to the people who posted them"),
            (
                not self.source_ids,
                "order and replies of messages: order and numbers are drawn anew for each export",
            ),
            (
                not self.source_ids,
                "followers, posts and age of accounts: classes in which nobody is alone instead",
            ),
            (not self.times, "exact times and seconds of work: dates of messages can be searched for"),
            (not self.detector_rules, "the study's rules for the detector: their words come from messages"),
            (
                self.texts == "none",
                "tables per agent and per month: who signs is a person, and dates can be searched for",
            ),
            (not self.offsets, "where fragments begin and end, and what the detector found in a message"),
        ]
        return [reason for applies, reason in reasons if applies]


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "research",
            _("research: pseudonyms, personal data masked"),
            texts="masked",
            usernames=False,
            handles=False,
            notes=False,
            source_ids=True,
            times=True,
            offsets=True,
            detector_rules=True,
        ),
        Profile(
            "restricted",
            _("restricted: everything as it is, for who may see it"),
            texts="raw",
            usernames=True,
            handles=True,
            notes=True,
            source_ids=True,
            times=True,
            offsets=True,
            detector_rules=True,
        ),
        Profile(
            "public",
            _("public: codes only, no texts, no ids of messages"),
            texts="none",
            usernames=False,
            handles=False,
            notes=False,
            source_ids=False,
            times=False,
            offsets=False,
            detector_rules=False,
        ),
    )
}


def profile_named(name: str) -> Profile:
    """Raises BadInput."""
    if name not in PROFILES:
        raise BadInput(f"There is no export profile {name}; choose one of {', '.join(PROFILES)}.")
    return PROFILES[name]
