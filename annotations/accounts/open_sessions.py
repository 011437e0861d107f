"""Where a person is signed in: the only writer of OpenSession. Ending one ends the session itself."""

from __future__ import annotations

import re
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from ..models import OpenSession

PROGRAMS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)
QUARTER = timedelta(minutes=15)


def browser_of(user_agent: str) -> str:
    """What is kept of a browser's name for itself: `Firefox, Windows`; "" when nothing is recognised.

    >>> browser_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Windows'
    """
    parts = [
        next((name for name, shape in known if re.search(shape, user_agent[:500])), "")
        for known in (PROGRAMS, SYSTEMS)
    ]
    return ", ".join(filter(None, parts))


def remember(user_id: int, session_key: str, *, user_agent: str, address: str) -> None:
    """The person is signed in with this session, and was seen just now."""
    OpenSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user_id": user_id, "seen_at": timezone.now()},
        create_defaults={
            "user_id": user_id,
            "browser": browser_of(user_agent),
            "address": address[:45],
        },
    )


def forget(session_key: str) -> None:
    """The session ended by itself: signed out, or given another key."""
    OpenSession.objects.filter(session_key=session_key).delete()


def sessions_of(user_id: int) -> list[OpenSession]:
    """Those that still live, the one used last first. Reads only."""
    rows = list(OpenSession.objects.filter(user_id=user_id))
    living = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in living]


@transaction.atomic
def end_sessions(user_id: int, *, but: str | None = None, only: int | None = None) -> int:
    """Sign the person out: everywhere, everywhere `but` in the session of that key, or `only` in one row."""
    rows = OpenSession.objects.filter(user_id=user_id)
    if only is not None:
        rows = rows.filter(pk=only)
    if but is not None:
        rows = rows.exclude(session_key=but)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
