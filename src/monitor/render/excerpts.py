"""The sentence that triggered: found around the first hit, cut to a window of words, its matched words marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Alert, Hit
from monitor.render.cutting import ELLIPSIS, boundary, fitting, splits_character, tame_part, width

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”)]*\s+(?=[\"«“(—–-]?\s?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])|\n+")
_ABBREVIATION = re.compile(r"(?:\b\w|\b(?:ул|им|тыс|млн|млрд|гг|стр|обл|Mr|Mrs|Ms|Dr|St|No))\.$")
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")
_GAP = re.compile(r"\s*~\d+\s*")
SENTENCES_TRIED = 5  # a post may say its headline in pieces first
LEAD_SHARE = 3  # a window opens a third of its length before the hit


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the quoted text; `matched` runs are why the alert rang."""

    text: str
    matched: bool = False


def headline(alert: Alert, limit: int) -> list[Piece]:
    """The original headline in at most `limit` UTF-16 units."""
    return _pieces(alert.title, 0, len(alert.title), _spans(alert, "title"), limit)


def sentence(alert: Alert, limit: int) -> list[Piece]:
    """The sentence that triggered, in at most `limit` UTF-16 units; empty when the text only repeats the headline."""
    start, end = triggering(alert)
    return _pieces(alert.text, start, end, _spans(alert, "text"), limit)


def triggering(alert: Alert) -> tuple[int, int]:
    """Where the sentence stands (code points) that says what the gravest topic found; never the headline once more.

    A topic whose words stand in the headline alone is told by the first sentence: there news says the same at length.
    """
    for position in _by_gravity(alert):
        start, end = sentence_around(alert.text, position)
        if not _repeats(alert.text[start:end], alert.title):
            return _from_first_letter(alert.text, start), end
    start = end = 0
    for _ in range(SENTENCES_TRIED):
        start, end = sentence_around(alert.text, _from_first_letter(alert.text, end))
        if end >= len(alert.text.rstrip()) or not _repeats(alert.text[start:end], alert.title):
            break
    return (0, 0) if _repeats(alert.text[start:end], alert.title) else (_from_first_letter(alert.text, start), end)


def _by_gravity(alert: Alert) -> list[int]:
    """Where the text says what the gravest topic found that was found anywhere."""
    hits = [hit for hit in alert.hits if _stands(hit, alert.title if hit.field == "title" else alert.text)]
    for topic in alert.topics:
        places = sorted(hit.start for hit in hits if hit.topic == topic and hit.field == "text")
        if places or any(hit.topic == topic for hit in hits):
            return places
    return []


def passage(alert: Alert, limit: int) -> list[Piece]:
    """The text from its beginning, for readers who cannot open the link; not the headline once more."""
    start = _first_letter(alert.text)
    first, _, rest = alert.text[start:].partition("\n")
    if rest and _same(first, alert.title):
        start += len(first) + 1 + _first_letter(rest)
    return _pieces(alert.text, start, len(alert.text.rstrip()), _spans(alert, "text"), limit)


def sentence_around(text: str, position: int) -> tuple[int, int]:
    """Start and end (code points) of the sentence that holds `position`."""
    start = 0
    for found in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text, max(found.start() - 6, 0), found.start()) and "\n" not in found.group():
            continue
        if found.start() >= position:
            return start, found.start()
        start = found.end()
    return start, len(text.rstrip())


def _spans(alert: Alert, field: str) -> list[tuple[int, int]]:
    """Where the matched words of one field stand, in order, without overlaps."""
    whole = alert.title if field == "title" else alert.text
    found = {
        (hit.start + start, hit.start + end)
        for hit in alert.hits
        if hit.field == field and _stands(hit, whole)
        for start, end in matched_words(hit.term, whole[hit.start : hit.end])
    }
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def matched_words(term: str, form: str) -> list[tuple[int, int]]:
    """Where in the `form` of a hit the words of its `term` stand: what stood in a gap is not among them.

    Of a term with gaps these are its first and its last words: `отказ ~3 выйти на работу` is `отказался` and
    `выходить на работу` of `отказался вчера снова выходить на работу`.
    """
    told = [(word.start(), word.end()) for word in _WORD.finditer(form)]
    pieces = _GAP.split(term)
    first, last = (1 if piece.startswith("$") else len(piece.split()) for piece in (pieces[0], pieces[-1]))
    if term.startswith("re:"):
        first = last = 1
    elif len(pieces) == 1:
        return [(0, len(form))]
    if first + last >= len(told):
        return [(0, len(form))]
    return [(told[0][0], told[first - 1][1]), (told[-last][0], told[-1][1])]


def _stands(hit: Hit, whole: str) -> bool:
    inside = 0 <= hit.start < hit.end <= len(whole)
    return inside and not splits_character(whole, hit.start) and not splits_character(whole, hit.end)


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]], limit: int) -> list[Piece]:
    """`text[start:end]` as pieces, narrowed to a window around the first span when it is too long."""
    window_start, window_end = _window(text, start, end, spans, limit)
    pieces: list[Piece] = [Piece(ELLIPSIS)] if window_start > start else []
    at = window_start
    for span_start, span_end in spans:
        if window_start <= span_start and span_end <= window_end:
            pieces += [Piece(tame_part(text[at:span_start])), Piece(tame_part(text[span_start:span_end]), matched=True)]
            at = span_end
    pieces.append(Piece(tame_part(text[at:window_end])))
    if window_end < end:
        pieces.append(Piece(ELLIPSIS))
    return [piece for piece in pieces if piece.text.strip() or piece.text == " "]


def _window(text: str, start: int, end: int, spans: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    if width(text[start:end]) <= limit:
        return start, end
    room = max(limit - 2 * width(ELLIPSIS), 0)
    first = next((span for span in spans if start <= span[0] < end), (start, start))
    opens = start
    if width(text[start : first[1]]) > room * (LEAD_SHARE - 1) // LEAD_SHARE:
        opens = max(first[0] - room // LEAD_SHARE, start)
        space = text.find(" ", opens, first[0])
        opens = space + 1 if opens > start and space >= 0 else opens
        while opens < first[0] and splits_character(text, opens):
            opens += 1
    closes = opens + fitting(text[opens:end], room)
    return opens, opens + boundary(text[opens:end], closes - opens)


def _first_letter(text: str) -> int:
    return _from_first_letter(text, 0)


def _from_first_letter(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _repeats(sentence: str, title: str) -> bool:
    """Whether a sentence says nothing that the headline does not say."""
    return _letters(sentence) in _letters(title)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
