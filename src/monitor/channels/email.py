"""E-mail: the digest, and alerts when Telegram is down; one message per recipient, over a verified connection only."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import parseaddr

from monitor.channels import alert_message, backlog_message, notice_message
from monitor.channels._mail import build_mail, domain_of, letter_in, letter_message, mail_body
from monitor.channels._smtp import MailServer, Submit, knock, submitter
from monitor.errors import Uncertain, Undeliverable
from monitor.model import Alert, Digest, Lang, Message
from monitor.render.backlog import Page
from monitor.render.letters import Letter, alert_letter, backlog_letter, notice_letter
from monitor.render.notices import Notice

__all__ = [
    "KIND",
    "MailSender",
    "connect",
    "letter_in",
    "render",
    "render_backlog",
    "render_digest",
    "render_notice",
]

KIND = "email"
TOTAL_SECONDS = 180.0  # SMTP's own limits are per line; a server that drips its answers must not hold a letter for ever


def render(alert: Alert, *, languages: Sequence[Lang], time_zone: str) -> tuple[Message, ...]:
    """The alert as a short letter with a neutral subject, for when Telegram cannot be reached."""
    body = mail_body(alert_letter(alert, languages=languages, time_zone=time_zone), at=alert.seen_at)
    return (alert_message(alert, KIND, body),)


def render_notice(
    notice: Notice, *, key: str, at: datetime, languages: Sequence[Lang], time_zone: str
) -> tuple[Message, ...]:
    """A notice for maintainers; `key` tells one notice from another, so that it is said once."""
    del time_zone  # an e-mail has its own date
    body = mail_body(notice_letter(notice, languages=languages), at=at)
    return (notice_message(key, KIND, body),)


def render_digest(digest: Digest, letter: Letter) -> Message:
    """The letter of one local date."""
    return letter_message(digest, KIND, letter)


def render_backlog(
    page: Page, *, key: str, part: int, at: datetime, languages: Sequence[Lang], time_zone: str
) -> Message:
    """One page of a summary of what piled up, as a short letter."""
    del time_zone  # an e-mail has its own date
    body = mail_body(backlog_letter(page, languages=languages), at=at)
    return backlog_message(key, part, KIND, body, urgent=page.urgent)


@asynccontextmanager
async def connect(
    *, smtp: MailServer, sender: str, domain: str = "", submit: Submit | None = None
) -> AsyncIterator["MailSender"]:
    """A sender that opens one connection per letter.

    `sender` is an address, with or without a name; `domain` (the sender's own by default) is what we call ourselves
    in the greeting and in every Message-ID. `submit(sender, recipient, content)` hands one letter to the server.
    """
    domain = domain or domain_of(sender)
    yield MailSender(smtp, sender, domain, submit or submitter(smtp, domain))


class MailSender:
    """A `channels.Sender` for e-mail."""

    def __init__(self, smtp: MailServer, sender: str, domain: str, submit: Submit) -> None:
        self._smtp, self._sender, self._domain, self._submit = smtp, sender, domain, submit

    async def send(self, message: Message, recipient: str, *, repeat: bool) -> str:
        """Hand one letter to the mail server; returns its Message-ID. Runs in a thread: smtplib waits."""
        address = _address(recipient)
        mail = build_mail(message, sender=self._sender, recipient=recipient, repeat=repeat, domain=self._domain)
        envelope_from = parseaddr(self._sender)[1]
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                await asyncio.to_thread(self._submit, envelope_from, address, mail.as_bytes())
        except TimeoutError:
            late = True
        else:
            late = False
        if late:
            raise Uncertain("the mail server did not answer in time")
        return str(mail["Message-ID"])

    async def probe(self, recipient: str) -> None:
        """Connect, secure, log in and leave; says nothing about whether `recipient` exists."""
        _address(recipient)
        await asyncio.to_thread(knock, self._smtp, self._domain)


def _address(recipient: str) -> str:
    """The bare address. Raises Undeliverable, without naming it, when it is none that SMTP can carry."""
    address = parseaddr(recipient)[1]
    usable = address.isascii() and address.isprintable() and " " not in address and recipient.isprintable()
    if not usable or "@" not in address:
        raise Undeliverable("the recipient's address is not one that SMTP can carry")
    return address
