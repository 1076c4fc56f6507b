"""The timetable's jobs, called by hand: reload, letters, pruning; and the daemon that ticks them."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app import daemon, jobs
from monitor.config.settings import Smtp
from monitor.deliver import doors
from monitor.errors import ConfigError
from monitor.schema import transaction
from monitor.store import facts
from walking import KEYWORDS, Pages, a_house, settings_in, write_config

URL = "https://lada.example/rss"
STRIKE = "Нефтяники Жанаозена объявили бессрочную забастовку"


@pytest.fixture
def settings(tmp_path):
    """One outlet, and a maintainer with a mailbox (the mail server is never spoken to)."""
    write_config(tmp_path / "config", [{"id": "lada", "title": "Лада", "url": URL, "lang": "ru"}])
    return settings_in(
        tmp_path,
        smtp=Smtp(host="127.0.0.1", port=9, security="none"),
        admin_email="maintainer@example.org",
        digest_from="monitor@example.org",
    )


@pytest.fixture
def pages():
    """A press with one quiet feed."""
    press = Pages()
    press.feed(URL, {"title": "Погода на завтра"})
    return press


def notices(house):
    """What maintainers were told, in order."""
    rows = house.db.execute("SELECT body FROM messages WHERE subject LIKE 'notice:%' ORDER BY id").fetchall()
    return [json.loads(body) for (body,) in rows]


async def test_unchanged_files_are_left_alone(settings, pages, clock):
    """Looking at files that did not change does nothing and says nothing."""
    async with a_house(settings, clock, pages) as house:
        await jobs.reload(house)
        before = house.desk.matcher
        await jobs.reload(house)
        assert house.desk.matcher is before
        assert notices(house) == []


async def test_changed_files_are_put_in_force_and_told(settings, pages, clock):
    """A new keyword matches after the next look at the files, without a restart, and the maintainers hear of it."""
    async with a_house(settings, clock, pages) as house:
        await jobs.reload(house)
        assert house.desk.matcher.find("Погода", "", lang="ru").topics == ()
        path = settings.config_dir / "keywords.yaml"
        path.write_text(KEYWORDS.replace("[забастовка,", "[погода, забастовка,"), "utf-8")
        await jobs.reload(house)
        assert house.desk.matcher.find("Погода", "", lang="ru").topics
        assert len(notices(house)) == 1
        kept = (settings.data_dir / "last-good" / "keywords.yaml").read_text("utf-8")
        assert "погода" in kept


async def test_a_bad_file_is_refused_whole_and_told_once(settings, pages, clock):
    """The last good files keep running, the mistake is told with its line, once; mended, it is told that they run."""
    path = settings.config_dir / "keywords.yaml"
    good = path.read_text("utf-8")
    async with a_house(settings, clock, pages) as house:
        await jobs.reload(house)
        path.write_text(good.replace("severity: urgent", "severity: loud").replace("забастовка", "погода"), "utf-8")
        for _ in range(3):
            await jobs.reload(house)
            clock.tick(timedelta(seconds=30))
        assert house.desk.matcher.find(STRIKE, "", lang="ru").topics, "the last good file runs"
        (told,) = notices(house)
        assert "keywords.yaml:8" in json.dumps(told)
        assert house.refused
        path.write_text(good, "utf-8")
        await jobs.reload(house)
        assert len(notices(house)) == 2
        assert not house.refused


async def test_a_restart_on_a_bad_file_runs_the_kept_one(settings, pages, clock):
    """What was good before a restart is what runs after it, and the mistake is known."""
    path = settings.config_dir / "keywords.yaml"
    async with a_house(settings, clock, pages):
        pass
    path.write_text("topics: [", "utf-8")
    async with a_house(settings, clock, pages) as house:
        assert house.desk.matcher.find(STRIKE, "", lang="ru").topics
        assert [problem.line for problem in house.refused] == [1]
        assert facts.recall(house.db, "configuration refused")
    path.write_text(KEYWORDS, "utf-8")
    async with a_house(settings, clock, pages) as house:
        assert facts.recall(house.db, "configuration refused") is None, "mended is mended, by a restart too"


async def test_a_first_start_on_a_bad_file_does_not_start(settings, clock, pages):
    """With nothing good ever kept there is nothing to run: every mistake is told."""
    (settings.config_dir / "keywords.yaml").write_text("topics: [", "utf-8")
    with pytest.raises(ConfigError):
        async with a_house(settings, clock, pages):
            pass


async def test_old_texts_are_dropped_by_the_timetable(settings, pages, clock):
    """After 90 days an article without a hit has no text any more."""
    async with a_house(settings, clock, pages) as house:
        await jobs.ingest(house)
        clock.tick(timedelta(days=91))
        await jobs.prune(house)
        assert house.db.execute("SELECT count(*) FROM articles WHERE text IS NOT NULL").fetchone() == (0,)


async def test_the_heartbeat_beats_while_cycles_are_good(settings, pages, clock):
    """The address is fetched after a good cycle; when none was good for hours by the stopwatch, its /fail is."""
    settings = replace(settings, heartbeat_url="https://beat.example/ping")
    for url in ("https://beat.example/ping", "https://beat.example/ping/fail"):
        pages.bodies[url] = b"ok"
    async with a_house(settings, clock, pages) as house:
        await jobs.ingest(house)
        await jobs.heartbeat(house)
        assert str(pages.asked[-1].url) == "https://beat.example/ping"
        pages.bodies.pop(URL)
        clock.tick(timedelta(hours=5))
        started = house.vitals.stopwatch()
        house.vitals.stopwatch = lambda: started + 5 * 3600
        await jobs.canary(house)
        await jobs.ingest(house)
        await jobs.heartbeat(house)
        assert str(pages.asked[-1].url) == "https://beat.example/ping/fail"
        pages.bodies.clear()
        await jobs.heartbeat(house)  # a watchdog that is down is not our failure


async def test_the_daemon_reads_sends_and_stops_when_told(settings, pages, clock):
    """The scheduler ticks every job; told to stop, the daemon returns with everything committed."""
    async with a_house(settings, clock, pages) as house:
        stop, read = asyncio.Event(), asyncio.Event()

        async def ingest_then_stop(house):
            await jobs.ingest(house)
            read.set()
            stop.set()

        rows = [jobs.Job(name="ingest", every=1, deadline=30, do=ingest_then_stop), *jobs.JOBS[1:]]
        async with asyncio.timeout(30):
            await daemon.run(house, jobs=rows, stop=stop)
        assert read.is_set()
        assert house.db.execute("SELECT count(*) FROM articles").fetchone() == (1,)


async def test_a_start_tries_shut_doors_at_once(settings, pages, clock):
    """Whoever starts the daemon has often just mended what shut a door; nobody waits for the hour to pass."""
    async with a_house(settings, clock, pages) as house:
        place = (house.recipients.voices[0].channel, house.recipients.voices[0].recipient)
        with transaction(house.db) as db:
            doors.close(db, place, clock())
        stop = asyncio.Event()
        stop.set()
        await daemon.run(house, jobs=[], stop=stop)
        assert doors.shut(house.db) == []
        assert doors.closed_until(house.db, place, clock()) == clock()


async def test_a_job_that_breaks_or_hangs_does_not_stop_the_others(settings, pages, clock):
    """One job raises, one never ends: the others tick on, and a stop is still a stop."""
    async with a_house(settings, clock, pages) as house:
        stop, ticks = asyncio.Event(), []

        async def broken(_house):
            raise RuntimeError("broken on purpose")

        async def hanging(_house):
            await asyncio.Event().wait()

        async def counting(_house):
            ticks.append(1)
            if len(ticks) == 2:
                stop.set()

        rows = [
            jobs.Job(name="broken", every=1, deadline=30, do=broken),
            jobs.Job(name="hanging", every=1, deadline=0.1, do=hanging),
            jobs.Job(name="counting", every=1, deadline=30, do=counting),
        ]
        async with asyncio.timeout(30):
            await daemon.run(house, jobs=rows, stop=stop)
        assert len(ticks) == 2


async def test_what_a_stop_cuts_short_is_no_error(settings, pages, clock, caplog):
    """A reading under way when the signal comes ends without a traceback in the log: it is done again after a start."""
    async with a_house(settings, clock, pages) as house:
        stop = asyncio.Event()

        async def long(_house):
            stop.set()
            await asyncio.Event().wait()

        async with asyncio.timeout(30):
            await daemon.run(house, jobs=[jobs.Job(name="ingest", every=1, deadline=30, do=long)], stop=stop)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


class SlowSender:
    """A channel whose answer takes until the daemon is stopping."""

    def __init__(self, stop):
        self.stop = stop
        self.sent = []

    async def send(self, message, _recipient, *, repeat):
        """Say that it is time to stop while the request is under way, and answer a moment later."""
        del repeat
        self.stop.set()
        answered = asyncio.Event()
        asyncio.get_running_loop().call_later(0.2, answered.set)
        await answered.wait()
        self.sent.append(message)
        return "1"


async def test_a_stop_lets_the_send_in_flight_end(settings, pages, clock):
    """What was under way when the signal came is sent, and not in doubt."""
    pages.feed(URL, {"title": STRIKE, "when": clock()})
    stop = asyncio.Event()
    async with a_house(settings, clock, pages) as house:
        await jobs.ingest(house)
        sender = SlowSender(stop)
        house.dispatch.senders = {"preview": sender}
        async with asyncio.timeout(30):
            await daemon.run(house, jobs=[row for row in jobs.JOBS if row.name == "deliver"], stop=stop)
        assert len(sender.sent) == 1
        assert house.db.execute("SELECT state, repeat FROM messages").fetchall() == [("sent", 0)]
