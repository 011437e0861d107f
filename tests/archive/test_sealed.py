"""The seal of an archive: it opens with its passphrase only, whole and unchanged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from annotations.archive.sealed import KEY, STUDY, new_lock, seal, unseal
from annotations.errors import BadInput
from tests.archive.test_archive import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.slow
def test_it_is_sealed_and_opens_with_the_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "sealed.zip"
    with path.open("wb") as file:
        seal(io.BytesIO(b"Bel 06-00000011" * 20_000), file, new_lock(WORDS))
    assert b"06-00000011" not in path.read_bytes()
    target = io.BytesIO()
    unseal(path, target, f" {WORDS}\n")
    assert target.getvalue() == b"Bel 06-00000011" * 20_000
    with pytest.raises(BadInput, match="passphrase does not fit"):
        unseal(path, io.BytesIO(), "een ander stel woorden")

    content = path.read_bytes()
    with zipfile.ZipFile(path) as outer:
        of_study = content.index(b"age-encryption.org", outer.getinfo(STUDY).header_offset)
        of_key = content.index(b"BEGIN AGE", outer.getinfo(KEY).header_offset)
    for place in (of_study + 70_000, of_key + 60):
        broken = tmp_path / "broken.zip"
        broken.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BadInput, match="damaged"):
            unseal(broken, io.BytesIO(), WORDS)
    for length in (0, 10, len(content) // 2, len(content) - 1):
        broken.write_bytes(content[:length])
        with pytest.raises(BadInput, match="end is missing"):
            unseal(broken, io.BytesIO(), WORDS)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 12"):
        new_lock("kort")
