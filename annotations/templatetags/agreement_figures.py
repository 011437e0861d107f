"""Figures of agreement in APA's way."""

from __future__ import annotations

from django import template

from ..agreement.wording import apa, percent

register = template.Library()
register.filter("apa", apa)
register.filter("percent", percent)
