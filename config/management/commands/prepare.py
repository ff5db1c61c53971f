"""`manage.py prepare`: make the data directory ready. bin/server runs it when something is missing or new.

Says what it does on standard error, and who the first owner is, if it made one, as JSON on standard output.
"""

from __future__ import annotations

import getpass
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.server import preparation
from teams import accounts
from teams.models import User

LOCK = 7_238_110  # any number that only this command takes a PostgreSQL advisory lock on


class Command(BaseCommand):
    help = "Make the data directory ready: database, static files, the first owner."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time():
            self._migrate()
            self._collect_static_files()
            owner = self._make_first_owner()
        self.stdout.write(json.dumps(owner))

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stderr.write("Preparing the database …", self.style.NOTICE)
            call_command("migrate", verbosity=0, interactive=False)

    def _collect_static_files(self) -> None:
        stamp = settings.DATA_DIR / preparation.STATIC_STAMP
        now = preparation.fingerprint(settings.STATICFILES_DIRS)
        if not stamp.exists() or stamp.read_text() != now:
            self.stderr.write("Preparing the static files …", self.style.NOTICE)
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(now)

    def _make_first_owner(self) -> dict[str, str]:
        """Name, sign-in link and key of the owner if there was no user yet, otherwise nothing."""
        marker = settings.DATA_DIR / preparation.OWNER
        if User.objects.exists():
            if not marker.exists():
                marker.write_text("")
            return {}
        user = _create_owner()
        link = accounts.create_sign_in_link(user=user)
        _key, secret = accounts.create_api_key(user=user, name="first key")
        marker.write_text(user.username)
        return {"name": user.username, "signin_link": f"{settings.SITE_URL}/signin/{link}", "api_key": secret}


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Machines that share a PostgreSQL may start together; SQLite is guarded by the data directory's lock."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _create_owner() -> User:
    """The person at the keyboard by the name of the login, where that can be a user name."""
    name = re.sub(r"[^A-Za-z0-9_-]", "-", getpass.getuser())[:64]
    try:
        return accounts.create_user(username="owner" if name == "root" else name, is_admin=True)
    except ValidationError:
        return accounts.create_user(username="owner", is_admin=True)
