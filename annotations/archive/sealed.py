"""The outer file: a zip that holds the study encrypted, and the key to it under the passphrase.

Both are files of age (https://age-encryption.org/v1), so that they open without this program as well: the key
was drawn for this file, the passphrase locks the key by scrypt. Thus the process that makes the file needs
to know the public half of the key only, and nobody has to keep a passphrase until it is done.
"""

from __future__ import annotations

import unicodedata
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage
from django.utils.translation import gettext as _

from ..errors import BadInput

KEY, STUDY, READ_ME = "key.age", "study.zip.age", "READ_ME.txt"
LEAST = 12
"""Characters of a passphrase: whoever has the file may guess as long as they like."""
LARGEST_KEY = 64 * 1024
HOW_TO = """\
A study of webcare_coding, whole: data, codebook, codings, log, figures.

Into an installation of webcare_coding: python3 run.py manage import_study FILE
To look inside without it, with age (https://age-encryption.org):

    unzip FILE
    age --decrypt --output study.zip --identity key.age study.zip.age

age asks for the passphrase. In study.zip each table is a file of lines of JSON; manifest.json tells the rest.
"""


@dataclass(frozen=True)
class Lock:
    """What is needed to seal a file: none of it opens one. `key` is the secret half, under the passphrase."""

    recipient: str
    key: str


def check_passphrase(passphrase: str) -> None:
    """Raises BadInput."""
    if len(passphrase.strip()) < LEAST:
        raise BadInput(
            _("Choose a passphrase of at least %(least)d characters, such as four or five words.")
            % {"least": LEAST}
        )


def new_lock(passphrase: str) -> Lock:
    """A key of its own for one file; takes a second, as guessing does each time. Raises BadInput."""
    check_passphrase(passphrase)
    identity = pyrage.x25519.Identity.generate()
    locked = pyrage.passphrase.encrypt(str(identity).encode("ascii"), _plain(passphrase), armored=True)
    return Lock(str(identity.to_public()), locked.decode("ascii"))


def seal(source: IO[bytes], target: IO[bytes], lock: Lock) -> None:
    """Write the sealed file."""
    recipient = pyrage.x25519.Recipient.from_str(lock.recipient)
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_STORED) as outer:
        outer.writestr(READ_ME, HOW_TO)
        outer.writestr(KEY, lock.key)
        with outer.open(STUDY, "w", force_zip64=True) as member:
            pyrage.encrypt_io(source, member, [recipient])


def unseal(source: Path | IO[bytes], target: IO[bytes], passphrase: str) -> None:
    """Write the study that the file holds. Raises BadInput; what was written by then is worth nothing."""
    try:
        outer = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError):
        raise BadInput(
            _("This file is no study archive, or its end is missing; copy or send it again.")
        ) from None
    with closing(outer):
        names = {entry.filename: entry for entry in outer.infolist()}
        if KEY not in names or STUDY not in names or names[KEY].file_size > LARGEST_KEY:
            raise BadInput(_("This file is no study archive: export_study did not write it."))
        try:
            identity = _identity(outer.read(KEY), passphrase)
            with outer.open(STUDY) as member:
                pyrage.decrypt_io(member, target, [identity])
        except (zipfile.BadZipFile, EOFError, OSError, pyrage.DecryptError, pyrage.IdentityError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # of the disk, not of the file's contents
            raise damaged() from None


def damaged() -> BadInput:
    return BadInput(_("The file is damaged, or was changed after it was made. Nothing was stored."))


def _identity(locked: bytes, passphrase: str) -> pyrage.x25519.Identity:
    try:
        secret = pyrage.passphrase.decrypt(locked, _plain(passphrase))
    except pyrage.DecryptError:
        raise BadInput(_("The passphrase does not fit this file.")) from None
    return pyrage.x25519.Identity.from_str(secret.decode("ascii").strip())


def _plain(passphrase: str) -> str:
    """One way of writing é: keyboards differ."""
    return unicodedata.normalize("NFC", passphrase.strip())
