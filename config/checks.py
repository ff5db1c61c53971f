"""What `bin/manage check --deploy` warns an operator of: settings that start well and go wrong later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

LOCAL = {"127.0.0.1", "localhost", "::1"}
CLIENT_HEARTBEAT = 30  # seconds between two signs of life of a wandb client that logs nothing


@register(Tags.security, deploy=True)
def check_debug(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if not settings.DEBUG:
        return []
    return _warn(1, "DEBUG is on: error pages show code, settings and data to anybody.", "Unset DEBUG.")


@register(Tags.security, deploy=True)
def check_hosts(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        if not settings.HTTPS:
            return []  # a server of one's own, reached by whatever name the network gives it
        return _warn(2, "ALLOWED_HOSTS is *: any Host header is believed.", f"Write ALLOWED_HOSTS={host}.")
    if any(host == allowed or host.endswith(allowed) for allowed in settings.ALLOWED_HOSTS):
        return []
    return _warn(3, f"ALLOWED_HOSTS lacks {host}, the host of SITE_URL.", f"Add {host} to ALLOWED_HOSTS.")


@register(Tags.security, deploy=True)
def check_encryption(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if settings.HTTPS or urlsplit(settings.SITE_URL).hostname in LOCAL:
        return []
    return _warn(
        4,
        "SITE_URL is http: passwords and API keys travel in the clear.",
        "Put a proxy with a certificate in front and write SITE_URL=https://….",
    )


@register(Tags.security, deploy=True)
def check_several_machines(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """PostgreSQL is chosen to share it; what else has to be shared then?"""
    if settings.SQLITE:
        return []
    found = []
    if settings.SECRET_KEY_IS_GENERATED:
        found += _warn(
            5,
            "SECRET_KEY is generated: each machine has another one, and rejects what the others have signed.",
            "Write one SECRET_KEY of at least 32 random characters on every machine.",
        )
    if settings.STORAGE_URL.startswith("file:"):
        found += _warn(
            6,
            "STORAGE_URL is a directory: other machines see its files only on a shared file system.",
            "Write STORAGE_URL=s3://key:secret@host/bucket, or run everything on one machine.",
        )
    return found


@register(Tags.security, deploy=True)
def check_heartbeat(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if settings.HEARTBEAT_TIMEOUT > 2 * CLIENT_HEARTBEAT:
        return []
    return _warn(
        7,
        f"HEARTBEAT_TIMEOUT is {settings.HEARTBEAT_TIMEOUT} s: clients send a sign of life every "
        f"{CLIENT_HEARTBEAT} s, so one lost request makes a healthy run look crashed.",
        "Write HEARTBEAT_TIMEOUT=300.",
    )


def _warn(number: int, message: str, hint: str) -> list[CheckMessage]:
    return [Warning(message, hint=hint, id=f"debrief.W{number:03}")]
