"""A real mail server on loopback (aiosmtpd) with STARTTLS and AUTH, and a private root that signs its certificate."""

import asyncio
import email
import ipaddress
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "monitor", "smtp-password-canary"


@dataclass(frozen=True)
class Server:
    """Where the server is and how to come in; the shape of `config.settings.Smtp`."""

    port: int
    ca_file: Path | None
    host: str = "localhost"
    user: str | None = USER
    password: str | None = PASSWORD
    security: str = "starttls"


@dataclass
class Mailroom:
    """Takes letters, or answers as told: `rcpt` by address, `data` for every letter; None breaks the connection."""

    rcpt: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    data: str | None = "250 OK"
    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)

    async def greet(self, server, session, envelope, hostname, responses):
        """Note what the client calls itself."""
        del server, envelope
        self.greeted.append(hostname)
        session.host_name = hostname
        return responses

    async def take_sender(self, server, session, envelope, address, options):
        """Take the sender, or refuse as told."""
        del server, session, options
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def take_recipient(self, server, session, envelope, address, options):
        """Take the recipient, or refuse as told."""
        del server, session, options
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def take_letter(self, server, session, envelope):
        """Take the letter, or refuse as told, or take it and vanish."""
        del session
        if self.data is None or self.data.startswith("2"):
            self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        if self.data is None:
            server.transport.abort()
            return "250 OK"
        return self.data


for _name, _hook in {
    "EHLO": Mailroom.greet,
    "MAIL": Mailroom.take_sender,
    "RCPT": Mailroom.take_recipient,
    "DATA": Mailroom.take_letter,
}.items():
    setattr(Mailroom, f"handle_{_name}", _hook)  # the names by which aiosmtpd finds its handlers


def authenticate(server, session, envelope, mechanism, login):
    """Let our one user in."""
    del server, session, envelope, mechanism
    good = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False) if not good else AuthResult(success=True)


@asynccontextmanager
async def mail_server(room, folder, *, tls=True, implicit=False):
    """The server while it is open; with `tls` it insists on STARTTLS, with `implicit` it speaks TLS from the start."""
    ca_file, context = certificates(folder)
    made = {"hostname": "mail.example.org", "enable_SMTPUTF8": False}
    if tls and not implicit:  # aiosmtpd takes no login over a line that it does not know to be private
        made |= {"tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True}
    loop = asyncio.get_running_loop()
    ssl_context = context if implicit else None
    server = await loop.create_server(lambda: SMTP(room, loop=loop, **made), "localhost", 0, ssl=ssl_context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Server(port=port, ca_file=ca_file, host=server.sockets[0].getsockname()[0])
    finally:
        server.close()
        await server.wait_closed()


def certificates(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A private root as a file, and a server's TLS with a certificate that it signed for this machine."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("monitor's test root", root_key, "monitor's test root", root_key, authority=True)
    signed = _certificate("localhost", key, "monitor's test root", root_key, authority=False)
    ca_file, both = folder / "root.pem", folder / "server.pem"
    ca_file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    both.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    return ca_file, context


def _certificate(name, key, issuer, issuer_key, *, authority):
    now = datetime.now(UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
