"""What the environment says, read once and checked, with an error that names the variable."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
SECRET_KEY_FILE = "secret_key"  # noqa: S105
BUSY_TIMEOUT_S = 20
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=NORMAL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
)


class HomeError(ImproperlyConfigured):
    """The data home cannot be used."""


def flag(name: str, environ: Mapping[str, str] = os.environ, *, default: bool = False) -> bool:
    """A yes/no variable; unset is the default."""
    value = environ.get(name, "").strip().lower() or ("1" if default else "")
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (received: {value!r}).")


def words(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def whole_number(name: str, default: int, environ: Mapping[str, str] = os.environ) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number (received: {value!r}).")
    return int(value)


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the database, the secret key and uploads; made if missing, mode 0700."""
    given = environ.get("MOONGATE_HOME")
    home = Path(given).expanduser() if given else Path.home() / ".local" / "share" / "moongate"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HomeError(
            f"The data home {home} cannot be made ({error.strerror}). "
            "Set MOONGATE_HOME to a folder you may write to."
        ) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeError(
            f"The data home {home} is not writable. "
            "Set MOONGATE_HOME to a folder you may write to, or give yourself the right to it."
        )
    return home.resolve()


def secret_key(home: Path, environ: Mapping[str, str] = os.environ) -> str:
    """MOONGATE_SECRET_KEY, or the key kept in the data home, made at the first run (mode 0600)."""
    if given := environ.get("MOONGATE_SECRET_KEY"):
        if len(given) < 32:
            raise ImproperlyConfigured(
                f"MOONGATE_SECRET_KEY must have at least 32 characters (received: {len(given)})."
            )
        return given
    path = home / SECRET_KEY_FILE
    # Written aside and linked into place, so that two processes starting together agree on one
    # key and nobody ever reads half of one.
    if not path.exists():
        draft = home / f".{SECRET_KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError as error:
            raise HomeError(f"The secret key {path} cannot be written: {error.strerror}.") from None
        finally:
            draft.unlink(missing_ok=True)
    try:
        key = path.read_text().strip()
    except OSError as error:
        raise HomeError(f"The secret key {path} cannot be read: {error.strerror}.") from None
    if len(key) < 32:
        raise ImproperlyConfigured(f"{path} does not hold a key; remove it and start again.")
    return key


def database(home: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings of the one database, from DATABASE_URL or SQLite in the data home."""
    url = environ.get("DATABASE_URL", "").strip()
    if not url:
        return _sqlite(home / "db.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                "DATABASE_URL names no file (write sqlite:////folder/db.sqlite3)."
            )
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(parts)
    raise ImproperlyConfigured(
        f"DATABASE_URL must start with sqlite:// or postgres:// (received: {parts.scheme}://)."
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_TIMEOUT_S,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def _postgres(parts: Any) -> dict[str, Any]:
    if importlib.util.find_spec("psycopg") is None:
        raise ImproperlyConfigured(
            "DATABASE_URL asks for PostgreSQL, whose driver is not installed: "
            "pip install 'psycopg[binary]'."
        )
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL has a port that is no number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def mail(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's e-mail settings from MOONGATE_SMTP_URL; without one, letters go to the console."""
    url = environ.get("MOONGATE_SMTP_URL", "").strip()
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(
            "MOONGATE_SMTP_URL must look like smtp+tls://user:password@host:587 "
            f"(received the scheme {parts.scheme!r})."
        )
    default_port = {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or default_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
    }


def wechat_apps(environ: Mapping[str, str] = os.environ) -> list[dict[str, str]]:
    """The WeChat apps to sign in with: the website's, and inside WeChat the Official Account."""
    pairs = {
        "website": ("MOONGATE_WECHAT_APP_ID", "MOONGATE_WECHAT_APP_SECRET"),
        "official_account": ("MOONGATE_WECHAT_ACCOUNT_ID", "MOONGATE_WECHAT_ACCOUNT_SECRET"),
    }
    apps = []
    for key, (id_name, secret_name) in pairs.items():
        app_id, secret = (environ.get(name, "").strip() for name in (id_name, secret_name))
        if bool(app_id) != bool(secret):
            raise ImproperlyConfigured(f"{id_name} and {secret_name} must be set together.")
        if not app_id:
            continue
        if not (app_id.isascii() and app_id.isalnum()):
            raise ImproperlyConfigured(f"{id_name} must be letters and digits, as WeChat shows it.")
        apps.append({"key": key, "client_id": app_id, "secret": secret})
    return apps


def wechat_messages(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """How the Official Account's messages come in: `token`, and `aes_keys`, newest first."""
    token = environ.get("MOONGATE_WECHAT_TOKEN", "").strip()
    keys = words("MOONGATE_WECHAT_AES_KEY", environ)
    if token and not (3 <= len(token) <= 32 and token.isascii() and token.isalnum()):
        raise ImproperlyConfigured(
            "MOONGATE_WECHAT_TOKEN must be 3 to 32 letters and digits, as entered at WeChat."
        )
    if any(len(key) != 43 or not (key.isascii() and key.isalnum()) for key in keys):
        raise ImproperlyConfigured(
            "MOONGATE_WECHAT_AES_KEY must be the EncodingAESKey of 43 letters and digits."
        )
    if keys and not token:
        raise ImproperlyConfigured("MOONGATE_WECHAT_AES_KEY needs MOONGATE_WECHAT_TOKEN as well.")
    apps = {app["key"]: app for app in wechat_apps(environ)}
    if token and "official_account" not in apps:
        raise ImproperlyConfigured(
            "MOONGATE_WECHAT_TOKEN needs MOONGATE_WECHAT_ACCOUNT_ID and "
            "MOONGATE_WECHAT_ACCOUNT_SECRET as well."
        )
    return {"token": token, "aes_keys": keys}


def wechat_mini_program(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The Mini Program's `app_id` and `secret`; both empty when there is none."""
    names = {"app_id": "MOONGATE_WECHAT_MINI_ID", "secret": "MOONGATE_WECHAT_MINI_SECRET"}
    found = {key: environ.get(name, "").strip() for key, name in names.items()}
    if bool(found["app_id"]) != bool(found["secret"]):
        raise ImproperlyConfigured(f"{' and '.join(names.values())} must be set together.")
    if not found["app_id"].isalnum() and found["app_id"]:
        raise ImproperlyConfigured(f"{names['app_id']} must be letters and digits.")
    return found


def public_url(environ: Mapping[str, str] = os.environ) -> str:
    """The site's address for links that leave it, without a slash at the end; may be empty."""
    url = environ.get("MOONGATE_PUBLIC_URL", "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
        raise ImproperlyConfigured(
            f"MOONGATE_PUBLIC_URL must look like https://moongate.example (received: {url!r})."
        )
    return url
