"""One field of an article, cut at white space: which words of the keyword file stand in it, and where exactly.

Cutting is all that every article pays for; code points are worked out for what is reported.
"""

from bisect import bisect_right
from itertools import accumulate
from operator import add

from monitor.matching.lookup import UNIT, Lookup
from monitor.text.tokens import Token, tokens

Span = tuple[int, int]


class Layout:
    """The title or the text. `base` is the number of words in front of it, `end` that plus its own."""

    __slots__ = ("_known", "_origins", "_pieces", "_starts", "_tokens", "base", "end", "text")

    def __init__(self, text: str, base: int = 0) -> None:
        self.text, self.base = text, base
        self._pieces = text.split()
        self.end = base + len(self._pieces)
        self._origins: dict[int, Span] = {}  # of a word: its piece, and its place among the words of the piece
        self._known: dict[int, Span] = {}
        self._starts: list[int] | None = None
        self._tokens: list[Token] | None = None

    def read(self, lookup: Lookup, places: dict[int, list[Span]]) -> None:
        """Put the position of every word of the keyword file that stands here into `places`, under its number."""
        base, origins = self.base, self._origins
        for index, (words, senses) in lookup.look(self._pieces):
            first = base + index
            base += words - 1
            for inner in range(words) if senses else ():
                origins[first + inner] = (index, inner)
            for number, start, end in senses:
                span = (first * UNIT + start, first * UNIT + end)
                if number in places:
                    places[number].append(span)
                else:
                    places[number] = [span]
        self.end += base - self.base

    def span(self, word: int) -> Span:
        """The code points of a word, by its position in the article."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._work_out(word)
        return known

    def word_at(self, offset: int) -> int:
        """The position in the article of the word at or before a code point."""
        return self.base + max(0, bisect_right(self._all_tokens(), offset, key=lambda token: token.start) - 1)

    def _work_out(self, word: int) -> Span:
        if word not in self._origins:
            return self._all_tokens()[word - self.base][:2]
        index, inner = self._origins[word]
        if self._starts is None:
            self._starts = self._where_pieces_start()
        piece, start = self._pieces[index], self._starts[index]
        if piece.isalpha():
            return start, start + len(piece)
        token = tokens(piece)[inner]
        return start + token.start, start + token.end

    def _where_pieces_start(self) -> list[int]:
        """Where every piece begins. Mostly one white space stands between any two, and sums tell."""
        lengths = list(map(len, self._pieces))
        margin = len(self.text) - len(self.text.lstrip())
        if sum(lengths) + len(lengths) - 1 == len(self.text.strip()):
            return list(map(add, accumulate(lengths, initial=margin), range(len(lengths))))
        starts, end = [], 0
        for piece, length in zip(self._pieces, lengths, strict=True):
            start = self.text.find(piece, end)  # nothing but white space in between: the next one is the one
            end = start + length
            starts.append(start)
        return starts

    def _all_tokens(self) -> list[Token]:
        if self._tokens is None:
            self._tokens = tokens(self.text)
        return self._tokens
