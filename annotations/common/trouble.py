"""What the machine or the database cannot do just now, as one sentence that says which."""

from __future__ import annotations

import errno

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext as _

FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
# Of PostgreSQL: lock not available, deadlock, statement ended by a time limit.
LOCKED_STATES = {"55P03", "40P01", "57014"}
FULL_STATES = {"53100"}


def is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    text = str(error)
    return isinstance(error, DatabaseError) and ("disk is full" in text or _state(error) in FULL_STATES)


def is_locked(error: BaseException) -> bool:
    """Whether other work held the database, or the row, for too long."""
    if not isinstance(error, OperationalError):
        return False
    return (str(error).startswith("database") and "locked" in str(error)) or _state(error) in LOCKED_STATES


def is_away(error: BaseException) -> bool:
    """Whether the database server does not answer or closed the connection."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = _state(error)
    # Without a state the connection was lost, or never made; 57P0x is the server shutting down.
    is_postgres = type(error.__cause__).__module__.startswith("psycopg")
    return is_postgres and (state is None or state.startswith(("57P0", "08")))


def sentence_for(error: BaseException) -> str | None:
    """What is wrong and what to do, or None where the program itself is wrong."""
    if is_disk_full(error):
        return _(
            "The server's disk is full; nothing was stored. Tell the administrator, and try again when there "
            "is room."
        )
    if is_locked(error):
        return _(
            "The database is busy with other work, such as a large import; nothing was stored. Try again in "
            "a minute."
        )
    if is_away(error):
        return _("The database does not answer; nothing was stored. Try again in a minute.")
    return None


def _state(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
