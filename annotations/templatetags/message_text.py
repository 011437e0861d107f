"""Draws a message's segments as HTML; every character of the text is escaped."""

from __future__ import annotations

import re
from collections.abc import Set

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ..coding.text import Leaf, Mark, Marked, Segment, segments

register = template.Library()
_NAMES = re.compile(r"(?:@\w{1,50}\s+){2,}")


@register.simple_tag
def message_text(text: str, marks: list[Mark], masked: list[tuple[int, int]]) -> SafeString:
    """The inside of `.msg__text`: nothing but text, marks and atoms that carry their stored characters."""
    cut = {
        mark.end
        for mark in marks
        if text[mark.end : mark.end + 1].strip() and not any(start <= mark.end < end for start, end in masked)
    }
    return _all(segments(text, marks, masked), _leading(text), cut)


def _leading(text: str) -> int:
    """Where the names end with which a reply to several accounts begins; 0 if there are fewer than two."""
    found = _NAMES.match(text)
    return found.end() if found else 0


def _all(nodes: list[Segment], leading: int, cut: Set[int]) -> SafeString:
    """`leading`: where the names end that are folded; `cut`: ends of marks inside a word or a number."""
    drawn = (_leaf(n, leading) if isinstance(n, Leaf) else _marked(n, leading, cut) for n in nodes)
    return format_html_join("", "{}", ((part,) for part in drawn))


def _leaf(leaf: Leaf, leading: int) -> SafeString:
    shown: SafeString = escape(leaf.shown)
    if leaf.kind == "masked":
        return format_html('<span class="redacted">{}</span>', shown)
    if leaf.is_atom:
        stored = ".".join(f"{ord(character):x}" for character in leaf.stored)
        css = "odd" if leaf.kind == "odd" or leaf.shown.startswith("U+") else "ent"
        shown = format_html('<span class="{}" data-stored="{}">{}</span>', css, stored, shown)
    if not leaf.token:
        return shown
    folds = " inert--leading" if leaf.start < leading else ""
    return format_html('<span class="inert inert--{}{}">{}</span>', leaf.token, folds, shown)


def _marked(node: Marked, leading: int, cut: Set[int]) -> SafeString:
    mark = node.mark
    whole = node.first and node.last
    piece = "" if whole else " span--from" if node.first else " span--to" if node.last else " span--mid"
    if node.last and mark.end in cut:
        piece += " span--inside"
    return format_html(
        '<mark class="span {}{}" data-span="{}"{}>{}</mark>',
        mark.css,
        piece,
        mark.key,
        format_html(' data-tag="{}"', mark.tag) if node.last else "",
        _all(node.children, leading, cut),
    )
