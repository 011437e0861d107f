"""Texts of the codebook in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from .categories import text_in


def in_language(text: Mapping[str, str] | None, language: str | None = None) -> str:
    """A text of the codebook in a language (default: the reader's), else in the first that it has."""
    return text_in(text or {}, language or get_language() or "")
