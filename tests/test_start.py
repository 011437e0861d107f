"""run.py and tests/runner.py: what starts and tests the app before anything is installed."""

import ast
import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

import run
from tests import runner, services
from tests.runner import Outcome

BASE = Path(run.__file__).parent
pytestmark = pytest.mark.once

ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")


@pytest.mark.parametrize("file", ["run.py", "tests/runner.py", "tests/services.py", "tests/changes.py"])
def test_starting_and_testing_need_the_standard_library_only(file: str) -> None:
    tree = ast.parse((BASE / file).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.split(".")[0] for name in names} - sys.stdlib_module_names
    assert foreign <= {"tests"}


def test_an_old_python_can_read_run_py_and_so_say_what_it_needs() -> None:
    ast.parse((BASE / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@ON_POSIX
def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = run.ensure_secret_key(tmp_path / "data")
    first = path.read_text()
    assert len(first.strip()) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert run.ensure_secret_key(tmp_path / "data").read_text() == first


def test_a_key_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {"WEBCARE_SECRET_KEY": "x" * 60}):
        environment = run.app_environment(tmp_path)
    assert "WEBCARE_SECRET_KEY_FILE" not in environment
    assert list(tmp_path.iterdir()) == []


def test_commands_print_links_to_where_the_site_was_last_served(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, WEBCARE_SECRET_KEY="k" * 60, WEBCARE_ADDRESS=""):
        assert not run.app_environment(tmp_path)["WEBCARE_ADDRESS"]
        (tmp_path / run.SERVED_AT).write_text("http://127.0.0.1:8123\n")
        assert run.app_environment(tmp_path)["WEBCARE_ADDRESS"] == "http://127.0.0.1:8123"
    with mock.patch.dict(os.environ, WEBCARE_SECRET_KEY="k" * 60, WEBCARE_ADDRESS="https://webcare.example"):
        assert run.app_environment(tmp_path)["WEBCARE_ADDRESS"] == "https://webcare.example"


def test_other_host_names_are_allowed_only_when_other_computers_can_reach_it(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {"WEBCARE_ALLOWED_HOSTS": ""}):
        assert not run.app_environment(tmp_path, "127.0.0.1")["WEBCARE_ALLOWED_HOSTS"]
        assert socket.gethostname() in run.app_environment(tmp_path, "0.0.0.0")["WEBCARE_ALLOWED_HOSTS"]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mock.Mock]:
    """A project folder without .venv, in which commands are noted instead of run."""
    (tmp_path / "requirements.txt").write_text("one==1\n")
    (tmp_path / "requirements-test.txt").write_text("-r requirements.txt\ntwo==2\n")
    monkeypatch.setattr(run, "BASE", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "VENV_PYTHON", tmp_path / ".venv" / "python")

    def pretend(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        if "venv" in command:
            (tmp_path / ".venv").mkdir(exist_ok=True)
            (tmp_path / ".venv" / "python").touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    with mock.patch("run.subprocess.run", side_effect=pretend) as commands:
        yield commands


def test_packages_are_installed_once_and_again_only_when_the_file_changed(fresh: mock.Mock) -> None:
    run.ensure_environment()
    assert fresh.call_count == 2  # the environment, the packages
    run.ensure_environment()
    assert fresh.call_count == 2
    (run.BASE / "requirements.txt").write_text("one==2\n")
    run.ensure_environment()
    assert fresh.call_count == 3
    assert "install" in fresh.call_args.args[0]


def test_what_the_tests_need_is_installed_besides_and_does_not_undo_the_rest(fresh: mock.Mock) -> None:
    run.ensure_environment()
    run.ensure_environment("requirements-test.txt")
    assert fresh.call_count == 3
    run.ensure_environment()
    assert fresh.call_count == 3


def test_an_environment_of_another_python_is_made_anew(fresh: mock.Mock) -> None:
    run.ensure_environment()
    with mock.patch("run.sys.version", "3.99.0 (another one)"):
        run.ensure_environment()
    assert fresh.call_count == 4


def test_a_failed_installation_is_tried_again_next_time(fresh: mock.Mock) -> None:
    working = fresh.side_effect
    fresh.side_effect = lambda command, **options: subprocess.CompletedProcess(
        command, 0 if working(command) and "venv" in command else 1, "", ""
    )
    with pytest.raises(run.CannotStart, match=r"requirements\.txt"):
        run.ensure_environment()
    fresh.side_effect = working
    run.ensure_environment()
    assert "install" in fresh.call_args.args[0]


def test_a_taken_port_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run.main(["--no-browser", "--port", str(port)]) == 1
    complaint = capsys.readouterr().err.strip()
    assert f"Port {port}" in complaint
    assert "--port 8001" in complaint
    assert len(complaint.splitlines()) == 1


WITHOUT_INSTALLING = (
    "import signal, sys, pathlib, run;"
    # Whoever runs the tests in the background of a script has Ctrl-C ignored, and so would what it starts.
    "signal.signal(signal.SIGINT, signal.default_int_handler);"
    "run.VENV_PYTHON = pathlib.Path(sys.executable); run.ensure_environment = lambda *_: None;"
    "sys.exit(run.main(sys.argv[1:]))"
)


def started(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """`run.py` on an empty data folder, and the port that it will answer on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("WEBCARE_")}
    options = ["--empty", "--no-browser", "--port", str(port), "--data", str(folder / "data")]
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_INSTALLING, *options],
        cwd=BASE,
        env={**inherited, "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process, port


@ON_POSIX
@pytest.mark.long("run.py", "webcare_coding", "annotations/management", "requirements.txt")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0)])
def test_it_starts_on_an_empty_folder_answers_and_stops_both_processes(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    process, port = started(tmp_path)
    assert process.stdout is not None
    try:
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        assert f"http://127.0.0.1:{port}" in printed
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
    finally:
        process.send_signal(sent)
        rest, _ = process.communicate(timeout=30)
    # communicate() came back, so no child is left that holds the pipe.
    assert process.returncode == code, rest
    assert "Traceback" not in rest
    with contextlib.closing(socket.socket()) as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.1", port))
    assert (tmp_path / "data" / "webcare.sqlite3").exists()


@ON_POSIX
@pytest.mark.long("run.py", "webcare_coding", "annotations/management", "requirements.txt")
def test_a_child_that_is_killed_is_started_again_and_the_other_lives_on(tmp_path: Path) -> None:
    process, port = started(tmp_path)

    def read_until(words: str) -> None:
        assert process.stdout is not None
        while words not in (line := process.stdout.readline()):
            assert line, f"ended before: {words}"

    def children() -> dict[str, int]:
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True
        ).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        mine = [(int(pid), words) for pid, parent, words in rows if int(parent) == process.pid]
        return {"worker" if "db_worker" in words else "web": pid for pid, words in mine}

    try:
        read_until("Ctrl-C")
        first = children()
        for name, words in (("web", "The web server stopped"), ("worker", "The worker stopped")):
            os.kill(first[name], signal.SIGKILL)
            read_until(words)
            deadline = time.monotonic() + 30
            while children().get(name) in {None, first[name]}:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        run.wait_until_it_answers(f"http://127.0.0.1:{port}", process)  # type: ignore[arg-type]
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def test_a_child_that_keeps_ending_is_started_ever_less_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now, codes = [0.0], [1]
    monkeypatch.setattr(run.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(run, "spawn", lambda *_: mock.Mock(poll=lambda: codes[0]))
    child = run.Child("worker", {}, "x")
    starts = []
    while now[0] < 200:
        before = child.process
        child.look_after()
        if child.process is not before:
            starts.append(now[0])
        now[0] += 0.5
    pauses = [round(later - earlier) for earlier, later in itertools.pairwise(starts)]
    assert pauses[:6] == [2, 4, 8, 16, 32, 60]
    assert "starts again in 16 s" in capsys.readouterr().err
    codes[0] = None  # type: ignore[call-overload]
    now[0] += run.CALM_SECONDS + 1
    child.look_after()
    assert child.pause == run.FIRST_PAUSE


def test_waiting_gives_up_at_once_when_the_server_has_stopped() -> None:
    stopped = subprocess.Popen([sys.executable, "-c", ""])
    stopped.wait()
    began = time.monotonic()
    with pytest.raises(run.CannotStart, match="stopped"):
        run.wait_until_it_answers("http://127.0.0.1:9", stopped)
    assert time.monotonic() - began < run.START_SECONDS


# The summary of `run.py test`.


def test_a_marker_of_ones_own_is_joined_with_ours() -> None:
    assert runner.split_marker(["-m", "slow", "tests/pii"]) == ("slow", ["tests/pii"])
    assert runner.split_marker(["-k", "x"]) == ("", ["-k", "x"])


def test_the_headless_shell_is_taken_first_and_installed_where_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(name: str) -> str:
        path = tmp_path / name
        path.write_text("")
        path.chmod(0o755)
        return str(path)

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with_windows = make("chromium")
    refuses = mock.Mock(return_value=False)
    assert services.ensure_chromium(Path(sys.executable), refuses) == with_windows
    refuses.assert_called_once_with("chromium-headless-shell")

    def install(name: str) -> bool:
        make(name)
        return True

    headless = str(tmp_path / "chromium-headless-shell")
    assert services.ensure_chromium(Path(sys.executable), install) == headless
    assert services.ensure_chromium(Path(sys.executable), refuses) == headless
    refuses.assert_called_once()
    monkeypatch.setenv("CHROMIUM", with_windows)
    assert services.ensure_chromium(Path(sys.executable), refuses) == with_windows
    refuses.assert_called_once()


def test_the_last_line_counts_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code = runner.report([Outcome("SQLite", passed=7, skipped=1), Outcome("Browser", passed=2)])
    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "9 passed, 0 failed"


def test_what_could_not_run_is_said_and_fails_only_where_it_must(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = Outcome("SQLite", passed=1)
    monkeypatch.setenv("REQUIRE_POSTGRES", "0")
    assert runner.report([ran, runner.could_not("PostgreSQL", "no server")]) == 0
    assert "PostgreSQL: could not run, no server" in capsys.readouterr().out
    monkeypatch.setenv("REQUIRE_POSTGRES", "1")
    assert runner.report([ran, runner.could_not("PostgreSQL", "no server")]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_a_run_that_breaks_down_before_its_first_test_is_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert runner.report([Outcome("SQLite", code=4)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_choosing_tests_that_exist_in_one_run_only_is_no_failure() -> None:
    assert runner.report([Outcome("SQLite", passed=1), Outcome("Browser", code=5)]) == 0
    assert runner.report([Outcome("SQLite", code=5), Outcome("Browser", code=5)]) == 5


def test_counts_come_from_pytests_own_results(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    results.write_text('<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"/></testsuites>')
    outcome = runner.count("SQLite", 1, results)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (4, 3, 3)
    assert not outcome.is_good
