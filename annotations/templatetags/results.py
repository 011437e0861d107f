"""Measures of organisations, as a checklist shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from ..models import Organisation
from ..results.units.words import MEASURES

register = template.Library()


@dataclass(frozen=True)
class Answer:
    is_there: bool | None
    on: str
    source: str


@register.filter
def measure_labels(_organisations: Iterable[Organisation]) -> list[str]:
    return [str(label) for label in MEASURES.values()]


@register.filter
def measures(organisation: Organisation) -> list[Answer]:
    rests = organisation.measures
    return [
        Answer(
            getattr(organisation, key), rests.get(key, {}).get("on", ""), rests.get(key, {}).get("source", "")
        )
        for key in MEASURES
    ]
