"""A figure on a page: the picture in light and dark, what can be taken along, and its table."""

from __future__ import annotations

from typing import Any

from django import template

from ..figures.drawing import WIDTHS, Look
from ..figures.kept import remember, size_of
from ..figures.records import Drawable

register = template.Library()
NARROW = "(max-width: 720px)"
WIDE = "(min-width: 0)"
BY_SYSTEM = "(prefers-color-scheme: dark)"


@register.inclusion_tag("annotations/figures/figure.html", takes_context=True)
def figure(
    context: Any,
    record: Drawable,
    *,
    table: str = "",
    heading: bool = True,
    width: str = "page",
    paper: bool = False,
) -> Any:
    """`record` as a <figure>.

    table: id of an element of the page that says the same in figures; without it the figure's own table is
    there to be opened. heading: whether the title stands above it. width: column or page. paper: the page
    looks like paper in either theme, and is there to be printed.
    """
    request = context["request"]
    study = request.study
    key = remember(study.pk, record)
    theme = request.COOKIES.get("theme", "")
    header, rows = record.table()
    return {
        "slug": study.slug,
        "key": key,
        "record": record,
        "width": width,
        "size": size_of(study.pk, key, Look("light", width)),
        "narrow": NARROW if width == "page" else "",
        "dark": [
            (look, when, _media(theme, when))
            for look, when in (("dark-column", NARROW), (f"dark-{width}", WIDE))
            if look != f"dark-{width}" or when == WIDE
        ]
        if not paper
        else [],
        "loading": "eager" if paper else "lazy",
        "table": table,
        "heading": heading,
        "header": header,
        "rows": rows,
        "files": [(name, round(millimetres)) for name, millimetres in WIDTHS.items()],
    }


def _media(theme: str, when: str) -> str:
    """When the dark picture is shown: never on paper, and as the reader chose on the screen."""
    if theme == "light":
        return "not all"
    return f"screen and {when}" if theme == "dark" else f"screen and {BY_SYSTEM} and {when}"
