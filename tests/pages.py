"""What a page rests on: the code of its view and all that it imports, its templates and all they include."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.imports import BASE, imported_by
from tests.world import addresses

EVERY_PAGE = (
    "webcare_coding",
    "annotations/apps.py",
    "annotations/accounts",
    "annotations/common",
    "annotations/migrations",
    "annotations/models",
    *(f"templates/{path.name}" for path in (BASE / "templates").glob("*.html")),
)
EVERYTHING = ("annotations", "templates", "webcare_coding")
TAGS = Path("annotations", "templatetags")
LOAD = re.compile(r"\{% load ([^%]+)%\}")
TEMPLATE = re.compile(r"""["']((?:[\w-]+/)*[\w-]+\.(?:html|txt))["']""")


@cache
def code_of(name: str) -> tuple[str, ...]:
    """Files and folders; without locale/ and static/, which a test names that looks at words or at looks."""
    views = {_file(pattern.callback.__module__) for known, pattern in addresses() if known == name} - {None}
    if not views:
        return EVERYTHING
    code, templates = _with_templates(views)
    tags = {TAGS / f"{word}.py" for template in templates for word in _loaded(template)}
    of_tags, their_templates = _with_templates(tag for tag in tags if (BASE / tag).is_file())
    # A name that is put together lies with the feature.
    own = {f"templates/annotations/{view.parts[1]}" for view in views}
    own |= {(view.parents[at] / "urls.py").as_posix() for view in views for at in range(len(view.parts) - 1)}
    files = {path.as_posix() for path in code | of_tags | templates | their_templates}
    return (*EVERY_PAGE, *sorted(files | own))


def _file(module: str) -> Path | None:
    place = Path(*module.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next(
        (file for file in files if module.startswith("annotations.") and (BASE / file).is_file()), None
    )


def _with_templates(files: Iterable[Path]) -> tuple[set[Path], set[Path]]:
    """All that these files import, and the templates that are named there, with all that those include."""
    code = {file for start in files for file in imported_by(start)}
    waiting = [template for file in code for template in _named(file)]
    templates: set[Path] = set()
    while waiting:
        template = waiting.pop()
        if template not in templates:
            templates.add(template)
            waiting.extend(_named(template))
    return code, templates


@cache
def _loaded(template: Path) -> frozenset[str]:
    """Libraries of tags that this template loads."""
    found = LOAD.findall((BASE / template).read_text(encoding="utf-8"))
    return frozenset(word for words in found for word in words.split())


@cache
def _named(file: Path) -> frozenset[Path]:
    """Templates whose name stands in this file."""
    paths = {Path("templates", name) for name in TEMPLATE.findall((BASE / file).read_text(encoding="utf-8"))}
    return frozenset(path for path in paths if (BASE / path).is_file())
