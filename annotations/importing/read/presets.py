"""Exports whose columns are known, recognised by their header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotations.importing.read.column_names import fold


@dataclass(frozen=True, slots=True)
class Preset:
    """An export whose columns are known. It is recognised when all of `signature` are in the header."""

    name: str
    label: str
    signature: tuple[str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    timezone: str | None = "UTC"
    flat: bool = False
    guarded: bool = False  # an apostrophe before = + - @ was put there by whoever wrote the file
    platform: str | None = "twitter"
    derived: tuple[str, ...] = ()  # columns that are worked out anew from the others


PRESETS: tuple[Preset, ...] = (
    Preset("messages-csv", "messages.csv of this program",
           ("conversation_id", "message_id", "position", "state", "account", "role", "text"),
           {"author_handle": "account", "author_role": "role", "id": "message_id", "state": "state",
            "author_posts": "posts"},
           platform=None, guarded=True,
           derived=("position", "organisation", "addressed", "account_age_days", "candidates")),
    Preset("twcs", "Customer Support on Twitter (TWCS)",
           ("tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to_tweet_id"),
           {"author_handle": "author_id", "author_id": "author_id"}),
    Preset("twarc-csv", "twarc-csv", ("id", "conversation_id", "author.username", "text", "created_at")),
    Preset("dmi-tcat", "DMI-TCAT", ("from_user_name", "from_user_id", "in_reply_to_status_id", "text"),
           {"created_at": "created_at"}),
    Preset("rtweet", "rtweet (R)", ("status_id", "screen_name", "reply_to_status_id", "text")),
    Preset("twitter-web-exporter", "twitter-web-exporter",
           ("id", "full_text", "screen_name", "in_reply_to", "favorite_count"), {"author_name": "name"}),
    Preset("4cat-csv", "4CAT", ("thread_id", "body", "author", "timestamp"),
           {"parent_id": "replied_to_post", "author_name": "author_fullname", "permalink": "link"},
           platform=None),
    Preset("obi4wan", "OBI4wan", ("bericht", "geplaatst door"), timezone="Europe/Amsterdam", platform=None),
)  # fmt: skip


def preset_for(header: Sequence[str]) -> Preset | None:
    """The first preset whose signature the header has; OBI4wan's `(optioneel)` is not looked at."""
    names = {re.sub(r"_optioneel$", "", fold(column)) for column in header}
    return next(
        (preset for preset in PRESETS if names.issuperset(fold(name) for name in preset.signature)), None
    )
