"""What the README and the docs say is true: commands run, links lead, dependencies have a reason."""

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from annotations.exporting import figures_files

BASE: Path = settings.BASE_DIR
PAGES = [BASE / "README.md", *sorted((BASE / "docs").glob("*.md"))]
MANAGE = "python3 run.py manage "


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def drawn_once(monkeypatch):
    """Every figure is the first one in its format: drawing is proven in tests/figures."""
    draw, first = figures_files.drawn, {}

    def drawn(study, key, look, ending):
        if ending not in first:
            first[ending] = draw(study, key, look, ending)
        return first[ending]

    monkeypatch.setattr(figures_files, "drawn", drawn)


@pytest.mark.usefixtures("drawn_once")
def test_the_readmes_study_runs_from_the_first_command_to_the_last(db, tmp_path, monkeypatch, capsys):
    lines = [line for block in blocks(BASE / "README.md") for line in block.splitlines()]
    commands = [shlex.split(line.removeprefix(MANAGE)) for line in lines if line.startswith(MANAGE)]
    assert len(commands) >= 7
    for name, *arguments in commands:
        given = [str(BASE / argument) if (BASE / argument).is_file() else argument for argument in arguments]
        given = [str(tmp_path) if argument.startswith("export/") else argument for argument in given]
        call_command(name, *given)
    printed = capsys.readouterr().out
    assert "alpha" in printed
    assert (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_page_exists(page):
    for block in blocks(page):
        for line in block.splitlines():
            if line.startswith(MANAGE):
                assert shlex.split(line.removeprefix(MANAGE))[0] in get_commands(), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_in_a_page_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_file_that_the_page_for_developers_names_exists():
    text = (BASE / "docs" / "developers.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.]+/)+[\w.]*|\w+\.(?:py|toml))`", text))
    roots = (BASE, BASE / "annotations", BASE / "annotations" / "importing")
    files = {path.name for path in BASE.glob("annotations/**/*.py")} | {"urls.py", "views.py", "forms.py"}
    assert len(named) > 50
    assert {name for name in named if not any((root / name).exists() for root in roots)} <= files


def test_every_dependency_has_a_reason():
    reasons = (BASE / "docs" / "developers.md").read_text(encoding="utf-8").lower()
    for file in ("requirements.txt", "requirements-test.txt", "requirements-mutate.txt"):
        for line in (BASE / file).read_text(encoding="utf-8").splitlines():
            if line and line[0].isalpha():
                name = re.split(r"[=\[<>]", line)[0].lower()
                assert name.removeprefix("pytest-") in reasons or name in reasons, f"{file}: {name}"
