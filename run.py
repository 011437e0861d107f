#!/usr/bin/env python3
"""Starts webcare_coding on this computer, or tests it, with one command and nothing but Python >= 3.11.

    python3 run.py                      start; --help shows the options
    python3 run.py test [...]           run the tests (--all: the long ones too); more arguments go to pytest
    python3 run.py mutate PACKAGE ...   change the code line by line: do the tests notice?
    python3 run.py manage COMMAND ...   one of the management commands

Only the standard library is used here: this file runs before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

BASE = Path(__file__).resolve().parent
VENV = BASE / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DEMO_PEOPLE = ("supervisor", "coder1", "coder2")
START_SECONDS = 120
STOP_SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a child that ended by itself is started again
CALM_SECONDS = 60  # of running, after which the next end is a first one again


class CannotStart(Exception):
    """One sentence for the person at the keyboard."""


def say(text: str) -> None:
    """To standard error: standard output belongs to the management commands."""
    print(text, file=sys.stderr, flush=True)


# The environment: .venv with what a requirements file asks for.


def fingerprint(*files: Path) -> str:
    """Changes when one of the files or this Python changes."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def ensure_environment(requirements: str = "requirements.txt") -> None:
    """Makes .venv and installs the file's packages; does nothing when neither it nor Python changed."""
    wanted = fingerprint(BASE / "requirements.txt", BASE / requirements)
    stamp = VENV / "installed.json"
    try:
        installed = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        installed = {}
    if VENV_PYTHON.exists() and installed.get(requirements) == wanted:
        return
    if not VENV_PYTHON.exists() or installed.get("python", sys.version) != sys.version:
        installed = {}
        make_venv()
    say(f"Installing what {requirements} asks for; the first time this takes a few minutes ...")
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*pip, "-r", str(BASE / requirements)], stdout=sys.stderr, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise CannotStart(f"Installing {requirements} failed (see above). Is there a network connection?")
    installed.update({"python": sys.version, requirements: wanted})
    stamp.write_text(json.dumps(installed), encoding="utf-8")


def make_venv() -> None:
    say(f"Making {VENV} ...")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and "ensurepip" in done.stdout + done.stderr and apt_install("python3-venv"):
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        say(done.stdout + done.stderr)
        raise CannotStart("Python cannot make a virtual environment; on Debian: apt install python3-venv.")


def apt_install(*packages: str) -> bool:
    """Debian's packages, where we are root on a Debian; elsewhere False and nothing happens."""
    if not Path("/usr/bin/apt-get").exists() or os.geteuid() != 0:
        return False
    say(f"Installing Debian's {', '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return done.returncode == 0


# The app's own settings on a desk.


def ensure_secret_key(data: Path) -> Path:
    """The file with the key that signs sessions; made once, readable by its owner only."""
    path = data / "secret_key"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
    if os.name == "posix":
        path.chmod(0o600)
    return path


SERVED_AT = "address"
"""In the data folder: where the site was last served, for the links that commands print."""


def app_environment(data: Path, host: str = "127.0.0.1") -> dict[str, str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
        "WEBCARE_DATA": str(data),
        "WEBCARE_DESK": "1",
        "PYTHONUTF8": "1",
    }
    served_at = data / SERVED_AT
    if not environment.get("WEBCARE_ADDRESS") and served_at.exists():
        environment["WEBCARE_ADDRESS"] = served_at.read_text(encoding="utf-8").strip()
    if not environment.get("WEBCARE_SECRET_KEY") and not environment.get("WEBCARE_SECRET_KEY_FILE"):
        environment["WEBCARE_SECRET_KEY_FILE"] = str(ensure_secret_key(data))
    if not is_loopback(host):
        names = {socket.gethostname(), host} - {"0.0.0.0", "::"}
        with contextlib.suppress(OSError):
            names.update(socket.gethostbyname_ex(socket.gethostname())[2])
        given = environment.get("WEBCARE_ALLOWED_HOSTS", "")
        environment["WEBCARE_ALLOWED_HOSTS"] = ",".join([*filter(None, [given]), *sorted(names)])
    return environment


def data_folder(given: str | None = None) -> Path:
    return Path(given or os.environ.get("WEBCARE_DATA") or BASE / "data").expanduser().resolve()


def is_loopback(host: str) -> bool:
    return host in {"127.0.0.1", "localhost", "::1"}


def manage(environment: dict[str, str], *arguments: str) -> int:
    return subprocess.run([str(VENV_PYTHON), str(BASE / "manage.py"), *arguments], env=environment).returncode


# Starting and stopping.


def refuse_a_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as problem:
            raise CannotStart(
                f"Port {port} of {host} cannot be used ({getattr(problem, 'strerror', None) or problem}): "
                f"stop what runs there, or choose another with --port {8001 if port != 8001 else 8002}."
            ) from None


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CannotStart("The web server stopped while starting (see above).")
        with contextlib.suppress(urllib.error.URLError, OSError):
            opener.open(f"{address}/healthz", timeout=5).close()
            return
        time.sleep(0.1)
    raise CannotStart(f"The web server did not answer within {START_SECONDS} seconds.")


def spawn(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches run.py alone and it stops them in order. Windows has
    # no such thing: there they get Ctrl-C themselves.
    return subprocess.Popen(
        [str(VENV_PYTHON), *arguments],
        cwd=BASE,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    )


class Child:
    """A process that is started again when it ends by itself, after a pause that grows; it never takes the
    others down with it."""

    def __init__(self, name: str, environment: dict[str, str], *arguments: str) -> None:
        self.name, self.environment, self.arguments = name, environment, arguments
        self.pause, self.due = FIRST_PAUSE, 0.0
        self.start()

    def start(self) -> None:
        self.process = spawn(self.environment, *self.arguments)
        self.began, self.due = time.monotonic(), 0.0

    def look_after(self) -> None:
        """Call it again and again: says that the process ended, and starts it anew when the pause is over."""
        now = time.monotonic()
        code = self.process.poll()
        if code is None:
            if now - self.began > CALM_SECONDS:
                self.pause = FIRST_PAUSE
        elif not self.due:
            why = f"signal {-code}" if code < 0 else f"exit code {code}"
            say(f"The {self.name} stopped by itself ({why}); it starts again in {self.pause:g} s.")
            self.due, self.pause = now + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.due:
            self.start()


def stop(processes: list[subprocess.Popen[bytes]], *, interrupted: bool) -> None:
    if os.name == "posix" or not interrupted:
        for process in processes:
            process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def print_addresses(address: str, data: Path, host: str) -> None:
    print(f"\nwebcare_coding runs at {address} (data in {data})")
    with contextlib.suppress(OSError):
        password = (data / "demo_password").read_text(encoding="utf-8").strip()
        print("Demo study: sign in as " + ", ".join(DEMO_PEOPLE[:-1]) + f" or {DEMO_PEOPLE[-1]}")
        print(f"  password: {password}  (unless you changed it)")
    if not is_loopback(host):
        print("Other computers can reach it, without encryption. For a team use docker-compose.yml.")
    print("Stop with Ctrl-C.", flush=True)


def can_show_a_browser() -> bool:
    return sys.platform in {"win32", "darwin"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def start(options: argparse.Namespace) -> int:
    refuse_a_taken_port(options.host, options.port)
    ensure_environment()
    data = data_folder(options.data)
    environment = app_environment(data, options.host)
    if manage(environment, "prepare", *(["--empty"] if options.empty else [])):
        raise CannotStart("The database could not be made ready (see above); nothing was started.")

    listen = f"[{options.host}]" if ":" in options.host else options.host
    reachable = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else listen
    address = f"http://{reachable}:{options.port}"
    (data / SERVED_AT).write_text(address + "\n", encoding="utf-8")
    children: list[Child] = []
    interrupted = False
    try:
        waitress = (
            "-m",
            "waitress",
            f"--listen={listen}:{options.port}",
            "--threads=8",
            f"--max-request-body-size={8 << 30}",
        )
        children.append(Child("web server", environment, *waitress, "webcare_coding.wsgi:application"))
        children.append(Child("worker", environment, str(BASE / "manage.py"), "db_worker"))
        wait_until_it_answers(address, children[0].process)
        print_addresses(address, data, options.host)
        if options.browser and can_show_a_browser():
            webbrowser.open(address)
        while True:
            for child in children:
                child.look_after()
            time.sleep(0.5)
    except KeyboardInterrupt:
        interrupted = True
        say("\nStopping ...")
        return 0
    finally:
        stop([child.process for child in children], interrupted=interrupted)


def run_manage(arguments: list[str]) -> int:
    ensure_environment()
    data = data_folder()
    environment = app_environment(data)
    new = not os.environ.get("DATABASE_URL") and not (data / "webcare.sqlite3").exists()
    if new and arguments[:1] not in ([], ["migrate"], ["help"], ["prepare"]):
        manage(environment, "prepare", "--empty")
    return manage(environment, *arguments)


def run_tests(arguments: list[str]) -> int:
    ensure_environment("requirements-test.txt")
    from tests import runner

    return runner.run_all(arguments, python=VENV_PYTHON, base=BASE, apt_install=apt_install, say=say)


def run_mutants(arguments: list[str]) -> int:
    ensure_environment("requirements-mutate.txt")
    return subprocess.run([str(VENV_PYTHON), "-m", "tests.mutation", *arguments], cwd=BASE).returncode


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Starts webcare_coding on this computer.",
        epilog="run.py test [pytest arguments] runs the tests; run.py manage COMMAND ... a command.",
    )
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this computer only")
    parser.add_argument("--data", metavar="DIR", help="where the data live (default: data/, or WEBCARE_DATA)")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser")
    parser.add_argument("--empty", action="store_true", help="leave the demo study out")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036, this file is what an older Python meets first
        say("webcare_coding needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
        return 1

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        if arguments[:1] == ["test"]:
            return run_tests(arguments[1:])
        if arguments[:1] == ["mutate"]:
            return run_mutants(arguments[1:])
        if arguments[:1] == ["manage"]:
            return run_manage(arguments[1:])
        return start(parse(arguments))
    except CannotStart as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
