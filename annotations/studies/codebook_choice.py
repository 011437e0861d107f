"""Which codebook a study uses: a built-in one by key, or a file of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from .. import codebooks
from ..codebooks.problems import CodebookError, Problem
from ..codebooks.store import store_codebook
from ..errors import BadInput
from ..models import CodebookVersion

LIBRARY = Path(codebooks.__path__[0]) / "library"
LARGEST_FILE = 2 * 1024 * 1024
NEWCOMERS = "webcare_privacy_core"


class FaultyCodebook(BadInput):
    """A file that is no usable codebook; each problem names line, column and key."""


def built_in_keys() -> list[str]:
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def stored_version(codebook: str | bytes, *, actor_id: int | None) -> CodebookVersion:
    """The stored version of a built-in codebook (by its key) or of the text of a YAML file.

    Raises FaultyCodebook.
    """
    if codebook in built_in_keys():
        codebook = (LIBRARY / f"{codebook!s}.yaml").read_bytes()
    if len(codebook) > LARGEST_FILE:
        raise FaultyCodebook(_("The codebook is larger than 2 MB: that is no codebook."))
    try:
        return store_codebook(codebook, actor_id=actor_id)
    except CodebookError as error:
        raise FaultyCodebook([in_words(problem) for problem in error.problems]) from error


def in_words(problem: Problem) -> str:
    """A problem of a codebook file in the reader's language."""
    place = _("line %(line)d, column %(column)d") % {"line": problem.line, "column": problem.column}
    key = f"{problem.key}: " if problem.key else ""
    return f"{place}: {key}{problem.as_sentence(_)}"


def chosen_modules(version: CodebookVersion, wanted: Sequence[str] | None) -> list[str]:
    """Module keys in the codebook's order; None: the codebook's own choice.

    Raises BadInput for a key that it does not have.
    """
    if wanted is None:
        return [module["key"] for module in version.modules if module["default_on"]]
    known = [module["key"] for module in version.modules]
    problems = [
        _("The codebook has no module “%(module)s”; it has %(known)s.")
        % {"module": module, "known": ", ".join(known)}
        for module in wanted
        if module not in known
    ]
    if problems:
        raise BadInput(problems)
    return [module for module in known if module in wanted]
