"""The answers of one turn: the one to the feed's own request, and those to the further requests its source makes of it."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import structlog

from monitor import sources
from monitor.errors import FetchError, ParseError, WorkerError
from monitor.fetch import Fetcher
from monitor.ingest.reading import look_at, read, read_and_look
from monitor.ingest.robots import Robots
from monitor.model import Entry, Feed, FeedState, Look, Parsed, Request, Response
from monitor.policy.polling import same_outlet
from monitor.worker import SECONDS, Lesson, Worker

log = structlog.get_logger("monitor.ingest")

NOT_MODIFIED = 304
Looks = Mapping[str, Look]
FOLLOWED_A_TURN = 10  # further requests; what is left waits for the next turn


class Wire(Protocol):
    """What asks servers, what reads their answers, and the manners of a guest on pages made for people."""

    @property
    def fetcher(self) -> Fetcher:
        """Asks."""
        ...

    @property
    def worker(self) -> Worker:
        """Reads."""
        ...

    @property
    def robots(self) -> Robots:
        """Asks where it is allowed to."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What all answers of a turn say together, and which answer said what."""

    parsed: Parsed
    listed_in: Mapping[str, Response]

    def of(self, entry: Entry) -> Response:
        """The answer that an entry stood in."""
        return self.listed_in[entry.guid]


async def ask(wire: Wire, feed: Feed, state: FeedState) -> Response:
    """The answer to a feed's request; robots.txt is asked first where the kind of source reads pages made for people.

    Raises FetchError.
    """
    source = sources.by_kind()[feed.kind]
    road = wire.robots if getattr(source, "SCRAPED", False) else wire.fetcher
    return await road.get(source.request(feed, state))


async def answers(
    wire: Wire, feed: Feed, state: FeedState, response: Response, *, words: Lesson | None = None
) -> Answers:
    """What the feed's answer says, and the pages it leads to: a bounded number of them, all of the same outlet.

    A further page that fails is left for the next turn; when nothing but failures came of all that an index leads to,
    the last one is raised: such a source shows nothing. With `words` entries are looked at as well, as far as there is
    time. Raises ParseError, WorkerError and FetchError.
    """
    seconds = float(getattr(sources.by_kind()[feed.kind], "SECONDS", SECONDS))
    reading = partial(wire.worker.run, read if words is None else read_and_look, seconds=seconds, after=words)
    parsed: Parsed = await reading(feed, response, state.memory)
    told, listed_in = [parsed], {entry.guid: response for entry in parsed.entries}
    waiting, asked, failure, good = deque(_allowed(feed, parsed.follow)), {response.url}, None, 0
    while waiting and len(asked) <= FOLLOWED_A_TURN:
        request = waiting.popleft()
        if request.url in asked:
            continue
        asked.add(request.url)
        try:
            further = await wire.fetcher.get(request)
            if further.status != NOT_MODIFIED:
                parsed = await reading(feed, further, told[-1].memory)
                told.append(parsed)
                listed_in = {entry.guid: further for entry in parsed.entries} | listed_in
                waiting.extend(_allowed(feed, parsed.follow))
            good += 1
        except (FetchError, ParseError, WorkerError) as error:
            log.info("a further page could not be read", feed=feed.id, url=request.url, kind=error.kind)
            failure = error
    if told[0].is_index and told[0].follow and not good:
        raise failure or ParseError("other-outlet", "it leads to another site only; write that one's address")
    return Answers(parsed=_together(told), listed_in=listed_in)


async def remaining_looks(wire: Wire, feed: Feed, entries: Iterable[Entry], parsed: Parsed, words: Lesson) -> Looks:
    """The looks that came with an answer and those at the other entries, in jobs of their own: a large feed takes several.

    What no child can look at is left to the caller.
    """
    looks = dict(parsed.looks)
    texts = [(entry.guid, entry.title, entry.summary) for entry in entries if entry.title]
    while left := [text for text in texts if text[0] not in looks]:
        try:
            found = await wire.worker.run(look_at, feed, left, after=words)
        except WorkerError as error:
            log.warning("a child could not look", feed=feed.id, kind=error.kind)
            break
        if not found:
            break
        looks |= found
    return looks


def _allowed(feed: Feed, requests: Sequence[Request]) -> list[Request]:
    """The requests that stay within the outlet: a page must not send us round the web."""
    return [replace(request, named_by=feed.url) for request in requests if same_outlet(feed, request.url)]


def _together(told: Sequence[Parsed]) -> Parsed:
    """Several answers as one: each entry once, the memory that the last one left."""
    first = told[0]
    if len(told) == 1:
        return first
    entries = {entry.guid: (entry, keys) for one in told for entry, keys in zip(one.entries, one.keys, strict=True)}
    looks: dict[str, Look] = {}
    for one in told:
        for entry in one.entries:  # a look at what another page said under the same id is none at this
            looks.pop(entry.guid, None)
        looks |= one.looks
    return replace(
        first,
        entries=tuple(entry for entry, _ in entries.values()),
        keys=tuple(keys for _, keys in entries.values()),
        looks=looks,
        follow=(),
        memory=told[-1].memory,
    )
