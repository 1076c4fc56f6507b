"""Sentences, well enough for news: where one ends, where the lead ends, what to quote."""

import re

from monitor.text.fold import clean

LONGEST_QUOTE = 200  # code points; three lines of a card
LEAD_SENTENCES = 2
LONGEST_LEAD = 600  # code points; a page without full stops is not all lead

_CAPITAL = "A-ZА-ЯЁӘІҢҒҮҰҚӨҺ"
# A full stop ends a sentence after three letters or a bracket (г., им., U.S. do not), before a capital or a digit.
# The runs are bounded, or a megabyte of exclamation marks would take a minute.
# It begins with one class of characters, so that the engine skips to them.
_STOP = re.compile(
    rf"[.!?…\n](?:(?:(?<=[\w»”\")\]]{{3}}\.)|(?<=[!?…]))[.!?…]{{0,4}}[»”\"’')\]]{{0,3}}\s+(?=[«“\"‘(\[—–-]{{0,3}}\s?[{_CAPITAL}\d])"
    r"|(?<=\n)\s*\n)"
)


def parted(text: str, start: int, end: int) -> bool:
    """Whether a sentence or a paragraph ends between two words: `start` and `end` are the starts of the two."""
    return _STOP.search(text, start, end + 1) is not None


def lead_end(text: str) -> int:
    """Where the lead of an article ends: after its first two sentences."""
    end = 0
    for _ in range(LEAD_SENTENCES):
        stop = _STOP.search(text, end, LONGEST_LEAD)
        if stop is None:
            return min(len(text), LONGEST_LEAD)
        end = stop.end()
    return end


def quote(text: str, start: int, end: int) -> str:
    """The sentence around a span, on one line, fit to be shown; cut at words when it is longer than 200 characters."""
    room = max(0, LONGEST_QUOTE - (end - start))
    first, last = max(0, start - room), min(len(text), end + room)
    for stop in _STOP.finditer(text, first, last):
        if stop.end() <= start:
            first = stop.end()
        elif stop.start() >= end:
            last = stop.end()
            break
    if last - first > LONGEST_QUOTE:
        first, last = _narrow(text, first, last, start, end)
    return clean(text[first:last], one_line=True)[:LONGEST_QUOTE]


def _narrow(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Cut a long sentence to the limit, as evenly around the span as it goes, between words."""
    room = max(0, LONGEST_QUOTE - (end - start))
    before = min(start - first, max(room // 2, room - (last - end)))
    after = min(last - end, room - before)
    cut_first, cut_last = start - before, end + after
    if cut_first > first and (space := text.find(" ", cut_first, start)) >= 0:
        cut_first = space + 1
    if cut_last < last and (space := text.rfind(" ", end, cut_last)) >= 0:
        cut_last = space
    return cut_first, cut_last
