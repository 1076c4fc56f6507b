"""`kill -9` at random moments: nothing is lost, order is kept, and whatever may be a repeat says so."""

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import click
import pytest

from killing import Home, Verdict
from loopback import Chance, Press, telegrams
from monitor import outbox

KILLS = int(os.environ.get("MONITOR_KILLS", "100"))
LANES, HOMES_A_LANE = 2, 4  # so that each chat rests between its turns; the pace of a chat is the product's own
SEED = "2026-11-21"
WINDOW = 75  # seconds in which the pace lets out whatever still waits at the end
FEW = 16  # kills that show a missing guard
SECOND_INSTANCES = 20
AT_ONCE = 2.0  # seconds; of the processor each time, of the clock at least once: neighbours are not its fault

pytestmark = pytest.mark.heavy


@contextmanager
def homes(folder, *, count, seed=SEED, breaking=None):
    """Homes that have settled in, each with its own chat, on one press."""
    names = [f"home{number}" for number in range(count)]
    with Press() as press, telegrams(names, seed) as chats:
        made = [Home(folder / name, name, chats[name], press, Chance(f"{seed} {name}"), breaking) for name in names]
        with ThreadPoolExecutor(LANES) as lanes:
            list(lanes.map(Home.settle_in, made))
        yield made


def kill_in_turns(residents, kills):
    """Kill these homes in turns, so many times in all."""
    count = 0
    while count < kills:
        for home in residents:
            count += home.live_until_killed()


def kill_all(made, kills, window=WINDOW):
    """Kill the homes in a few lanes side by side, let them finish, and add up what came of it."""
    lanes = [made[lane::LANES] for lane in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lambda lane: kill_in_turns(lane, kills // LANES), lanes))
    with ThreadPoolExecutor(len(made)) as pool:
        list(pool.map(lambda home: home.finish(window), made))
    return sum((home.verdict() for home in made), Verdict())


def without_recovery():
    """Take the guard away: what was in flight when the process died is left as it was."""
    outbox.recover = lambda *_: 0


def test_nothing_is_lost_to_kills_at_random_moments(tmp_path, capsys):
    """Each piece of news is said, in order; every further copy is marked, and a kill makes one at most."""
    started = time.monotonic()
    with homes(tmp_path, count=LANES * HOMES_A_LANE) as made:
        total = kill_all(made, KILLS)
    with capsys.disabled():
        click.echo(f"\n{total} in {time.monotonic() - started:.0f} s")
    assert total.kills >= KILLS
    assert total.news >= KILLS / 3, "the lives were too short to say anything"
    assert (total.lost, total.unmarked, total.disordered, total.damaged, total.stuck) == (0, 0, 0, 0, 0)
    assert total.worst <= 1
    assert total.copies > 0, "no blow fell while a message was in flight: the bench shows nothing"


def without_doubt():
    """Take the other guard away: what was in flight when the process died counts as never sent."""
    outbox.recover = lambda db, *_: db.execute("UPDATE messages SET state = 'new' WHERE state = 'sending'").rowcount


@pytest.mark.parametrize(("breaking", "figure"), [(without_recovery, "stuck"), (without_doubt, "unmarked")])
def test_the_bench_sees_a_missing_guard(tmp_path, breaking, figure):
    """Without the look at what was in flight messages stay unsaid, without its doubt they are repeated unmarked."""
    with homes(tmp_path, count=LANES, breaking=breaking) as made:
        total = kill_all(made, FEW, window=5)
    assert getattr(total, figure) > 0


@pytest.fixture
def home(tmp_path):
    """One home that has settled in."""
    with homes(tmp_path, count=1) as made:
        yield made[0]


def holding(home):
    """A daemon that holds the data directory and has said so."""
    process = home.start("run")
    while "running" not in home.log():
        process.join(0.02)
        assert process.is_alive(), home.log()
    return process


def test_a_second_instance_leaves_at_once(home, capsys):
    """Beside a running daemon, and beside the one that follows a killed one, it exits with 75 and says nothing."""
    daemon = holding(home)
    clock, processor = [], []
    for turn in range(SECOND_INSTANCES):
        said = len(home.heard())
        started, used = time.monotonic(), processor_seconds()
        words = [sys.executable, "-m", "monitor", "run" if turn % 2 else "once"]
        second = subprocess.run(words, env=home.environment, capture_output=True, timeout=60, check=False)
        clock.append(time.monotonic() - started)
        processor.append(processor_seconds() - used)
        assert (second.returncode, second.stdout) == (75, b"")
        assert len(home.heard()) == said
        if turn % 2:
            daemon.kill()
            daemon.join()
            daemon = holding(home)
    daemon.terminate()
    daemon.join()
    assert daemon.exitcode == 0
    with capsys.disabled():
        click.echo(
            f"\n{SECOND_INSTANCES} second instances left within {max(clock):.1f} s ({max(processor):.1f} s of work)"
        )
    assert max(processor) < AT_ONCE
    assert min(clock) < AT_ONCE


def processor_seconds():
    """What the commands run to their end have used so far; forked processes are another's children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
