"""How files are to be read, kept with their batch; mappings of columns kept for the next file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ...models import ColumnMapping, Event, ImportBatch, Study


def save_choices(batch: ImportBatch, options: Mapping[str, Any]) -> None:
    """Keep what a person chose for the files of a batch."""
    batch.options = dict(options)
    batch.save(update_fields=["options"])


@transaction.atomic
def save_mapping(study: Study, name: str, mapping: Mapping[str, str], *, actor_id: int) -> ColumnMapping:
    """Keep a mapping of columns under a name; the same name is overwritten."""
    found, _made = ColumnMapping.objects.update_or_create(
        study=study, name=name, defaults={"mapping": dict(mapping)}
    )
    Event.objects.record(
        "mapping.saved", actor_id=actor_id, study_id=study.pk, subject=found, after={"name": name, **mapping}
    )
    return found
