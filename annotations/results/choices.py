"""What the table builder offers: every field under its heading, and the values of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..codebooks.categories import text_in
from ..codebooks.lookup import lookup
from ..models import Study
from .units.frame import NUMBER, TIME, Frame
from .wording import UNITS

GROUPS = {
    "organisation": _("Organisation"),
    "corpus": _("Messages and time"),
    "account": _("Account"),
    "detector": _("Detector"),
    "derived": _("Worked out from the codes"),
}


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    unit: str
    is_number: bool
    values: list[tuple[str, str]]


def choices_of(study: Study, frame: Frame, language: str) -> list[tuple[str, list[Choice]]]:
    """Heading and fields: the codebook's modules first, then the facts."""
    modules = {
        module.key: text_in(module.label, language)
        for module in lookup(study.codebook_version_id).spec.modules
    }
    headings = modules | {key: str(label) for key, label in GROUPS.items()}
    found: dict[str, list[Choice]] = {}
    for field in frame.fields.values():
        found.setdefault(field.group, []).append(
            Choice(
                field.key,
                text_in(field.label, language),
                str(UNITS[field.level]),
                field.kind in (NUMBER, TIME),
                [(category.key, text_in(category.label, language)) for category in field.categories],
            )
        )
    order = [*modules, *GROUPS, *found]
    return [(headings.get(group, group), found[group]) for group in dict.fromkeys(order) if group in found]
