"""Sockets as httpcore wants them, straight on asyncio: its own way through anyio costs a fifth more, over TLS twice.

There are no timeouts here: the exchange as a whole has its deadline.
"""

import asyncio
import ssl
from contextlib import suppress
from typing import Any

import httpcore

_READ_AHEAD = 65_536  # bytes that wait in a stream before the server is held back
_OF_SOCKETS = (OSError, EOFError)  # errors of TLS are OSErrors, too


class Stream(httpcore.AsyncNetworkStream):
    """One connection. Made by `connect`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's name
        """What has arrived, at most `max_bytes`; nothing at the end. Raises httpcore.ReadError."""
        del timeout
        try:
            return await self._reader.read(max_bytes)
        except _OF_SOCKETS as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's name
        """Send everything. Raises httpcore.WriteError."""
        del timeout
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except _OF_SOCKETS as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Hang up, without waiting for a server that does not say good-bye."""
        with suppress(OSError):
            self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's name
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted and verified. Raises httpcore.ConnectError, with what went wrong as its cause."""
        del timeout
        try:
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except _OF_SOCKETS as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks for before it uses a connection again: whether its server has closed it meanwhile."""
        if info == "is_readable":
            return self._reader.at_eof() or self._writer.transport.is_closing() or self._has_unread()
        return None

    def _has_unread(self) -> bool:
        """Whether something arrived that nobody asked for."""
        return bool(getattr(self._reader, "_buffer", b""))


async def connect(address: str, port: int) -> Stream:
    """A connection to an address. Raises httpcore.ConnectError."""
    try:
        reader, writer = await asyncio.open_connection(address, port, limit=_READ_AHEAD)
    except _OF_SOCKETS as error:
        raise httpcore.ConnectError(str(error)) from error
    return Stream(reader, writer)
