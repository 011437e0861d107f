"""Why a message is a no: a reason with every negative, of the usual ones or in a supervisor's own words.

A usual one is stored by its key, so that it is read in the reader's language; an own one as it was written.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

NOTHING = "nothing_visible"
REASONS: dict[str, str | Promise] = {
    NOTHING: _("nothing visible"),
    "organisation_only": _("only of the organisation itself"),
    "said_only": _("only said that it was sent"),
    "other_kind": _("a kind that is not looked for"),
    "absent": _("does not occur"),
    "other_subject": _("about something else"),
}
OF_PERSONAL_DATA = (NOTHING, "organisation_only", "said_only", "other_kind")
OF_OTHERS = ("absent", "other_subject")
MOST, LONGEST = 9, 60
"""As many as there are keys for, each short enough for a button."""


def reasons_for(variable: str) -> list[str]:
    """Keys of the reasons for a no to this variable; the first is the usual one."""
    return list(OF_PERSONAL_DATA if variable == "contains_pii" else OF_OTHERS)


def read_reasons(written: Sequence[str]) -> list[str]:
    """Reasons as they are stored, from lines of words; a usual one is known in every language."""
    lines = (" ".join(line.split()) for line in written)
    return [_known().get(line.casefold(), line) for line in lines if line]


def problem_of(reasons: Sequence[str]) -> str:
    """Why these cannot be the reasons of a screening; empty where they can."""
    if not 1 <= len(reasons) <= MOST:
        return gettext("Give 1 to %(most)d reasons for a no: each has a key.") % {"most": MOST}
    if any(len(reason) > LONGEST for reason in reasons):
        return gettext("A reason for a no has at most %(most)d characters.") % {"most": LONGEST}
    if len({reason.casefold() for reason in reasons}) < len(reasons):
        return gettext("A reason for a no stands there twice.")
    return ""


def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with override(language):
            found |= {str(label).casefold(): key for key, label in REASONS.items()}
    return found


def reason_label(key: str) -> str:
    return str(REASONS.get(key, key))
