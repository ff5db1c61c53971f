"""Whether the data directory is ready for this version, found out in milliseconds and without Django.

What has to be done then is `manage.py prepare`: migrations, static files, the first owner.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

OWNER = "owner"  # file with the name of the first owner
STATIC_STAMP = "static.stamp"  # file with the fingerprint of the static files that were collected


def is_prepared(data: Path, *, database: str, apps: Iterable[str], static: Iterable[Path]) -> bool:
    """`database` is the SQLite file's path; PostgreSQL ("") is always left to `manage.py prepare`."""
    stamp = data / STATIC_STAMP
    return (
        bool(database)
        and (data / OWNER).exists()
        and stamp.exists()
        and stamp.read_text() == fingerprint(static)
        and known_migrations(apps) <= applied_migrations(database)
    )


def fingerprint(directories: Iterable[Path]) -> str:
    """Changes when a static file is added, removed or written."""
    seen = hashlib.sha256()
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                state = path.stat()
                seen.update(f"{path.relative_to(directory)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def known_migrations(apps: Iterable[str]) -> set[tuple[str, str]]:
    """(app label, name) of every migration file of the installed apps."""
    found = set()
    for app in apps:
        spec = find_spec(app)
        for place in (spec.submodule_search_locations or []) if spec else []:
            names = Path(place, "migrations").glob("[0-9]*.py")
            found |= {(app.rpartition(".")[2], path.stem) for path in names}
    return found


def applied_migrations(database: str) -> set[tuple[str, str]]:
    """(app label, name) of every migration the SQLite database has seen; empty when it is new."""
    try:
        connection = sqlite3.connect(f"file:{quote(database)}?mode=ro", uri=True)
    except sqlite3.Error:
        return set()
    try:
        return set(connection.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        return set()
    finally:
        connection.close()
