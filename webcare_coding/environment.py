"""Reading settings from the environment; every refusal is one sentence that says what to do."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}

# Container platforms mount secrets here, readable inside the container only, with a mode of their own.
MOUNTED_SECRETS = Path("/run/secrets")


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


@dataclass(frozen=True)
class SingleSignOn:
    """The institution's sign-in. `claim`: what of its answer is the user name here."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    claim: str
    gives_second_factor: bool


def single_sign_on() -> SingleSignOn | None:
    """From the environment, or None when no issuer is named. Refuses a plain-http issuer elsewhere."""
    issuer = os.environ.get("WEBCARE_OIDC_ISSUER", "").strip().rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise ImproperlyConfigured("WEBCARE_OIDC_ISSUER must begin with https://.")
    given = {
        name: os.environ.get(name, "").strip()
        for name in ("WEBCARE_OIDC_CLIENT_ID", "WEBCARE_OIDC_CLIENT_SECRET")
    }
    for name, value in given.items():
        if not value:
            raise ImproperlyConfigured(f"{name} is missing; the institution gave it to you.")
    return SingleSignOn(
        issuer,
        given["WEBCARE_OIDC_CLIENT_ID"],
        given["WEBCARE_OIDC_CLIENT_SECRET"],
        os.environ.get("WEBCARE_OIDC_NAME", "").strip() or parts.hostname or issuer,
        os.environ.get("WEBCARE_OIDC_CLAIM", "").strip() or "email",
        env_bool("WEBCARE_OIDC_SECOND_FACTOR"),
    )


def secret_key() -> str:
    """The key in WEBCARE_SECRET_KEY, or in the file that WEBCARE_SECRET_KEY_FILE names.

    There is no built-in key to fall back on: who knows the key can sign in as anybody.
    """
    key = os.environ.get("WEBCARE_SECRET_KEY", "").strip()
    named_file = os.environ.get("WEBCARE_SECRET_KEY_FILE", "").strip()
    if not key and named_file:
        key = _read_key_file(Path(named_file))
    if not key:
        raise ImproperlyConfigured(
            "no secret key. Set WEBCARE_SECRET_KEY to 50 or more random characters, or "
            "WEBCARE_SECRET_KEY_FILE to a file (mode 0600) that holds them."
        )
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured("the secret key is too weak: use 50 or more random characters.")
    return key


def _read_key_file(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not text"
        raise ImproperlyConfigured(f"WEBCARE_SECRET_KEY_FILE: cannot read {path} ({reason}).") from None
    others_may_read = os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO)
    if others_may_read and not path.resolve().is_relative_to(MOUNTED_SECRETS):
        raise ImproperlyConfigured(f"others can read the secret key: run `chmod 600 {path}`.")
    return key
