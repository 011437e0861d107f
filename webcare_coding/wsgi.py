import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webcare_coding.settings")

application = get_wsgi_application()


def _ensure_rules() -> None:
    """The rules that the database itself keeps; a database that is away now is no reason not to start."""
    from annotations.models import triggers

    try:
        triggers.ensure(connection)
    except DatabaseError as problem:
        logging.getLogger(__name__).error("The rules could not be checked: %s", type(problem).__name__)
    finally:
        connection.close()


_ensure_rules()
