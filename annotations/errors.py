"""The project's own exceptions. Functions below the views raise these; views and commands show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class WebcareError(Exception):
    """Base of all; its text is one clear sentence for a person: what, where, what to do."""


class BadInput(WebcareError):
    """Input that was refused; nothing was stored. `problems` holds a sentence each."""

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class NotAllowed(WebcareError):
    """This person may not do this."""


class StaleWrite(WebcareError):
    """Somebody (another tab, perhaps) wrote since.

    `current` is what stands there now, `revision` its number.
    """

    def __init__(self, current: Any, revision: int) -> None:
        self.current = current
        self.revision = revision
        super().__init__("This was changed elsewhere in the meantime.")
