"""What the fields of a message are called on pages where a column is told to hold one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELD_WORDS: dict[str, Any] = {
    "id": _("id of the message"),
    "parent_id": _("id of the message it answers"),
    "conversation_id": _("id of the conversation"),
    "text": _("text"),
    "created_at": _("time"),
    "author_handle": _("author's handle"),
    "author_name": _("author's name"),
    "author_id": _("author's id"),
    "author_role": _("author's role"),
    "author_created_at": _("when the account was made"),
    "author_followers": _("followers of the author"),
    "author_posts": _("messages posted by the author"),
    "mentions": _("who is mentioned"),
    "reply_to_handle": _("whom it answers (handle)"),
    "reply_to_author_id": _("whom it answers (id)"),
    "permalink": _("link to the message"),
    "lang": _("language"),
    "source": _("program it was sent with"),
    "platform": _("platform"),
    "reposts": _("number of reposts"),
    "repost_of": _("id of the message it reposts"),
    "inbound": _("from a consumer (yes or no)"),
    "collected_at": _("when it was collected"),
}
