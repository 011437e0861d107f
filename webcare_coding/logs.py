"""Logs hold no text of messages and no personal data."""

import logging
import re
import traceback
from http import HTTPStatus
from types import TracebackType

# Who reads the token of a sign-in link in a log could use the link.
SIGN_IN_LINK = re.compile(r"(/link/)[\w-]+")


class RefusedInOneLine(logging.Filter):
    """Of a page that was refused only who asked for what: a person by number, an address without its query.

    Where in the program it was refused says nothing: a coder who follows a supervisor's link is no fault, nor
    is what a stranger sends that is too large or misshapen.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            asked = getattr(record, "request", None)
            person = getattr(getattr(asked, "user", None), "pk", None)
            who = "somebody signed out" if person is None else f"user {person}"
            record.msg = "403 for %s: %s %s"
            record.args = (who, getattr(asked, "method", ""), _on_one_line(getattr(asked, "path", "")))
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django.security."):
            asked = getattr(record, "request", None)
            kind = record.name.rpartition(".")[2]
            record.msg = "refused (%s): %s %s"
            record.args = (kind, getattr(asked, "method", ""), _on_one_line(getattr(asked, "path", "")))
            record.exc_info = record.exc_text = None
        return True


def _on_one_line(path: str) -> str:
    return path.encode("unicode_escape").decode("ascii")


class QuietFormatter(logging.Formatter):
    """Writes where an exception arose and its class, and leaves out what it says.

    The words of an exception can quote what people wrote: PostgreSQL puts the failing row in them,
    and `int()` repeats what it could not read.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without the tokens of sign-in links."""
        return SIGN_IN_LINK.sub(r"\1…", super().format(record))

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, where = ei
        if kind is None:
            return ""
        lines = traceback.format_tb(where)
        return "".join(lines) + f"{kind.__module__}.{kind.__qualname__} (its words are left out of the log)"
