"""The world of a killed process, in threads of the test: a press of feeds, and a Bot API that takes its time."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, TypeVar

from fake_telegram import FakeTelegram
from walking import rss

T = TypeVar("T")

LATENCY = 0.015  # seconds each way, at most
SHOWN = 20  # items in a feed


class Chance:
    """Numbers that look random and are the same for the same seed, on every machine."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def below(self, most: float) -> float:
        """The next number between 0 and `most`."""
        self._count += 1
        digest = sha256(f"{self._seed} {self._count}".encode()).digest()
        return most * int.from_bytes(digest[:6], "big") / (1 << 48)

    def pick(self, things: Sequence[T]) -> T:
        """One of these."""
        return things[int(self.below(len(things)))]


class SlowTelegram(FakeTelegram):
    """The Bot API with 0-30 ms of latency; a request whose sender dies on the way is not always carried out."""

    def __init__(self, chat: str, seed: str) -> None:
        super().__init__(chats={chat: {}})
        self.chance = Chance(seed)
        self.asked = threading.Event()

    async def _travel(self, reader: asyncio.StreamReader, way: str) -> bool:
        if way == "there":
            self.asked.set()
        try:
            await asyncio.wait_for(reader.read(1), self.chance.below(LATENCY))
        except TimeoutError:
            return True
        return False  # nothing more was due from the caller: it is gone


class Press:
    """A press on loopback: a feed for every name, printed anew at will; `asked` tells when somebody reads it."""

    def __init__(self) -> None:
        self.feeds: dict[str, bytes] = {}
        self.asked: dict[str, threading.Event] = defaultdict(threading.Event)
        self.opened_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        press = self

        class Reader(BaseHTTPRequestHandler):
            """One request: the feed of that name."""

            def do_GET(self) -> None:
                name = self.path.strip("/")
                press.asked[name].set()
                body = press.feeds[name]
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Reader)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    @property
    def place(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.server.server_port}"

    def url(self, name: str) -> str:
        """The address of a feed."""
        return f"http://{self.place}/{name}"

    def print(self, name: str, titles: list[str]) -> None:
        """The feed of that name with the newest of these titles, each a second younger than the one before."""
        dated = [
            {"title": title, "when": self.opened_at + timedelta(seconds=at), "guid": f"{name}-{at}-{title[:9]}"}
            for at, title in enumerate(titles)
        ]
        items = [item | {"link": f"{self.url(name)}/{item['guid'].replace(' ', '-')}"} for item in dated[-SHOWN:]]
        self.feeds[name] = rss(self.url(name), *reversed(items))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@contextmanager
def telegrams(names: list[str], seed: str) -> Iterator[dict[str, SlowTelegram]]:
    """A Bot API with a chat `@name` for each name, all in one thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    with ExitStack() as stack:
        stack.callback(loop.close)
        stack.callback(thread.join)
        stack.callback(loop.call_soon_threadsafe, loop.stop)
        opened = {name: SlowTelegram(f"@{name}", f"{seed} {name}") for name in names}
        for telegram in opened.values():
            asyncio.run_coroutine_threadsafe(telegram.__aenter__(), loop).result()
            stack.callback(lambda one: asyncio.run_coroutine_threadsafe(one.__aexit__(), loop).result(), telegram)
        yield opened
