"""What people set for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class OwnKey(models.Model):
    """The key that a person set for a command of the coding screen, in all studies.

    Written by `annotations.coding.own_keys` only. A setting goes with its person.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    command = models.CharField(max_length=40)
    key = models.CharField(max_length=8, help_text="as a browser names it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "command"], name="own_key_once_per_command"),
            models.UniqueConstraint(fields=["user", "key"], name="own_key_of_one_command"),
        ]

    def __str__(self) -> str:
        return f"{self.command}: {self.key}"
