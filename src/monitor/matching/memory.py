"""What the pieces of texts were found to stand for, within bounds."""

from collections.abc import Callable
from itertools import islice
from typing import Generic, TypeVar

from monitor.matching.tables import HEAD

MOST_PIECES = 50_000  # per language: 8 MB of Cyrillic. A day's news of Kazakhstan has about that many distinct ones
MOST_HEADS = 20_000  # 2 MB
LONGEST_PIECE = 64  # code points; longer ones are not met twice
PUNCTUATION = '.,:;!?…()[]«»“”„"—–'  # what usually stands around a word; anything else is looked at closely

Meaning = TypeVar("Meaning")


class Memory(dict[str, "Meaning | None"], Generic[Meaning]):
    """The meaning of each piece, None when it has none; asked for an unknown one, it has it read.

    Most pieces of an article are words that begin like no keyword. Beginnings are remembered too, so that a new piece
    costs a few look-ups. When it is full, the half that came first is forgotten.
    """

    def __init__(self, read: Callable[[str], Meaning | None], may_begin: Callable[[str], bool]) -> None:
        """`read` says what a piece means; `may_begin` whether a word that begins so can mean anything."""
        super().__init__()
        self._read, self._may_begin = read, may_begin
        self._hopeful: dict[str, bool] = {}

    def __missing__(self, piece: str) -> Meaning | None:
        word = piece.strip(PUNCTUATION)
        head = word[:HEAD]
        hope = self._hopeful.get(head)
        # A word with letters of two scripts is repaired as a whole: its Latin beginning may become Cyrillic.
        if hope is False and word.isalpha() and word.isascii() is head.isascii():
            found = None
        else:
            found = self._read(piece)
            if found is None and hope is None:
                self._learn(head)
        if len(piece) <= LONGEST_PIECE:
            if len(self) >= MOST_PIECES:
                for old in list(islice(self, MOST_PIECES // 2)):
                    del self[old]
            self[piece] = found
        return found

    def _learn(self, head: str) -> None:
        """Note whether anything can begin like this."""
        if len(self._hopeful) >= MOST_HEADS:
            self._hopeful.clear()
        self._hopeful[head] = self._may_begin(head)
