"""A quiet corner beside a running daemon: the database, the files and the words, without the wire and the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from monitor.app.environment import now
from monitor.app.recipients import Recipients, find_recipients, read_key
from monitor.config.configuration import Configuration
from monitor.config.lastgood import load_or_last_good
from monitor.config.settings import Settings
from monitor.deliver.editions import Reader
from monitor.deliver.library import Library
from monitor.ingest.desk import Teller
from monitor.model import Clock
from monitor.policy.editions import Edition, edition_of, next_edition
from monitor.render.alerts import labels
from monitor.render.legend import Guide, guide
from monitor.schema import open_database
from monitor.store import digests


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRoom:
    """What a command needs to look at or write a letter."""

    library: Library
    recipients: Recipients
    clock: Clock
    guide: Guide
    teller: Teller
    configuration: Configuration

    def edition(self, reader: Reader, day: date | None) -> Edition:
        """The edition of a local date, or without one the next letter as far as it is known."""
        if day is not None:
            return edition_of(day, reader.at, reader.zone)
        last_until = digests.last_until(self.library.db, reader.recipient, self.clock())
        return next_edition(reader.at, reader.zone, last_until, self.clock())


def stocked(library: Library, configuration: Configuration) -> Library:
    """The library with what a configuration says of sources, words and nights."""
    return replace(
        library,
        feeds=configuration.feeds,
        labels=labels(configuration.keywords),
        quiet=configuration.rules.quiet,
        stays_open={topic.id: topic.stays_open for topic in configuration.keywords.topics if topic.stays_open},
    )


@contextmanager
def reading_room(settings: Settings, clock: Clock = now) -> Iterator[ReadingRoom]:
    """Open the archive beside whatever runs. Raises ConfigError when there is no usable configuration."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    configuration, _refused = load_or_last_good(settings.config_dir, settings.data_dir, settings)
    db = open_database(settings.data_dir / "monitor.db")
    library = stocked(Library(db=db, contact=settings.contact), configuration)
    recipients = find_recipients(settings, configuration.delivery, read_key(settings.data_dir))
    try:
        yield ReadingRoom(
            library=library,
            recipients=recipients,
            teller=Teller(
                db=db,
                clock=clock,
                feeds=configuration.feeds,
                labels=library.labels,
                rules=configuration.rules,
                voices=recipients.voices,
                routes=configuration.delivery.routes,
            ),
            configuration=configuration,
            clock=clock,
            guide=guide(
                configuration.keywords,
                feed_count=sum(feed.enabled for feed in configuration.feeds),
                quiet=configuration.rules.quiet,
                contact=settings.contact,
            ),
        )
    finally:
        db.conn.close()
