"""E-mail: real SMTP with STARTTLS and AUTH; one message per recipient, and no letter over a line that is not safe."""

import json
import logging
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from fake_smtp import Mailroom, certificates, mail_server
from monitor.channels import email
from monitor.channels._mail import build_mail
from monitor.errors import DeliveryError, Refused, Uncertain, Undeliverable
from monitor.render.letters import letter
from monitor.render.notices import destination_closed
from samples import ALMATY, HOSTILE, SEEN_AT, alert, digest

SENDER = "Monitor <news@union.example>"
READER = "reader-canary@example.org"


@asynccontextmanager
async def bench(tmp_path, room=None, *, tls=True, implicit=False, **login):
    """A mailroom, and a sender that hands its letters to it; `login` changes how the sender comes in."""
    room = room or Mailroom()
    async with (
        mail_server(room, tmp_path, tls=tls, implicit=implicit) as smtp,
        email.connect(smtp=replace(smtp, **login), sender=SENDER) as opened,
    ):
        yield room, opened, smtp


def edition(*alerts, languages=("ru", "en"), recipient="key-1"):
    """The digest's message, addressed to a key as the outbox does."""
    news = digest(*(alerts or (alert(),)))
    message = email.render_digest(news, letter(news, languages=languages, contact="desk@union.example"))
    return replace(message, recipient=recipient)


async def failing(tmp_path, **room):
    """The error of one letter while the mailroom behaves so."""
    async with bench(tmp_path, Mailroom(**room)) as (mailroom, sender, _):
        with pytest.raises(DeliveryError) as caught:
            await sender.send(edition(), READER, repeat=False)
    return caught.value, mailroom


async def test_a_letter_arrives(tmp_path):
    """The digest arrives whole over verified TLS: neutral subject, both parts, and headers that say what it is."""
    async with bench(tmp_path) as (room, sender, _):
        message_id = await sender.send(edition(), READER, repeat=False)
    ((to, mail),) = room.letters
    assert to == [READER]
    assert mail["Subject"] == "Утренний обзор, 22 ноября"
    assert mail["From"] == "Monitor <news@union.example>"
    assert mail["To"] == READER
    assert mail["Date"] == "Sun, 22 Nov 2026 02:30:00 +0000"
    assert mail["Message-ID"] == message_id
    assert mail["List-Id"] == "monitor <monitor.union.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "ru"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        assert "Нефтяники Жанаозена" in mail.get_body((kind,)).get_content()


async def test_we_greet_with_the_senders_domain(tmp_path):
    """The greeting and the Message-ID name the sender's domain, never this machine."""
    async with bench(tmp_path) as (room, sender, _):
        message_id = await sender.send(edition(), READER, repeat=False)
    assert set(room.greeted) == {"union.example"}
    assert message_id.endswith("@union.example>")


async def test_message_id_is_the_letters_own(tmp_path):
    """The same letter to the same reader has the same Message-ID; another reader, another one."""
    async with bench(tmp_path) as (_, sender, _):
        ids = [await sender.send(edition(recipient=key), READER, repeat=again) for key, again in
               (("key-1", False), ("key-1", True), ("key-2", False))]  # fmt: skip
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("<digest.2026-11-22.")


async def test_one_message_per_reader(tmp_path):
    """Nobody sees another reader's address, in the envelope or in the headers."""
    readers = [f"reader{number}@example.org" for number in range(3)]
    async with bench(tmp_path) as (room, sender, _):
        for number, reader in enumerate(readers):
            await sender.send(edition(recipient=f"key-{number}"), reader, repeat=False)
    assert [to for to, _ in room.letters] == [[reader] for reader in readers]
    for (to, mail), others in zip(room.letters, (readers[1:], readers[::2], readers[:2]), strict=True):
        assert not any(other in mail.as_string() for other in others if other not in to)


async def test_a_repeat_says_so(tmp_path):
    """A possible repeat says so in its subject and at the top of both parts."""
    async with bench(tmp_path) as (room, sender, _):
        await sender.send(edition(), READER, repeat=True)
        await sender.send(edition(), READER, repeat=False)
    again, once = (mail for _, mail in room.letters)
    assert again["Subject"] == "↻ Утренний обзор, 22 ноября"
    assert again.get_body(("plain",)).get_content().startswith("↻ Возможный повтор · Possible repeat\r\n\r\nУТРЕННИЙ")
    assert "↻ Возможный повтор" in again.get_body(("html",)).get_content()
    assert "↻" not in once.as_string()


async def test_tls_from_the_start(tmp_path):
    """A server that speaks TLS from the first byte is spoken to so."""
    async with bench(tmp_path, implicit=True, security="tls", user=None) as (room, sender, _):
        await sender.send(edition(), READER, repeat=False)
    assert len(room.letters) == 1


async def test_no_starttls_no_letter(tmp_path):
    """A server without STARTTLS gets neither the password nor the letter."""
    async with bench(tmp_path, tls=False) as (room, sender, _):
        with pytest.raises(DeliveryError, match="does not offer STARTTLS"):
            await sender.send(edition(), READER, repeat=False)
    assert room.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_unknown_root_no_letter(tmp_path, security):
    """A certificate that nobody we trust has signed ends the conversation, and it is not tried without."""
    other = tmp_path / "other"
    other.mkdir()
    stranger, _ = certificates(other)
    async with bench(tmp_path, implicit=security == "tls") as (room, _, smtp):
        for roots in (stranger, None):
            doubtful = replace(smtp, ca_file=roots, security=security)
            async with email.connect(smtp=doubtful, sender=SENDER) as sender:
                with pytest.raises(DeliveryError, match="could not be verified") as caught:
                    await sender.send(edition(), READER, repeat=False)
            assert type(caught.value) is DeliveryError
    assert room.letters == []


async def test_plain_on_loopback(tmp_path):
    """With security `none` the letter goes as it is; the settings allow that on loopback only."""
    async with bench(tmp_path, tls=False, security="none", user=None) as (room, sender, _):
        await sender.send(edition(), READER, repeat=False)
    assert len(room.letters) == 1


async def test_wrong_password(tmp_path):
    """A password that is not taken closes the channel until a person mends it."""
    async with bench(tmp_path, password="wrong") as (room, sender, _):
        with pytest.raises(Undeliverable, match="login"):
            await sender.send(edition(), READER, repeat=False)
    assert room.letters == []


@pytest.mark.parametrize(
    ("room", "kind"),
    [
        ({"rcpt": {READER: "550 no such user"}}, Undeliverable),
        ({"rcpt": {READER: "451 greylisted, come back"}}, DeliveryError),
        ({"rcpt": {READER: "421 closing"}}, DeliveryError),
        ({"mail": "553 sender not allowed"}, Undeliverable),
        ({"mail": "552 too large"}, Refused),
        ({"mail": "451 busy"}, DeliveryError),
        ({"data": "554 looks like spam"}, Refused),
        ({"data": "452 out of room"}, DeliveryError),
        ({"data": None}, Uncertain),
    ],
    ids=["550", "451", "421", "553", "552", "mail 451", "554", "452", "lost"],
)
async def test_outcomes(tmp_path, room, kind):
    """What a refusal means depends on the step it comes in; a connection lost after the letter leaves it in doubt."""
    error, mailroom = await failing(tmp_path, **room)
    assert type(error) is kind
    assert len(mailroom.letters) == (kind is Uncertain)
    assert error.__cause__ is None
    assert error.__context__ is None


async def test_one_bad_reader_of_three(tmp_path):
    """A refused reader affects nobody else."""
    room = Mailroom(rcpt={"bad@example.org": "550 no such user"})
    async with bench(tmp_path, room) as (_, sender, _):
        for reader in ("a@example.org", "bad@example.org", "c@example.org"):
            try:
                await sender.send(edition(recipient=reader), reader, repeat=False)
            except Undeliverable:
                assert reader == "bad@example.org"
    assert [to for to, _ in room.letters] == [["a@example.org"], ["c@example.org"]]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@example.org", "чит@example.org", "a@example.org\r\nRCPT TO:<b@x>"]
)
async def test_impossible_addresses(tmp_path, address):
    """An address that SMTP cannot carry is closed, without being named and without a connection."""
    async with bench(tmp_path) as (room, sender, _):
        with pytest.raises(Undeliverable) as caught:
            await sender.send(edition(), address, repeat=False)
    assert room.greeted == []
    assert not address or address not in str(caught.value)


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_arrive(tmp_path, title):
    """Whatever the words are, the letter arrives, with no header, recipient or line of its own."""
    hostile = alert(title=title, text=title, hits=(), topic_titles={"x": {"ru": title}}, topics=("x",))
    async with bench(tmp_path) as (room, sender, _):
        await sender.send(edition(hostile), READER, repeat=False)
        for message in email.render(hostile, languages=("ru",), time_zone=ALMATY):
            await sender.send(message, READER, repeat=False)
    assert [to for to, _ in room.letters] == [[READER], [READER]]
    for _, mail in room.letters:
        assert mail["Bcc"] is None
        assert len(mail.keys()) == len(set(mail.keys()))


async def test_a_hostile_subject(tmp_path):
    """Even a subject with line ends in it stays one header."""
    body = {**json.loads(edition().body), "subject": "a\r\nBcc: x@y\x0b\x0c\x1c\x85\u2028z" + "ж" * 500}
    async with bench(tmp_path) as (room, sender, _):
        await sender.send(replace(edition(), body=json.dumps(body)), READER, repeat=True)
    ((_, mail),) = room.letters
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("↻ a Bcc: x@ y")


def test_the_words_of_a_repeat_stand_in_one_place():
    """What looks like the place for them further down in the page stays as it is."""
    body = json.loads(edition().body)
    twice = replace(edition(), body=json.dumps({**body, "html": body["html"] + "<!--repeat-->"}))
    mail = build_mail(twice, sender=SENDER, recipient=READER, repeat=True)
    assert mail.get_body(("html",)).get_content().count("Возможный повтор") == 1


async def test_dots_survive(tmp_path):
    """A line that begins with a dot arrives with it, and does not end the letter."""
    body = {**json.loads(edition().body), "text": ".\n..\nend\n.", "html": ""}
    async with bench(tmp_path) as (room, sender, _):
        await sender.send(replace(edition(), body=json.dumps(body)), READER, repeat=False)
    ((_, mail),) = room.letters
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == ".\n..\nend\n."


async def test_alerts_and_notices(tmp_path):
    """An alert and a notice arrive as short letters; the alert's subject gives nothing away."""
    async with bench(tmp_path) as (room, sender, _):
        (news,) = email.render(alert(), languages=("en",), time_zone=ALMATY)
        await sender.send(news, READER, repeat=False)
        closed = destination_closed("main", "the bot may not write there (403)", "en")
        (notice,) = email.render_notice(closed, key="main", at=SEEN_AT, languages=("en",), time_zone=ALMATY)
        await sender.send(notice, READER, repeat=False)
    first, second = (mail for _, mail in room.letters)
    assert first["Subject"] == "News note K7F2Q"
    assert first.get_content().startswith("🔴 URGENT · strike reported · Zhanaozen")
    assert second["Subject"] == "monitor: A destination is closed to us"


async def test_submit_can_be_anything():
    """How a letter is handed over can be replaced; its content is complete and its address bare."""
    handed = []
    async with email.connect(
        smtp=None, sender=SENDER, domain="other.example", submit=lambda *letter: handed.append(letter)
    ) as sender:
        message_id = await sender.send(edition(), f"Reader <{READER}>", repeat=False)
    ((envelope_from, to, content),) = handed
    assert (envelope_from, to) == ("news@union.example", READER)
    assert message_id.endswith("@other.example>")
    assert content.endswith(b"\r\n")


async def test_probe(tmp_path):
    """A probe logs in and says nothing; a wrong password shows."""
    async with bench(tmp_path) as (room, sender, smtp):
        await sender.probe(READER)
        async with email.connect(smtp=replace(smtp, password="wrong"), sender=SENDER) as wrong:
            with pytest.raises(Undeliverable):
                await wrong.probe(READER)
    assert room.letters == []


@pytest.mark.parametrize(
    "room", [{"rcpt": {READER: f"550 <{READER}>: unknown"}}, {"data": f"554 {READER}"}, {"data": None}]
)
async def test_no_log_and_no_error_names_a_reader(tmp_path, caplog, room):
    """Neither our errors nor any log line holds an address or the password, even when the server repeats it."""
    caplog.set_level(logging.INFO, logger="monitor")
    error, _ = await failing(tmp_path, **room)
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail."))
    for secret in ("canary", "union.example"):
        assert secret not in f"{error} {error!r} {ours}"


def test_no_message_holds_an_address():
    """What lies in the outbox names no reader; the contact in the letter's footer is meant to be read."""
    assert "canary" not in str(edition())
    assert edition().recipient == "key-1"
