"""Two keyword files, one archive: which articles would have been said, and which no longer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from monitor.matching.engine import Matcher
from monitor.model import Feed, Finding, Lang, Scope, Severity
from monitor.text.times import stamp, unstamp

Change = Literal["gained", "lost", "louder", "quieter"]
SAID = (Severity.URGENT, Severity.NORMAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One article on which the two files do not agree; `because` lists the terms that make it so."""

    change: Change
    seen_at: datetime
    outlet: str
    title: str
    url: str
    before: Severity
    after: Severity
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many articles were read again, how many each file would have said, and where they differ."""

    read: int
    said_before: int
    said_after: int
    differences: tuple[Difference, ...]

    def of(self, change: Change) -> tuple[Difference, ...]:
        """The differences of one kind, the newest first."""
        return tuple(one for one in self.differences if one.change == change)


def compare(db: Database, feeds: Mapping[str, Feed], before: Matcher, after: Matcher, *, since: datetime) -> Comparison:
    """Read every article seen since then with both matchers. What was pruned cannot be read again.

    "Said" is what the guards let through as urgent or normal; how old an article was, reprints and mutes are left
    out: they do not depend on the words.
    """
    read, said_before, said_after = 0, 0, 0
    differences = []
    for row in _articles(db, since):
        read += 1
        old, new = (_find(matcher, row, feeds) for matcher in (before, after))
        said_before += old.severity in SAID
        said_after += new.severity in SAID
        change = _change(old.severity, new.severity)
        if change is not None:
            differences.append(_difference(change, row, old, new))
    return Comparison(read=read, said_before=said_before, said_after=said_after, differences=tuple(differences))


def _articles(db: Database, since: datetime) -> Iterator[Mapping[str, Any]]:
    return db.query(
        """SELECT a.feed_id, a.title, a.text, a.url, a.seen_at, f.title AS outlet, f.lang, f.scope
           FROM articles a JOIN feeds f ON f.id = a.feed_id
           WHERE a.seen_at >= ? AND a.text IS NOT NULL ORDER BY a.seen_at DESC, a.id DESC""",
        [stamp(since)],
    )


def _find(matcher: Matcher, row: Mapping[str, Any], feeds: Mapping[str, Feed]) -> Finding:
    """Read an article as it would be read today; a feed that left the file is read as it was last known."""
    feed = feeds.get(row["feed_id"])
    prior: Lang = feed.lang if feed else row["lang"]
    scope: Scope = feed.scope if feed else row["scope"]
    return matcher.find(row["title"], row["text"], prior=prior, scope=scope)


def _change(before: Severity, after: Severity) -> Change | None:
    if before is after:
        return None
    if (before in SAID) != (after in SAID):
        return "gained" if after in SAID else "lost"
    if after in SAID:
        return "louder" if after.rank > before.rank else "quieter"
    return None


def _difference(change: Change, row: Mapping[str, Any], old: Finding, new: Finding) -> Difference:
    terms_before = {hit.term for hit in old.hits}
    terms_after = {hit.term for hit in new.hits}
    because = sorted(terms_before ^ terms_after) or sorted(terms_before | terms_after)
    return Difference(
        change=change,
        seen_at=unstamp(row["seen_at"]),
        outlet=row["outlet"],
        title=row["title"],
        url=row["url"],
        before=old.severity,
        after=new.severity,
        because=tuple(because),
    )
