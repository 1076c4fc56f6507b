"""Can everybody be told? Each destination is tried without saying anything, so that a shut door is not found by an alert."""

import structlog

from monitor.app import care
from monitor.app.house import House
from monitor.app.recipients import PREVIEW
from monitor.app.vitals import Tried
from monitor.errors import DeliveryError, Undeliverable
from monitor.outbox import Place

log = structlog.get_logger("monitor.app")

REST, REST_AFTER_FAILURE = 600.0, 120.0  # seconds between two tries


async def try_roads(house: House) -> None:
    """Try the destinations whose turn it is: every chat, and the mail server once, whoever it is for."""
    vitals = house.vitals
    known = _roads(house)
    for gone in vitals.tried.keys() - known:
        del vitals.tried[gone]
    for place in known:
        tried = vitals.tried.setdefault(place, Tried())
        if vitals.stopwatch() >= tried.next_at:
            await _try(house, place, tried)


def _roads(house: House) -> list[Place]:
    """One place for each road: a chat is one by itself, all mailboxes go by the same server."""
    places = sorted(place for place in house.dispatch.addresses if place[0] in house.dispatch.senders)
    chats = [place for place in places if place[0] not in ("email", PREVIEW)]
    return [*chats, *[place for place in places if place[0] == "email"][:1]]


async def _try(house: House, place: Place, tried: Tried) -> None:
    now = house.vitals.stopwatch
    try:
        await house.dispatch.senders[place[0]].probe(house.dispatch.addresses[place])
    except DeliveryError as error:
        tried.since = tried.since if tried.failures else now()
        tried.failures += 1
        tried.why, tried.next_at = str(error), now() + REST_AFTER_FAILURE
        log.warning("a road is closed", channel=place[0], why=tried.why, failures=tried.failures)
        if isinstance(error, Undeliverable):
            house.closed(place, tried.why)
    else:
        tried.failures, tried.why, tried.next_at = 0, "", now() + REST


def name_of(house: House, place: Place) -> str:
    """How maintainers know a road: its name in delivery.yaml or in the settings; `email` for the mail server."""
    return "email" if place[0] == "email" else care.name_of(house.recipients, place)
