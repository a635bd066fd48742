"""What an installation can set: one typed object, read from the environment and from nowhere else."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEMO_SECRET = "laurel-demo-secret-for-one-machine-only"  # noqa: S105 - refused in production
ROOT = Path(__file__).resolve().parent


class ConfigurationError(Exception):
    """The environment asks for something that Laurel will not start with; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """Where mail goes when it leaves the house."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    sender: str
    security: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can differ between two installations of the same code."""

    base_url: str
    production: bool
    secret_key: str = field(repr=False)
    encryption_key: str = field(repr=False)
    data_folder: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    smtp: Smtp | None = None
    mail_sender: str = "laurel@localhost"
    site_name: str = "Laurel"
    demo: bool = False
    languages: tuple[str, ...] = ("en",)
    allowed_private_hosts: frozenset[str] = frozenset()
    trusted_proxies: int = 0
    testing: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port of the base URL, as browsers write an origin."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        """Whether the portal is reached over https."""
        return self.base_url.startswith("https://")

    @property
    def cookie_suffix(self) -> str:
        """A short hash of the base URL: cookies ignore ports, so two portals on one host need different names."""
        return hashlib.sha256(self.base_url.encode()).hexdigest()[:8]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read and check the environment; raise ConfigurationError naming the variable that has to change."""
        env = os.environ if environment is None else environment
        production = env.get("LAUREL_ENV", "production") == "production"
        data_folder = Path(env.get("LAUREL_DATA", str(ROOT / "instance"))).resolve()
        base_url = env.get("LAUREL_BASE_URL", "http://localhost:8000").rstrip("/")
        secret_key = env.get("LAUREL_SECRET_KEY", DEMO_SECRET)
        settings = cls(
            base_url=base_url,
            production=production,
            secret_key=secret_key,
            encryption_key=env.get("LAUREL_ENCRYPTION_KEY") or _derived_key(secret_key),
            data_folder=data_folder,
            database_url=env.get("LAUREL_DATABASE_URL", f"sqlite:///{data_folder / 'laurel.db'}"),
            redis_url=env.get("LAUREL_REDIS_URL"),
            smtp=_smtp(env),
            mail_sender=env.get("LAUREL_MAIL_SENDER", "laurel@localhost"),
            site_name=env.get("LAUREL_SITE_NAME", "Laurel"),
            demo=env.get("LAUREL_DEMO") == "1",
            languages=tuple(env.get("LAUREL_LANGUAGES", "en").split(",")),
            allowed_private_hosts=frozenset(filter(None, env.get("LAUREL_ALLOWED_PRIVATE_HOSTS", "").split(","))),
            trusted_proxies=_whole_number(env, "LAUREL_TRUSTED_PROXIES", 0),
        )
        _check(settings, env)
        return settings


def _derived_key(secret_key: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(f"laurel encryption {secret_key}".encode()).digest()).decode()


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal():
        message = f"{name} must be a whole number, not {text!r}."
        raise ConfigurationError(message)
    return int(text)


def _smtp(env: Mapping[str, str]) -> Smtp | None:
    if not env.get("LAUREL_SMTP_HOST"):
        return None
    security = env.get("LAUREL_SMTP_SECURITY", "starttls")
    if security not in {"starttls", "tls", "none"}:
        message = "LAUREL_SMTP_SECURITY must be starttls, tls or none."
        raise ConfigurationError(message)
    return Smtp(
        host=env["LAUREL_SMTP_HOST"],
        port=_whole_number(env, "LAUREL_SMTP_PORT", 587),
        username=env.get("LAUREL_SMTP_USERNAME", ""),
        password=env.get("LAUREL_SMTP_PASSWORD", ""),
        sender=env.get("LAUREL_MAIL_SENDER", "laurel@localhost"),
        security=security,
    )


def _check(settings: Settings, env: Mapping[str, str]) -> None:
    parts = urlsplit(settings.base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        message = "LAUREL_BASE_URL must be the portal's own address without a path, such as https://learn.example.org."
        raise ConfigurationError(message)
    if not settings.production:
        return
    if not settings.secure:
        message = "LAUREL_BASE_URL must begin with https:// in production: badges keep this address for ever."
        raise ConfigurationError(message)
    if settings.secret_key == DEMO_SECRET or len(settings.secret_key) < 32:
        message = (
            "LAUREL_SECRET_KEY must be set to a secret of 32 characters or more in production. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
        raise ConfigurationError(message)
    if not env.get("LAUREL_ENCRYPTION_KEY"):
        message = (
            "LAUREL_ENCRYPTION_KEY must be set in production, and kept safe: it protects tokens, mails and signing keys. "
            "Make one with: python3 -c 'import base64,os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
        raise ConfigurationError(message)
    if settings.demo:
        message = "LAUREL_DEMO is not for production: its passwords are public. Use `flask laurel init`."
        raise ConfigurationError(message)
