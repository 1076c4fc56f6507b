"""The press of the demo: an HTTP server on loopback that serves one act of the pages, and can switch to the other.

It runs in threads of its own, so that the house can poll it from its event loop. It answers GET and HEAD only, knows
nothing but the shelf (a path is looked up, never opened), says nothing on stdout or stderr, and reads no clock.
"""

import gzip
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self

from monitor.newsroom.outlets import ACT_TIMES
from monitor.newsroom.shelf import Copy, shelf

LOOPBACK = "127.0.0.1"
DROPS = 10  # how many pieces a dripping feed comes in: enough to be seen dripping, few enough to stay quick
PATIENCE = 5  # seconds a connection may stay silent; also the longest that closing can take


class Asked(NamedTuple):
    """One request the press answered."""

    method: str
    path: str
    status: int


class Press:
    """The running press; a context manager. `drip` is how many seconds a dripping feed takes in all.

    `act` may be set to 1 or 2 while it runs; `asked` is every request so far, in the order of the answers.
    """

    def __init__(self, *, drip: float = 1.0) -> None:
        self.drip = drip
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler(self))
        self._server.daemon_threads = False  # so that closing waits for the answers under way
        self._shelves: Mapping[int, Mapping[str, Copy]] = {act: shelf(act, self.base) for act in ACT_TIMES}
        self._act = 1
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="press", daemon=True)

    @property
    def address(self) -> str:
        """Host and port, as `MONITOR_ALLOW_HOSTS` wants them."""
        return f"{LOOPBACK}:{self._server.server_port}"

    @property
    def base(self) -> str:
        """The address of the press as the start of a URL, no slash at the end."""
        return f"http://{self.address}"

    @property
    def act(self) -> int:
        """Which act is on; set it to switch. Raises ValueError for an act there is not."""
        return self._act

    @act.setter
    def act(self, number: int) -> None:
        if number not in self._shelves:
            raise ValueError(f"there is no act {number}")
        self._act = number

    def find(self, path: str) -> Copy | None:
        """What lies at `path` (its query does not count) in the act that is on; None when nothing does."""
        return self._shelves[self._act].get(path.partition("?")[0])

    def count(self, path: str) -> int:
        """How often `path` was asked for."""
        return sum(asked.path.partition("?")[0] == path for asked in self.asked)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop dripping, finish the answers under way, free the port."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Answer(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    press: Press

    def do_GET(self) -> None:
        """Look the path up; 200, 304 or 404."""
        copy = self.press.find(self.path)
        if copy is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain; charset=utf-8"}, b"Not found\n")
        elif self._known(copy):
            self._send(HTTPStatus.NOT_MODIFIED, copy.headers, b"")
        else:
            self._send_copy(copy)

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def handle(self) -> None:
        """A client that goes away in the middle is nobody's error."""
        with suppress(ConnectionError):
            super().handle()

    def _known(self, copy: Copy) -> bool:
        """Does the client already have this? An ETag outranks a date, as RFC 9110 (13.2.2) has it."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            return copy.etag is not None and copy.etag in [tag.strip() for tag in tags.split(",")]
        since = _date(self.headers.get("If-Modified-Since"))
        return since is not None and copy.modified is not None and copy.modified <= since

    def _send_copy(self, copy: Copy) -> None:
        headers, body = copy.headers, copy.body
        if copy.outlet.zipped and "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"], body = "gzip", gzip.compress(body, mtime=0)
        drips = copy.outlet.drips and self.path.partition("?")[0] == copy.outlet.path
        self._send(HTTPStatus.OK, headers, body, drops=DROPS if drips else 1)

    def _send(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes, *, drops: int = 1) -> None:
        self.press.asked.append(Asked(self.command, self.path, status.value))
        self.send_response_only(status)  # without the Date and Server headers: the demo has a clock of its own
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "GET":
            self._write(body, drops)

    def _write(self, body: bytes, drops: int) -> None:
        """Write the body in `drops` pieces, with a pause between them; a press that closes stops at once."""
        size = -(-len(body) // drops) or 1
        for start in range(0, len(body), size):
            if start and self.press.closing.wait(self.press.drip / drops):
                return
            self.wfile.write(body[start : start + size])


def _handler(press: Press) -> type[_Answer]:
    """The handler class that answers for `press`: http.server makes its handlers itself, from a class."""
    return type("Answer", (_Answer,), {"press": press, "log_message": _say_nothing})


def _say_nothing(*_: object) -> None:
    """In the place of http.server's log on stderr: the terminal belongs to the demo, and `asked` remembers."""


def _date(text: str | None) -> datetime | None:
    """An HTTP date; None when there is none or it cannot be read."""
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
