"""Of which kind a part of a document is."""

from __future__ import annotations

from django import template

from ..documents.document import Part

register = template.Library()


@register.filter
def kind(part: Part) -> str:
    """paragraph, bullets, grid or picture."""
    return type(part).__name__.lower()
