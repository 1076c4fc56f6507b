"""A worker with more jobs than children: the next job lies ready before its turn, and every caller gets its own outcome."""

import asyncio

import pytest

import worker_jobs as jobs
from loopback import Chance
from monitor.errors import ParseError, WorkerError
from monitor.worker import Lesson, open_worker

CROWD = 40
MISCHIEF = {jobs.loop_for_ever: "timeout", jobs.eat_memory: "memory", jobs.die: "crash", jobs.segfault: "crash"}


async def outcome(worker, job, *args, **options):
    """The value of a job, or the kind of its failure."""
    try:
        return await worker.run(job, *args, seconds=1.0, **options)
    except (ParseError, WorkerError) as error:
        return error.kind


@pytest.mark.parametrize("children", [1, 2])
async def test_everybody_gets_their_own(children):
    """Jobs of every size at once; none fails, none gets another's outcome."""
    sizes = [1, 70_000, 300_000, 20]
    bodies = [bytes([number]) * sizes[number % 4] for number in range(CROWD)]
    async with open_worker(count=children) as worker:
        assert await asyncio.gather(*(worker.run(jobs.double, body) for body in bodies)) == [
            body * 2 for body in bodies
        ]


@pytest.mark.parametrize("job", MISCHIEF, ids=lambda job: job.__name__)
async def test_mischief_in_a_crowd_fails_alone(job):
    """Whoever lay in the inbox of the child that was lost is handed to the next one."""
    async with open_worker() as worker:
        good = [outcome(worker, jobs.double, number) for number in range(CROWD)]
        found = await asyncio.gather(*good[:20], outcome(worker, job), *good[20:])
    assert found == [*(2 * number for number in range(20)), MISCHIEF[job], *(2 * number for number in range(20, CROWD))]


@pytest.mark.parametrize("size", [10, 3_000_000], ids=["whole", "half"])
async def test_who_gives_up_in_the_inbox_leaves_nothing_behind(tmp_path, size):
    """A job lies in the inbox, whole or as far as the pipe takes it, and is given up.

    Nobody reads it, or its outcome, as theirs; nor what comes behind it as its end, where a document could hide code.
    """
    gate, trap = tmp_path / "gate", tmp_path / "trap"
    code = (b"N" * 50_000 + b"cbuiltins\nopen\n(V%s\nVw\ntR." % bytes(trap)) * 80
    async with open_worker() as worker:
        child = await worker.run(jobs.whoami)
        at_work = asyncio.create_task(worker.run(jobs.until, str(gate), seconds=60))
        in_the_inbox = asyncio.create_task(worker.run(jobs.double, (b"x" * size, b"y" * (size // 6))))
        behind = [asyncio.create_task(worker.run(jobs.double, body)) for body in (code, *range(CROWD))]
        await asyncio.wait([in_the_inbox], timeout=0.5)
        in_the_inbox.cancel()
        await asyncio.wait([in_the_inbox, behind[0]], timeout=0.5)
        gate.touch()
        assert await at_work == str(gate)
        assert await asyncio.gather(*behind) == [code * 2, *(2 * number for number in range(CROWD))]
        assert await worker.run(jobs.whoami) != child  # it did lie there: the child was not believed any more
    assert in_the_inbox.cancelled()
    assert not trap.exists()


async def test_a_job_that_cannot_be_opened_is_told_what_became_of_it(monkeypatch):
    """As after an upgrade under a running daemon: such a job has an outcome and no beginning, and takes nobody else's."""

    def only_here():
        """A function that no child finds."""

    only_here.__module__, only_here.__qualname__ = jobs.__name__, "only_here"
    monkeypatch.setattr(jobs, "only_here", only_here, raising=False)
    async with open_worker() as worker, asyncio.timeout(30):
        await worker.run(jobs.double, 0)
        plan = [outcome(worker, only_here) if at % 3 else outcome(worker, jobs.double, at) for at in range(CROWD)]
        assert await asyncio.gather(*plan) == ["crash" if at % 3 else 2 * at for at in range(CROWD)]


async def test_each_job_has_its_lesson_in_a_crowd():
    """A job that wants another lesson waits for its turn; the next child has the lesson again."""
    first, second = Lesson(jobs.hear, ("a",)), Lesson(jobs.hear, ("b",))
    async with open_worker() as worker:
        plan = [(first, "a")] * 10 + [(second, "b")] * 10
        found = await asyncio.gather(
            *(outcome(worker, jobs.heard, after=lesson) for lesson, _ in plan), outcome(worker, jobs.die)
        )
        assert [heard[-1] for heard in found[:-1]] == [word for _, word in plan]
        assert await worker.run(jobs.heard, after=second) == ["b"]


async def test_one_child_serves_a_trickle(monkeypatch):
    """A second one is started when a job has to wait, however long the first has been there."""
    monkeypatch.setattr("monitor.worker.crew._PATIENCE", 0.5)
    async with open_worker(count=2) as worker:
        await worker.run(jobs.double, 0)
        with pytest.raises(WorkerError):
            await worker.run(jobs.loop_for_ever, seconds=0.7)
        first = await worker.run(jobs.whoami)
        assert set(await asyncio.gather(*(worker.run(jobs.whoami) for _ in range(10)))) == {first}
        stuck = asyncio.create_task(worker.run(jobs.loop_for_ever, seconds=60))
        await asyncio.wait([stuck], timeout=0.1)
        async with asyncio.timeout(30):
            assert await worker.run(jobs.whoami) != first
        stuck.cancel()


async def test_a_child_that_only_starts_is_waited_for(tmp_path, monkeypatch):
    """No second one is started for those who wait until the first has imported and learned what it needs."""
    monkeypatch.setattr("monitor.worker.crew._PATIENCE", 0.5)
    gate = tmp_path / "gate"
    lesson = Lesson(jobs.until, (str(gate),))
    async with open_worker(count=2) as worker:
        waiting = [asyncio.create_task(worker.run(jobs.whoami, after=lesson)) for _ in range(10)]
        await asyncio.wait(waiting, timeout=2.0)
        gate.touch()
        assert len(set(await asyncio.gather(*waiting))) == 1


async def test_a_child_that_never_gets_to_work_is_not_waited_for(monkeypatch):
    """After a few seconds a second one is started all the same."""
    monkeypatch.setattr("monitor.worker.crew._STARTING", 0.5)
    async with asyncio.timeout(20), open_worker(count=2) as worker:
        stuck = asyncio.create_task(worker.run(jobs.double, 1, after=Lesson(jobs.loop_for_ever, ())))
        await asyncio.wait([stuck], timeout=0.1)
        assert await worker.run(jobs.double, 2) == 4
        assert not stuck.done()
        stuck.cancel()


@pytest.mark.parametrize("state", ["new", "at work", "in a lesson"])
async def test_closing_tells_everybody(state):
    """Who is worked at, who lies in the inbox and who waits: nobody waits for ever, and no child is started any more."""
    lesson = Lesson(jobs.loop_for_ever, ()) if state == "in a lesson" else None
    async with asyncio.timeout(20), open_worker() as worker:
        if state != "new":
            await worker.run(jobs.double, 0)
        tasks = [
            asyncio.create_task(worker.run(jobs.loop_for_ever, seconds=60, after=lesson if at == 0 else None))
            for at in range(CROWD)
        ]
        await asyncio.wait(tasks, timeout=0 if state == "new" else 0.2)
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert {getattr(error, "kind", error) for error in found} == {"crash"}


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(4))
async def test_a_long_day(seed):
    """Two children, 400 jobs of all sorts that come, fail and are given up at random: nobody gets another's outcome."""
    chance, room = Chance(f"day {seed}"), asyncio.Semaphore(30)
    sorts = [*[jobs.double] * 80, *[jobs.heard] * 20, *[jobs.refuse] * 5, *MISCHIEF]
    lessons = [None, *[Lesson(jobs.hear, ("a",))] * 3, Lesson(jobs.hear, ("b",))]

    async def one(worker, number):
        job, lesson = chance.pick(sorts), chance.pick(lessons)
        body = bytes([number % 251]) * chance.pick([1, 1_000, 100_000, 700_000])
        async with room:
            given = asyncio.create_task(outcome(worker, job, *([body] if job is jobs.double else []), after=lesson))
            if chance.below(10) < 1:
                await asyncio.wait([given], timeout=chance.below(0.3))
                given.cancel()
            await asyncio.wait([given])
        if given.cancelled():
            return
        got = given.result()
        if job is jobs.heard:
            assert lesson is None or got[-1] == lesson.args[0]
        else:
            assert got == (body * 2 if job is jobs.double else MISCHIEF.get(job, "not-a-feed"))

    async with open_worker(count=2) as worker:
        await asyncio.gather(*(one(worker, number) for number in range(400)))
        assert await worker.run(jobs.double, 4) == 8
