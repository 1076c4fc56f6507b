"""Everything real is made here: the database, the wire, the worker, the channels, and what they are wired into."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx
import structlog
from sqlite_utils import Database

from monitor import channels, outbox
from monitor.app import care
from monitor.app.environment import now
from monitor.app.reading_room import stocked
from monitor.app.recipients import PREVIEW, Recipients, find_recipients, read_key
from monitor.app.vitals import Stopwatch, Vitals
from monitor.app.wire import open_wire
from monitor.app.words import Words
from monitor.channels import Sender
from monitor.config.configuration import Configuration
from monitor.config.lastgood import keep, load_or_last_good
from monitor.config.settings import Settings
from monitor.deliver import editions
from monitor.deliver.dispatch import Dispatch
from monitor.deliver.library import Library
from monitor.errors import ConfigError, Problem
from monitor.fetch import Resolve
from monitor.ingest.desk import Desk
from monitor.model import Clock, Delivery
from monitor.outbox import Place
from monitor.policy.delivery import TELEGRAM
from monitor.policy.escalation import with_topics
from monitor.render import notices
from monitor.render.notices import Notice
from monitor.schema import open_database, transaction
from monitor.store import facts

log = structlog.get_logger("monitor.app")

REFUSED = "configuration refused"


@dataclass(slots=True, kw_only=True)
class House:
    """The house, lit and heated: the desk to ingest with, the dispatch to deliver with, the library to write from.

    `configuration` and all that is made from it change when the files change; `refused` holds the mistakes of files
    that could not be used.
    """

    settings: Settings
    clock: Clock
    db: Database
    desk: Desk
    dispatch: Dispatch
    library: Library
    recipients: Recipients
    configuration: Configuration
    vitals: Vitals
    refused: tuple[Problem, ...] = ()

    def furnish(self, configuration: Configuration) -> None:
        """Put a configuration in force, between two cycles: the matcher, the labels, whom we speak to."""
        key, words = read_key(self.settings.data_dir), Words(configuration)
        self.configuration = configuration
        self.recipients = find_recipients(self.settings, configuration.delivery, key)
        self.library = stocked(self.library, configuration)
        self.desk = replace(
            self.desk,
            feeds=configuration.feeds,
            make_matcher=words.matcher,
            words=words.lesson,
            labels=self.library.labels,
            make_atlas=words.atlas,
            rules=with_topics(configuration.rules, configuration.keywords),
            voices=self.recipients.voices,
            routes=configuration.delivery.routes,
        )
        self.dispatch.addresses.clear()  # who is no longer named is no longer told
        self.dispatch.addresses.update(self.recipients.addresses)

    def look_after(self, at: datetime) -> None:
        """What must be seen to before a round of sending."""
        care.look_after(self.library, self.recipients, self.configuration, self.settings, at)

    def tell_maintainers(self, notice: Notice, key: str, places: Sequence[Place] | None = None) -> None:
        """Queue a notice for the admin chat and mailbox, or for some of them; each `key` is said once."""
        log.warning("notice", subject=notice.subject, text=notice.text)
        kinds = channels.by_kind()
        with transaction(self.db) as db:
            for channel, code in self.recipients.admins if places is None else places:
                messages = kinds[channel].render_notice(
                    notice,
                    key=key,
                    at=self.clock(),
                    languages=self.settings.languages,
                    time_zone=self.settings.time_zone,
                )
                outbox.put(db, [replace(message, recipient=code) for message in messages], self.clock())

    def closed(self, place: Place, why: str) -> None:
        """A destination shut its door: tell the maintainers by the other ways, once a day."""
        notice = notices.destination_closed(care.name_of(self.recipients, place), why, self.settings.languages[0])
        key = f"closed {place[1]} {self.clock():%Y-%m-%d}"
        self.tell_maintainers(notice, key, care.other_ways(self.recipients, place))

    def reopened(self, place: Place) -> None:
        """A destination takes messages again."""
        notice = notices.destination_open(care.name_of(self.recipients, place), self.settings.languages[0])
        self.tell_maintainers(notice, f"open {place[1]} {self.clock():%Y-%m-%dT%H:%M:%S}")

    def said(self, delivery: Delivery) -> None:
        """One line for whoever follows the log: what went out, by which channel; never to whom."""
        message = delivery.message
        log.info("said", what=message.ref or message.subject, action=message.action, channel=message.channel)

    def buried(self, delivery: Delivery, why: str) -> None:
        """A message was refused for good; a notice about a notice would never end."""
        if delivery.message.subject.startswith("notice:"):
            return
        ref = delivery.message.ref or delivery.message.subject
        notice = notices.message_refused(ref, why, self.settings.languages[0])
        place = (delivery.message.channel, delivery.message.recipient)
        self.tell_maintainers(notice, f"refused message {delivery.id}", care.other_ways(self.recipients, place))


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    clock: Clock = now,
    resolve: Resolve | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    senders: Mapping[str, Sender] | None = None,
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    stopwatch: Stopwatch = time.monotonic,
) -> AsyncIterator[House]:
    """Open the house on `settings`, and close all of it at the end.

    Tests put in their own clock, stopwatch, resolver, transport, senders and rest. Raises ConfigError when the files are bad and
    no good ones were ever kept, SchemaError when the database is newer than this program.
    """
    data_dir = settings.data_dir
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    configuration, refused = load_or_last_good(settings.config_dir, data_dir, settings)
    async with AsyncExitStack() as stack:
        db = open_database(data_dir / "monitor.db")
        stack.callback(db.conn.close)
        wire = await stack.enter_async_context(open_wire(settings, clock=clock, resolve=resolve, transport=transport))
        desk = Desk(db=db, clock=clock, fetcher=wire.fetcher, worker=wire.worker, robots=wire.robots)
        opened = senders if senders is not None else await _open_senders(stack, settings)
        paces = {"telegram": TELEGRAM}
        house = House(
            settings=settings,
            clock=clock,
            db=db,
            desk=desk,
            dispatch=Dispatch(db=db, clock=clock, senders=opened, addresses={}, paces=paces, rest=rest),
            library=Library(db=db, contact=settings.contact),
            recipients=Recipients(),
            configuration=configuration,
            vitals=Vitals.begin(stopwatch),
        )
        house.dispatch.prepare = house.look_after
        house.dispatch.closed = house.closed
        house.dispatch.reopened = house.reopened
        house.dispatch.said = house.said
        house.dispatch.buried = house.buried
        house.furnish(configuration)
        _begin(house, refused)
        yield house


async def _open_senders(stack: AsyncExitStack, settings: Settings) -> dict[str, Sender]:
    """A sender for every channel that the settings make possible; the preview is always there."""
    kinds = channels.by_kind()
    opened = {PREVIEW: await stack.enter_async_context(kinds[PREVIEW].connect(folder=preview_folder(settings)))}
    if settings.telegram_token:
        telegram = kinds["telegram"].connect(
            token=settings.telegram_token, api_url=settings.telegram_api_url, proxy=settings.proxy
        )
        opened["telegram"] = await stack.enter_async_context(telegram)
    if settings.smtp:
        email = kinds["email"].connect(smtp=settings.smtp, sender=settings.digest_from or settings.smtp.user or "")
        opened["email"] = await stack.enter_async_context(email)
    return opened


def preview_folder(settings: Settings) -> Path:
    """Where the preview of the channel and of the letters lies."""
    return settings.data_dir / "preview"


def _begin(house: House, refused: ConfigError | None) -> None:
    """What a start owes to the last stop: what was in flight is in doubt; bad files are told, good ones are kept."""
    with transaction(house.db) as db:
        doubtful = outbox.recover(db, house.clock())
    editions.meet(house.library, house.recipients.readers, house.clock())
    if doubtful:
        log.warning("messages were in flight when we stopped; they are repeated, marked", count=doubtful)
    if refused is not None:
        refuse(house, refused)
        return
    keep(house.settings.config_dir, house.settings.data_dir)
    with transaction(house.db) as db:
        facts.forget(db, REFUSED)  # mended while we were away


def refuse(house: House, error: ConfigError) -> None:
    """The files are bad: keep what runs, say so once for these very mistakes."""
    house.refused = error.problems
    if facts.recall(house.db, REFUSED) == str(error):
        return
    with transaction(house.db) as db:
        facts.remember(db, REFUSED, str(error), house.clock())
    notice = notices.config_refused(error.problems, house.settings.languages[0])
    house.tell_maintainers(notice, f"refused {house.clock():%Y-%m-%dT%H:%M:%S}")
