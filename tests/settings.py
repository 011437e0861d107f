"""Settings of the tests: those of production, with what makes tests slow or fickle taken out.

The database is SQLite in memory, or the PostgreSQL server that DATABASE_URL names.
"""

import hashlib
import os
import tempfile

# The same at every run: what is shuffled under it comes out the same.
os.environ.setdefault("WEBCARE_SECRET_KEY", "of-the-tests-" + hashlib.sha256(b"tests").hexdigest())
if "WEBCARE_DATA" not in os.environ:
    os.environ["WEBCARE_DATA"] = tempfile.mkdtemp(prefix="webcare-test-")
os.environ.setdefault("WEBCARE_DESK", "1")

from webcare_coding.settings import *  # noqa: F403
from webcare_coding.settings import BASE_DIR, DATABASES, LOCALE_PATHS
from webcare_coding.translations import compile_translations

# Before Django looks for them: it reads them once.
compile_translations(LOCALE_PATHS[0])

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Tests of the throttle switch it on for themselves.
AXES_ENABLED = False

# Long work runs at once; the browser tests start a real worker.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Looks a file up when it is asked for, instead of reading all of them for every new Client.
WHITENOISE_AUTOREFRESH = True

# One connection per test process is enough, and the test database must be free to be dropped.
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Several checkouts may be tested on one server at the same time.
    checkout = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]
    DATABASES["default"]["TEST"] = {"NAME": f"test_webcare_{checkout}"}
