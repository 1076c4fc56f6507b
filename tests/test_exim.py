"""Letters that pass through real mail servers arrive as they left: aiosmtpd alone, and Debian's exim4 in front of it."""

import asyncio
import os
import shutil
import socket
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fake_smtp import Mailroom, Server, mail_server
from full_letter import full_digest
from hostile import titles
from monitor.channels import email
from monitor.channels._mail import build_mail
from monitor.render.letters import letter
from samples import digest
from test_hostile import digest_of

SENDER, READER = "Monitor <news@union.example>", "reader@union.example"
EXIM = shutil.which("exim4") or shutil.which("exim4", path="/usr/sbin")
PATIENCE = 30  # seconds for exim to start, or to hand a letter on
CONFIG = """
primary_hostname = mail.union.example
domainlist local_domains = union.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
tls_advertise_hosts =
acl_smtp_rcpt = take
acl_smtp_data = take
message_size_limit = 10M
begin acl
take:
  accept
begin routers
onward:
  driver = manualroute
  domains = +local_domains
  transport = onward
  route_list = * 127.0.0.1
  self = send
begin transports
onward:
  driver = smtp
  port = {next_port}
  hosts_try_fastopen =
  hosts_avoid_tls = *
  allow_localhost
begin retry
* * F,1m,1s
"""


def letters():
    """A quiet day, a full one, a plain one and a hostile one: (digest, letter)."""
    made = [
        (digest(), {}),
        (full_digest(), {}),
        (full_digest(), {"plain": True}),
        (digest_of(list(titles(20))), {}),
    ]
    return [(news, letter(news, languages=("ru", "en"), contact="desk@union.example", **how)) for news, how in made]


async def check_that_they_arrive(smtp, room):
    """Send every letter through `smtp`; in the room at the end of the road each is what it was."""
    async with email.connect(smtp=smtp, sender=SENDER) as sender:
        for number, (news, written) in enumerate(letters()):
            message = replace(email.render_digest(news, written), recipient=f"key-{number}")
            await sender.send(message, READER, repeat=False)
            await arrived(room, number + 1)
            to, mail = room.letters[-1]
            left = build_mail(message, sender=SENDER, recipient=READER, repeat=False)
            assert to == [READER]
            for name in (
                "Subject",
                "From",
                "To",
                "Date",
                "Message-ID",
                "List-Id",
                "Auto-Submitted",
                "Content-Language",
            ):
                assert mail[name] == left[name], name
            assert mail.get_content_type() == left.get_content_type()
            assert body(mail, "plain") == written.text
            assert body(mail, "html") == written.html.replace("<!--repeat-->", "").rstrip("\n") + "\n" * bool(
                written.html
            )
            assert not mail.defects


def body(mail, kind):
    """One part of a mail, its line ends as we write them; empty when there is none."""
    part = mail.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""


async def arrived(room, count):
    """Wait until so many letters came; fails after a while."""
    async with asyncio.timeout(PATIENCE):
        while len(room.letters) < count:
            await room.came.wait()
            room.came.clear()


class Room(Mailroom):
    """A mailroom that says when a letter came."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.Event()

    async def take_letter(self, server, session, envelope):
        """Take it, and say so."""
        answer = await super().take_letter(server, session, envelope)
        self.came.set()
        return answer


setattr(Room, "handle_DATA", Room.take_letter)  # noqa: B010 - the name by which aiosmtpd finds its handler


async def test_through_aiosmtpd(tmp_path):
    """Every kind of letter is received over STARTTLS with the very words it left with."""
    room = Room()
    async with mail_server(room, tmp_path) as smtp:
        await check_that_they_arrive(smtp, room)


@asynccontextmanager
async def exim(next_port):
    """A port behind which exim4 takes letters, one process a connection, and hands each on to the next port at once."""
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory(prefix="exim-") as name, socket.create_server(("127.0.0.1", 0)) as door:
        folder = Path(name)
        for path in (folder, folder / "spool", folder / "log"):
            path.mkdir(exist_ok=True)
            if os.geteuid() == 0:  # exim gives up being root
                shutil.chown(path, "Debian-exim", "Debian-exim")
        config = folder / "exim.conf"
        config.write_text(CONFIG.format(folder=folder, next_port=next_port), "utf-8")
        config.chmod(0o644)
        door.setblocking(False)

        async def serve():
            while True:
                line, _ = await loop.sock_accept(door)
                with line:
                    line.setblocking(True)
                    command = (str(EXIM), "-C", str(config), "-bs", "-odi")
                    started.append(await asyncio.create_subprocess_exec(*command, stdin=line, stdout=line))

        started: list[asyncio.subprocess.Process] = []
        serving = asyncio.create_task(serve())
        try:
            port = door.getsockname()[1]
            yield Server(port=port, ca_file=None, host="127.0.0.1", user=None, password=None, security="none")
        finally:
            serving.cancel()
            await asyncio.gather(*(process.wait() for process in started))


@pytest.mark.heavy
@pytest.mark.skipif(EXIM is None, reason="exim4 is installed by .ci/run, where apt-get can")
async def test_through_exim(tmp_path):
    """The same through Debian's exim4: what most mailboxes of this world stand behind changes nothing in a letter."""
    room = Room()
    async with (
        mail_server(room, tmp_path, tls=False) as end,
        exim(end.port) as smtp,
    ):
        await check_that_they_arrive(smtp, room)
        assert all("mail.union.example" in mail["Received"] for _, mail in room.letters)
