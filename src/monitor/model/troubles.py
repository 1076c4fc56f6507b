"""What keeps us from seeing: one root cause at a time, with the sources it blinds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why sources fail or are silent, as far as their states tell; the wide causes come first."""

    NETWORK = "network"  # nobody answers: it is our own line
    PROXY = "proxy"  # whoever is asked through this proxy
    SHUTDOWN = "shutdown"  # the hosts in Kazakhstan, while others answer
    ABROAD = "abroad"  # the hosts outside Kazakhstan, while those inside answer
    CERTIFICATES = "certificates"  # several hosts at once cannot prove who they are
    SILENCE = "silence"  # everybody answers, and nobody has anything new
    SILENCED = "silenced"  # the same, of the sources in Kazakhstan only
    HOST = "host"  # several sources of one host
    OUTLET = "outlet"  # one source by itself


# Causes that concern many sources at once; each of them is a notice of its own.
WIDE = frozenset(Cause) - {Cause.HOST, Cause.OUTLET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One root cause: `feeds` are the ids and `names` the names of the sources it blinds, of `asked` that it could.

    `key` is the same as long as it lasts. `what` is the one word of the error or of the state of health, `where` the
    proxy or the host; `ripe` says that it has lasted long enough to tell somebody.
    """

    cause: Cause
    key: str
    feeds: tuple[str, ...]
    names: tuple[str, ...]
    asked: int
    since: datetime
    what: str = ""
    where: str = ""
    ripe: bool = True
