"""Articles for measurements of stories, made of ../shared/data and of the labelled events in tests/data.

In English: pieces of real pages, each some hundred words that stand together there, used once. In Russian and Kazakh:
compositions, for there are no such pages: some sentences of the labelled events, which other compositions have too, as
outlets share phrases and background without copying each other, among sentences of words drawn as often as treebanks
have them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _dice import Dice

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT.parent / "shared" / "data" / "pages" / "ground-truth.json"
GOLD = ROOT.parent / "shared" / "data" / "gold"
EVENTS = ROOT / "tests" / "data" / "story_events.jsonl"

PIECE_LENGTHS = (400, 500, 700, 900, 1500)  # characters, in turn
LEAST_SENTENCE = 40
SHARED, OWN = 3, (4, 6, 8, 10)  # sentences of a composition; the own ones in turn
WORDS = (8, 10, 12, 15, 18)  # of an own sentence
_BREAK = re.compile(r"(?<=[.!?…»”\"])\s+(?=[A-ZА-ЯӘҒҚҢӨҰҮІЁ«“\"])|\n+")


@dataclass(frozen=True)
class Text:
    """One article: its sentences, the headline apart."""

    lang: str
    title: str
    sentences: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text under the headline."""
        return " ".join(self.sentences)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that are more than an exclamation."""
    return [one.strip() for one in _BREAK.split(text) if len(one.strip()) >= LEAST_SENTENCE]


def pieces(most: int) -> list[Text]:
    """Real texts: what stands together on a page, cut where it is long; none when the pages are not here."""
    if not PAGES.exists():
        return []
    bodies = [page["articleBody"] for page in json.loads(PAGES.read_text("utf-8")).values()]
    return [piece for body in bodies for piece in _cut(sentences_of(body))][:most]


def _cut(sentences: Sequence[str]) -> Iterator[Text]:
    """A page in pieces of several lengths; what is left over is too short."""
    held: list[str] = []
    count = 0
    for sentence in sentences:
        held.append(sentence)
        if len(held) > 1 and sum(map(len, held[1:])) >= PIECE_LENGTHS[count % len(PIECE_LENGTHS)]:
            yield Text(_lang(" ".join(held)), held[0][:90], tuple(held[1:]))
            held, count = [], count + 1


def _lang(text: str) -> str:
    letters = Counter(text)
    return "ru" if sum(letters[one] for one in "оеаи") > sum(letters[one] for one in "eoai") else "en"


def compositions(lang: str, count: int, dice: Dice) -> list[Text]:
    """So many articles in Russian or Kazakh; two of them seldom share more than one sentence."""
    leads = (json.loads(line) for line in EVENTS.read_text("utf-8").splitlines())
    events = [one for told in leads if told["lang"] == lang for one in sentences_of(told["lead"])]
    rows = [row.split("\t") for row in (GOLD / f"{lang}.tsv").read_text("utf-8").splitlines()[1:]]
    rows = [row for row in rows if row[1].isalpha()]
    words = [row[1] for row in rows]
    weights = list(accumulate(int(row[3]) for row in rows))
    bag: list[str] = []
    made = []
    for number in range(count):
        if len(bag) < SHARED:
            bag = dice.shuffled(events)
        own = [_sentence(words, weights, dice) for _ in range(OWN[number % len(OWN)] + 1)]
        title, *rest = own
        made.append(Text(lang, title, tuple(dice.shuffled([*rest, *(bag.pop() for _ in range(SHARED))]))))
    return made


def _sentence(words: Sequence[str], weights: Sequence[int], dice: Dice) -> str:
    """A sentence that means nothing, of words as common as in any text."""
    drawn = (words[bisect(weights, dice.below(weights[-1]))] for _ in range(WORDS[dice.below(len(WORDS))]))
    return " ".join(drawn).capitalize() + "."
