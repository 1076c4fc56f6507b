"""The outside as tests script it, and a dispatch to it whose rests tick the clock."""

from datetime import timedelta

from monitor.deliver.dispatch import Dispatch
from monitor.policy.delivery import TELEGRAM


class World:
    """A channel that does what the test says: answers are used up one by one (None says it), then all is said."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.answers: list[Exception | None] = []
        self.said: list[tuple[str, str, bool]] = []
        self.tried: list[tuple[str, bool]] = []
        self.times = []
        self.heard = lambda: None

    async def send(self, message, recipient, *, repeat):
        """Fail as told, or say it."""
        self.times.append(self.clock())
        self.tried.append((message.subject, repeat))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.said.append((message.subject, recipient, repeat))
        self.heard()
        return str(len(self.said))

    async def probe(self, recipient):
        """Nothing to prove."""


def a_dispatch(database, clock, world, *recipients, channel="telegram"):
    """A dispatch to these recipients of one paced channel; a rest ticks the clock by whole seconds."""

    async def rest(seconds):
        clock.tick(timedelta(seconds=max(1, round(seconds))))

    places = {(channel, recipient): f"chat of {recipient}" for recipient in recipients}
    return Dispatch(
        db=database, clock=clock, senders={channel: world}, addresses=places, paces={"telegram": TELEGRAM}, rest=rest
    )


def in_memory_speed(database):
    """No waiting for the disk: for runs that test arithmetic, not power cuts."""
    database.execute("PRAGMA synchronous = OFF")
    return database


class Dice:
    """Repeatable chance: the same seed throws the same (Lehmer's generator, MINSTD)."""

    def __init__(self, seed) -> None:
        self.state = seed * 7919 + 1
        self.below(1)

    def below(self, limit):
        """A number from 0 to limit - 1."""
        self.state = self.state * 48271 % 2147483647
        return self.state // 7 % limit

    def choice(self, things):
        """One of these."""
        return things[self.below(len(things))]

    def shuffled(self, things):
        """The same things in another order."""
        return [thing for _, _, thing in sorted((self.below(10**8), n, thing) for n, thing in enumerate(things))]
