"""One letter over SMTP, step by step, because what an error means depends on the step it came in.

| step | fails | means |
|---|---|---|
| connect, TLS, greeting | any | not said; again later (a certificate that does not verify never passes) |
| login | 5xx | closed until a person mends it; 4xx: again later |
| MAIL FROM | 552 | this letter is refused; other 5xx: closed; 4xx: again later |
| RCPT TO | 5xx | this recipient is closed; 4xx: again later |
| DATA and the letter | 5xx | this letter is refused; 4xx: again later |
| the answer to the letter | lost | it may have been said |

Our errors hold the step and the number only: a server's own words may hold an address.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import certifi

from monitor.errors import DeliveryError, Refused, Uncertain, Undeliverable

OPERATION_SECONDS = 30.0
GO_AHEAD = 354
TOO_LARGE = 552
PERMANENT = 500
REFUSED = 400

Submit = Callable[[str, str, bytes], None]


class MailServer(Protocol):
    """What is needed of `config.settings.Smtp`."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def security(self) -> str: ...
    @property
    def ca_file(self) -> Path | None: ...


def submitter(smtp: MailServer, domain: str) -> Submit:
    """A function that hands one letter to the server; it blocks. Raises as `channels.Sender.send` does."""

    def submit(envelope_from: str, recipient: str, content: bytes) -> None:
        with _session(smtp, domain) as connection:
            _envelope(connection, envelope_from, recipient)
            _content(connection, content)

    return submit


def knock(smtp: MailServer, domain: str) -> None:
    """Connect, secure, log in and leave. Raises as `channels.Sender.send` does."""
    with _session(smtp, domain):
        pass


@contextmanager
def _session(smtp: MailServer, domain: str) -> Iterator[smtplib.SMTP]:
    """A connection that is secured and logged in; left politely, whatever happened."""
    connection = _open(smtp, domain)
    try:
        _log_in(connection, smtp)
        yield connection
    finally:
        with suppress(OSError):
            connection.quit()
        connection.close()


def _open(smtp: MailServer, domain: str) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(smtp.ca_file or certifi.where()))
    connection: smtplib.SMTP | None = None
    try:
        if smtp.security == "tls":
            return smtplib.SMTP_SSL(smtp.host, smtp.port, domain, timeout=OPERATION_SECONDS, context=context)
        connection = smtplib.SMTP(smtp.host, smtp.port, domain, timeout=OPERATION_SECONDS)
        if smtp.security != "none":
            connection.starttls(context=context)
    except ssl.SSLCertVerificationError:
        failure = "the mail server's certificate could not be verified"
    except smtplib.SMTPNotSupportedError:
        failure = "the mail server does not offer STARTTLS"
    except OSError:  # smtplib's own errors are OSErrors too
        failure = "the mail server could not be reached securely"
    else:
        return connection
    if connection is not None:
        connection.close()
    raise DeliveryError(failure)


def _log_in(connection: smtplib.SMTP, smtp: MailServer) -> None:
    if smtp.user is None:
        return
    failure: DeliveryError | None = None
    try:
        connection.login(smtp.user, smtp.password or "")
    except smtplib.SMTPResponseException as error:
        failure = _by_code("login", error.smtp_code, Undeliverable)
    except smtplib.SMTPNotSupportedError:
        failure = Undeliverable("the mail server offers no login")
    except OSError:
        failure = _lost("login")
    if failure is not None:
        raise failure


def _envelope(connection: smtplib.SMTP, envelope_from: str, recipient: str) -> None:
    with _talking("MAIL FROM"):
        connection.ehlo_or_helo_if_needed()
        code = connection.mail(envelope_from)[0]
    _check("MAIL FROM", code, Refused if code == TOO_LARGE else Undeliverable)
    with _talking("RCPT TO"):
        code = connection.rcpt(recipient)[0]
    _check("RCPT TO", code, Undeliverable)


def _content(connection: smtplib.SMTP, content: bytes) -> None:
    with _talking("DATA"):
        code = connection.docmd("DATA")[0]
    if code != GO_AHEAD:
        raise _by_code("DATA", code, Refused)
    try:
        connection.send(_stuffed(content))
        code = connection.getreply()[0]
    except OSError:
        lost = True
    else:
        lost = False
    if lost:
        raise Uncertain("the connection was lost after the letter was handed over")
    _check("the letter", code, Refused)


@contextmanager
def _talking(step: str) -> Iterator[None]:
    """A connection that is lost before the letter left is a letter not sent."""
    try:
        yield
    except OSError:
        lost = True
    else:
        lost = False
    if lost:
        raise _lost(step)


def _lost(step: str) -> DeliveryError:
    return DeliveryError(f"the connection to the mail server was lost at {step}")


def _check(step: str, code: int, permanent: type[DeliveryError]) -> None:
    if code >= REFUSED or code < 0:
        raise _by_code(step, code, permanent)


def _by_code(step: str, code: int, permanent: type[DeliveryError]) -> DeliveryError:
    """5xx is for good, anything else may pass later."""
    said = f"the mail server refused {step} ({code})"
    return permanent(said) if code >= PERMANENT else DeliveryError(said)


def _stuffed(content: bytes) -> bytes:
    """The letter as it travels: CRLF, a second dot before a line's first one, a dot alone at the end."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"
