"""Setting a password for somebody else, at the server, and what no password may be made of."""

from __future__ import annotations

import re

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput

LEFT = 8
"""Characters of a password that have nothing to do with the person's names."""


class NotBuiltFromTheName:
    """Refuses `admin@admin.nl` for `admin`: Django compares the password with each name as a whole only."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if user is None:
            return
        names = f"{user.get_username()} {user.first_name} {user.last_name} {user.email}"
        rest = password.lower()
        for part in sorted(re.split(r"\W+|_", names.lower()), key=len, reverse=True):
            if len(part) >= 3:
                rest = rest.replace(part, "")
        if len(rest) < min(LEFT, len(password)) and rest != password.lower():
            raise ValidationError(
                _("This password is made of your own name; what anybody knows of you protects nothing."),
                code="password_built_from_name",
            )

    def get_help_text(self) -> str:
        return _("Not made of your own name.")


@transaction.atomic
def set_first_password(person_id: int, password: str) -> None:
    """Give a person without a password one; the same password again changes nothing. Raises BadInput."""
    person = User.objects.select_for_update().get(pk=person_id)
    if person.has_usable_password():
        if not person.check_password(password):
            raise BadInput(
                _(
                    "%(name)s has a password already and keeps it. For a new one make a sign-in link: "
                    "sign_in_link %(name)s."
                )
                % {"name": person.get_username()}
            )
        return
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise BadInput(list(refused.messages)) from None
    person.set_password(password)
    person.save(update_fields=["password"])
