"""The words the page's scripts say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Parts in {braces} are filled in by the page."""
    return {
        "saved": _("Saved"),
        "typing": _("Not saved yet"),
        "saving": _("Saving …"),
        "waiting": _("Waiting for the network ({n})"),
        "offlineLong": _(
            "There is no connection to the server. Go on coding: what you do is kept here and saved as soon "
            "as the connection is back. Leave this tab open."
        ),
        "signedOut": _("Signed out ({n} not saved)"),
        "signedOutLong": _(
            "You are signed out. Sign in again in a new tab; what you did here is kept and is saved then."
        ),
        "notSaved": _("Not saved"),
        "deniedLong": _("The last action was not saved: this conversation is no longer yours to change."),
        "busy": _("Server is busy ({n})"),
        "busyLong": _("The server cannot save now. Go on coding: what you do is kept here and saved later."),
        "aside": _("Not stored ({n})"),
        "asideWhy": _("The server could not store this; everything else went on."),
        "fragment": _("fragment"),
        "confirm": _("Confirm ({n})"),
        "opened": _("Opened:"),
        "conflict": _("Two versions ({n})"),
        "conflictLong": _("This was answered elsewhere in the meantime, perhaps in another tab."),
        "mine": _("Here"),
        "theirs": _("Elsewhere"),
        "keepMine": _("Keep mine"),
        "takeTheirs": _("Take the other"),
        "nothing": _("no answer"),
        "spanGone": _("This fragment was removed elsewhere."),
        "spanMoved": _("This fragment got other boundaries elsewhere."),
        "toCode": _("to be coded"),
        "optional": _("optional"),
        "rejected": _("you decided: not personal data"),
        "byHand": _("marked by hand"),
        "whichKind": _("which kind?"),
        "earlier": _("earlier:"),
        "proposed": _("Sent. You will read the answer under Codebook."),
        "selected": _("Selected:"),
        "open": _("{n} open"),
        "nothingOpen": _("nothing open"),
        "openLong": _("{questions} questions and {candidates} candidates are open"),
        "nextOpen": _("Onward"),
        "finish": _("Finish"),
        "next": _("Next conversation"),
        "reveal": _("Show"),
        "hide": _("Hide"),
        "asked": _("Your question is with the supervisor."),
        "notAsked": _("The question could not be sent; it still stands here. Try again in a moment."),
        "notShown": _("Could not be shown"),
        "contextStale": _(
            "Somebody filled this in meanwhile: their values are shown now. Check them and save again."
        ),
    }
