"""The append-only log: who did what, when, before and after. Never text of messages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class EventManager(models.Manager["Event"]):
    def record(
        self,
        action: str,
        *,
        actor_id: int | None,
        study_id: int | None = None,
        subject: models.Model | None = None,
        before: Any = None,
        after: Any = None,
    ) -> Event:
        """Append one event.

        `action` reads `thing.verb`, such as `code.saved`; `subject` is the row it is about; `before` and
        `after` are JSON values and hold keys, numbers and offsets, never text of messages.
        """
        return self.create(
            action=action,
            actor_id=actor_id,
            study_id=study_id,
            subject_type=subject._meta.model_name or "" if subject is not None else "",
            subject_id=subject.pk if subject is not None else None,
            before=before,
            after=after,
        )


class Event(models.Model):
    study = models.ForeignKey("annotations.Study", on_delete=models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = EventManager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["study", "-id"], name="event_of_study"),
            models.Index(fields=["subject_type", "subject_id"], name="event_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
