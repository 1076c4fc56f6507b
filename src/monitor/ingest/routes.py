"""Which destination hears of an article: the first route that fits says so."""

from dataclasses import dataclass

from monitor.config.plan import Route
from monitor.ingest.desk import Teller
from monitor.model import Severity, Standing, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What routes look at."""

    topics: frozenset[str]
    severity: Severity
    places: frozenset[str]
    lang: str
    standing: Standing


def voices_for(desk: Teller, traits: Traits) -> tuple[Voice, ...]:
    """The voices of the first route that fits; none when no route does. Without any routes, all voices."""
    if not desk.routes:
        return desk.voices
    name = next((route.to for route in desk.routes if fits(route, traits)), None)
    return tuple(voice for voice in desk.voices if voice.name == name)


def fits(route: Route, traits: Traits) -> bool:
    """Whether every condition of the route holds; one that is empty takes all."""
    conditions = (
        (route.topics, traits.topics),
        (route.severity, {traits.severity}),
        (route.places, traits.places),
        (route.langs, {traits.lang}),
        (route.standing, {traits.standing}),
    )
    return all(not wanted or not wanted.isdisjoint(found) for wanted, found in conditions)
