"""Damage at scale: one bad byte, a cut, a false label; a title whose bytes arrived whole is right in every case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO

import feedparser
import pytest

from feeds import FEED, TITLES, answer, rss
from monitor.errors import ParseError
from monitor.sources.feeding import FAILURES
from monitor.sources.rss import parse
from wounds import Dice

Reader = Callable[[bytes, str], list[str]]
"""(body, content type) → the titles that are read."""


@dataclass(frozen=True)
class Case:
    """A damaged body, with the titles whose own bytes are whole."""

    body: bytes
    whole: tuple[str, ...]
    content_type: str = ""


def by_us(body: bytes, content_type: str) -> list[str]:
    """The titles that we read."""
    try:
        return [entry.title for entry in parse(FEED, answer(body, content_type), {}).entries]
    except ParseError:
        return []


def by_feedparser(body: bytes, content_type: str) -> list[str]:
    """The titles that feedparser reads when it is given the body as it came."""
    try:
        found = feedparser.parse(BytesIO(body), response_headers={"content-type": content_type or "text/xml"})
    except FAILURES:
        return []
    return [entry.get("title", "") for entry in found.entries]


def atom() -> bytes:
    """The same six titles in the other dialect."""
    entries = "".join(
        f"<entry><id>tag:lada.kz,2026:{number}</id><title>{escape(title)}</title>"
        f'<link href="https://lada.kz/news/{number}"/><updated>2026-11-2{number}T04:00:00Z</updated>'
        f"<summary>Рабочие требуют повышения.</summary></entry>\n"
        for number, title in enumerate(TITLES)
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Лада</title>\n'
    return f"{head}{entries}</feed>\n".encode()


WHOLE = {"rss": rss().encode(), "atom": atom()}


def spans(body: bytes) -> list[tuple[int, int, str]]:
    """Where each title stands, with its tags."""
    found = []
    for title in TITLES:
        said = f"<title>{title}</title>".encode()
        start = body.index(said)
        found.append((start, start + len(said), title))
    return found


def bad_bytes(count: int) -> Iterator[Case]:
    """One byte replaced by one that must not be there, at places all over the feed."""
    dice = Dice("bad bytes")
    for number in range(count):
        body = WHOLE["rss" if number % 2 else "atom"]
        place = dice.below(len(body))
        bad = (0xFF, 0xC3, 0x80, 0x00, ord("<"), ord("&"), dice.below(256))[number % 7]
        whole = tuple(title for start, end, title in spans(body) if not start <= place < end)
        yield Case(body[:place] + bytes([bad]) + body[place + 1 :], whole)


def cuts() -> Iterator[Case]:
    """Both feeds, cut at every byte."""
    for body in WHOLE.values():
        places = spans(body)
        for place in range(len(body)):
            yield Case(body[:place], tuple(title for _, end, title in places if end <= place))


RUSSIAN = tuple(title.replace("ң", "н").replace("ө", "о") for title in TITLES)  # in every one of these encodings
REAL = ("utf-8", "windows-1251", "koi8-r", "iso-8859-5", "cp866", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
INSIDE = (
    "utf-8",
    "windows-1251",
    "koi8-r",
    "utf-16",
    "iso-8859-1",
    "iso-8859-5",
    "cp866",
    "us-ascii",
    "x-bogus",
    "idna",
)
OUTSIDE = ("", "text/xml", "text/xml; charset=utf-8", "text/xml; charset=windows-1251", "text/xml; charset=koi8-r", "text/xml;charset=latin-1", "text/html; charset=utf-16")  # fmt: skip


def false_labels() -> Iterator[Case]:
    """Nine encodings, ten labels in the document and seven in the header; the last items in four lengths."""
    for shown in (1, 2, 4, 6):
        items = "".join(
            f"<item><title>{title}</title><link>https://e.kz/{title[-1]}</link></item>\n" for title in RUSSIAN[:shown]
        )
        for real in REAL:
            for inside in INSIDE:
                for outside in OUTSIDE:
                    yield Case(rss(items, encoding=inside).encode(real), RUSSIAN[:shown], outside)


def lost(cases: Iterator[Case], read: Reader) -> tuple[int, list[Case]]:
    """How many cases there were, and those in which a whole title is not read."""
    count, bad = 0, []
    for case in cases:
        count += 1
        if not set(case.whole) <= set(read(case.body, case.content_type)):
            bad.append(case)
    return count, bad


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("cases", "least"),
    [(lambda: bad_bytes(2_000), 2_000), (cuts, 3_500), (false_labels, 2_500)],
    ids=["bytes", "cuts", "labels"],
)
def test_a_whole_title_is_right(cases, least):
    """Two thousand bad bytes, every truncation point of two feeds, 2,520 false labels: not one title is lost."""
    count, bad = lost(cases(), by_us)
    assert count >= least
    assert not bad, (len(bad), bad[0])


@pytest.mark.heavy
@pytest.mark.parametrize("cases", [lambda: bad_bytes(300), false_labels], ids=["bytes", "labels"])
def test_the_bar_can_be_missed(cases):
    """Feedparser alone misreads titles that arrived whole."""
    assert lost(cases(), by_feedparser)[1]
