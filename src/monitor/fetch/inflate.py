"""Bodies with a cap: what comes off the wire is counted before and after inflating.

809 bytes of brotli or 2 kB of twice-gzipped zeros become gigabytes, so only one plain gzip is understood, and it is
inflated in small steps that can be stopped.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from io import BytesIO

from monitor.errors import FetchError
from monitor.fetch.room import LARGE

_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_STEP = 256 * 1024  # bytes inflated before the event loop gets its turn: about a millisecond
_BOMB_RATIO = 100  # markup rarely shrinks more than 20-fold; a body beyond the cap and this ratio was made to harm


def encoding_of(values: Iterable[str]) -> str:
    """The content encoding of a response, from the values of its headers: `gzip` or "" for none.

    Raises FetchError `encoding` for every other one and for more than one.
    """
    names = [name.strip().lower() for value in values for name in value.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return ""
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip"):
        raise FetchError("encoding", f"the server answered in {', '.join(names[:5])!r}; only gzip was asked for")
    return "gzip"


async def read_body(
    chunks: AsyncIterator[bytes], encoding: str, max_bytes: int, enlarge: Callable[[], Awaitable[None]]
) -> bytes:
    """Collect a body of at most `max_bytes`, inflating it when `encoding` is gzip.

    `enlarge` is awaited as soon as more than LARGE bytes are kept. Raises FetchError `too-large`, `bomb`, `encoding` (not
    gzip after all) or `truncated`.
    """
    inflater = _Inflater(max_bytes) if encoding else None
    kept = BytesIO()  # gives its bytes away without a copy; a list of pieces would be there twice while it is joined
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise FetchError("too-large", f"the body is larger than {max_bytes} bytes")
        async for part in inflater.feed(chunk) if inflater else _as_it_is(chunk):
            kept.write(part)
            if kept.tell() > LARGE:
                await enlarge()
    if inflater is not None and received and not inflater.finished:
        raise FetchError("truncated", "the gzip body ends in the middle")
    return kept.getvalue()


async def _as_it_is(chunk: bytes) -> AsyncIterator[bytes]:
    yield chunk


class _Inflater:
    """One gzip body, perhaps of several members, inflated step by step up to `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._stream = zlib.decompressobj(_GZIP_WINDOW)
        self._given = self._taken = 0
        self.finished = False

    async def feed(self, chunk: bytes) -> AsyncIterator[bytes]:
        """Inflate one piece of the wire; yields pieces of at most `_STEP` bytes."""
        self._taken += len(chunk)
        rest = chunk
        while rest:
            if self._stream.eof:
                if not rest.startswith(b"\x1f"):  # padding after the last member, as gzip itself ignores it
                    return
                self._stream = zlib.decompressobj(_GZIP_WINDOW)
            try:
                part = self._stream.decompress(rest, _STEP)
            except zlib.error as error:
                raise FetchError("encoding", "the body is called gzip and is not") from error
            self.finished = self._stream.eof
            rest = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if part:
                self._count(len(part))
                yield part
            if rest:
                await asyncio.sleep(0)

    def _count(self, size: int) -> None:
        self._given += size
        if self._given > self._max_bytes:
            kind = "bomb" if self._given > self._taken * _BOMB_RATIO else "too-large"
            raise FetchError(kind, f"the body inflates to more than {self._max_bytes} bytes")
