"""The second factor: a code of six digits from an app on the person's phone, or a recovery code.

The only writer of TOTPDevice (django-otp keeps the secret, the clock and that a code is used once) and of
RecoveryCode. How often codes may be tried is counted by the views, as for passwords.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..errors import BadInput
from ..models import Event, RecoveryCode

CODES = 10
SALT = "annotations.accounts.second_factor"
APP, RECOVERY = "app", "recovery code"


def has_second_factor(user_id: int) -> bool:
    return TOTPDevice.objects.filter(user_id=user_id, confirmed=True).exists()


def device_to_confirm(user_id: int) -> TOTPDevice | None:
    """What `begin` made and the person has not confirmed as yet."""
    return TOTPDevice.objects.filter(user_id=user_id, confirmed=False).order_by("-pk").first()


@transaction.atomic
def begin(user_id: int) -> TOTPDevice:
    """A new secret for the person's app; it counts from `confirm` on. Raises BadInput when one counts."""
    _lock(user_id)
    if has_second_factor(user_id):
        raise BadInput(_("A second factor is set already; take it away first."))
    TOTPDevice.objects.filter(user_id=user_id).delete()
    return TOTPDevice.objects.create(user_id=user_id, name="app", confirmed=False)


@transaction.atomic
def confirm(user_id: int, code: str) -> list[str] | None:
    """From now on the second factor counts, if the code is right. Gives the recovery codes; None: wrong."""
    _lock(user_id)
    device = device_to_confirm(user_id)
    if device is None or has_second_factor(user_id):
        raise BadInput(_("There is nothing to confirm; begin again."))
    if not device.verify_token(_digits(code)):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _record("person.second_factor_set", user_id)
    return _new_codes(user_id)


@transaction.atomic
def verify(user_id: int, code: str) -> str | None:
    """By what the code was right: "app" or "recovery code" (which is used up); None: wrong."""
    _lock(user_id)
    device = TOTPDevice.objects.filter(user_id=user_id, confirmed=True).first()
    if device is None:
        return None
    by = None
    if _digits(code):
        by = APP if device.verify_token(_digits(code)) else None
    else:
        unused = RecoveryCode.objects.filter(user_id=user_id, used_at=None, code_hash=_hash(code))
        by = RECOVERY if unused.update(used_at=timezone.now()) else None
    if by:
        _record("person.second_factor_given", user_id, {"by": by})
    return by


@transaction.atomic
def new_recovery_codes(user_id: int) -> list[str]:
    """Ten new ones; the old ones stop. Raises BadInput without a second factor."""
    _lock(user_id)
    if not has_second_factor(user_id):
        raise BadInput(_("There is no second factor to recover."))
    _record("person.recovery_codes_made", user_id)
    return _new_codes(user_id)


def codes_left(user_id: int) -> int:
    return RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()


@transaction.atomic
def remove(user_id: int, *, actor_id: int | None) -> None:
    """The password alone is enough again. Raises BadInput when there is none."""
    _lock(user_id)
    if not has_second_factor(user_id):
        raise BadInput(_("There is no second factor."))
    TOTPDevice.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    Event.objects.record("person.second_factor_removed", actor_id=actor_id, subject=User(pk=user_id))


def secret_of(device: TOTPDevice) -> str:
    """For who types it: in groups of four."""
    return _grouped(base64.b32encode(device.bin_key).decode().rstrip("="))


def _new_codes(user_id: int) -> list[str]:
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    return [_grouped(code) for code in codes]


def _hash(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())
    return salted_hmac(SALT, plain, algorithm="sha256").hexdigest()


def _digits(code: str) -> str:
    """The six digits, however they were typed; "" when it is something else."""
    plain = "".join(code.split())
    return plain if len(plain) == 6 and plain.isascii() and plain.isdigit() else ""


def _grouped(code: Iterable[str]) -> str:
    plain = "".join(code)
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))


def _lock(user_id: int) -> None:
    User.objects.select_for_update().get(pk=user_id)


def _record(action: str, user_id: int, after: dict[str, str] | None = None) -> None:
    Event.objects.record(action, actor_id=user_id, subject=User(pk=user_id), after=after)
