"""What the client asks about the server itself."""

from __future__ import annotations

from typing import Any

# Only what is true here: the client falls back to older ways for every name that is missing.
FEATURES = ("CLIENT_IDS", "STRUCTURED_CONSOLE_LOGS", "FILESTREAM_GZIP", "MARK_RUN_FILES_UPLOADED", "UPDATE_RUN_STATE")

# 0.28 asks which client is the newest the server knows before it saves a table; no client is too new for us.
NEWEST_CLIENT = {"max_cli_version": "1.0.0"}


def server_info(_source: None, _info: Any) -> dict[str, Any]:
    return {
        "cli_version_info": NEWEST_CLIENT,
        "latest_local_version_info": None,
        "features": [{"name": name, "is_enabled": True} for name in FEATURES],
    }


QUERIES = {"serverInfo": server_info}
