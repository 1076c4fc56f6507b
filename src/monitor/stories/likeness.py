"""How alike two articles are, and by which clues they find each other among many."""

from collections.abc import Callable, Iterable, Mapping
from math import log, sqrt

from monitor.model import Gist
from monitor.stories.conflicts import towns
from monitor.stories.gist import Atlas
from monitor.stories.names import letters_of

Rarity = Callable[[str], float]

# The share of articles that has a word, guessed while the archive is young: one the keyword file does not know, and one
# it knows. The guess is worth as many articles as this.
RARE_SHARE, COMMON_SHARE = 0.01, 0.12
GUESS_WORTH = 200

NAME_BEGINS = 4  # consonants: what endings add comes later
TELLING_NUMBER = 20
# How much a shared clue speaks for looking closer.
NAME, NUMBER, PLACE_NUMBER, PLACE_WORD, PLACE_SECTOR, PLACE_TOPIC, BODY_TOPIC = 3.0, 1.5, 3.0, 2.0, 1.0, 0.5, 0.5


def rarity(counts: Mapping[str, int], total: int, common: frozenset[str]) -> Rarity:
    """The weight of a truncated word: the logarithm of how many of `total` articles do without it, for one that has it."""

    def weight(word: str) -> float:
        share = COMMON_SHARE if word in common else RARE_SHARE
        return log((total + GUESS_WORTH) / (counts.get(word, 0) + GUESS_WORTH * share))

    return weight


def overlap(one: Iterable[str], other: Iterable[str], weigh: Rarity) -> float:
    """The cosine of two sets of words, from 0 to 1."""
    ours, theirs = frozenset(one), frozenset(other)
    sizes = sum(map(weigh, ours)) * sum(map(weigh, theirs))
    return sum(map(weigh, ours & theirs)) / sqrt(sizes) if sizes > 0 else 0.0


def clues(gist: Gist, atlas: Atlas) -> dict[str, float]:
    """What two articles must have at least one of in common to be compared, and how much each speaks for it."""
    found: dict[str, float] = {}
    found |= {f"firm {firm}": NAME for firm in gist.firms}
    for name in (*gist.names, *gist.people):
        words = letters_of(name) or [name]
        beginnings = ["".join(words), *(word for word in words if len(word) >= NAME_BEGINS)]
        found |= {f"name {beginning[:NAME_BEGINS]}": NAME for beginning in beginnings}
    for number in gist.numbers:
        if number >= TELLING_NUMBER:
            found[f"number {number}"] = NUMBER
    for place in towns(gist, atlas):
        found |= {f"{place} number {number}": PLACE_NUMBER for number in gist.numbers}
        found |= {f"{place} word {word}": PLACE_WORD for word in gist.words - atlas.common}
        found |= {f"{place} sector {sector}": PLACE_SECTOR for sector in gist.sectors}
        found |= {f"{place} topic {topic}": PLACE_TOPIC for topic in gist.topics}
    for body in gist.bodies:
        found |= {f"{body} topic {topic}": BODY_TOPIC for topic in gist.topics}
    return found
