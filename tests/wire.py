"""Small servers for the tests of the wire: real sockets on loopback that answer as badly as they are told to."""

import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from monitor.errors import FetchError
from monitor.fetch import Fetcher, open_fetcher
from monitor.model import Request

Answer = bytes | Callable[["Visit"], Awaitable[None]]


@dataclass
class Visit:
    """One request as a server saw it: its head, and the stream to answer on."""

    head: bytes
    writer: asyncio.StreamWriter

    async def send(self, answer: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(answer)
        await self.writer.drain()


@dataclass
class Server:
    """A running server: where it listens, and what came in."""

    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        """`host:port`, as MONITOR_ALLOW_HOSTS writes it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        """An address on this server."""
        return f"http://{self.place}{path}"


@contextlib.asynccontextmanager
async def serve(
    answer: Answer | dict[str, Answer], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Server]:
    """A server that gives one answer, or one per path; an answer is bytes, or a coroutine that misbehaves."""
    server = Server()
    visits: set[asyncio.Task[None]] = set()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        visits.add(task)
        server.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                server.heads.append(head)
                chosen = answer[head.split(b" ")[1].decode()] if isinstance(answer, dict) else answer
                if isinstance(chosen, bytes):
                    writer.write(chosen)
                    await writer.drain()
                else:
                    await chosen(Visit(head, writer))
                if b"connection: close" in (chosen if isinstance(chosen, bytes) else b"connection: close").lower():
                    return
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(visit, host, 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in visits:
            task.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
        await listening.wait_closed()


def ok(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A complete answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that points elsewhere."""
    return ok(b"", f"Location: {location}", status=status)


async def hang(_visit: Visit) -> None:
    """Never answer; ends when the server is closed."""
    await asyncio.get_running_loop().create_future()


# ── certificates ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Authority:
    """A certificate authority of the tests' own; `context` trusts it alone."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        self.certificate = self._sign(name, name, self.key, timedelta(days=-1), timedelta(days=1), authority=True)

    def context(self) -> ssl.SSLContext:
        """What a client that trusts this authority uses."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)

    def server(
        self,
        host: str = "news.example",
        begins: timedelta = timedelta(days=-1),
        ends: timedelta = timedelta(days=1),
        **flaws: bool,
    ) -> ssl.SSLContext:
        """What a server uses whose certificate names `host` and is valid from `begins` to `ends`, as seen from now.

        Flaws: `nameless` (only a common name), `for_clients` (made to identify a visitor), `self_signed`.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        signer = key if flaws.get("self_signed") else self.key
        issuer = subject if flaws.get("self_signed") else self.certificate.subject
        certificate = self._sign(subject, issuer, key, begins, ends, authority=False, signer=signer, flaws=flaws)
        path = self.folder / f"{host}-{certificate.serial_number}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, subject, issuer, key, begins, ends, *, authority, signer=None, flaws=None):
        now, flaws = datetime.now(UTC), flaws or {}
        host = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not flaws.get("nameless"):
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        if flaws.get("for_clients"):
            built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
        return built.sign(signer or self.key, hashes.SHA256())


# ── what the sockets did ─────────────────────────────────────────────────────────────────────────────────────────


class SocketWatch:
    """Every address that this process connects to while it watches; an audit hook sees them all."""

    def __init__(self) -> None:
        self.watching = False
        self.addresses: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if self.watching and event == "socket.connect" and isinstance(arguments[1], tuple):
            self.addresses.append(str(arguments[1][0]))

    @contextlib.contextmanager
    def watch(self):
        """Watch from a clean slate."""
        self.addresses, self.watching = [], True
        try:
            yield self
        finally:
            self.watching = False


def fetcher_for(clock, *servers: Server, **options):
    """A fetcher that may speak to these servers and does not wait between requests."""
    allowed = frozenset(server.place for server in servers)
    options = {"host_interval": timedelta(0), "allow_hosts": allowed} | options
    return open_fetcher(clock=clock, **options)


async def fetch_kind(fetcher: Fetcher, url: str, **request: str) -> str:
    """How a fetch fails: the kind of its FetchError."""
    with pytest.raises(FetchError) as caught:
        await fetcher.get(Request(url=url, **request), seconds=5)
    return caught.value.kind


def resolver(addresses):
    """A name server that gives everybody the same answer."""

    async def resolve(_host, _port):
        return addresses

    return resolve


WATCH = SocketWatch()  # one for the whole run: an audit hook stays for ever
