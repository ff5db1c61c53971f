"""Debrief's own settings in a data directory made for the test session."""

import tests.environment  # noqa: F401  the settings below read it

# isort: split
from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

# The slow hash is for real passwords; ours are public.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages name static files as they are in the tree; only a started server collects and hashes them.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Threads of the adapters leave no connection open that would keep the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
