import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

BASE: Path = settings.BASE_DIR
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (BASE / "Dockerfile").read_text()
OURS = ["web", "worker", "migrate"]


def test_no_secret_has_a_default() -> None:
    text = (BASE / "docker-compose.yml").read_text()
    for name in ("WEBCARE_SECRET_KEY", "WEBCARE_DATABASE_PASSWORD", "WEBCARE_ALLOWED_HOSTS"):
        uses = re.findall(r"\$\{" + name + r"(.{0,2})", text)
        assert uses, name
        assert set(uses) == {":?"}, f"{name} must be refused when it is missing"


def test_only_the_web_server_is_published_and_on_this_host_only() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


@pytest.mark.parametrize("name", OURS)
def test_our_containers_cannot_write_outside_their_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["files:/data"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_the_app_waits_for_the_database_and_its_migrations(name: str) -> None:
    conditions = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}
    assert conditions == {"db": "service_healthy", "migrate": "service_completed_successfully"}


def test_every_lasting_service_has_a_health_check() -> None:
    assert "healthcheck" in SERVICES["db"]
    assert "healthcheck" in SERVICES["worker"]
    assert "HEALTHCHECK" in DOCKERFILE


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.M)
    assert users
    assert users[-1] not in {"root", "0"}


def test_the_image_holds_no_secret_and_no_data() -> None:
    assert not re.search(r"^(ENV|ARG).*(SECRET_KEY|PASSWORD)", DOCKERFILE, flags=re.M)
    allowed = [line for line in (BASE / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert allowed[0] == "*"
    assert not any("data" in line or ".env" in line for line in allowed if line.startswith("!"))


def test_everything_the_image_copies_reaches_the_builder() -> None:
    ignored = (BASE / ".dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, flags=re.M):
        for source in line.split()[:-1]:
            assert f"!{source}" in ignored
            assert (BASE / source).exists()
