"""What every template knows."""

from django.http import HttpRequest

from webcare_coding import __version__


def app_version(request: HttpRequest) -> dict[str, str]:
    return {"app_version": __version__}
