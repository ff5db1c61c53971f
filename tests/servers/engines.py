"""The second run of the suite, `ENGINES=postgres`: PostgreSQL and Redis instead of SQLite and Valkey.

Both are private instances on free ports. The first process of pytest starts them before Django reads its settings
and ends them; the processes of pytest-xdist inherit the addresses and have databases of their own there.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack

from tests.servers.brokers import Redis
from tests.servers.postgres import Postgres


def start() -> None:
    """Start both unless the parent process has, and point the settings at them."""
    if not postgres_url():
        stack = ExitStack()
        atexit.register(stack.close)
        os.environ["ENGINES_POSTGRES_URL"] = stack.enter_context(Postgres()).url
        os.environ["ENGINES_REDIS_URL"] = stack.enter_context(Redis()).url
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = postgres_url(), redis_url()


def postgres_url() -> str:
    """Where this run's PostgreSQL listens; empty in the run on SQLite."""
    return os.environ.get("ENGINES_POSTGRES_URL", "")


def redis_url() -> str:
    """Where this run's Redis listens, a database number a process; empty in the run on Valkey."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ.get("ENGINES_REDIS_URL", "")
    return url and f"{url.rpartition('/')[0]}/{worker}"
