"""Sign-in links on the command line, where no request tells the address of the site."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse


def add_address_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--address",
        default=settings.ADDRESS,
        metavar="URL",
        help="where people reach the site, for the link (default: WEBCARE_ADDRESS, now %(default)s)",
    )


def address_of(token: str, site: str) -> str:
    """The whole link of this token."""
    return site.rstrip("/") + reverse("sign_in_link", args=[token])
