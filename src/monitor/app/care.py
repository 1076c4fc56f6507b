"""What the house does for its messages before it sends: the clock, the e-mail road, the queues that piled up."""

from datetime import datetime

from monitor.app.recipients import Recipients
from monitor.config.configuration import Configuration
from monitor.config.settings import Settings
from monitor.deliver import backlog, clocks, fallback
from monitor.deliver.backlog import Manner
from monitor.deliver.fallback import Fallback
from monitor.deliver.library import Library
from monitor.outbox import Place


def look_after(
    library: Library, recipients: Recipients, configuration: Configuration, settings: Settings, now: datetime
) -> None:
    """Mend what a clock that was set back would spoil, then see what takes another road."""
    clocks.check(library.db, now)
    chats = list(dict.fromkeys((voice.channel, voice.recipient) for voice in recipients.voices))
    road = Fallback(
        after=configuration.delivery.fallback_after,
        mailboxes=recipients.mailboxes,
        languages=settings.languages,
        time_zone=settings.time_zone,
    )
    fallback.fall_back(library, road, chats, now)
    manner = Manner(languages=settings.languages, time_zone=settings.time_zone, quiet=configuration.rules.quiet)
    places: list[Place] = [*chats, *recipients.mailboxes]
    backlog.sum_up(library.db, recipients.voices, places, manner, now)


def name_of(recipients: Recipients, place: Place) -> str:
    """How maintainers know a destination: its name in delivery.yaml or in the settings, never its address."""
    names = {(voice.channel, voice.recipient): voice.name for voice in recipients.voices}
    names |= {(reader.channel, reader.recipient): reader.name for reader in recipients.readers}
    return names.get(place, place[0])


def other_ways(recipients: Recipients, trouble: Place) -> tuple[Place, ...]:
    """The maintainers' places to tell of a trouble: by another channel where there is one, never the place itself."""
    others = tuple(place for place in recipients.admins if place[0] != trouble[0])
    return others or tuple(place for place in recipients.admins if place != trouble)
