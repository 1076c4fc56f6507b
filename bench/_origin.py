"""An origin on loopback: generated feeds behind nginx where it is installed, else behind a small server of our own.

The same all day for one number of feeds and changes: about 30 entries and 55 kB a feed; English 40 %, Russian 40 %,
Kazakh 20 %; RSS 70 %, Atom 30 %; ETag and Last-Modified, so that an unchanged feed answers 304.
"""

import asyncio
import os
import random
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from html import escape
from pathlib import Path

import certifi
from _words import HEADLINES, headlines, sentences

PACE = 1700  # seconds from one entry of a feed to the next
MOST_PLACES = 1_100
# When the first entry of every feed came out: the newest ones are of today, and the files are the same all day.
BEGAN = int(time.time()) // 86_400 * 86_400 - PACE * MOST_PLACES
EVERYWHERE = "127.0.0.1"
HOSTS = [f"127.0.0.{number}" for number in range(1, 21)]  # feeds are spread over so many, as outlets are over servers
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">\n<channel>\n'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, the same in every edition that still shows it."""

    guid: str
    link: str
    title: str
    body: str
    full: str
    author: str
    tags: tuple[str, ...]
    at: int


def language(number: int) -> str:
    """What a feed is written in."""
    return random.Random(f"language {number}").choices(["en", "ru", "kk"], [40, 40, 20])[0]


def _entry(number: int, place: int, lang: str) -> Entry:
    dice = random.Random(f"{number}/{place}")
    said = sentences(lang)
    title = dice.choice(headlines(lang)) if dice.random() < HEADLINES else dice.choice(said)[:110].rstrip(". ")
    link = f"https://outlet-{number}.example/news/{place}.html"
    paragraphs = [" ".join(dice.choices(said, k=dice.randint(2, 4))) for _ in range(2 if lang == "en" else 1)]
    picture = (
        f'<p><a href="{link}"><img src="/img/{number}/{place}.jpg" alt="{escape(title)}" width="600" height="400" '
        'style="float:left; margin:4px"/></a></p>'
    )
    long = number % 10 < 3 and place % 3 == 0
    return Entry(
        guid=f"tag:outlet-{number},2026:{dice.getrandbits(128):032x}",
        link=link,
        title=title,
        body=picture + "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs),
        full="".join(f"<p>{escape(' '.join(dice.choices(said, k=3)), quote=False)}</p>" for _ in range(4))
        if long
        else "",
        author=" ".join(dice.choice(said).split()[:2]),
        tags=tuple(dice.choice(said).split()[0].strip(".") for _ in range(3)),
        at=BEGAN + place * PACE + dice.randint(0, 900),
    )


def feed(number: int, edition: int) -> tuple[bytes, int]:
    """A feed after so many new entries, newest first, and how many it shows."""
    lang = language(number)
    size = max(15, min(50, round(random.Random(f"size {number}").gauss(30, 4))))
    newest = 1000 + size + edition
    entries = [_entry(number, place, lang) for place in range(newest - 1, newest - 1 - size, -1)]
    written = _rss if number % 10 < 7 else _atom
    return written(f"Outlet {number}", number, entries).encode(), size


def _rss(name: str, number: int, entries: list[Entry]) -> str:
    items = [
        f"<item>\n<title>{escape(one.title)}</title>\n<link>{one.link}</link>\n"
        f'<guid isPermaLink="false">{one.guid}</guid>\n<pubDate>{formatdate(one.at, usegmt=True)}</pubDate>\n'
        f"<dc:creator><![CDATA[{one.author}]]></dc:creator>\n"
        + "".join(f"<category><![CDATA[{tag}]]></category>\n" for tag in one.tags)
        + f"<description><![CDATA[{one.body}]]></description>\n"
        + (f"<content:encoded><![CDATA[{one.full}]]></content:encoded>\n" if one.full else "")
        + f'<media:content url="https://outlet-{number}.example/{one.at}.jpg" medium="image"/>\n'
        f'<enclosure url="https://outlet-{number}.example/{one.at}.jpg" length="51234" type="image/jpeg"/>\n</item>\n'
        for one in entries
    ]
    about = f"<title>{name}</title><link>https://outlet-{number}.example/</link><description>{name}</description>\n"
    return "".join((_HEAD, about, *items, "</channel></rss>\n"))


def _atom(name: str, number: int, entries: list[Entry]) -> str:
    def stamp(at: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))

    items = [
        f'<entry>\n<id>{one.guid}</id><title type="html">{escape(one.title)}</title>'
        f'<link rel="alternate" href="{one.link}"/><published>{stamp(one.at)}</published>'
        f"<updated>{stamp(one.at)}</updated><author><name>{escape(one.author)}</name></author>\n"
        + "".join(f'<category term="{escape(tag)}"/>' for tag in one.tags)
        + f'<summary type="html">{escape(one.body)}</summary>\n'
        + (f'<content type="html">{escape(one.full)}</content>\n' if one.full else "")
        + "</entry>\n"
        for one in entries
    ]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>tag:outlet-{number},2026:feed</id><title>{name}</title><updated>{stamp(entries[0].at)}</updated>"
        f'<link href="https://outlet-{number}.example/"/>\n'
    )
    return "".join((head, *items, "</feed>\n"))


class Origin:
    """A folder of feeds; `advance` prints a new edition of a share of them, `reset` the first edition of all."""

    def __init__(self, root: Path, count: int) -> None:
        self.root, self.count = root, count
        self._editions: dict[int, int] = {}
        self._tick = 0
        (root / "feeds").mkdir(parents=True, exist_ok=True)
        root.chmod(0o755)
        self.entries = sum(self._print(number, 0) for number in range(count))

    @property
    def kilobytes(self) -> float:
        """The mean size of a feed."""
        return sum(path.stat().st_size for path in (self.root / "feeds").iterdir()) / self.count / 1000

    def advance(self, share: float) -> int:
        """One new entry on top of a share of the feeds; returns how many entries that makes."""
        self._tick += 1
        chosen = random.Random(f"tick {self._tick}").sample(range(self.count), round(self.count * share))
        for number in chosen:
            self._editions[number] = self._editions.get(number, 0) + 1
            self._print(number, self._editions[number])
        return len(chosen)

    def reset(self) -> None:
        """The first edition of every feed."""
        for number in self._editions:
            self._print(number, 0)
        self._editions, self._tick = {}, 0

    def _print(self, number: int, edition: int) -> int:
        body, size = feed(number, edition)
        path = self.root / "feeds" / f"{number}.xml"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(body)
        at = BEGAN + 60 * (self._tick if edition else 0)
        os.utime(fresh, (at, at))
        fresh.rename(path)
        return size


@dataclass(frozen=True, slots=True)
class Address:
    """Where an origin listens, with or without TLS, on every address of this machine's loopback net."""

    plain: int
    secure: int
    authority: Path
    server: str

    def url(self, number: int, *, tls: bool, host: str = "") -> str:
        """The address of a feed."""
        host = host or HOSTS[number % len(HOSTS)]
        return (
            f"https://{host}:{self.secure}/feeds/{number}.xml"
            if tls
            else f"http://{host}:{self.plain}/feeds/{number}.xml"
        )

    def place(self, *, tls: bool, host: str) -> str:
        """`host:port`, as MONITOR_ALLOW_HOSTS writes it."""
        return f"{host}:{self.secure if tls else self.plain}"

    def places(self, *, tls: bool) -> list[str]:
        """All hosts of the origin."""
        return [self.place(tls=tls, host=host) for host in HOSTS]


@contextmanager
def serve(root: Path, *, keep_alive: bool) -> Iterator[Address]:
    """Serve the folder until the block ends."""
    folder = root / "server"
    folder.mkdir(exist_ok=True)
    authority = _certificate(folder)
    plain, secure = _free_port(), _free_port()
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    command = (
        [nginx, "-c", str(_nginx_conf(root, folder, plain, secure, keep_alive=keep_alive)), "-p", str(folder)]
        if nginx
        else [sys.executable, __file__, str(root), str(plain), str(secure), str(int(keep_alive))]
    )
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(plain)
            yield Address(plain, secure, authority, "nginx" if nginx else "asyncio")
        finally:
            server.send_signal(signal.SIGTERM)


def _nginx_conf(root: Path, folder: Path, plain: int, secure: int, *, keep_alive: bool) -> Path:
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(
        f"""{user} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn; daemon off;
        worker_rlimit_nofile 65536; events {{ worker_connections 8192; multi_accept on; }}
        http {{ types {{ application/xml xml; }} access_log off; sendfile on; tcp_nopush on; etag on; {temporary}
        keepalive_timeout {65 if keep_alive else 0}; keepalive_requests 1000000; ssl_session_cache off; ssl_session_tickets off;
        server {{ listen {plain} backlog=4096; listen {secure} ssl backlog=4096; root {root};
        ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem; }} }}""",
        "ascii",
    )
    return path


def _certificate(folder: Path) -> Path:
    """All the roots that a client usually trusts, and one more: that of a certificate for this machine's address."""
    certificate, bundle = folder / "cert.pem", folder / "roots.pem"
    if not certificate.exists():
        names = ",".join(f"IP:{host}" for host in HOSTS)
        subject = ["-subj", f"/CN={EVERYWHERE}", "-addext", f"subjectAltName={names}"]
        key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            str(folder / "key.pem"),
        ]
        command = ["openssl", "req", "-x509", *key, "-days", "3650", *subject, "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
    bundle.write_text(Path(certifi.where()).read_text("ascii") + certificate.read_text("ascii"), "ascii")
    return bundle


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind((EVERYWHERE, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    import socket  # noqa: PLC0415

    for _ in range(200):
        try:
            socket.create_connection((EVERYWHERE, port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the origin does not listen")


# ── without nginx ────────────────────────────────────────────────────────────────────────────────────────────────


async def _serve_plainly(root: Path, plain: int, secure: int, *, keep_alive: bool) -> None:
    """The same answers from one process of Python: good for ratios, not for absolute figures."""

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(_answer(root, head, keep_alive=keep_alive))
                await writer.drain()
                if not keep_alive:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root / "server" / "cert.pem", root / "server" / "key.pem")
    context.num_tickets = 0
    async with (
        await asyncio.start_server(visit, port=plain, backlog=1024) as server,
        await asyncio.start_server(visit, port=secure, backlog=1024, ssl=context) as safe,
    ):
        await asyncio.gather(server.serve_forever(), safe.serve_forever())


def _answer(root: Path, head: str, *, keep_alive: bool) -> bytes:
    line, *rest = head.split("\r\n")
    asked = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    path = root / line.split(" ")[1].lstrip("/")
    told = path.stat()
    tag, at = f'"{int(told.st_mtime):x}-{told.st_size:x}"', formatdate(told.st_mtime, usegmt=True)
    common = f"ETag: {tag}\r\nLast-Modified: {at}\r\nConnection: {'keep-alive' if keep_alive else 'close'}\r\n"
    if asked.get("if-none-match") == tag or ("if-none-match" not in asked and asked.get("if-modified-since") == at):
        return f"HTTP/1.1 304 Not Modified\r\n{common}\r\n".encode()
    body = path.read_bytes()
    kind = "Content-Type: application/xml"
    return f"HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {len(body)}\r\n{common}\r\n".encode() + body


if __name__ == "__main__":
    asyncio.run(_serve_plainly(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), keep_alive=sys.argv[4] == "1"))
