"""The worker: what a document may do to a child, and that the daemon and the next document do not notice."""

import asyncio
import pickle
import sys

import pytest

import worker_jobs as jobs
from monitor.errors import ParseError, WorkerError
from monitor.worker import Lesson, open_worker
from monitor.worker.parcels import Outcome, open_outcome


@pytest.fixture
async def worker():
    """A worker with one child."""
    async with open_worker() as open_one:
        yield open_one


async def test_a_result_comes_back(worker):
    """A function's value is what `run` returns."""
    assert await worker.run(jobs.double, 21) == 42


async def test_the_child_is_used_again(worker):
    """Two good jobs run in the same process: starting one costs a third of a second."""
    assert await worker.run(jobs.whoami) == await worker.run(jobs.whoami)


async def test_a_lesson_is_had_once_and_again_by_the_next_child():
    """Each child has it before its first job that wants it; another lesson follows; a new child begins anew."""
    first, second = Lesson(jobs.hear, ("a",)), Lesson(jobs.hear, ("b",))
    async with open_worker() as worker:
        assert await worker.run(jobs.heard) == []
        assert [await worker.run(jobs.heard, after=first) for _ in range(2)] == [["a"], ["a"]]
        assert await worker.run(jobs.heard, after=second) == ["a", "b"]
        with pytest.raises(WorkerError):
            await worker.run(jobs.die)
        assert await worker.run(jobs.heard, after=second) == ["b"]


async def test_a_lesson_that_fails_is_not_tried_before_every_job(worker):
    """The child that could not learn makes room for one that knows nothing, and that one does the jobs."""
    before, lesson = await worker.run(jobs.whoami, after=Lesson(jobs.hear, ("a",))), Lesson(jobs.blunder, ())
    after = await worker.run(jobs.whoami, after=lesson)
    assert before != after == await worker.run(jobs.whoami, after=lesson)
    assert await worker.run(jobs.heard) == []


async def test_a_child_killed_in_the_middle_of_a_lesson_leaves_nothing_behind(worker):
    """The next child has the lesson from its beginning, and nobody gets an outcome that was another's."""
    lesson = Lesson(jobs.hear, ("a",))
    assert await worker.run(jobs.heard, after=lesson) == ["a"]
    under_way = asyncio.create_task(worker.run(jobs.heard, after=Lesson(jobs.loop_for_ever, ())))
    waiting = asyncio.create_task(worker.run(jobs.heard, after=lesson))
    await asyncio.wait({waiting}, timeout=0.1)
    under_way.cancel()
    assert await waiting == ["a"]
    with pytest.raises(asyncio.CancelledError):
        await under_way


async def test_what_a_child_learned_is_not_the_documents_memory():
    """A document may take its megabytes beside what the child was taught, and not a megabyte more."""
    most, lesson = 370 * 1024 * 1024, Lesson(jobs.learn_much, (100 * 1024 * 1024,))
    async with open_worker() as worker:
        assert await worker.run(jobs.eat, most) == most
        assert await worker.run(jobs.eat, most, after=lesson) == most
        with pytest.raises(WorkerError) as caught:
            await worker.run(jobs.eat, most + 60 * 1024 * 1024, after=lesson)
        assert caught.value.kind == "memory"


async def test_the_child_knows_no_secret(worker, monkeypatch):
    """The environment, where the token lives, is not handed down."""
    monkeypatch.setenv("MONITOR_TELEGRAM_TOKEN", "123:canary")
    assert not [name for name in await worker.run(jobs.environment) if name.startswith("MONITOR_")]


async def test_a_parse_error_arrives_as_itself(worker):
    """ParseError is an answer, not a failure: kind and words survive, and so does the child."""
    before = await worker.run(jobs.whoami)
    with pytest.raises(ParseError, match="a web page instead of a feed") as caught:
        await worker.run(jobs.refuse)
    assert caught.value.kind == "not-a-feed"
    assert await worker.run(jobs.whoami) == before


async def test_a_bug_is_a_crash_with_its_type_only(worker):
    """Any other exception is a crash; its words may hold the document and stay in the child."""
    with pytest.raises(WorkerError, match="LookupError") as caught:
        await worker.run(jobs.blunder)
    assert caught.value.kind == "crash"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("job", "kind"),
    [(jobs.loop_for_ever, "timeout"), (jobs.eat_memory, "memory"), (jobs.die, "crash"), (jobs.segfault, "crash")],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_mischief_ends_the_child_and_nothing_else(worker, job, kind):
    """A job that takes too long, too much or the process is named, and the next job finds a new child."""
    before = await worker.run(jobs.whoami)
    with pytest.raises(WorkerError) as caught:
        await worker.run(job, seconds=0.5)
    assert caught.value.kind == kind
    assert await worker.run(jobs.whoami) != before


async def test_what_a_library_prints_disturbs_nobody(worker):
    """Standard output belongs to the parcels."""
    assert await worker.run(jobs.print_much) == "quiet"


@pytest.mark.parametrize("job", [jobs.smuggle, jobs.trojan], ids=lambda job: job.__name__)
async def test_the_daemon_opens_only_its_own_nouns(worker, job):
    """A child that a document has taken over cannot make the daemon call anything."""
    with pytest.raises(WorkerError) as caught:
        await worker.run(job)
    assert caught.value.kind == "crash"


@pytest.mark.parametrize("name", ["io.open", "open_job", "pickle.codecs.builtins.open"])
def test_an_outcome_calls_no_function_of_our_own(tmp_path, name):
    """Not one that opens parcels with less care, nor what a dotted name would reach through our imports."""
    trap = tmp_path / "opened"
    careless = pickle.dumps(jobs.Opened(trap))
    told = [careless] if name == "open_job" else [str(trap), "w"]
    parcel = jobs.call("monitor.worker.parcels", name, told)
    assert open_outcome(parcel) == Outcome(failure="crash")
    assert not trap.exists()


async def test_a_cancelled_job_leaves_no_stale_outcome(worker):
    """After a cancelled job, the next one gets its own outcome and not the late one."""
    await worker.run(jobs.double, 1)
    under_way = asyncio.create_task(worker.run(jobs.loop_for_ever))
    waiting = asyncio.create_task(worker.run(jobs.double, 4))
    await asyncio.wait({waiting}, timeout=0.05)
    under_way.cancel()
    assert await waiting == 8
    with pytest.raises(asyncio.CancelledError):
        await under_way


async def test_a_child_is_killed_once():
    """A second signal would race with asyncio for the dead process, and print a warning now and then."""
    killed = []
    watching = True
    sys.addaudithook(lambda event, told: killed.append(told[0]) if watching and event == "os.kill" else None)
    async with open_worker() as open_one:
        child = await open_one.run(jobs.whoami)
    watching = False
    assert killed.count(child) == 1


async def test_two_children_work_side_by_side():
    """A document that hangs one child does not hold up the other."""
    async with open_worker(count=2) as worker:
        await asyncio.gather(worker.run(jobs.double, 1), worker.run(jobs.double, 2))
        stuck = asyncio.create_task(worker.run(jobs.loop_for_ever, seconds=60))
        assert [await worker.run(jobs.double, number) for number in range(5)] == [0, 2, 4, 6, 8]
        assert not stuck.done()
    with pytest.raises(WorkerError):
        await stuck


async def test_a_large_document_travels(worker):
    """Ten megabytes there and back, as the largest feed may need."""
    body = b"\xff" * 10_000_000
    assert await worker.run(jobs.double, body) == body * 2
