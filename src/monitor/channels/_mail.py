"""A message as an e-mail: built from plain parts, so that no title can become a header, a tag or an attachment."""

import json
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from monitor.channels import LETTER_PRIORITY
from monitor.model import Digest, Message
from monitor.render.cards import repeat_line
from monitor.render.cutting import cut, tame
from monitor.render.letters import REPEAT_SLOT, Letter, repeat_block
from monitor.text.prints import digest16
from monitor.text.times import stamp, unstamp

SUBJECT_UNITS = 120
LETTER = "digest:"
ENCODING = "base64"  # the library guesses by the first lines; Cyrillic in quoted-printable is three times as long


def mail_body(letter: Letter, *, at: datetime) -> str:
    """The letter as the JSON of a message's body; `at` becomes its date."""
    body = {
        "subject": letter.subject,
        "preheader": letter.preheader,
        "text": letter.text,
        "html": letter.html,
        "lang": letter.languages[0],
        "languages": letter.languages,
        "stories": letter.story_count,
        "at": stamp(at),
        "repeat": repeat_line(letter.languages).strip(),
    }
    return json.dumps(body, ensure_ascii=False)


def letter_in(body: str) -> Letter:
    """The letter that a message's body was made from."""
    kept = json.loads(body)
    languages = tuple(kept.get("languages", [kept["lang"]]))
    preheader, count = kept.get("preheader", ""), kept.get("stories", 0)
    return Letter(kept["subject"], preheader, kept["text"], kept["html"], languages, count)


def letter_message(digest: Digest, kind: str, letter: Letter) -> Message:
    """The digest of one local date as a message of the channel `kind`."""
    body = mail_body(letter, at=digest.until)
    return Message(subject=f"{LETTER}{digest.date}", channel=kind, recipient="", body=body, priority=LETTER_PRIORITY)


def is_letter(message: Message) -> bool:
    """Whether the message is a digest."""
    return message.subject.startswith(LETTER)


def build_mail(message: Message, *, sender: str, recipient: str, repeat: bool, domain: str = "") -> EmailMessage:
    """The e-mail to one recipient. Its Message-ID depends on the message and its recipient's key alone.

    A possible repeat says so in its subject and its first line, and keeps the Message-ID, so that a mail program that
    has the first copy hides the second. Raises ValueError when an address holds a line end.
    """
    body = json.loads(message.body)
    domain = domain or domain_of(sender)
    mail = EmailMessage(policy=SMTP)
    subject = cut(tame(body["subject"]), SUBJECT_UNITS)
    mail["Subject"] = f"↻ {subject}" if repeat else subject
    mail["From"], mail["To"] = sender, recipient
    mail["Date"] = format_datetime(unstamp(body["at"]))
    mail["Message-ID"] = message_id(message, domain)
    mail["List-Id"] = f"monitor <monitor.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    again = body["repeat"] if repeat else ""
    mail.set_content(f"{again}\n\n{body['text']}" if again else body["text"], cte=ENCODING)
    if body["html"]:
        block = repeat_block(again) if again else ""
        mail.add_alternative(body["html"].replace(REPEAT_SLOT, block, 1), subtype="html", cte=ENCODING)
    mail["Content-Language"] = body["lang"]  # last: the library moves what it finds of Content-* into the first part
    return mail


def message_id(message: Message, domain: str) -> str:
    """`<digest.2026-11-22.0123456789abcdef@example.org>`: the same for the same message to the same recipient."""
    kind, _, name = message.subject.partition(":")
    seed = "\n".join([message.subject, message.recipient, str(message.part), str(message.revision)])
    safe = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-_"))
    return f"<{kind}.{safe}.{digest16(seed)}@{domain}>"


def domain_of(sender: str) -> str:
    """The domain of an address with or without a name; `localhost` when there is none."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
