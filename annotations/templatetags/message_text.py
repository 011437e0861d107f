"""Draws a message's segments as HTML; every character of the text is escaped."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ..coding.text import Leaf, Mark, Marked, Segment, segments

register = template.Library()


@register.simple_tag
def message_text(text: str, marks: list[Mark], masked: list[tuple[int, int]]) -> SafeString:
    """The inside of `.msg__text`: nothing but text, marks and atoms that carry their stored characters."""
    return _all(segments(text, marks, masked))


def _all(nodes: list[Segment]) -> SafeString:
    return format_html_join("", "{}", ((_leaf(n) if isinstance(n, Leaf) else _marked(n),) for n in nodes))


def _leaf(leaf: Leaf) -> SafeString:
    shown: SafeString = escape(leaf.shown)
    if leaf.kind == "masked":
        return format_html('<span class="redacted">{}</span>', shown)
    if leaf.is_atom:
        stored = ".".join(f"{ord(character):x}" for character in leaf.stored)
        css = "odd" if leaf.kind == "odd" or leaf.shown.startswith("U+") else "ent"
        shown = format_html('<span class="{}" data-stored="{}">{}</span>', css, stored, shown)
    return format_html('<span class="inert inert--{}">{}</span>', leaf.token, shown) if leaf.token else shown


def _marked(node: Marked) -> SafeString:
    mark = node.mark
    whole = node.first and node.last
    piece = "" if whole else " span--from" if node.first else " span--to" if node.last else " span--mid"
    return format_html(
        '<mark class="span {}{}" data-span="{}"{}>{}</mark>',
        mark.css,
        piece,
        mark.key,
        format_html(' data-tag="{}"', mark.tag) if node.last else "",
        _all(node.children),
    )
