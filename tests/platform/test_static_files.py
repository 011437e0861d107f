"""Collected scripts import each other by names that change with their content."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from annotations.templatetags.scripts import modules_of

pytestmark = pytest.mark.once
BACKENDS = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "webcare_coding.static_files.StaticFiles"},
}


def test_every_import_of_our_modules_names_a_collected_file_by_its_content(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=BACKENDS):
        call_command("collectstatic", interactive=False, verbosity=0)
    folder = tmp_path / "annotations" / "js"
    modules = [path for path in folder.rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imported = [
        (path, name)
        for path in modules
        for name in re.findall(r'(?:from|import) ?"(\.[^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert imported
    for path, name in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), f"{path.name} imports {name}"
        assert (path.parent / name).is_file()


def test_every_module_of_a_page_is_fetched_with_it() -> None:
    """What the pages load reaches every script in the folders; a module nobody imports would be left."""
    pages = [
        "coding/main.js",
        "adjudication/main.js",
        "screening/main.js",
        "drafts/main.js",
        "meeting/wall.js",
        "reliability.js",
    ]
    reached = set(pages)
    for name in pages:
        reached |= {module.removeprefix("annotations/js/") for module in modules_of(f"annotations/js/{name}")}
    root = settings.BASE_DIR / "static" / "annotations" / "js"
    in_folders = {path.relative_to(root).as_posix() for path in root.glob("*/*.js")}
    assert in_folders <= reached
    assert "common/offsets.js" in modules_of_coding()
    assert modules_of_coding() == sorted(modules_of_coding())


def modules_of_coding() -> list[str]:
    return [m.removeprefix("annotations/js/") for m in modules_of("annotations/js/coding/main.js")]
