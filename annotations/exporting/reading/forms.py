from django import forms
from django.utils.translation import gettext_lazy as _


class CodingsForm(forms.Form):
    file = forms.FileField(
        label=_("File with codings"),
        help_text=_(
            "codings_long.csv, study.xlsx, a .sav or project.qdpx of an export; or a table that was coded "
            "elsewhere (CSV, Excel, SPSS, Stata): a row per text, codes in columns."
        ),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx,.xls,.ods,.sav,.zsav,.dta,.qdpx"}),
    )
    round_name = forms.CharField(
        label=_("Round"),
        help_text=_("Empty: the round that the file names, else “main”; of a table, the name of the file."),
        max_length=80,
        required=False,
    )
    create_coders = forms.BooleanField(label=_("Make coders that are not there yet"), required=False)
