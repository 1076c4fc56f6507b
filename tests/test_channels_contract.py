"""The contract of a channel: whatever file lies in the folder keeps it."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fake_telegram import TOKEN, FakeTelegram
from monitor.channels import by_kind
from monitor.errors import DeliveryError
from monitor.model import Severity
from monitor.render.letters import letter
from monitor.render.notices import destination_closed
from paths import SOURCE
from samples import ALMATY, SEEN_AT, alert, digest

KINDS = sorted(by_kind())
CANARY = "reader-canary@example.org"


@dataclass(frozen=True)
class NoServer:
    """A mail server that is not there."""

    host: str = "127.0.0.1"
    port: int = 1
    user: str | None = None
    password: str | None = "smtp-canary"
    security: str = "starttls"
    ca_file: Path | None = None


@asynccontextmanager
async def opened(kind, tmp_path, api_url="http://127.0.0.1:1"):
    """A sender of `kind`; those that need a server find none."""
    channel = by_kind()[kind]
    ways = {
        "telegram": {"token": TOKEN, "api_url": api_url},
        "email": {"smtp": NoServer(), "sender": "monitor <monitor@example.org>"},
        "preview": {"folder": tmp_path / "preview"},
    }
    async with channel.connect(**ways[kind]) as sender:
        yield sender


def test_every_file_is_a_channel():
    """The folder is the list: one kind per file, named like it."""
    files = {file.stem for file in (SOURCE / "channels").glob("*.py") if not file.stem.startswith("_")}
    assert set(KINDS) == files == {"email", "preview", "telegram"}


@pytest.mark.parametrize("kind", KINDS)
def test_alert_becomes_messages(kind):
    """An alert becomes messages of that channel, complete, addressed to nobody, with its reference."""
    for message in by_kind()[kind].render(alert(), languages=("ru", "en"), time_zone=ALMATY):
        assert (message.channel, message.subject, message.ref) == (kind, "story:K7F2Q", "K7F2Q")
        assert message.recipient == ""
        assert "забастовк" in json.loads(message.body)["text"]
        assert "K7F2Q" in json.loads(message.body)["text"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_rings_makes_a_sound(kind):
    """A silent alert is a silent message, and the graver one is said first."""
    render = by_kind()[kind].render
    (loud,) = render(alert(), languages=("en",), time_zone=ALMATY)
    (calm,) = render(alert(ring=False, severity=Severity.NORMAL), languages=("en",), time_zone=ALMATY)
    assert (loud.silent, calm.silent) == (False, True)
    assert loud.priority < calm.priority


@pytest.mark.parametrize("kind", KINDS)
def test_rendering_is_repeatable(kind):
    """The same alert gives the same messages, byte by byte."""
    render = by_kind()[kind].render
    assert render(alert(), languages=("kk",), time_zone=ALMATY) == render(alert(), languages=("kk",), time_zone=ALMATY)


@pytest.mark.parametrize("kind", KINDS)
def test_notices(kind):
    """Every channel can carry words for maintainers."""
    notice = destination_closed("main", "the bot may not write there (403)", "en")
    render = by_kind()[kind].render_notice
    (message,) = render(notice, key="closed main", at=SEEN_AT, languages=("en",), time_zone=ALMATY)
    assert (message.subject, message.channel, message.ref) == ("notice:closed main", kind, "")
    assert "Nothing can be delivered to “main”: the bot may not write there (403)." in json.loads(message.body)["text"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if hasattr(by_kind()[kind], "render_digest")])
def test_digest(kind):
    """A channel that carries the digest makes one message of it, named by its local date."""
    news = digest(alert())
    message = by_kind()[kind].render_digest(news, letter(news, languages=("en",)))
    assert (message.subject, message.channel, message.recipient) == ("digest:2026-11-22", kind, "")


@pytest.mark.parametrize("kind", ["email", "telegram"])
async def test_no_error_names_a_secret(kind, tmp_path):
    """A failure tells what happened in our words: no token, password, address or server, on the error or behind it."""
    (message,) = by_kind()[kind].render(alert(), languages=("en",), time_zone=ALMATY)
    async with opened(kind, tmp_path) as sender:
        with pytest.raises(DeliveryError) as caught:
            await sender.send(message, CANARY, repeat=False)
    error = caught.value
    assert type(error) is DeliveryError
    assert error.__cause__ is None
    assert error.__context__ is None
    for secret in (TOKEN, "smtp-canary", "canary", "127.0.0.1"):
        assert secret not in f"{error} {error!r}"


@pytest.mark.parametrize("kind", ["email", "telegram"])
async def test_probe_says_what_is_wrong(kind, tmp_path):
    """A probe of what cannot be reached fails as a message would."""
    async with opened(kind, tmp_path) as sender:
        with pytest.raises(DeliveryError, match="could not be reached"):
            await sender.probe("@news" if kind == "telegram" else CANARY)


async def test_senders_can_be_shared(tmp_path):
    """Two messages to two chats may be under way at once."""
    (message,) = by_kind()["telegram"].render(alert(), languages=("en",), time_zone=ALMATY)
    async with FakeTelegram(chats={"@a": {}, "@b": {}}) as api, opened("telegram", tmp_path, api.url) as sender:
        ids = await asyncio.gather(*(sender.send(message, chat, repeat=False) for chat in api.chats))
    assert ids == ["1", "1"]


def test_time_of_a_notice():
    """A notice carries the time it was worded at, which an e-mail shows as its date."""
    notice = destination_closed("main", "x", "en")
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    (message,) = by_kind()["email"].render_notice(notice, key="k", at=at, languages=("en",), time_zone=ALMATY)
    assert json.loads(message.body)["at"] == "2026-11-22T03:00:00Z"
