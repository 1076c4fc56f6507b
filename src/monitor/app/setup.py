"""Setting up: each thing that delivery needs is proved before it is written down.

Settings are kept as files named like the settings in small letters, one value each, readable for their owner alone:
what `$CREDENTIALS_DIRECTORY`, `/run/secrets` and `NAME_FILE` lead to.
"""

import importlib
import os
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from monitor import channels
from monitor.app.environment import now
from monitor.channels import Sender
from monitor.config.settings import NAMES, Settings, read_settings
from monitor.errors import MonitorError
from monitor.render.notices import Notice

if TYPE_CHECKING:
    from monitor.channels._introduction import Acquaintance, Introduction

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
NOWHERE = Path("/nonexistent")

# The test card and letter, in the reader's first language.
TRIAL = {
    "en": Notice("A test", "monitor can write here. Alerts will look like messages of their own."),
    "ru": Notice("Проверка", "monitor может писать сюда. Оповещения будут приходить отдельными сообщениями."),
    "kk": Notice("Тексеру", "monitor осында жаза алады. Хабарламалар бөлек-бөлек келеді."),
}


def settings_of(values: Mapping[str, str]) -> Settings:
    """The settings that these values make, and nothing else of this machine. Raises SettingError with the remedies."""
    return read_settings(values, NOWHERE)


def values_in(folder: Path) -> dict[str, str]:
    """What an earlier set-up wrote there, by the names of the settings."""
    found = {name: folder / name.lower() for name in sorted(NAMES)}
    return {name: path.read_text("utf-8").strip() for name, path in found.items() if path.is_file()}


def keep(folder: Path, values: Mapping[str, str]) -> list[Path]:
    """Write each value to a file of its own, 0600 in a folder of 0700, whole or not at all; returns the files."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    written = []
    for name, value in sorted(values.items()):
        path = folder / name.lower()
        draft = folder / f".{name.lower()}.{uuid4().hex}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{value}\n")
        draft.replace(path)
        written.append(path)
    return written


def _introduce(settings: Settings) -> "AbstractAsyncContextManager[Introduction]":
    introduction = importlib.import_module("monitor.channels._introduction")
    opened: AbstractAsyncContextManager[Introduction] = introduction.open_introduction(
        token=settings.telegram_token, api_url=settings.telegram_api_url, proxy=settings.proxy
    )
    return opened


async def bot_name(settings: Settings) -> str:
    """The bot's own name, if the token is good. Raises DeliveryError."""
    async with _introduce(settings) as bot:
        return await bot.name()


async def find_chats(settings: Settings) -> "list[Acquaintance]":
    """The channels and groups that the bot has seen lately, by one look at its updates. Raises DeliveryError."""
    async with _introduce(settings) as bot:
        return await bot.chats()


async def prove_channel(settings: Settings, *, say: bool) -> None:
    """The bot may post in the channel; with `say` a test card proves it. Raises DeliveryError."""
    chat = settings.telegram_channel or ""
    async with channels.by_kind()["telegram"].connect(
        token=settings.telegram_token, api_url=settings.telegram_api_url, proxy=settings.proxy
    ) as sender:
        await sender.probe(chat)
        if say:
            await _say(sender, "telegram", settings, chat)


async def prove_mail(settings: Settings, *, say: bool) -> None:
    """The mail server lets us in over a verified line; with `say` each reader gets a test letter. Raises DeliveryError."""
    if settings.smtp is None or settings.digest_from is None:
        raise MonitorError("a mail server and a sender are needed")
    async with channels.by_kind()["email"].connect(smtp=settings.smtp, sender=settings.digest_from) as sender:
        await sender.probe(settings.digest_to[0])
        for mailbox in settings.digest_to if say else ():
            await _say(sender, "email", settings, mailbox)


async def _say(sender: Sender, kind: str, settings: Settings, recipient: str) -> None:
    trial, at = TRIAL[settings.languages[0]], now()
    for message in channels.by_kind()[kind].render_notice(
        trial, key=f"trial {at}", at=at, languages=settings.languages, time_zone=settings.time_zone
    ):
        await sender.send(message, recipient, repeat=False)
