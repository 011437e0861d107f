"""Fields that nobody coded: of organisations, of the collection, of the detector, and times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from ...codebooks.lookup import lookup
from ...common.portions import portions
from ...importing.facts.context import account_age_days, signature_of
from ...models import Candidate, ContextSuggestion, Message, Organisation
from ...models.corpus import AuthorRole
from .columns import ABSENT, UNKNOWN, add_multi, add_numbers, add_single, number, single
from .corpus import PORTION, Corpus
from .frame import ANY, CONVERSATION, LARGEST, MESSAGE, MULTI, VALID, Category, Field, Frame
from .words import FIELDS, MEASURES, in_languages, same

OF_ORGANISATION, OF_CORPUS, OF_ACCOUNT, OF_DETECTOR = "organisation", "corpus", "account", "detector"
MOST_AGENTS = 40
YES_NO = ("yes", "no")
WINDOW = 7 * 24 * 60.0
"""Minutes after which an answer no longer counts as one: it is looked at for seven days."""
BOOLEANS = ("bio_no_personal_data", "bio_dm_possible", *MEASURES, "monitoring_24h")


def add_facts(frame: Frame, corpus: Corpus) -> None:
    _organisations(frame, corpus)
    _rounds(frame, corpus)
    _times(frame, corpus)
    _authors(frame, corpus)
    _suggested(frame, corpus)
    _answers(frame, corpus)
    _detected(frame, corpus)


def word(value: bool | None) -> str | None:
    return None if value is None else YES_NO[not value]


def _organisations(frame: Frame, corpus: Corpus) -> None:
    organisations = {row.pk: row for row in Organisation.objects.filter(study=corpus.study)}
    given = [organisations.get(row["organisation_id"]) for row in corpus.conversations]
    names = sorted(row.name for row in organisations.values())

    def add(field: Field, values: Iterable[str | None]) -> None:
        add_single(frame, field, values)

    add(
        single("organisation", CONVERSATION, OF_ORGANISATION, names),
        (row.name if row else None for row in given),
    )
    add(
        single("org_sector", CONVERSATION, OF_ORGANISATION, Organisation.Sector.values),
        ((row.sector or None) if row else None for row in given),
    )
    add(
        single("account_purpose", CONVERSATION, OF_ORGANISATION, Organisation.Purpose.values),
        ((row.account_purpose or None) if row else None for row in given),
    )
    for key in BOOLEANS:
        add(
            single(key, CONVERSATION, OF_ORGANISATION, YES_NO),
            (word(getattr(row, key)) if row else None for row in given),
        )


def _rounds(frame: Frame, corpus: Corpus) -> None:
    names = list(dict.fromkeys(round_.name for round_ in corpus.rounds))[:60]
    field = Field(
        "round",
        in_languages(FIELDS["round"]),
        CONVERSATION,
        MULTI,
        OF_CORPUS,
        tuple(Category(name, same(name)) for name in names),
    )
    given = [corpus.rounds_of[row["id"]] for row in corpus.conversations]
    add_multi(frame, field, given, reasons=np.zeros(len(given)))


def _times(frame: Frame, corpus: Corpus) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    moments = [row["created_at"] and row["created_at"].astimezone(zone) for row in corpus.messages]
    months = [moment and f"{moment:%Y-%m}" for moment in moments]
    field = single("month", MESSAGE, OF_CORPUS, sorted({month for month in months if month}), is_ordered=True)
    add_single(frame, field, months)
    days = [moment and f"day{moment.weekday()}" for moment in moments]
    add_single(frame, single("weekday", MESSAGE, OF_CORPUS, [f"day{n}" for n in range(7)]), days)
    parts = [moment and _part(moment.hour) for moment in moments]
    add_single(
        frame, single("hour", MESSAGE, OF_CORPUS, ("night", "morning", "office", "evening", "late")), parts
    )


def _part(hour: int) -> str:
    for until, name in ((6, "night"), (9, "morning"), (17, "office"), (22, "evening")):
        if hour < until:
            return name
    return "late"


def _authors(frame: Frame, corpus: Corpus) -> None:
    rows = corpus.messages
    roles = [row["account__role"] or AuthorRole.UNKNOWN for row in rows]
    add_single(frame, single("author_role", MESSAGE, OF_CORPUS, AuthorRole.values, gather=ANY), roles)
    platforms = [row["platform"] or None for row in rows]
    known = [name for name, _n in Counter(name for name in platforms if name).most_common(MOST_AGENTS)]
    add_single(frame, single("platform", MESSAGE, OF_CORPUS, sorted(known)), platforms)
    consumer = np.array([_is_consumer(row) for row in rows], dtype=bool)
    addressed = [row["addressed"] or None for row in rows]
    reasons = np.where(consumer, [VALID if value else UNKNOWN for value in addressed] or 0, ABSENT)
    field = single("addressed", MESSAGE, OF_CORPUS, ("this", "other", "none"))
    add_single(frame, field, addressed, reasons=reasons)
    for key, source in (("followers", "author_followers"), ("posts", "author_posts")):
        _of_consumers(frame, key, OF_ACCOUNT, [row[source] for row in rows], consumer)
    ages = [account_age_days(row["author_created_at"], row["created_at"]) for row in rows]
    _of_consumers(frame, "account_age_days", OF_ACCOUNT, ages, consumer)
    _of_consumers(frame, "reposts", OF_CORPUS, [row["reposts"] for row in rows], consumer)
    new = [None if age is None else word(age <= corpus.study.new_user_days) for age in ages]
    reasons = np.where(consumer, [UNKNOWN if value is None else VALID for value in new] or 0, ABSENT)
    add_single(frame, single("new_account", MESSAGE, OF_ACCOUNT, YES_NO), new, reasons=reasons)


def _is_consumer(row: dict[str, Any]) -> bool:
    return row["account__role"] == AuthorRole.CONSUMER and row["state"] == Message.State.PRESENT


def _of_consumers(
    frame: Frame, key: str, group: str, values: Sequence[float | None], consumer: np.ndarray
) -> None:
    reasons = np.where(consumer, [UNKNOWN if value is None else VALID for value in values] or 0, ABSENT)
    add_numbers(frame, number(key, MESSAGE, group), values, reasons=reasons)


def _suggested(frame: Frame, corpus: Corpus) -> None:
    """First contact, as the import worked it out."""
    first: set[int] = set()
    for some in portions([row["id"] for row in corpus.conversations], PORTION):
        found = ContextSuggestion.objects.filter(conversation__in=some, kind="first_contact")
        first.update(pk for pk in found.order_by().values_list("message_id", flat=True) if pk)
    values = [word(row["id"] in first) for row in corpus.messages]
    reasons = [VALID if _is_consumer(row) else ABSENT for row in corpus.messages]
    add_single(frame, single("first_contact", MESSAGE, OF_CORPUS, YES_NO), values, reasons=reasons)
    _asked_by_detector(frame, corpus)


def _asked_by_detector(frame: Frame, corpus: Corpus) -> None:
    """How many data an organisation's message asks, as the import found it."""
    asked: dict[int, int] = {}
    for some in portions([row["id"] for row in corpus.conversations], PORTION):
        found = ContextSuggestion.objects.filter(conversation__in=some, kind="asks_for_data").order_by()
        for pk, value in found.values_list("message_id", "value"):
            asked[pk or 0] = int(value.get("count", 0))
    counts = [asked.get(row["id"], 0) for row in corpus.messages]
    is_theirs = [
        row["account__role"] == AuthorRole.ORGANISATION and row["state"] == Message.State.PRESENT
        for row in corpus.messages
    ]
    reasons = [VALID if theirs else ABSENT for theirs in is_theirs]
    classes = ["3+" if count >= 3 else str(count) for count in counts]
    keys = ("0", "1", "2", "3+")
    field = single("data_asked_found", MESSAGE, OF_DETECTOR, keys, gather=LARGEST, is_ordered=True)
    add_single(frame, field, classes, reasons=reasons)
    field = number("n_data_found", MESSAGE, OF_DETECTOR, gather=LARGEST)
    add_numbers(frame, field, counts, reasons=reasons)


def _answers(frame: Frame, corpus: Corpus) -> None:
    """Per consumer's message the first answer after it: by whom, and how long it took.

    Without an answer the time is as long as was looked: until the last message of the collection, at most
    seven days.
    """
    signatures = _signatures(corpus)
    last = max((row["created_at"] for row in corpus.messages if row["created_at"]), default=None)
    minutes: list[float | None] = [None] * len(corpus.messages)
    happened = [False] * len(corpus.messages)
    agents: list[str | None] = [None] * len(corpus.messages)
    answer: dict[str, Any] | None = None
    conversation = None
    for at in range(len(corpus.messages) - 1, -1, -1):
        row = corpus.messages[at]
        if row["conversation_id"] != conversation:
            conversation, answer = row["conversation_id"], None
        if row["account__role"] == AuthorRole.ORGANISATION:
            answer, agents[at] = row, signatures.get(row["id"])
        elif _is_consumer(row):
            until = answer["created_at"] if answer else None
            minutes[at], happened[at] = waited(row["created_at"], until, last, is_answered=answer is not None)
            agents[at] = signatures.get(answer["id"]) if answer else None
    reasons = [
        ABSENT if not _is_consumer(row) else UNKNOWN if waiting is None else VALID
        for row, waiting in zip(corpus.messages, minutes, strict=True)
    ]
    field = number("response_minutes", MESSAGE, OF_CORPUS, is_time=True)
    add_numbers(frame, field, minutes, reasons=reasons, happened=happened)
    looked = [waited(row["created_at"], None, last, is_answered=False)[0] or 0.0 for row in corpus.messages]
    frame.columns["response_minutes"]["looked"] = np.array(looked, dtype=np.float64)
    unanswered = [word(row["unanswered"]) for row in corpus.conversations]
    add_single(frame, single("unanswered", CONVERSATION, OF_CORPUS, YES_NO), unanswered)
    first = [row["first_response_minutes"] for row in corpus.conversations]
    add_numbers(frame, number("first_response_minutes", CONVERSATION, OF_CORPUS), first)
    _agents(frame, corpus, agents)


def waited(
    asked: datetime | None, answered: datetime | None, last: datetime | None, *, is_answered: bool
) -> tuple[float | None, bool]:
    """Minutes until the answer and whether there was one; None where a time is unknown."""
    if asked is None or (is_answered and answered is None) or (answered is None and last is None):
        return None, False
    until = answered or last
    assert until is not None
    minutes = max(0.0, (until - asked).total_seconds() / 60)
    return min(minutes, WINDOW), answered is not None and minutes <= WINDOW


def _agents(frame: Frame, corpus: Corpus, agents: list[str | None]) -> None:
    counted = Counter(agent for agent in agents if agent)
    names = sorted(name for name, _n in counted.most_common(MOST_AGENTS))
    kept = set(names)
    values = [agent if agent in kept or agent is None else "other" for agent in agents]
    asked = np.array([bool(row["account__role"]) for row in corpus.messages], dtype=bool)
    reasons = np.where(asked, [UNKNOWN if value is None else VALID for value in values] or 0, ABSENT)
    keys = [*names, "other"] if len(counted) > len(names) else names
    add_single(frame, single("agent", MESSAGE, OF_CORPUS, keys, gather=ANY), values, reasons=reasons)


def _signatures(corpus: Corpus) -> dict[int, str]:
    found = {}
    asked = [row["id"] for row in corpus.messages if row["account__role"] == AuthorRole.ORGANISATION]
    for some in portions(asked, PORTION):
        for pk, text in Message.objects.filter(pk__in=some).order_by().values_list("pk", "text"):
            if signature := signature_of(text):
                found[pk] = signature
    return found


def _detected(frame: Frame, corpus: Corpus) -> None:
    """Kinds that the detector found in each message, by its newest version."""
    variable = lookup(corpus.study.codebook_version_id).type_variable
    if variable is None:
        return
    found: dict[int, set[str]] = defaultdict(set)
    for some in portions([row["id"] for row in corpus.messages], PORTION):
        rows = Candidate.objects.filter(message__in=some, version=corpus.study.detector_version)
        for pk, kind in rows.order_by().values_list("message_id", "info_type"):
            found[pk].add(kind)
    field = Field(
        "detected",
        in_languages(FIELDS["detected"]),
        MESSAGE,
        MULTI,
        OF_DETECTOR,
        tuple(Category(category.key, dict(category.label)) for category in variable.categories),
    )
    reasons = [VALID if row["state"] == Message.State.PRESENT else ABSENT for row in corpus.messages]
    add_multi(frame, field, (found.get(row["id"], ()) for row in corpus.messages), reasons=reasons)
