"""Log lines for people or machines, on stderr, with every secret struck out.

Redaction happens in the formatter, on the finished text: a filter would miss child loggers and tracebacks. What is
struck: the secrets of the settings, whatever looks like a bot token, an e-mail address, a chat id or a password in an
address, wherever it came from.
"""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast
from urllib.parse import quote

# structlog and httpx load rich wherever it is installed, for tracebacks and for a command line that nobody sees here: a
# tenth of a start and 10 MB. They are content without, and whoever wants it finds it where it was.
_modules = cast("dict[str, Any]", sys.modules)
_modules.setdefault("httpx._main", None)
_rich = _modules.get("rich", ...)
_modules["rich"] = None
try:
    import structlog
finally:
    if _rich is ...:
        del _modules["rich"]
    else:
        _modules["rich"] = _rich

STRUCK = "[struck]"
# Libraries that write addresses, headers or the bot token into their own INFO lines.
CHATTY = (
    "httpx",
    "httpcore",
    "telegram",
    "apscheduler",
    "asyncio",
    "trafilatura",
    "htmldate",
    "courlan",
    "urllib3",
    "pymorphy3",
)
# Shapes of secrets: 123456789:AA… bot tokens, mail addresses, -100… chat ids, the password in scheme://user:password@.
SHAPES = re.compile(
    r"(?<!\d)\d{6,}(?::|%3A)[\w-]{20,}"
    r"|[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"
    r"|-100\d{6,}\b"
    r"|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"
)
SHORTEST_SECRET = 4
# Stands in every line, as the name of the program: striking it would hide nothing and tell that it is a secret.
OUR_NAME = "monitor"


class Redactor:
    """Strikes secrets out of finished text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET and secret != OUR_NAME}
        spelled = known | {quote(secret, safe="") for secret in known}
        words = sorted(spelled, key=len, reverse=True)  # the longest first, or a part would leave the rest standing
        self._known = re.compile("|".join(map(re.escape, words))) if words else None

    def __call__(self, text: str) -> str:
        """The text without what must not be read."""
        if self._known:
            text = self._known.sub(STRUCK, text)
        return SHAPES.sub(STRUCK, text)


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """structlog's formatter for every record, ours and the libraries', redacted last."""

    redact = Redactor()

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, tracebacks included, with secrets struck."""
        return self.redact(super().format(record))


def set_up(*, form: str, level: str, secrets: Iterable[str], stream: TextIO | None = None) -> Redactor:
    """Send all log lines to stderr (or `stream`) as `console` or `json`; returns the redactor for other output."""
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.plain_traceback
        last.append(structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    formatter = RedactingFormatter(processors=last, foreign_pre_chain=shared)
    formatter.redact = Redactor(secrets)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # warns of every tick that finds its job busy
    return formatter.redact
