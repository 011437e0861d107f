"""What changed, in a fresh clone as on a desk; and which long tests that calls for."""

import subprocess
from pathlib import Path

import pytest

from tests.changes import changed_files, concerns

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


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (None, True),
        (set(), False),
        ({"annotations/importing/jobs.py"}, True),
        ({"annotations/importing.py"}, False),
        ({"run.py"}, True),
        ({"docs/run.py"}, False),
    ],
)
def test_a_folder_stands_for_its_files(changed: set[str] | None, expected: bool) -> None:
    assert concerns(["annotations/importing", "run.py"], changed) is expected
