"""The settings of the environment, read once, every mistake at once; no message repeats a value.

The table in the docs is this dataclass. Addresses of people and places, tokens and passwords never show in a repr.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from monitor.config import values
from monitor.config.hints import nearest
from monitor.config.secretfiles import SECRETS_DIR, SUFFIX, Lookup
from monitor.config.values import Unusable
from monitor.errors import SettingError
from monitor.model import Lang

Value = TypeVar("Value")
Security = Literal["starttls", "tls", "none"]

SECURITIES: tuple[Security, ...] = ("starttls", "tls", "none")
LOG_FORMATS = ("console", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
SUBMISSION_PORT = 587  # RFC 6409

NAMES = frozenset(
    f"MONITOR_{name}"
    for name in (
        "CONFIG_DIR", "DATA_DIR", "TELEGRAM_TOKEN", "TELEGRAM_CHANNEL", "TELEGRAM_API_URL", "TELEGRAM_ADMIN_CHAT",
        "ADMIN_EMAIL", "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_SECURITY", "SMTP_CA_FILE",
        "DIGEST_FROM", "DIGEST_TO", "DIGEST_AT", "TIME_ZONE", "LANGUAGES", "CONTACT", "ALLOW_HOSTS", "HOST_INTERVAL",
        "PROXY", "HEARTBEAT_URL", "LOG_FORMAT", "LOG_LEVEL",
    )
)  # fmt: skip
MISSPELT = 0.9  # a letter or two; SERVICE_HOST is somebody else's, not SMTP_HOST
# Families: `delivery.yaml` may name MONITOR_TELEGRAM_CHANNEL_EN, a feed may name the proxy of MONITOR_PROXY_TOR.
CHANNELS, RECIPIENTS, PROXIES = "MONITOR_TELEGRAM_CHANNEL_", "MONITOR_DIGEST_TO_", "MONITOR_PROXY_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The mail server that takes our letters."""

    host: str
    port: int = SUBMISSION_PORT
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    security: Security = "starttls"
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. None and empty mean "not set".

    `allow_hosts` holds "host:port"; `proxies` is by the lower-cased end of MONITOR_PROXY_<NAME>; `addresses` maps the
    name of a setting (what delivery.yaml writes) to the chat or the comma-separated mailboxes it holds. `warnings`
    are sentences for the operator.
    """

    config_dir: Path = Path("config")
    data_dir: Path = Path("data")
    telegram_token: str | None = field(default=None, repr=False)
    telegram_channel: str | None = field(default=None, repr=False)
    telegram_admin_chat: str | None = field(default=None, repr=False)
    telegram_api_url: str | None = None
    admin_email: str | None = field(default=None, repr=False)
    smtp: Smtp | None = None
    digest_from: str | None = field(default=None, repr=False)
    digest_to: tuple[str, ...] = field(default=(), repr=False)
    digest_at: str = "07:30"
    time_zone: str = "Asia/Almaty"
    languages: tuple[Lang, ...] = ("ru", "en")
    contact: str | None = None
    allow_hosts: frozenset[str] = frozenset()
    host_interval: timedelta = timedelta(seconds=1)
    proxy: str | None = field(default=None, repr=False)
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    heartbeat_url: str | None = field(default=None, repr=False)
    log_format: str = "console"
    log_level: str = "info"
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()

    def secrets(self) -> tuple[str, ...]:
        """Every text that must not appear in a log line: tokens, passwords, chats, mailboxes, private addresses."""
        proxies = [address for address in (self.proxy, *self.proxies.values()) if address]
        found = [
            self.telegram_token,
            self.telegram_channel,
            self.telegram_admin_chat,
            self.admin_email,
            self.digest_from,
            *self.digest_to,
            *(part for value in self.addresses.values() for part in values.listed(value)),
            *((self.smtp.user, self.smtp.password) if self.smtp else ()),
            *proxies,
            *(urlsplit(address).password for address in proxies),
            self.heartbeat_url,
        ]
        return tuple(dict.fromkeys(secret for secret in found if secret))


class _Reader:
    """Takes settings one by one and remembers every mistake; each names the setting and never its value."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self.mistakes: list[str] = []

    def take(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        """The setting's value as `parse` understands it, or the default when it is not set or unusable."""
        try:
            text = self._lookup.get(name)
            return default if text is None else parse(text)
        except Unusable as mistake:
            self.mistakes.append(f"{name} {mistake.what} {mistake.hint}".rstrip())
            return default

    def text(self, name: str) -> str | None:
        """A free text of one line."""
        return self.take(name, _one_line, None)

    def family(self, prefix: str, parse: Callable[[str], str]) -> dict[str, str]:
        """The settings of a family by their full names."""
        found = {name: self.take(name, parse, "") for name in self._lookup.names(prefix)}
        return {name: value for name, value in found.items() if value}


def read_settings(environ: Mapping[str, str], secrets_dir: Path = SECRETS_DIR) -> Settings:
    """The settings in `environ` (and the files it leads to). Raises SettingError with all mistakes, one per line."""
    reader = _Reader(Lookup(environ, secrets_dir))
    take, text = reader.take, reader.text
    plain, smtp = Settings(), _smtp(reader)
    found = Settings(
        config_dir=take("MONITOR_CONFIG_DIR", Path, plain.config_dir),
        data_dir=take("MONITOR_DATA_DIR", Path, plain.data_dir),
        telegram_token=take("MONITOR_TELEGRAM_TOKEN", _token, None),
        telegram_channel=take("MONITOR_TELEGRAM_CHANNEL", _chat, None),
        telegram_admin_chat=take("MONITOR_TELEGRAM_ADMIN_CHAT", _chat, None),
        telegram_api_url=take("MONITOR_TELEGRAM_API_URL", lambda url: values.web_address(url).rstrip("/"), None),
        admin_email=take("MONITOR_ADMIN_EMAIL", values.mailbox, None),
        smtp=smtp,
        digest_from=take("MONITOR_DIGEST_FROM", values.sender, _user_mailbox(smtp)),
        digest_to=take("MONITOR_DIGEST_TO", values.mailboxes, plain.digest_to),
        digest_at=take("MONITOR_DIGEST_AT", values.clock_time, plain.digest_at),
        time_zone=take("MONITOR_TIME_ZONE", values.time_zone, plain.time_zone),
        languages=take("MONITOR_LANGUAGES", values.languages, plain.languages),
        contact=text("MONITOR_CONTACT"),
        allow_hosts=take("MONITOR_ALLOW_HOSTS", _hosts, frozenset()),
        host_interval=take("MONITOR_HOST_INTERVAL", values.duration, plain.host_interval),
        proxy=take("MONITOR_PROXY", values.proxy_address, None),
        proxies=_by_end(reader.family(PROXIES, values.proxy_address), PROXIES),
        heartbeat_url=take("MONITOR_HEARTBEAT_URL", values.web_address, None),
        log_format=take("MONITOR_LOG_FORMAT", lambda word: _choice(word, LOG_FORMATS), plain.log_format),
        log_level=take("MONITOR_LOG_LEVEL", lambda word: _choice(word, LOG_LEVELS), plain.log_level),
        addresses=_addresses(reader),
        warnings=_typos(environ),
    )
    _together(found, reader.mistakes)
    if reader.mistakes:
        raise SettingError("\n".join(dict.fromkeys(reader.mistakes)))
    return found


def _smtp(reader: _Reader) -> Smtp | None:
    """The mail server, when a host is set; every part of it is checked even without one."""
    take, text = reader.take, reader.text
    host = text("MONITOR_SMTP_HOST")
    server = Smtp(
        host=host or "",
        port=take("MONITOR_SMTP_PORT", values.port, SUBMISSION_PORT),
        user=text("MONITOR_SMTP_USER"),
        password=text("MONITOR_SMTP_PASSWORD"),
        security=take("MONITOR_SMTP_SECURITY", _security, "starttls"),
        ca_file=take("MONITOR_SMTP_CA_FILE", _existing_file, None),
    )
    return server if host else None


def _user_mailbox(smtp: Smtp | None) -> str | None:
    """The sender when none is named: the mail server's user, where that is a mailbox."""
    user = smtp.user if smtp else None
    return user if user and values.MAILBOX.fullmatch(user) else None


def _together(settings: Settings, mistakes: list[str]) -> None:
    """What is wrong with settings only in company."""
    smtp = settings.smtp
    if not smtp:
        return
    if smtp.security == "none" and not values.is_loopback(smtp.host):
        mistakes.append(
            "MONITOR_SMTP_SECURITY may be none only when MONITOR_SMTP_HOST is this machine. Use starttls or tls."
        )
    if bool(smtp.user) != bool(smtp.password):
        mistakes.append("MONITOR_SMTP_USER and MONITOR_SMTP_PASSWORD go together. Set both or neither.")
    if (settings.digest_to or settings.admin_email) and not settings.digest_from:
        mistakes.append("MONITOR_DIGEST_FROM is not set. Letters need a sender, such as monitor@example.org.")


def _addresses(reader: _Reader) -> dict[str, str]:
    """The chats and mailboxes that delivery.yaml may name, by the name of their setting."""
    alone = {
        "MONITOR_TELEGRAM_CHANNEL": _chat,
        "MONITOR_TELEGRAM_ADMIN_CHAT": _chat,
        "MONITOR_ADMIN_EMAIL": values.mailbox,
        "MONITOR_DIGEST_TO": _mailing,
    }
    found = {name: reader.take(name, parse, "") for name, parse in alone.items()}
    found |= reader.family(CHANNELS, _chat) | reader.family(RECIPIENTS, _mailing)
    return {name: value for name, value in found.items() if value}


def _mailing(text: str) -> str:
    """A list of mailboxes, as one comma-separated text."""
    return ",".join(values.mailboxes(text))


def _by_end(family: Mapping[str, str], prefix: str) -> dict[str, str]:
    """A family by the lower-cased ends of its names: what the YAML files write."""
    return {name.removeprefix(prefix).lower(): value for name, value in family.items()}


def _typos(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Warnings for variables that look like a setting misspelt; others of our prefix may be the machine's own."""
    known = NAMES | {name + SUFFIX for name in NAMES}
    families = (CHANNELS, RECIPIENTS, PROXIES)
    strangers = [name for name in environ if name.startswith("MONITOR_") and name not in known]
    return tuple(
        f"{name} is not a setting. Did you mean {near}?"
        for name in sorted(strangers)
        if not name.startswith(families) and (near := nearest(name, NAMES, MISSPELT))
    )


def _one_line(text: str) -> str:
    """Any text without line breaks and control characters."""
    if values.CONTROL.search(text):
        raise Unusable("has a line break or an invisible character in it.", "Write it on one line.")
    return text


def _token(text: str) -> str:
    """The bot's token; it becomes a part of an address."""
    if values.CONTROL.search(text) or not text.isascii() or set(text) & set(" /?#%"):
        raise Unusable("is not a bot token.", "Copy it from @BotFather; it looks like 123456:ABC-DEF.")
    return text


def _chat(text: str) -> str:
    """A chat: `@name` or a number such as -1001234567890."""
    if values.CONTROL.search(text) or " " in text or text.startswith("http"):
        raise Unusable("is not a chat.", "Write @name, or the number of a private channel, such as -1001234567890.")
    return text


def _hosts(text: str) -> frozenset[str]:
    """The `host:port` pairs of a comma-separated list."""
    return frozenset(values.host_and_port(part) for part in values.listed(text))


def _existing_file(text: str) -> Path:
    """A path at which there is a file."""
    if not Path(text).is_file():
        raise Unusable("points to a file that is not there.", "Check the path.")
    return Path(text)


def _security(text: str) -> Security:
    """How the connection to the mail server is protected."""
    for choice in SECURITIES:
        if text.lower() == choice:
            return choice
    raise Unusable("must be starttls, tls or none.")


def _choice(text: str, choices: tuple[str, ...]) -> str:
    """One of a few words, in any case."""
    if text.lower() not in choices:
        raise Unusable(f"must be {' or '.join(choices)}.")
    return text.lower()
