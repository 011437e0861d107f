"""Forms of people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _


class SignInForm(auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": _("This user name and password do not belong together. Mind capitals."),
        "inactive": _("This account is closed. Ask a supervisor of your study."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        # Phones and tablets would change what people type.
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class PasswordChangeForm(auth_forms.PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        explain_password(self.fields["new_password1"])


def explain_password(field: forms.Field) -> None:
    """One sentence instead of Django's list; the rules themselves are in the settings."""
    field.help_text = _(
        "At least 12 characters; not your name, not a number only, not a common password. "
        "A few words in a row are easy to remember and hard to guess."
    )
