"""Two articles in other words: the same story, perhaps, linked, or nothing; in one language and across languages.

The figures stand on `tests/data/story_events.jsonl`, half of which was held out; see `tests/test_story_quality.py`.
"""

from dataclasses import dataclass

from monitor.model import Gist, Join
from monitor.stories.conflicts import Agreement, by_firm, by_headline, by_people, by_sector, by_town, own_names
from monitor.stories.gist import Atlas
from monitor.stories.likeness import TELLING_NUMBER, Rarity, overlap
from monitor.stories.names import shared

# Overlap of weighted words from which on two articles of one town are one story, by what else they share.
WITH_A_NUMBER = 0.05
WITH_A_NAME = 0.05
WITH_A_RARE_WORD = 0.14
WITH_RARE_WORDS = 0.10
NUMBERS_DIFFER, NUMBERS_DIFFER_RARE_WORDS = 0.20, 0.15
ANOTHER_TOPIC = 0.20  # a death in a town where an ambulance crew strikes has the ambulance in common with it
# … and where the town is not known on one side.
NAME_ELSEWHERE, NUMBER_ELSEWHERE, BODY_ELSEWHERE = 0.10, 0.20, 0.20
SAME_FIRM = 0.12
# So much in common is one pattern: where each side has a name of its own, it was filled in twice.
ONE_PATTERN = 0.6
# Below that it may still be the same.
DOUBT_IN_TOWN, DOUBT_ELSEWHERE = 0.12, 0.15
CLOSE_NUMBERS = 0.2  # about 340, more than 300

# Across languages: points for what is shared, and how many make a link, and a sure one.
PLACE_POINTS, NAME_POINTS, NUMBER_POINTS, SMALL_NUMBER_POINTS, SECTOR_POINTS, TOPIC_POINTS = (
    2.0,
    3.0,
    2.0,
    1.0,
    1.0,
    0.5,
)
ALSO_POINTS, SURE_POINTS = 3.0, 4.5
TWO_SIGNS = 2  # of place, name and number
LEAST_TELLING = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two articles are to each other, why, and how strongly; `join` is None when they are nothing."""

    join: Join | None = None
    why: str = ""
    strength: float = 0.0
    sure: bool = False


NOTHING = Likeness()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two articles without a conflict, and what they have in common."""

    one: Gist
    other: Gist
    alike: float
    town: Agreement
    people: Agreement
    rare: frozenset[str]

    @property
    def numbers(self) -> frozenset[int]:
        return self.one.numbers & self.other.numbers

    @property
    def on_topic(self) -> bool:
        """Whether they have a topic in common, or one of them has none that tells."""
        ours, theirs = self.one.topics, self.other.topics
        return bool(ours & theirs) or not ours or not theirs


def in_other_words(one: Gist, other: Gist, weigh: Rarity, atlas: Atlas) -> Likeness:
    """Whether two articles in one language tell the same: JOINS, POSSIBLY, RELATED or nothing."""
    alike = overlap(one.words, other.words, weigh)
    conflict = against(one, other, atlas)
    if not conflict and by_headline(one, other, atlas) is Agreement.OTHER:
        conflict = "another name in the headline"
    if not conflict and alike >= ONE_PATTERN and own_names(one, other) and own_names(other, one):
        conflict = "the same words with other names"
    if conflict:
        return _linked(one, other, atlas, conflict, alike)
    firm = by_firm(one, other)
    pair = _Pair(
        one=one,
        other=other,
        alike=alike,
        town=by_town(one, other, atlas),
        people=by_people(one, other),
        rare=(one.words & other.words) - atlas.common,  # they say which news it is, not what kind
    )
    if firm is Agreement.SAME and _same_of_a_firm(pair):
        why = f"the same employer or union: {_first_shared(one, other)}"
        return Likeness(join=Join.JOINS, why=why, strength=3 + alike)
    if pair.people is not Agreement.OTHER and firm is not Agreement.UNLIKE and (why := _same(pair)):
        return Likeness(join=Join.JOINS, why=why, strength=1 + alike)
    if _in_doubt(pair):
        return Likeness(join=Join.POSSIBLY, why="much in common, nothing that settles it", strength=alike)
    if firm in {Agreement.SAME, Agreement.UNLIKE}:
        return Likeness(join=Join.RELATED, why=f"{_first_shared(one, other)} in common", strength=alike)
    return NOTHING


def _in_doubt(pair: _Pair) -> bool:
    """Whether two articles that are not settled to be one story may well be."""
    if pair.town is Agreement.SAME:
        return pair.people is Agreement.SAME or (bool(pair.rare) and pair.alike >= DOUBT_IN_TOWN)
    return pair.alike >= DOUBT_ELSEWHERE and len(pair.rare) > 1


def _same_of_a_firm(pair: _Pair) -> bool:
    """One employer has many stories: beside its name, words, a number, or place and topic must be the same."""
    telling = max(pair.numbers, default=0) >= TELLING_NUMBER
    return (bool(pair.rare) and pair.alike >= SAME_FIRM) or telling or (pair.town is Agreement.SAME and pair.on_topic)


def _same(pair: _Pair) -> str:
    """Why two articles without a conflict are one story; empty when they are not."""
    return _same_in_town(pair) if pair.town is Agreement.SAME else _same_elsewhere(pair)


def _same_in_town(pair: _Pair) -> str:
    if pair.numbers and pair.alike >= WITH_A_NUMBER:
        return f"the same place and number: {max(pair.numbers)}"
    if pair.people is Agreement.SAME and (pair.on_topic or pair.alike >= WITH_A_NAME):
        return f"the same place and name: {_first_shared(pair.one, pair.other)}"
    one_word, several = _words_needed(pair)
    if (pair.rare and pair.alike >= one_word) or (len(pair.rare) > 1 and pair.alike >= several):
        return f"the same place and words: {', '.join(sorted(pair.rare)[:3])}"
    return ""


def _words_needed(pair: _Pair) -> tuple[float, float]:
    """How alike two articles of one town must be that share one rare word, and several."""
    if not pair.on_topic:
        return ANOTHER_TOPIC, ANOTHER_TOPIC
    if numbers_differ(pair.one, pair.other):
        return NUMBERS_DIFFER, NUMBERS_DIFFER_RARE_WORDS
    return WITH_A_RARE_WORD, WITH_RARE_WORDS


def _same_elsewhere(pair: _Pair) -> str:
    """Where the town is not known on one side, a name, a number or a body must be shared."""
    one, other = pair.one, pair.other
    if pair.people is Agreement.SAME and pair.alike >= NAME_ELSEWHERE:
        return f"the same name: {_first_shared(one, other)}"
    if max(pair.numbers, default=0) >= TELLING_NUMBER and pair.rare and pair.alike >= NUMBER_ELSEWHERE:
        return f"the same number: {max(pair.numbers)}"
    if one.bodies & other.bodies and one.topics & other.topics and pair.alike >= BODY_ELSEWHERE:
        return f"the same body: {min(one.bodies & other.bodies)}"
    return ""


def goes_on(one: Gist, other: Gist, atlas: Atlas) -> Likeness:
    """Whether an article takes up a story of some days ago: the same employer or union, place and topic."""
    if against(one, other, atlas) or by_firm(one, other) is not Agreement.SAME or not one.topics & other.topics:
        return NOTHING
    if by_town(one, other, atlas) is not Agreement.SAME:
        return NOTHING
    return Likeness(join=Join.JOINS, why=f"goes on: {_first_shared(one, other)}", strength=1)


def across(one: Gist, other: Gist, atlas: Atlas) -> Likeness:
    """Whether two articles in different languages tell the same: ALSO, or nothing. Never a reason to be silent.

    A union has many stories and a town even more: two of place, name and number must be the same.
    """
    if against(one, other, atlas):
        return NOTHING
    named = by_people(one, other) is Agreement.SAME or any(
        atlas.kinds.get(firm) == "company" for firm in one.firms & other.firms
    )
    numbers = one.numbers & other.numbers
    signs = {
        "place": by_town(one, other, atlas) is Agreement.SAME,
        "name": named,
        "number": max(numbers, default=0) >= LEAST_TELLING or len(numbers) > 1,
    }
    on_topic = bool(one.topics & other.topics)
    points = PLACE_POINTS * signs["place"] + NAME_POINTS * named + TOPIC_POINTS * on_topic
    points += SECTOR_POINTS * (by_sector(one, other) is Agreement.SAME)
    points += sum(NUMBER_POINTS if number >= TELLING_NUMBER else SMALL_NUMBER_POINTS for number in numbers)
    if points < ALSO_POINTS or (sum(signs.values()) < TWO_SIGNS and not (named and on_topic)):
        return NOTHING
    why = "the same " + ", ".join(sign for sign, there in signs.items() if there)
    sure = points >= SURE_POINTS and on_topic and signs["place"]
    return Likeness(join=Join.ALSO, why=why, strength=points, sure=sure)


def against(one: Gist, other: Gist, atlas: Atlas) -> str:
    """What makes two articles two stories; empty when nothing does."""
    if by_town(one, other, atlas) is Agreement.OTHER:
        return "another place"
    if by_firm(one, other) is Agreement.OTHER:
        return "another employer or union"
    if by_sector(one, other) is Agreement.OTHER:
        return "another sector"
    return ""


def numbers_differ(one: Gist, other: Gist) -> bool:
    """Whether both count something, and never about the same."""
    if not one.numbers or not other.numbers:
        return False
    return not any(
        abs(ours - theirs) <= CLOSE_NUMBERS * max(ours, theirs) for ours in one.numbers for theirs in other.numbers
    )


def _linked(one: Gist, other: Gist, atlas: Atlas, conflict: str, alike: float) -> Likeness:
    """Two stories of one employer, of one union, or of one town and topic."""
    named = by_firm(one, other) is Agreement.SAME
    town = by_town(one, other, atlas) is Agreement.SAME and bool(one.topics & other.topics)
    if not named and not town:
        return NOTHING
    common = _first_shared(one, other) if named else "place and topic"
    return Likeness(join=Join.RELATED, why=f"{common} in common, {conflict}", strength=named + alike)


def _first_shared(one: Gist, other: Gist) -> str:
    if common := one.firms & other.firms:
        return min(common)
    return min(shared(one.names | one.people, other.names | other.people), default="")
