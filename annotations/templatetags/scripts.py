"""A script module of ours with all it imports, fetched side by side instead of one level after the other."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_IMPORT = re.compile(r'\b(?:from|import) ?"(\.\.?/[^"]+)"')


@register.simple_tag
def script_module(name: str) -> SafeString:
    """The tags that load a module: `{% script_module "annotations/js/coding/main.js" %}`."""
    ahead = modules_of(name) if settings.DEBUG else _known(name)
    return format_html(
        '{}<script type="module" src="{}"></script>',
        format_html_join("", '<link rel="modulepreload" href="{}">', ((static(path),) for path in ahead)),
        static(name),
    )


def modules_of(name: str) -> list[str]:
    """The static names of everything a module imports, directly or not, in alphabetical order."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        module = ahead.pop()
        path = finders.find(module)
        if path is None:
            raise FileNotFoundError(f"{name} imports {module}, which is no static file")
        for place in _IMPORT.findall(Path(path).read_text(encoding="utf-8")):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(module), place))
            if imported not in found:
                found.add(imported)
                ahead.append(imported)
    return sorted(found - {name})


_known = lru_cache(maxsize=None)(modules_of)
