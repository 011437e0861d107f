"""The questions beside a conversation, drawn once per process: they are the same for a whole round."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ...models import Round
from ..panels import panels_of


def questions_of(round_: Round, language: str) -> SafeString:
    """Every question of the round, hidden; the page's script shows those that are asked."""
    modules = frozenset(round_.modules)
    return _drawn(round_.codebook_version_id, modules, round_.study.slug, round_.pk, language)


@lru_cache(maxsize=32)
def _drawn(version_id: int, modules: frozenset[str], slug: str, round_id: int, language: str) -> SafeString:
    """Holds the codebook's words only, nothing of conversations, coders or answers."""
    context = {"sections": panels_of(version_id, modules, language), "slug": slug, "round_id": round_id}
    return render_to_string("annotations/coding/questions.html", context)
