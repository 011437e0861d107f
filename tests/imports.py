"""What a test file rests on, read from its imports, so that `long` cannot forget a part of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
OURS = {"annotations", "webcare_coding", "tests", "bench", "run"}
OF_EVERY_TEST = {"requirements.txt", "requirements-test.txt", "pyproject.toml"} | {
    f"tests/{name}.py" for name in ("conftest", "settings", "imports", "changes")
}


def changed_for(path: Path, code: Iterable[str], changed: set[str]) -> bool:
    """Whether what this test file rests on changed.

    That is the code it names, the test modules it imports and the data beside it; with no code named,
    everything it imports, directly or not, and the data beside that.
    """
    named = tuple(code)
    imported = imported_by(path.relative_to(BASE) if path.is_absolute() else path)
    counted = {file for file in imported if not named or file.parts[0] == "tests"}
    return any(
        name in OF_EVERY_TEST
        or name.startswith("tests/files/")
        or Path(name) in counted
        or any(name == part or name.startswith(f"{part}/") for part in named)
        or (not name.endswith(".py") and not folders_of(counted).isdisjoint(Path(name).parents))
        for name in changed
    )


def is_changed(path: Path, *code: str) -> bool:
    """changed_for what the runner found; true where that is not told."""
    if "CHANGED_FILES" not in os.environ:
        return True
    changed = set(os.environ["CHANGED_FILES"].splitlines())
    return changed_for(path, code, changed)


def folders_of(files: Iterable[Path]) -> set[Path]:
    """Where data lies that these files read: no import tells of it."""
    return {file.parent for file in files} - {Path(), Path("annotations"), Path("tests")}


@cache
def imported_by(path: Path) -> frozenset[Path]:
    """The file itself and every file of this repository that it imports, directly or not.

    Given from the root of the repository, and so are they.
    """
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting.extend(_imports(file))
    return frozenset(found)


IMPORT = re.compile(
    r"^[ \t]*(?:from[ ]([.\w]+)[ ]import[ ](\([^)]*\)|[^\n]+)|import[ ]([^\n]+))", re.MULTILINE
)
COMMENT = re.compile(r"#[^\n]*")


@cache
def _imports(path: Path) -> frozenset[Path]:
    """Read as text, as the formatter leaves it: hundreds of files have to be read in no time."""
    found: set[Path] = set()
    for module, names, modules in IMPORT.findall((BASE / path).read_text(encoding="utf-8")):
        depth = len(module) - len(module.lstrip("."))
        package = path.parts[:-depth] if depth else ()
        start = ".".join([*package, *filter(None, [module.lstrip(".")])])
        for name in COMMENT.sub("", names or modules).strip("() ").split(","):
            first = name.split(" as ")[0].strip()
            found.update(_files(".".join(filter(None, [start, first]))))
    return frozenset(found)


@cache
def _files(name: str) -> tuple[Path, ...]:
    """Files that are run when this module, or this name of a module, is imported."""
    parts = name.split(".")
    if parts[0] not in OURS:
        return ()
    place = Path(*parts)
    package = _files(".".join(parts[:-1])) if parts[1:] else ()
    return (
        *package,
        *(file for file in (place.with_suffix(".py"), place / "__init__.py") if (BASE / file).is_file()),
    )
