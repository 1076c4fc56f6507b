"""Whom we speak to: settings in, voices and readers out, with the real addresses kept in memory only."""

import os
import secrets
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from monitor.config.plan import Destination, DigestPlan, Plan
from monitor.config.settings import Settings
from monitor.deliver.editions import Reader
from monitor.model import Voice
from monitor.outbox import Place, recipient_key

KEY_BYTES = 32
PREVIEW = "preview"


class Placer(Protocol):
    """Files an address and says where: the same address in another series of letters is another place."""

    def __call__(self, channel: str, address: str, series: str = "") -> Place:
        """The place of an address on a channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Voices for cards, readers for letters, admins for notices; `addresses` leads from a key to the real address.

    `mailboxes` is every mailbox we know, each once: where urgent alerts go when Telegram fails.
    """

    voices: tuple[Voice, ...] = ()
    readers: tuple[Reader, ...] = ()
    admins: tuple[Place, ...] = ()
    mailboxes: tuple[Place, ...] = ()
    addresses: dict[Place, str] = field(default_factory=dict)


def read_key(data_dir: Path) -> bytes:
    """The key that turns addresses into keys; made once, 0600, outside the database."""
    path = data_dir / "recipients.key"
    if not path.exists():
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


def find_recipients(settings: Settings, plan: Plan, key: bytes) -> Recipients:
    """Everybody the settings and delivery.yaml name. What has no token or mail server goes to the preview."""
    book: dict[Place, str] = {}

    def place(channel: str, address: str, series: str = "") -> Place:
        found = (channel, recipient_key(key, channel, f"{address}\n{series}" if series else address))
        book[found] = address
        return found

    voices, readers, admins = _voices(settings, plan, place), _readers(settings, plan, place), _admins(settings, place)
    mailboxes = {book[each]: each for each in [*admins, *((one.channel, one.recipient) for one in readers)][::-1]}
    return Recipients(
        voices=voices,
        readers=readers,
        admins=admins,
        mailboxes=tuple(sorted(each for each in mailboxes.values() if each[0] == "email")),
        addresses=book,
    )


def _voices(settings: Settings, plan: Plan, place: Placer) -> tuple[Voice, ...]:
    """A voice for every destination whose chat is set; without any, the preview."""
    destinations = plan.destinations.values() or [Destination(name="main", languages=settings.languages)]
    found = []
    for destination in destinations:
        chat = settings.addresses.get(destination.channel)
        if settings.telegram_token and chat:
            channel, code = place("telegram", chat)
        else:
            channel, code = place(PREVIEW, destination.name)
        found.append(
            Voice(
                name=destination.name,
                channel=channel,
                recipient=code,
                languages=destination.languages,
                time_zone=settings.time_zone,
                thread=destination.thread,
            )
        )
    return tuple(found)


def _readers(settings: Settings, plan: Plan, place: Placer) -> tuple[Reader, ...]:
    """One reader for every mailbox of every letter; a letter without mailboxes goes to the preview."""
    letters = plan.digests or (
        DigestPlan(at=settings.digest_at, zone=settings.time_zone, languages=settings.languages),
    )
    found: list[Reader] = []
    for letter in letters:
        series = letter.name if found else ""
        listed = settings.addresses.get(letter.to, "").split(",") if settings.smtp else []
        mailboxes = dict.fromkeys(mailbox.strip() for mailbox in listed if mailbox.strip())
        places = [(place("email", mailbox, series), mailbox) for mailbox in mailboxes]
        places = places or [(place(PREVIEW, letter.name), "")]
        found += [
            Reader(
                channel=channel,
                recipient=code,
                at=letter.at,
                zone=letter.zone,
                languages=letter.languages,
                name=f"{letter.to}, {number}" if channel != PREVIEW else PREVIEW,
                series=series,
                plain=letter.plain,
                telling=letter.telling,
                maintainer=letter.maintainers or _same_mailbox(mailbox, settings.admin_email),
            )
            for number, ((channel, code), mailbox) in enumerate(places, start=1)
        ]
    return tuple(found)


def _same_mailbox(one: str, other: str | None) -> bool:
    """Whether two addresses, with or without a name, are one mailbox."""
    return bool(other) and parseaddr(one)[1].casefold() == parseaddr(other or "")[1].casefold()


def _admins(settings: Settings, place: Placer) -> tuple[Place, ...]:
    """Where notices for maintainers go: the admin chat and the admin mailbox, as far as they are set."""
    found = []
    if settings.telegram_token and settings.telegram_admin_chat:
        found.append(place("telegram", settings.telegram_admin_chat))
    if settings.smtp and settings.admin_email:
        found.append(place("email", settings.admin_email))
    return tuple(found)
