"""The second run of the suite, `ENGINES=postgres bin/test`: PostgreSQL and Redis instead of SQLite and Valkey.

Both are private instances on free ports, started once, before Django reads its settings; the processes of
pytest-xdist inherit them. Tests that need them are marked `engines`.
"""

from __future__ import annotations

import os

POSTGRES_URL = os.environ.get("ENGINES_POSTGRES_URL", "")
REDIS_URL = os.environ.get("ENGINES_REDIS_URL", "")
