"""What the messages of a conversation say about it, worked out and not coded. Pure: plain values in and out.

Roles of authors are guesses, to be corrected per account. Times of response, being addressed and being new to
the platform are facts as far as the file gives them; where it does not, the answer is None and never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from annotations.importing.facts.data_requests import DataRequest, find_data_request

Role = Literal["consumer", "organisation", "unknown"]
RoleSource = Literal["handle", "file", "signature", "none"]
Addressed = Literal["this", "other", "none", ""]

NEW_DAYS = 30
SIGNED_AT_LEAST = 2
SIGNATURE = re.compile(r"(?:\^\s?|(?<=\s)[-–*/]\s?)([A-Z]{2,4}|[A-Z][a-z]{1,11})\s*(?:https?://\S+\s*)*$")
CARET = re.compile(r"\^\s?[A-Za-z]{1,12}\b")
MENTION = re.compile(r"(?<![\w@])@(\w{1,30}(?:\.[\w.-]+\w)?)")


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """Whose side an author is on, what says so, and which organisation (a key of the study's handles)."""

    role: Role
    source: RoleSource
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as context needs it; `present` is false for a placeholder."""

    role: Role
    text: str = ""
    created_at: datetime | None = None
    organisation: str | None = None
    present: bool = True


@dataclass(frozen=True, slots=True)
class ConversationContext:
    """Positions count from 0 in reading order; minutes are between first contact and first reply.

    `data_request` is that of the first organisation message that asks for data or for a private conversation;
    `data_request_at` is its position.
    """

    first_contact: int | None
    first_reply: int | None
    response_minutes: float | None
    unanswered: bool | None
    organisation: str | None
    data_request: DataRequest | None
    data_request_at: int | None


def signature_of(text: str) -> str | None:
    """The initials or name an agent signs with: `^NHP`, `-KC`, `^Sanne` at the end of a message."""
    found = SIGNATURE.search(text.rstrip()) or _last(CARET, text)
    return found[0].strip().lstrip("^-–*/ ").split()[0] if found else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match, when it stands in the last 40 characters (a link may follow a signature)."""
    return max(pattern.finditer(text, max(0, len(text) - 40)), key=lambda match: match.start(), default=None)


def guess_role(
    handle: str | None,
    *,
    inbound: bool | None = None,
    role_hint: str | None = None,
    signed: int = 0,
    handles: Mapping[str, str] | None = None,
) -> RoleGuess:
    """Whose side an author is on.

    handles: handle in lower case, without @ -> key of the organisation. signed: how many of the author's
    messages end in an agent's signature with a caret. The study's handles come first, then what the file says
    of a side, then the signature (a brand that a data set took for a consumer), then the file's `inbound`.
    """
    known = (handles or {}).get((handle or "").lower().lstrip("@"))
    if known is not None:
        return RoleGuess("organisation", "handle", known)
    if role_hint == "organisation" or inbound is False:
        return RoleGuess("organisation", "file")
    if role_hint == "consumer":
        return RoleGuess("consumer", "file")
    if signed >= SIGNED_AT_LEAST:
        return RoleGuess("organisation", "signature")
    if inbound is True:
        return RoleGuess("consumer", "file")
    return RoleGuess("consumer" if handles and handle else "unknown", "none")


def signs_with_caret(text: str) -> bool:
    """The one kind of signature that is strong enough to guess a role from: `^NHP` near the end."""
    return "^" in text and _last(CARET, text) is not None


def mentions_in(text: str) -> tuple[str, ...]:
    """Handles mentioned in a text, as written, for files that do not list them."""
    return tuple(MENTION.findall(text))


def addressed(
    mentions: Collection[str] | None,
    reply_to: str | None,
    this: Collection[str],
    others: Collection[str] = (),
) -> Addressed:
    """Whether a consumer's message is addressed to this account, another of the organisation, or none.

    `this` and `others` are handles of the organisation; '' (unknown) when no handle is known or the mentions
    are not.
    """
    if not (this or others) or (mentions is None and reply_to is None):
        return ""
    named = {handle.lower().lstrip("@") for handle in (*(mentions or ()), reply_to or "") if handle}
    if named & {handle.lower().lstrip("@") for handle in this}:
        return "this"
    return "other" if named & {handle.lower().lstrip("@") for handle in others} else "none"


def account_age_days(made: datetime | None, at: datetime | None) -> int | None:
    """Whole days between the account's making and the message; None where unknown or impossible."""
    if made is None or at is None or made > at:
        return None
    return (at - made).days


def is_new(age_days: int | None, threshold_days: int = NEW_DAYS) -> bool | None:
    """New to the platform: the account was made at most so many days before the message."""
    return None if age_days is None else age_days <= threshold_days


def context_of(turns: Sequence[Turn], *, with_requests: bool = True) -> ConversationContext:
    """First contact, first reply, response time and request for data of one conversation in reading order.

    First contact is the consumer's earliest message; the first reply is the organisation's earliest message
    after it, by time where both times are known and by place where not. A conversation without a consumer's
    message is neither answered nor unanswered. `with_requests` false leaves out the request for data.
    """
    contact = _earliest(turns, "consumer")
    reply = None
    if contact is not None:
        after = [i for i in _places(turns, "organisation") if _follows(turns, contact, i)]
        reply = min(after, key=lambda i: _order(turns, i), default=None)
    minutes = None
    if contact is not None and reply is not None:
        asked, answered = turns[contact].created_at, turns[reply].created_at
        minutes = (answered - asked).total_seconds() / 60 if asked and answered else None
    side = reply if reply is not None else _earliest(turns, "organisation")
    asked_for, asked_at = _first_data_request(turns) if with_requests else (None, None)
    return ConversationContext(
        first_contact=contact,
        first_reply=reply,
        response_minutes=minutes,
        unanswered=None if contact is None else reply is None,
        organisation=turns[side].organisation if side is not None else None,
        data_request=asked_for,
        data_request_at=asked_at,
    )


def _first_data_request(turns: Sequence[Turn]) -> tuple[DataRequest | None, int | None]:
    for i in sorted(_places(turns, "organisation"), key=lambda i: _order(turns, i)):
        found = find_data_request(turns[i].text)
        if found.kinds or found.channel == "dm":
            return found, i
    return None, None


def _places(turns: Sequence[Turn], role: Role) -> list[int]:
    return [i for i, turn in enumerate(turns) if turn.present and turn.role == role]


def _earliest(turns: Sequence[Turn], role: Role) -> int | None:
    return min(_places(turns, role), key=lambda i: _order(turns, i), default=None)


def _order(turns: Sequence[Turn], i: int) -> tuple[bool, float, int]:
    moment = turns[i].created_at
    return (moment is None, moment.timestamp() if moment else 0.0, i)


def _follows(turns: Sequence[Turn], first: int, second: int) -> bool:
    before, after = turns[first].created_at, turns[second].created_at
    return after >= before if before and after else second > first
