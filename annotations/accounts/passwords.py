"""Setting a password for somebody else, at the server."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput


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
