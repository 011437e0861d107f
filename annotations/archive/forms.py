from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..studies.create import SLUG_LENGTH
from .sealed import LEAST


def _passphrase(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("An archive holds every text as it is: say what it is for. It goes into the log."),
        max_length=300,
    )
    passphrase = _passphrase(
        _("Passphrase"),
        _("At least 12 characters, such as five words. Nobody keeps it: without it the file is lost."),
    )
    again = _passphrase(_("Passphrase, once more"))

    def clean(self) -> None:
        cleaned = super().clean() or {}
        given = cleaned.get("passphrase", "")
        if given and len(given.strip()) < LEAST:
            self.add_error("passphrase", _("This is too short: at least 12 characters."))
        elif given and cleaned.get("again") and given != cleaned["again"]:
            self.add_error("again", _("The two passphrases differ."))


class ArrivalForm(forms.Form):
    file = forms.FileField(
        label=_("Archive of a study"),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".zip,.study"}),
    )
    passphrase = _passphrase(_("Passphrase"), _("Of whoever made the file."))
    slug = forms.SlugField(
        label=_("Another address"),
        help_text=_("Empty: the address that the study had. Needed where that is taken here."),
        max_length=SLUG_LENGTH,
        required=False,
    )
    matches_people = forms.BooleanField(
        label=_("People with the same user name or e-mail address are the same people"),
        help_text=_(
            "Only where you know that: they get the work and the rights of their namesakes in this study. "
            "Otherwise everybody becomes an account that nobody can sign in to."
        ),
        required=False,
    )
    supervises = forms.BooleanField(label=_("I become a supervisor of it"), required=False, initial=True)
