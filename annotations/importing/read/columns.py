"""Which column of a table holds what: our fields, the names people know them by, and presets of known
exports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

# Our field -> names of columns that hold it, best first. Compared without case, punctuation and spaces.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": (
        "id",
        "tweet_id",
        "id_str",
        "status_id",
        "message_id",
        "post_id",
        "bericht_id",
        "berichtid",
        "tweetid",
        "universal_message_id",
        "externalpostid",
        "statusid",
    ),
    "parent_id": (
        "parent_id",
        "in_response_to_tweet_id",
        "in_reply_to_status_id",
        "in_reply_to_status_id_str",
        "referenced_tweets.replied_to.id",
        "reply_to_status_id",
        "in_reply_to_id",
        "in_reply_to",
        "in_reply_to_tweet_id",
        "replied_to_post",
        "reply_to_id",
        "replytoid",
        "in_reactie_op",
        "reactie_op",
        "antwoord_op",
        "reply_to",
        "parent",
        "parent_url",
        "twitter_reply_to",
        "x_reply_to",
        "in_reply_to_url",
        "inReplyToTweetId",
        "in_reply_to_post_id",
        "replied_to_id",
        "reply_to_url",
        "antwoord_op_id",
        "reactie_op_id",
    ),
    "conversation_id": (
        "conversation_id",
        "conversation_id_str",
        "thread_id",
        "conversationid",
        "gesprek_id",
        "gesprek",
        "conversatie_id",
        "conversatie",
        "case_number",
        "ticket_id",
        "thread",
        "conversation",
        "root_url",
        "thread_url",
        "root_id",
        "conversation_url",
        "gespreks_id",
        "gespreksnummer",
        "case_id",
        "casenummer",
    ),
    "author_handle": (
        "author_handle",
        "author.username",
        "screen_name",
        "from_user_name",
        "username",
        "handle",
        "user_screen_name",
        "gebruikersnaam",
        "geplaatst_door",
        "geplaatst_door_optioneel",
        "auteur",
        "afzender",
        "author",
        "user",
        "account",
        "van",
        "gebruiker",
        "extra_author_attributes_short_name",
        "author_screen_name",
        "user_username",
        "user.screen_name",
        "user.username",
        "author_username",
        "accountnaam",
        "from",
        "sender",
    ),
    "author_id": (
        "author_id",
        "author.id",
        "user_id",
        "from_user_id",
        "user_id_str",
        "auteur_id",
        "gebruiker_id",
        "user.id",
        "user.id_str",
        "author_user_id",
    ),
    "author_name": (
        "author_name",
        "author.name",
        "author_fullname",
        "from_user_realname",
        "display_name",
        "name",
        "naam",
        "auteursnaam",
        "weergavenaam",
        "extra_author_attributes_name",
        "full_name",
        "user_name",
        "volledige_naam",
        "author_display_name",
        "user.name",
    ),
    "author_role": ("author_role", "role", "rol", "accounttype"),
    "author_created_at": (
        "author_created_at",
        "author.created_at",
        "from_user_created_at",
        "account_created_at",
        "user_created_at",
        "account_aangemaakt",
        "account_sinds",
        "user.created_at",
        "user.created",
    ),
    "author_followers": (
        "author_followers",
        "author.public_metrics.followers_count",
        "from_user_followercount",
        "followers_count",
        "followers",
        "volgers",
        "aantal_volgers",
        "twitterfollowers",
        "user_followers_count",
        "twitter_followers",
        "x_followers",
        "extra_author_attributes.followers",
        "user.followers_count",
        "user.followersCount",
        "follower_count",
        "aantal_followers",
    ),
    "author_posts": (
        "author_posts",
        "author_tweets",
        "author.public_metrics.tweet_count",
        "from_user_tweetcount",
        "statuses_count",
        "tweet_count",
        "twitterpostcount",
        "aantal_berichten",
        "aantal_tweets",
        "x_posts",
        "twitter_tweets",
        "user.statuses_count",
        "user.statusesCount",
        "posts_count",
    ),
    "created_at": (
        "created_at",
        "timestamp",
        "datum_en_tijd",
        "datum_tijd",
        "datumtijd",
        "publicatiedatum",
        "geplaatst_op",
        "datum",
        "date",
        "time",
        "posted",
        "tijdstip",
        "unix_timestamp",
        "published",
        "published_at",
        "created_time",
        "tweet_created_at",
        "created",
        "post_date",
        "datetime",
        "date_time",
        "published_date",
        "publication_date",
        "created_on",
        "datum_geplaatst",
        "publicatiemoment",
        "aangemaakt",
        "verzonden_op",
    ),
    "text": (
        "text",
        "full_text",
        "bericht",
        "berichttekst",
        "tekst",
        "tweet",
        "body",
        "message",
        "content",
        "inhoud",
        "fulltext",
        "tweet_text",
        "snippet",
        "rawcontent",
        "opening_text",
        "hit_sentence",
        "post_text_full",
        "tweet_content",
        "post_content",
        "mention_content",
        "berichtinhoud",
        "message_text",
        "tweet_full_text",
    ),
    "mentions": ("mentions", "entities.mentions", "mentions_screen_name", "vermeldingen"),
    "reply_to_handle": (
        "reply_to_handle",
        "in_reply_to_username",
        "in_reply_to_screen_name",
        "reply_to_screen_name",
        "to_user_name",
        "replied_author",
        "replied_user",
        "replied_to_user",
    ),
    "reply_to_author_id": (
        "reply_to_author_id",
        "in_reply_to_user_id",
        "in_reply_to_user_id_str",
        "reply_to_user_id",
    ),
    "permalink": (
        "permalink",
        "url",
        "link",
        "tweet_url",
        "status_url",
        "bericht_url",
        "bron_url",
        "tweet_link",
        "post_url",
        "message_url",
        "permalink_url",
        "tweet_permalink",
        "status_link",
    ),
    "lang": ("lang", "language", "taal", "language_code"),
    "source": ("source", "source_name", "client"),
    "platform": ("platform", "channel", "kanaal", "bron", "medium"),
    "reposts": ("reposts", "retweet_count", "public_metrics.retweet_count", "retweets", "reposts_count"),
    "repost_of": ("repost_of", "referenced_tweets.retweeted.id", "retweeted_status"),
    "inbound": ("inbound",),
    "collected_at": ("collected_at", "__twarc.retrieved_at", "retrieved_at", "verzameld_op"),
    "state": (),
    "responses": ("response_tweet_id",),
}
FIELDS = tuple(name for name in SYNONYMS if name not in {"responses", "state"})

# Other names people may use on the left of --map FIELD=COLUMN.
FIELD_ALIASES = {
    "message_id": "id", "tweet_id": "id", "external_id": "id", "parent": "parent_id", "in_reply_to":
    "parent_id", "conversation": "conversation_id", "thread_id": "conversation_id", "author":
    "author_handle", "handle": "author_handle", "followers": "author_followers", "posts": "author_posts",
    "author_tweets": "author_posts", "date": "created_at", "time": "created_at", "url": "permalink", "link":
    "permalink", "language": "lang", "role": "author_role",
}  # fmt: skip


def fold(name: str) -> str:
    """A column's name without case, BOM, punctuation and spaces: `Geplaatst door (optioneel)` ->
    `geplaatst_door_optioneel`.
    """
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


_PLACES: dict[str, list[tuple[int, str]]] = {}
for _field, _names in SYNONYMS.items():
    for _rank, _name in enumerate(_names):
        _PLACES.setdefault(fold(_name), []).append((_rank, _field))


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


PRESETS: tuple[Preset, ...] = (
    Preset("messages-csv", "messages.csv of this program",
           ("conversation_id", "message_id", "position", "state", "account", "role", "text"),
           {"author_handle": "account", "author_role": "role", "id": "message_id", "state": "state"},
           platform=None, guarded=True),
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


def guess_columns(header: Sequence[str], preset: Preset | None = None) -> dict[str, int]:
    """Our fields -> index of the column, from the preset where there is one, else by name. No column serves
    twice (but a preset may say so).
    """
    folded = [fold(name) for name in header]
    taken: set[int] = set()
    found: dict[str, int] = {}
    for name, wanted in (preset.columns if preset else {}).items():
        if fold(wanted) in folded:
            found[name] = folded.index(fold(wanted))
            taken.add(found[name])
    fixed = set(preset.columns) if preset else set()
    candidates = sorted(
        (rank, name, index)
        for index, column in enumerate(folded)
        for rank, name in _PLACES.get(column, ())
        if name not in fixed
    )
    for _rank, name, index in candidates:
        if name not in found and index not in taken:
            found[name] = index
            taken.add(index)
    return found


def field_name(name: str) -> str | None:
    """Our field for a name on the left of --map, or None."""
    name = name.strip().lower()
    name = FIELD_ALIASES.get(name, name)
    return name if name in FIELDS else None


def find_column(header: Sequence[str], wanted: str) -> int | None:
    """The index of a column by its name: exactly, else without case and punctuation."""
    if wanted in header:
        return list(header).index(wanted)
    folded = [fold(name) for name in header]
    return folded.index(fold(wanted)) if fold(wanted) in folded else None
