"""Writes what is suggested of conversations. A suggestion is made anew, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection

from ...common.bulk import Table, delete, update
from ...models import ContextSuggestion
from ..facts.facts import OF_THREAD, Facts
from .writer import Step

SUGGESTIONS = Table(ContextSuggestion, ("conversation_id", "message_id", "kind", "value", "evidence"))
_JSON = json.JSONEncoder(ensure_ascii=False)  # one for all: making it takes longer than using it

Found = tuple[int, Sequence[int], Facts]
"""A conversation, its messages in reading order, its facts."""


def replace_suggestions(found: Iterable[Found]) -> None:
    """Replace all suggestions of conversations."""
    found = list(found)
    ContextSuggestion.objects.filter(conversation__among=[pk for pk, _messages, _facts in found]).delete()
    _insert(found)


def suggestion_steps(found: Sequence[Found], changed: Sequence[int]) -> list[Step]:
    """Replace what is suggested of conversations as a whole, and of the messages that changed."""
    whole = [pk for pk, _messages, _facts in found]
    rows = [row for facts in found for row in suggestion_rows(*facts)]
    return [
        partial(delete, model=ContextSuggestion, field="conversation_id", values=whole, kind=OF_THREAD),
        partial(delete, model=ContextSuggestion, field="message_id", values=changed),
        partial(SUGGESTIONS.write, rows=rows),
    ]


def move_suggestions(moved: Mapping[int, int]) -> None:
    """Take what is suggested of messages along to another conversation: the one they were in -> the new."""
    if moved:
        held = ContextSuggestion.objects.filter(conversation__among=list(moved)).order_by()
        held.filter(kind=OF_THREAD).delete()
        rows = [(pk, moved[old]) for pk, old in held.values_list("pk", "conversation_id")]
        with connection.cursor() as cursor:
            update(cursor, ContextSuggestion, ["conversation_id"], rows)


def suggestion_rows(conversation: int, messages: Sequence[int], facts: Facts) -> list[tuple[Any, ...]]:
    return [
        (conversation, messages[fact.at], fact.kind, _as_json(fact.value), _as_json(fact.evidence))
        for fact in facts.suggestions
    ]


def _insert(found: Iterable[Found]) -> None:
    SUGGESTIONS.insert([row for facts in found for row in suggestion_rows(*facts)])


def _as_json(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return "{}" if value == {} else _JSON.encode(value)
