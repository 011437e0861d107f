"""Logs hold no text of messages and no personal data."""

import logging
import traceback
from types import TracebackType


class QuietFormatter(logging.Formatter):
    """Writes where an exception arose and its class, and leaves out what it says.

    The words of an exception can quote what people wrote: PostgreSQL puts the failing row in them,
    and `int()` repeats what it could not read.
    """

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, where = ei
        if kind is None:
            return ""
        lines = traceback.format_tb(where)
        return "".join(lines) + f"{kind.__module__}.{kind.__qualname__} (its words are left out of the log)"
