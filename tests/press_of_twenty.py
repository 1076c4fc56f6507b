"""Twenty outlets that publish and are polled in virtual time, by the policies alone: no wire, no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from killing import Chance
from monitor.model import Entry, Feed, FeedState, Parsed, Response, Trouble
from monitor.policy.causes import troubles
from monitor.policy.polling import after_failure, after_success, after_unchanged
from monitor.policy.reports import Report, Told, report

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOOK = 5 * MINUTE  # how often somebody looks whether anything is wrong

Silenced = Callable[[str, datetime], bool]


def nobody(_feed_id: str, _at: datetime) -> bool:
    """Everybody publishes."""
    return False


@dataclass
class Outlet:
    """An outlet with an item every `gap`, a third earlier or later, round the clock or by day."""

    feed: Feed
    gap: timedelta
    by_day: bool
    items: Sequence[datetime] = ()
    told: int = 0

    def publish(self, until: datetime) -> None:
        """All its items, from the beginning on."""
        chance, at, items = Chance(self.feed.id), MONDAY, []
        while at < until:
            at += self.gap * (0.67 + chance.below(0.66))
            if not self.by_day or 6 <= at.hour < 22:
                items.append(at.replace(microsecond=0))
        self.items = items

    def news(self, now: datetime, silenced: Silenced) -> list[Entry]:
        """What it shows that was not seen yet."""
        fresh = []
        while self.told < len(self.items) and self.items[self.told] <= now:
            at = self.items[self.told]
            self.told += 1
            if not silenced(self.feed.id, at):
                fresh.append(Entry(feed_id=self.feed.id, guid=str(at), url="", title="t", published_at=at))
        return fresh


@dataclass
class Press:
    """The outlets, what is remembered of them, and what maintainers were told."""

    outlets: list[Outlet]
    now: datetime = MONDAY
    states: dict[str, FeedState] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    reports: list[tuple[datetime, Report]] = field(default_factory=list)

    @property
    def feeds(self) -> list[Feed]:
        """The feeds of all outlets."""
        return [outlet.feed for outlet in self.outlets]

    def live(
        self, until: datetime, *, silenced: Silenced = nobody, failing: Silenced = nobody, kind="timeout", watched=True
    ) -> None:
        """Poll whoever is due and look round every five minutes, until then."""
        while self.now < until:
            for outlet in self.outlets:
                state = self.states.get(outlet.feed.id) or FeedState(feed_id=outlet.feed.id)
                if state.poll_at is None or state.poll_at <= self.now:
                    self.states[outlet.feed.id] = self._polled(outlet, state, silenced, failing, kind)
            if watched:
                self.look()
            self.now += LOOK

    def _polled(self, outlet, state, silenced, failing, kind) -> FeedState:
        feed = outlet.feed
        if failing(feed.id, self.now):
            return after_failure(feed, state, self.now, kind=kind, error="x")
        news = outlet.news(self.now, silenced)
        if not news and state.good_at:
            return after_unchanged(feed, state, self.now)
        answer = Response(url=feed.url, status=200, headers={}, body=b"", received_at=self.now)
        return after_success(feed, state, answer, Parsed(entries=tuple(news), memory={"count": 30}), self.now)

    def look(self) -> list[Trouble]:
        """What is wrong at this moment; what is to be told is told, and remembered."""
        found = troubles(self.feeds, self.states, self.now)
        new = report(found, self.told, self.states, self.now)
        for kept in new.kept:
            self.told[kept.trouble.key] = kept
        for key in new.forgotten:
            del self.told[key]
        for feed_id in new.awake:
            self.states[feed_id] = replace(self.states[feed_id], poll_at=self.now)
        if new.wide or new.over or new.lines or new.well:
            self.reports.append((self.now, new))
        return found


def twenty(until: datetime, every=(5 * MINUTE, HOUR)) -> Press:
    """Fourteen outlets in Kazakhstan and six abroad, with an item every ten minutes to every five hours."""
    outlets = []
    for number in range(20):
        home = number % 10 < 7
        host = f"outlet{number}.kz" if home else f"outlet{number}.org"
        gap = 10 * MINUTE + number * 5 * MINUTE if number < 15 else (number - 13) * 50 * MINUTE
        feed = Feed(
            id=f"outlet-{number}", url=f"https://{host}/rss", title=host, every_min=every[0], every_max=every[1]
        )
        outlets.append(Outlet(feed=feed, gap=gap, by_day=number % 2 == 0 and number < 8))
    for outlet in outlets:
        outlet.publish(until)
    return Press(outlets)
