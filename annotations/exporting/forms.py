from django import forms
from django.utils.translation import gettext_lazy as _

from .profile import PROFILES


class ExportForm(forms.Form):
    profile = forms.ChoiceField(
        label=_("For whom"),
        choices=[(name, profile.label) for name, profile in PROFILES.items()],
        initial="research",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for the restricted files; it goes into the log."),
        max_length=300,
        required=False,
    )

    figures = forms.BooleanField(
        label=_("With figures"),
        help_text=_(
            "Each table drawn as SVG, PNG and PDF, for a journal. Made in the background; the first time it "
            "takes a few minutes."
        ),
        required=False,
    )

    def clean(self) -> None:
        cleaned = super().clean() or {}
        if cleaned.get("profile") == "restricted" and not cleaned.get("reason"):
            self.add_error("reason", _("Say why you need the restricted files; it goes into the log."))
