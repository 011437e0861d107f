"""Collected scripts import each other by names that change with their content."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from annotations.coding.views.pages import MODULES

pytestmark = pytest.mark.once
BACKENDS = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "webcare_coding.static_files.StaticFiles"},
}


def test_every_import_of_our_modules_names_a_collected_file_by_its_content(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=BACKENDS):
        call_command("collectstatic", interactive=False, verbosity=0)
    folder = tmp_path / "annotations" / "js" / "coding"
    modules = [path for path in folder.glob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imported = [
        (path, name)
        for path in modules
        for name in re.findall(r'(?:from|import) ?"(\./[^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert {path.name.split(".")[0] for path in modules} == {"main", *MODULES}
    assert imported
    for path, name in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), f"{path.name} imports {name}"
        assert (folder / name).is_file()
