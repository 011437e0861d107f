"""Changes the settings of a study, for one who has seen what stands there now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import Event, Study
from .codebook_choice import chosen_modules, stored_version

FIELDS = (
    "name",
    "description",
    "privacy",
    "modules",
    "new_user_days",
    "many_data_threshold",
    "withheld_share",
    "least_confidence",
    "needs_second_factor",
)
MOST_DAYS, MOST_KINDS = 3650, 100


def settings_of(study: Study) -> dict[str, Any]:
    return {field: getattr(study, field) for field in FIELDS}


@transaction.atomic
def change_study(study_id: int, revision: int, values: Mapping[str, Any], *, actor_id: int | None) -> Study:
    """Sets the fields named in FIELDS; rounds that exist keep the modules they were made with.

    `revision` is that of the settings the values were based on. Raises StaleWrite (`current` holds the fields
    as they are now) when others were saved since, and BadInput.
    """
    study = _locked(study_id, revision)
    new = {**values, "name": " ".join(values["name"].split()), "description": values["description"].strip()}
    problems = check_numbers(new["new_user_days"], new["many_data_threshold"], new["withheld_share"])
    if not 1 <= len(new["name"]) <= 200:
        problems.append(_("Give the study a name of 1 to 200 characters."))
    problems += check_privacy(new["privacy"], new["withheld_share"])
    problems += check_confidence(new["least_confidence"])
    if problems:
        raise BadInput(problems)
    new["modules"] = chosen_modules(study.codebook_version, new["modules"])
    before = _for_log(settings_of(study))
    _write(study, new)
    after = _for_log(settings_of(study))
    changed = [field for field in FIELDS if before[field] != after[field]]
    if changed:
        Event.objects.record(
            "study.changed",
            actor_id=actor_id,
            study_id=study_id,
            subject=study,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )
    return study


@transaction.atomic
def change_codebook(study_id: int, revision: int, text: str | bytes, *, actor_id: int | None) -> Study:
    """Gives the study another codebook version for the rounds made from now on.

    Modules that the old version had stay on or off; new ones follow the codebook. Raises StaleWrite, and
    BadInput with a sentence per problem in the file; then nothing changes.
    """
    study = _locked(study_id, revision)
    old = study.codebook_version
    version = stored_version(text, actor_id=actor_id)
    known = {module["key"] for module in old.modules}
    modules = [
        module["key"]
        for module in version.modules
        if module["key"] in study.modules or (module["key"] not in known and module["default_on"])
    ]
    if version.pk != old.pk:
        _write(study, {"codebook_version": version, "modules": modules})
        Event.objects.record(
            "codebook.changed",
            actor_id=actor_id,
            study_id=study_id,
            subject=study,
            before={"codebook": old.codebook.key, "version": old.version, "number": old.number},
            after={"codebook": version.codebook.key, "version": version.version, "number": version.number},
        )
    return study


def check_numbers(new_user_days: int, many_data_threshold: int, withheld_share: Decimal) -> list[str]:
    problems = []
    if not 1 <= new_user_days <= MOST_DAYS:
        problems.append(_("An account counts as new for 1 to 3,650 days."))
    if not 1 <= many_data_threshold <= MOST_KINDS:
        problems.append(_("The number of kinds of data that counts as many is 1 to 100."))
    if not 0 <= withheld_share <= 1:
        problems.append(_("The share without highlights lies between 0 and 1."))
    return problems


def check_privacy(privacy: str, withheld_share: Decimal) -> list[str]:
    if privacy not in Study.Privacy.values:
        return [_("Choose open, masked or strict as the privacy mode.")]
    # Masking puts bullets over every candidate, so hiding the highlights would hide nothing.
    if withheld_share and privacy != Study.Privacy.OPEN:
        return [
            _(
                "A share without highlights needs an open study: in a masked or strict one, bullets show "
                "where the candidates are."
            )
        ]
    return []


def check_confidence(least_confidence: str) -> list[str]:
    if least_confidence not in Study.LeastConfidence.values:
        return [_("Choose which candidates coders see: all, or only the certain ones.")]
    return []


def _locked(study_id: int, revision: int) -> Study:
    study = Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    if study.revision != revision:
        raise StaleWrite(settings_of(study), study.revision)
    return study


def _write(study: Study, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(study, field, value)
    study.revision += 1
    study.save(update_fields=[*values, "revision"])


def _for_log(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "withheld_share": float(values["withheld_share"])}
