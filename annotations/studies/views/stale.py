"""A form filled in while somebody else saved: both versions beside each other, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


def both_versions(form: forms.Form, current: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that differ: what stands there now beside what was filled in.

    `current` holds the form's fields as they are stored, `revision` among them: saving the form again is
    based on that.
    """
    differing = [
        {
            "label": form.fields[name].label,
            "now": _in_words(form, name, current[name]),
            "mine": _in_words(form, name, form.cleaned_data[name]),
        }
        for name in form.fields
        if name != "revision" and _comparable(form.cleaned_data[name]) != _comparable(current[name])
    ]
    again: Any = form.data.copy()  # type: ignore[attr-defined]
    again["revision"] = str(current["revision"])
    form.data = again
    return differing


def _comparable(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(sorted(value)) if isinstance(value, list) else str(value).replace("\r\n", "\n").strip()


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    choices: Any = getattr(form.fields[name], "choices", ())
    labels: dict[str, str] = {str(key): str(label) for key, label in choices}
    if isinstance(value, list):
        return ", ".join(labels.get(str(key), str(key)) for key in value)
    return labels.get(str(value), "" if value is None else str(value))
