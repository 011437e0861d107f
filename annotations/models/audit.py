"""The append-only log: who did what, when, before and after. Never text of messages."""

from __future__ import annotations

from collections.abc import Iterable
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
        event = Event(action=action, actor_id=actor_id, study_id=study_id, before=before, after=after)
        event.set_subject(subject)
        event.save(force_insert=True)
        return event

    def record_all(
        self,
        action: str,
        *,
        actor_id: int | None,
        study_id: int | None,
        subject: models.Model,
        afters: Iterable[Any],
    ) -> None:
        """Append an event for each of `afters`, where nothing stood before."""
        events = [Event(action=action, actor_id=actor_id, study_id=study_id, after=after) for after in afters]
        for event in events:
            event.set_subject(subject)
        self.bulk_create(events)


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

    def set_subject(self, subject: models.Model | None) -> None:
        if subject is not None:
            self.subject_type = subject._meta.model_name or ""
            self.subject_id = subject.pk
