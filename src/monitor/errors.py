"""Everything that can go wrong, drawn as one tree.

    MonitorError
    ├── ConfigError        every mistake of the files at once, each with its place and a hint
    ├── SettingError       a setting of the environment cannot be used
    ├── FetchError         the wire failed; `kind` names how
    ├── ParseError         the feed lied; `kind` names how
    ├── WorkerError        a document was too heavy: killed on time or memory, or it crashed the child
    ├── SchemaError        the database is newer than the code
    ├── LockedError        another instance runs on this data directory
    └── DeliveryError      not said; try again, after `retry_after` if given
        ├── Undeliverable  it never will be said there: blocked, kicked, no such chat or mailbox
        ├── Refused        this one message is refused, the next may pass
        ├── Uncertain      it may have been said
        └── RecipientMoved the chat has a new address

Leaves carry what a policy needs to decide, never the decision itself. No error text contains a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a file: where it stands (1-based), what is wrong, what would mend it."""

    path: str
    line: int
    column: int
    what: str
    hint: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """`config/feeds.yaml:12:5: what is wrong. hint`, as editors and people read it."""
        mark = "warning: " if self.level == "warning" else ""
        return f"{self.path}:{self.line}:{self.column}: {mark}{self.what}" + (f" {self.hint}" if self.hint else "")


class MonitorError(Exception):
    """The root of the tree."""


class ConfigError(MonitorError):
    """Files that cannot be used; holds every mistake at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SettingError(MonitorError):
    """A setting that cannot be used; names the setting, never its value when it may be secret."""


class FetchError(MonitorError):
    """The wire failed.

    `kind` is one stable word (`timeout`, `dns`, `connect`, `tls`, `private-address`, `too-large`, `bomb`,
    `encoding`, `truncated`, `redirect`, `status`, `throttled`, `blocked`, `proxy`, `protocol`, `url`); `permanent`
    says that asking again unchanged cannot help; `retry_after` is what the server asked for.
    """

    def __init__(
        self,
        kind: str,
        what: str,
        *,
        status: int | None = None,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        self.kind, self.status, self.permanent, self.retry_after = kind, status, permanent, retry_after
        super().__init__(what)


class ParseError(MonitorError):
    """The body is not what the feed should be; `kind` is one stable word (`not-a-feed`, `blocked`, `empty`, …)."""

    def __init__(self, kind: str, what: str) -> None:
        self.kind = kind
        super().__init__(kind, what)  # both in args, so that the error survives the way back from the worker

    def __str__(self) -> str:
        """The words alone."""
        return str(self.args[1])


class WorkerError(MonitorError):
    """A document was too heavy for the worker; `kind` is `timeout`, `memory` or `crash`."""

    def __init__(self, kind: str, what: str) -> None:
        self.kind = kind
        super().__init__(what)


class SchemaError(MonitorError):
    """The database was written by a newer version of this program."""


class LockedError(MonitorError):
    """Another instance holds the data directory."""


class DeliveryError(MonitorError):
    """It was certainly not said; it may be tried again."""

    def __init__(self, what: str, *, retry_after: timedelta | None = None, halt: bool = False) -> None:
        self.retry_after, self.halt = retry_after, halt
        super().__init__(what)


class Undeliverable(DeliveryError):
    """The destination is closed to us: pause it, keep its queue, tell the maintainers by another channel."""


class Refused(DeliveryError):
    """This one message is refused; it dies, the queue goes on."""


class Uncertain(DeliveryError):
    """It may have been said: hold it, then repeat it marked as a possible repeat."""


class RecipientMoved(DeliveryError):
    """The chat has a new address."""

    def __init__(self, new_address: str) -> None:
        self.new_address = new_address
        super().__init__("the chat has moved")
