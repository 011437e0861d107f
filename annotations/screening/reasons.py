"""Why a message is a no: a reason with every negative. Reads only."""

from __future__ import annotations

from django.utils.functional import Promise
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


def reasons_for(variable: str) -> list[str]:
    """Keys of the reasons for a no to this variable; the first is the usual one."""
    return list(OF_PERSONAL_DATA if variable == "contains_pii" else OF_OTHERS)


def reason_label(key: str) -> str:
    return str(REASONS.get(key, key))
