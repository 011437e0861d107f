"""Settings of the server in the browser tests: those of production, with passwords hashed in no time."""

from webcare_coding.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
