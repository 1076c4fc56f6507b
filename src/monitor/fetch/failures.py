"""What went wrong on the wire, in our own words: every error of the libraries and every bad status becomes a FetchError."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore
import httpx
import socksio

from monitor.errors import FetchError
from monitor.fetch.network import NoSuchHost, Unreachable

MAX_RETRY_AFTER = timedelta(hours=24)  # a server may ask for silence, not for good-bye
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_CLOSED_TO_US = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS)
_ASKED_TO_WAIT = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

WIRE_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.TransportError,
    socksio.SOCKSError,
    ssl.SSLError,
    OSError,
)
"""Everything the libraries below raise when a server, a proxy or the network misbehaves."""


# The first row that fits tells kind and words; what fits none broke below HTTP.
_TOLD: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((httpcore.TimeoutException, httpx.TimeoutException), "timeout", "did not answer in time"),
    ((httpcore.ProxyError, httpx.ProxyError, socksio.SOCKSError), "proxy", "was not reached by the proxy"),
    ((NoSuchHost,), "dns", "has no address"),
    ((Unreachable,), "connect", "refuses connections or is unreachable"),
    ((httpcore.ConnectError,), "tls", "ended the connection during the TLS handshake"),
)


def translate(error: Exception, host: str) -> FetchError:
    """One of WIRE_ERRORS in our words; `host` is who was asked."""
    if (cause := _tls_cause(error)) is not None:
        return FetchError("tls", f"{host}: {_tls_words(cause)}")
    for types, kind, words in _TOLD:
        if isinstance(error, types):
            return FetchError(kind, f"{host} {words}")
    if isinstance(error, (httpcore.ProtocolError, httpx.ProtocolError)):
        return FetchError(*_protocol_words(str(error), host))
    return FetchError("connect", f"{host} broke the connection")


def _tls_cause(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate cannot be trusted ({error.verify_message})"
    return f"TLS failed ({(error.reason or 'handshake').replace('_', ' ').lower()})"


def _protocol_words(said: str, host: str) -> tuple[str, str]:
    if "complete message body" in said:
        return "truncated", f"the answer of {host} ended in the middle"
    if "disconnected" in said:
        return "protocol", f"{host} closed the connection without an answer"
    return "protocol", f"{host} does not speak HTTP properly"


def bad_status(status: int, headers: Mapping[str, str], now: datetime) -> FetchError:
    """The error for a status that is no answer; carries `retry_after` for 429 and 503."""
    wait = retry_after(headers.get("retry-after", ""), now) if status in _ASKED_TO_WAIT else None
    if status == HTTPStatus.TOO_MANY_REQUESTS or wait:
        until = f"; asked us to wait {wait}" if wait else ""
        return FetchError("throttled", f"{_named(status)}{until}", status=status, retry_after=wait)
    kind = "blocked" if status in _CLOSED_TO_US else "status"
    return FetchError(kind, _named(status), status=status, permanent=status in _GONE)


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"status {status}"


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, at most 24 hours; None when it says nothing usable or nothing to wait for."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value[:10]), MAX_RETRY_AFTER.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(value)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(wait, MAX_RETRY_AFTER) if wait > timedelta(0) else None
