"""Typed readers of the environment. Every setting of Debrief is read here, or it does not exist.

A reader returns the default when the variable is unset or empty and raises `SettingError` with a line that says
what to write when it cannot be used. docs/settings.md documents each; tests/architecture/ fails on one it omits.
"""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


class SettingError(Exception):
    """A setting has a value Debrief cannot use; the message says which and what to write instead."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, *, at_least: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < at_least:
        raise SettingError(f"{name}={value!r}: write a whole number of at least {at_least}, for example {default}.")
    return int(value)


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise SettingError(f"{name}={value!r}: write true or false.")
    return value in {"1", "true", "yes", "on"}


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingError(f"{name}={value!r}: write one of {', '.join(allowed)}.")
    return value


def names(name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A comma-separated list."""
    return tuple(part.strip() for part in text(name).split(",") if part.strip()) or default


def directory(name: str, default: Path) -> Path:
    path = Path(text(name) or default).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise SettingError(f"{name}={str(path)!r} is a file: name a directory.")
    return path


def remembered(path: Path, default: str) -> str:
    """What the server wrote into a file of the data directory when it started, or the default."""
    try:
        return path.read_text().strip() or default
    except OSError:
        return default


def socket_path(preferred: Path) -> Path:
    """`preferred`, or a short stable stand-in: the kernel takes at most 103 (macOS) or 107 bytes for a Unix socket."""
    if len(os.fsencode(preferred)) <= 100:
        return preferred
    mark = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:16]
    # The supervisor makes this directory for its own user only, and refuses one that belongs to somebody else.
    return Path(f"/tmp/debrief-{os.getuid()}-{mark}/valkey.sock")  # noqa: S108


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """An address as it is written, its scheme in lower case. Web addresses lose a slash at their end."""
    value = text(name, default)
    scheme = _split(name, value).scheme
    if value and scheme not in schemes:
        allowed = ", ".join(f"{scheme}://" for scheme in schemes)
        raise SettingError(f"{name} must start with one of {allowed}; it is {value.split('@')[-1]!r}.")
    value = scheme + value[len(scheme) :]
    return value.rstrip("/") if schemes[0].startswith("http") else value


def site(name: str, default: str) -> str:
    """Where people reach this server: scheme, host and port, in lower case as browsers write them."""
    value = url(name, default, schemes=("http", "https"))
    parts = _split(name, value)
    if not parts.hostname or "@" in parts.netloc or value != f"{parts.scheme}://{parts.netloc}":
        raise SettingError(
            f"{name} holds more or less than an address: write it as in https://debrief.example.org:8443."
        )
    return value.lower()


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  it is parsed when it is asked for
    except ValueError:  # whose message may quote a part of the password
        raise SettingError(
            f"{name} is not a valid URL: give the port as a number, and percent-encode special characters "
            "in user and password (/ is %2F, @ is %40)."
        ) from None
    return parts


@dataclass(frozen=True)
class Mail:
    """Where mail goes. `host` empty means: no mail is configured and mail channels say so."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    sender: str = ""


def mail(name: str) -> Mail:
    """`smtp://user:password@host:587?tls=true&from=debrief@example.org`; `smtps://` for TLS from the start."""
    value = url(name, "", schemes=("smtp", "smtps"))
    if not value:
        return Mail()
    parts = urlsplit(value)
    if not parts.hostname:
        raise SettingError(f"{name} names no host: write smtp://user:password@host:587?tls=true&from=you@example.org.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    use_ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=parts.port or (465 if use_ssl else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=query.get("tls", "").lower() in {"1", "true", "yes"},
        use_ssl=use_ssl,
        sender=query.get("from", f"debrief@{parts.hostname}"),
    )


def secret_key(name: str, data_directory: Path) -> str:
    """The given key, or one generated once into `secret_key` in the data directory (mode 600)."""
    value = text(name)
    if value:
        if len(value) < 32:
            raise SettingError(f"{name} is {len(value)} characters long: write at least 32 random ones.")
        return value
    path = data_directory / "secret_key"
    try:
        return _generated_once(path)
    except OSError as problem:
        raise SettingError(f"{data_directory}: {problem.strerror}; name a directory you may write to.") from problem


def _generated_once(path: Path) -> str:
    """What the file holds, after putting a fresh key there if it is new."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(os.urandom(32).hex())
        with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
            os.link(fresh, path)  # whole or not at all, unlike writing in place
        fresh.unlink()
    return path.read_text().strip()


def storage(name: str, value: str) -> dict[str, object]:
    """A Django STORAGES entry: `file:///directory` or `s3://key:secret@host:port/bucket/prefix?region=…&tls=false`.

    An S3 URL without a host (`s3:///bucket`) uses Amazon's endpoint and the credentials boto3 finds by itself.
    """
    parts = urlsplit(value)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise SettingError(f"{name} must name an absolute path: write file:///var/lib/debrief/files.")
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": unquote(parts.path)}}
    bucket, _slash, prefix = parts.path.lstrip("/").partition("/")
    if not bucket:
        raise SettingError(f"{name} names no bucket: write s3://key:secret@host/bucket.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options: dict[str, object] = {
        "bucket_name": bucket,
        "location": prefix,
        "file_overwrite": True,
        "querystring_expire": 3600,
        "region_name": query.get("region"),
    }
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if parts.hostname:
        secure = query.get("tls", "true").lower() not in {"0", "false", "no"}
        port = f":{parts.port}" if parts.port else ""
        options["endpoint_url"] = f"{'https' if secure else 'http'}://{parts.hostname}{port}"
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
