"""Forms of people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from ..models import Membership

# Phones and tablets would change the names that people type.
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class SignInForm(auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": _("This user name and password do not belong together. Mind capitals."),
        "inactive": _("This account is closed. Ask a supervisor of your study."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs |= AS_TYPED


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


class ChoosePasswordForm(forms.Form):
    """For who opens a sign-in link. Whether the password is good enough is said by accounts/links.py."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        explain_password(self.fields["password"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("This is not the same password."))
        return values


class CodeForm(forms.Form):
    """A code of the app on the phone, or a recovery code."""

    wrong = _("This code is not right. The app shows a new one every half minute; is its clock right?")
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs=AS_TYPED | {"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}
        ),
    )


class PasswordForm(forms.Form):
    wrong = _("This is not your password.")
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NewMemberForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("What the person signs in with. The name of an account that exists already is fine too."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    full_name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Supervisors see it; exports never hold it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.CODER,
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(
        label=_("I know from this person that this is their user name."),
        required=False,
    )


class ChangeMemberForm(forms.Form):
    """`seen_role` and `seen_active` are what the page showed when it was opened."""

    role = forms.ChoiceField(choices=Membership.Role.choices, required=False)
    active = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1", required=False, empty_value=None
    )
    seen_role = forms.ChoiceField(choices=Membership.Role.choices)
    seen_active = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
