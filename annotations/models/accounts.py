"""What belongs to a person's account: where it is signed in, recovery codes, who it is elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class OpenSession(models.Model):
    """A browser in which a person is signed in. The row goes when the session ends."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=80, blank=True, help_text="program and system, no more of it")
    address = models.CharField(max_length=45, blank=True, help_text="where the person signed in from")
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, help_text="to a quarter of an hour")

    class Meta:
        ordering = ["user", "-seen_at", "-id"]

    def __str__(self) -> str:
        return f"session of {self.user_id}"


class RecoveryCode(models.Model):
    """A code that takes the place of the second factor, once; only a keyed hash of it is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recovery_codes"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["user", "id"]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class OutsideIdentity(models.Model):
    """Who a person is at the institution's sign-in. Made at the first time, by the name both know."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="outside_identities"
    )
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255, help_text="what the institution calls the person, for ever")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["user", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject=""), name="outside_identity_has_subject"),
            models.UniqueConstraint(fields=["issuer", "subject"], name="outside_identity_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="outside_identity_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"identity of {self.user_id} at {self.issuer}"
