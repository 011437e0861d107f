"""What changed, in a fresh clone as on a desk; and which long tests that calls for."""

import subprocess
from pathlib import Path

import pytest

from tests.changes import changed_files
from tests.imports import BASE, changed_for, imported_by
from tests.pages import code_of

pytestmark = pytest.mark.once


def git(folder: Path, *arguments: str) -> str:
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", *author, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, *names: str) -> str:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.read_text() + "more\n" if path.exists() else "first\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CHANGED_SINCE", raising=False)
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    commit(folder, "old.py")
    commit(folder, "last.py")
    return folder


def test_on_the_main_line_the_last_commit_counts(repository: Path) -> None:
    assert changed_files(repository) == {"last.py"}


def test_on_a_branch_all_of_its_commits_count(repository: Path) -> None:
    git(repository, "checkout", "-qb", "work")
    commit(repository, "a/one.py")
    commit(repository, "two.py")
    assert changed_files(repository) == {"a/one.py", "two.py"}


def test_what_is_not_committed_counts_too(repository: Path) -> None:
    (repository / "old.py").write_text("other\n")
    (repository / "new.py").write_text("new\n")
    assert changed_files(repository) == {"last.py", "old.py", "new.py"}


def test_in_a_clone_with_new_commits_these_count(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    assert changed_files(clone) == {"last.py"}
    commit(clone, "one.py")
    commit(clone, "two.py")
    assert changed_files(clone) == {"one.py", "two.py"}


def test_a_named_commit_is_compared_with(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = git(repository, "rev-list", "--max-parents=0", "HEAD")
    commit(repository, "third.py")
    monkeypatch.setenv("CHANGED_SINCE", first)
    assert changed_files(repository) == {"last.py", "third.py"}


def test_where_it_cannot_be_told_everything_counts(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert changed_files(plain) is None
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(shallow))
    assert changed_files(shallow) is None
    monkeypatch.setenv("CHANGED_SINCE", "no-such-commit")
    assert changed_files(repository) is None


def test_what_was_renamed_counts_under_both_names_and_a_new_folder_by_its_files(repository: Path) -> None:
    git(repository, "mv", "old.py", "new.py")
    (repository / "folder").mkdir()
    (repository / "folder" / "file.py").touch()
    assert changed_files(repository) == {"last.py", "old.py", "new.py", "folder/file.py"}
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "A change")
    assert changed_files(repository) == {"old.py", "new.py", "folder/file.py"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (set(), False),
        ({"annotations/importing/jobs.py"}, True),
        ({"annotations/importing.py"}, False),
        ({"run.py"}, True),
        ({"docs/run.py"}, False),
        ({"tests/exporting/test_settled.py"}, True),
        ({"tests/exporting/reading.py"}, True),
        ({"tests/factories.py"}, True),
        ({"tests/exporting/test_large.py"}, False),
        ({"tests/files/small_codebook.yaml"}, True),
        ({"annotations/models/coding.py"}, False),
        ({"requirements.txt"}, True),
    ],
)
def test_a_long_test_names_the_code_it_is_about(changed: set[str], expected: bool) -> None:
    path = BASE / "tests" / "exporting" / "test_settled.py"
    assert changed_for(path, ["annotations/importing", "run.py"], changed) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"annotations/agreement/bootstrap.py"}, True),
        ({"tests/agreement/test_bootstrap.py"}, True),
        ({"annotations/__init__.py"}, True),
        ({"annotations/pii/find.py"}, False),
        ({"annotations/models/coding.py"}, False),
        ({"README.md"}, False),
        ({"annotations/agreement/table.csv"}, True),
    ],
)
def test_a_long_test_that_names_none_runs_when_anything_it_imports_changed(
    changed: set[str], expected: bool
) -> None:
    path = BASE / "tests" / "agreement" / "test_bootstrap.py"
    assert changed_for(path, [], changed) is expected


def test_imports_are_followed_whatever_their_form() -> None:
    def names(path: str) -> set[str]:
        return {file.as_posix() for file in imported_by(Path(path))}

    own = {"tests/__init__.py", "tests/changes.py", "tests/imports.py", "tests/pages.py", "tests/world.py"}
    assert own <= names("tests/test_changes.py")
    assert "annotations/watch/views.py" in names("annotations/watch/urls.py"), "from . import"
    assert "annotations/models/coding.py" in names("tests/exporting/test_settled.py"), "by way of others"
    assert not any(name.startswith("annotations/models") for name in names("tests/agreement/test_docs.py"))


def test_a_page_rests_on_its_view_its_templates_and_what_these_include() -> None:
    code = set(code_of("quotations"))
    assert {
        "annotations/quotations/urls.py",
        "annotations/quotations/views.py",
        "annotations/quotations/store.py",
        "annotations/errors.py",
        "annotations/models",
        "templates/annotations/quotations",
        "templates/base.html",
    } <= code
    assert "annotations/figures/drawing/draw.py" in code_of("results_table"), "by way of a tag"
    assert "annotations/training/attempts.py" not in code
    assert code_of("set_language") == ("annotations", "templates", "webcare_coding"), "a view of Django"
