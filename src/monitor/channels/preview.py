"""The preview: the channel and the digest as files, for when no token or mail server is set, and for looking first.

What was said is kept in `channel.jsonl`, one message a line, appended and never changed; `channel.html` is written
anew from it each time, whole or not at all. Saying the same message twice leaves one.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.channels import alert_message, backlog_message, notice_message, post_message
from monitor.channels._body import alert_body, backlog_body, notice_body, post_body, wording
from monitor.channels._mail import build_mail, is_letter, letter_in, letter_message
from monitor.model import Alert, Digest, Lang, Message
from monitor.render.backlog import Page
from monitor.render.bubbles import INGREDIENTS, Bubble, channel_page
from monitor.render.cards import Card
from monitor.render.entities import Entity
from monitor.render.letters import Letter
from monitor.render.notices import Notice
from monitor.text.times import unstamp

__all__ = [
    "KIND",
    "PreviewSender",
    "connect",
    "letter_in",
    "render",
    "render_backlog",
    "render_digest",
    "render_notice",
    "render_post",
]

KIND = "preview"
EDITS = True
SENDER = "monitor <monitor@localhost>"
READER = "reader@localhost"
KEY = ("subject", "part", "revision")  # one message, one bubble
PAGE, LOG = "channel.html", "channel.jsonl"
MESSAGES_SHOWN = 200  # the page is drawn anew for each message, 50 ms with so many
OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600


def render(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> tuple[Message, ...]:
    """The alert's card, with the time at which the preview shows it."""
    return (alert_message(alert, KIND, alert_body(alert, languages=languages, time_zone=time_zone)),)


def render_notice(
    notice: Notice, *, key: str, at: datetime, languages: Sequence[Lang], time_zone: str
) -> tuple[Message, ...]:
    """A notice for maintainers, shown among the messages."""
    return (notice_message(key, KIND, notice_body(notice, at=at, languages=languages, time_zone=time_zone)),)


def render_digest(digest: Digest, letter: Letter) -> Message:
    """The letter of one local date, kept as a page and as the e-mail it would be."""
    return letter_message(digest, KIND, letter)


def render_post(post: Card, *, at: datetime, languages: Sequence[Lang], time_zone: str) -> Message:
    """What readers pin; the same words are one message."""
    return post_message(post, KIND, post_body(post, at=at, languages=languages, time_zone=time_zone))


def render_backlog(
    page: Page, *, key: str, part: int, at: datetime, languages: Sequence[Lang], time_zone: str
) -> Message:
    """One page of a summary of what piled up."""
    body = backlog_body(page, at=at, languages=languages, time_zone=time_zone)
    return backlog_message(key, part, KIND, body, urgent=page.urgent)


@asynccontextmanager
async def connect(*, folder: Path) -> AsyncIterator["PreviewSender"]:
    """A sender that writes into `folder`, made here for its owner alone, with a page that is there from the start."""
    yield PreviewSender(folder)


class PreviewSender:
    """A `channels.Sender` that writes files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        folder.chmod(OWNER_ONLY_FOLDER)
        if not self._is_drawn():
            self.draw()

    async def send(self, message: Message, recipient: str, *, repeat: bool) -> str:
        """Keep the message, unless it is kept already, and draw the page; returns its number, or the letter's file."""
        del recipient  # everyone who can read the folder
        if is_letter(message):
            return self._keep_letter(message, repeat=repeat)
        said = self._said()
        repeat = repeat and message.action != "edit"  # made twice it is the same
        number = next((index for index, line in enumerate(said) if _same(line, message)), None)
        if number is None:
            self._append(_line(message, repeat=repeat))
            number = len(said)
        self.draw()
        return str(number + 1)

    async def probe(self, recipient: str) -> None:
        """Files can always be told; a folder that cannot be written raises OSError here."""
        del recipient
        self.draw()

    def draw(self) -> None:
        """Write the page from what was said; there is a log from then on, so that one that is gone is noticed."""
        log = self._folder / LOG
        if not log.exists():
            log.touch(mode=OWNER_ONLY_FILE)
        _write(self._folder / PAGE, channel_page(_bubbles(self._said())[-MESSAGES_SHOWN:]).encode())

    def _is_drawn(self) -> bool:
        """Whether the page shows all that was said, in the words and looks of this version."""
        page, log = self._folder / PAGE, self._folder / LOG
        if not page.exists() or not log.exists():
            return False
        changed_at = max(path.stat().st_mtime_ns for path in (log, *INGREDIENTS))
        return changed_at < page.stat().st_mtime_ns

    def _keep_letter(self, message: Message, *, repeat: bool) -> str:
        """The letter as a page, and as an e-mail with the page inside."""
        mail = build_mail(message, sender=SENDER, recipient=READER, repeat=repeat)
        name = "digest-" + message.subject.partition(":")[2]
        page = mail.get_body(("html",))
        if page is not None:
            _write(self._folder / f"{name}.html", page.get_content().replace("\r\n", "\n").encode())
        _write(self._folder / f"{name}.eml", mail.as_bytes())
        return f"{name}.eml"

    def _said(self) -> list[dict[str, Any]]:
        """Every message kept; a line that a crash cut short was never said."""
        log = self._folder / LOG
        return list(_whole_lines(log.read_bytes())) if log.exists() else []

    def _append(self, line: dict[str, Any]) -> None:
        log = self._folder / LOG
        cut_short = log.exists() and log.read_bytes()[-1:] not in (b"", b"\n")
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY_FILE)
        with os.fdopen(handle, "ab") as file:
            file.write((b"\n" if cut_short else b"") + json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _line(message: Message, *, repeat: bool) -> dict[str, Any]:
    said = wording(message, repeat=repeat)
    body = json.loads(message.body)
    kept = {name: body[name] for name in ("at", "zone", "lang")} | {"card": message.card}
    key = {name: getattr(message, name) for name in KEY}
    spans = [[each.kind, each.offset, each.length, each.url] for each in said.entities]
    shown = {"text": said.text, "entities": spans, "silent": message.silent, "ref": message.ref}
    return {**key, "action": message.action, **shown, **kept}


def _same(line: dict[str, Any], message: Message) -> bool:
    return all(line[name] == getattr(message, name) for name in KEY)


def _bubbles(said: list[dict[str, Any]]) -> list[Bubble]:
    """The messages as they stand now: an edit changes the words of the message it is about."""
    shown: list[Bubble] = []
    place: dict[tuple[str, int], int] = {}
    for line in said:
        bubble, key = _bubble(line), (line.get("card") or line["subject"], line["part"])
        if line["action"] == "edit" and key in place:
            shown[place[key]] = replace(bubble, at=shown[place[key]].at, edited=True)
            continue
        if line["action"] == "send":
            place[key] = len(shown)
        shown.append(bubble)
    return shown


def _bubble(line: dict[str, Any]) -> Bubble:
    return Bubble(
        text=line["text"],
        entities=tuple(Entity(*span) for span in line["entities"]),
        at=unstamp(line["at"]),
        time_zone=line["zone"],
        lang=line["lang"],
        silent=line["silent"],
        answers=(line.get("card") or line["subject"]).partition(":")[2] if line["action"] == "reply" else "",
    )


def _whole_lines(log: bytes) -> Iterator[dict[str, Any]]:
    for line in log.split(b"\n"):
        try:
            kept = json.loads(line)
        except ValueError:
            continue
        yield kept


def _write(path: Path, content: bytes) -> None:
    """The file whole or not at all, readable by its owner alone."""
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    fresh.replace(path)
