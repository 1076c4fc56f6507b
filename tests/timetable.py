"""A whole house lived through in virtual time: its timetable, a press that knows the true time, a watchdog that listens."""

from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime

import httpx

from monitor.app import daemon
from monitor.app.house import open_house
from monitor.app.jobs import JOBS
from walking import OnTheWire, Pages, everyone_is_public

WATCHDOG = "https://beat.example/ping?key=1"
STEP = 30  # seconds of virtual time between two looks at the timetable


class World(Pages):
    """True time, and a press and a watchdog that tell it; `clock` is the house's own, `offset` how wrong it is."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.began, self.seconds = clock, clock(), 0.0
        self.stands = False
        self.is_cut_off = False
        self.down = set()
        self.pings: list[tuple[float, bool]] = []

    @property
    def now(self):
        """The true time."""
        return self.began + timedelta(seconds=self.seconds)

    def stopwatch(self):
        """Seconds since the beginning, whatever the clock shows."""
        return self.seconds

    def tick(self, seconds):
        """Let time pass; a clock that stands does not notice."""
        self.seconds += seconds
        if not self.stands:
            self.clock.tick(timedelta(seconds=seconds))

    def __call__(self, request):
        """Answer with the true time in the header, or not at all."""
        if self.is_cut_off or request.url.host in self.down:
            raise httpx.ConnectError("unreachable")
        if request.url.host == "beat.example":
            self.pings.append((self.seconds, not request.url.path.endswith("/fail")))
            answer = httpx.Response(200, stream=OnTheWire(b"ok"))
        else:
            answer = super().__call__(request)
        answer.headers["date"] = format_datetime(self.now, usegmt=True)
        return answer

    def well_pings(self, since=0.0):
        """When the watchdog heard that all is well."""
        return [at for at, well in self.pings if well and at >= since]

    def fail_pings(self, since=0.0):
        """When it heard that something is not."""
        return [at for at, well in self.pings if not well and at >= since]


@asynccontextmanager
async def a_daemon(settings, world, **senders):
    """The house as the daemon runs it, on this world."""

    async def rest(seconds):
        world.tick(seconds)

    async with open_house(
        settings,
        clock=world.clock,
        transport=httpx.MockTransport(world),
        resolve=everyone_is_public,
        senders=senders,
        rest=rest,
        stopwatch=world.stopwatch,
    ) as house:
        house.vitals.rows = JOBS
        yield house


async def live(house, world, minutes, *, skip=()):
    """Run the timetable for so many minutes of virtual time; what a job throws is lost, as with the scheduler."""
    due = {job.name: world.seconds for job in JOBS}
    end = world.seconds + minutes * 60
    while world.seconds < end:
        for job in JOBS:
            if due[job.name] <= world.seconds and job.name not in skip:
                due[job.name] = world.seconds + job.every
                with suppress(Exception):
                    await daemon.within(house, job)
        world.tick(STEP)
