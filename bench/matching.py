"""How fast the matcher is, as a share of a bare loop that lowers a text, cuts it into words and puts them in a set.

    bench/matching.py [--keywords 200 1000 10000] [--articles 400] [--seed 7]

Every number of keywords (a third in each language, a tenth of them phrases) is measured in a fresh process, on 3 kB
articles in English, Russian and Kazakh, matcher and bare loop in turns; of each batch of articles the quickest of seven turns counts. `unseen` is
one pass over as many articles the matcher never met: what a new word costs. Words are drawn by Zipf's law from
60,000 lemmas a language (the Russian ones from the dictionary, the others invented), keywords evenly from all but the
2,000 commonest, so hits are as dense as such a list makes them. Goals: share ≥ .60 / .55 / .45, growth of memory while
matching ≤ 30 MB, 10,000 keywords load in ≤ 2 s.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from time import process_time

from _dice import Dice
from pymorphy3 import MorphAnalyzer

from monitor.matching.compile import compile_keywords
from monitor.matching.engine import Matcher
from monitor.model import LANGUAGES, Keywords, Severity, Term, Topic

GOALS = {200: 0.60, 1000: 0.55, 10_000: 0.45}
MOST_SECONDS, MOST_MEGABYTES = 2.0, 30.0

ARTICLE_LENGTH, TITLE_LENGTH = 3000, 70
LEMMAS = 60_000
COMMONEST = 2000  # function words and what every article says; nobody lists them
PHRASE_EVERY = 10
TOPICS = 20
TURNS, BATCH = 7, 50
WORD_LENGTHS = range(4, 12)

LETTERS = {
    "en": (("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "w", "st", "tr", "sh", "th"), "aeiou"),
    "kk": ("бжқклмнрстшдғ", "аыоұеіөүә"),
}
SYLLABLES = (2, 3, 3, 4, 5)
ENDINGS = {
    "en": ("", "", "", "s", "ed", "ing", "'s"),
    "ru": ("", "", "ы", "а", "у", "ом", "ами", "ах", "ов"),
    "kk": ("", "", "лар", "дың", "ға", "да", "дан", "лардың", "ы", "сы"),
}
GAPS = (" ", " ", " ", " ", " ", " ", ", ", ". ", " — ")
BARE_WORD = re.compile(r"\w+")

Articles = dict[str, list[tuple[str, str]]]
Batch = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one number of keywords came to."""

    hits: float
    per_second: float
    share: float
    unseen: float
    load: float
    tables: float
    growth: float


def lemmas(lang: str, dice: Dice) -> list[str]:
    """Distinct words of a language, the commonest first."""
    if lang == "ru":
        return russian(dice)
    consonants, vowels = LETTERS[lang]
    found: dict[str, None] = {}
    while len(found) < LEMMAS:
        found["".join(dice.one_of(consonants) + dice.one_of(vowels) for _ in range(dice.one_of(SYLLABLES)))] = None
    return list(found)


def russian(dice: Dice) -> list[str]:
    """Dictionary forms, so that the keywords cost what real ones cost."""
    dictionary = MorphAnalyzer().dictionary
    found: dict[str, None] = {}
    for letter in "абвгдезиклмнопрстуфхцчшэ":
        known = (row[:3] for row in dictionary.iter_known_words(letter))
        wanted = (word for word, _, lemma in known if word == lemma and word.isalpha() and len(word) in WORD_LENGTHS)
        found |= dict.fromkeys(islice(wanted, 0, 12_000, 3))
    return dice.shuffled(found)[:LEMMAS]


def articles(lang: str, words: Sequence[str], count: int, dice: Dice) -> list[tuple[str, str]]:
    """Titles and texts whose words are as common and as rare as in any language."""
    weights = list(accumulate(1e6 / (rank + 2.7) ** 1.05 for rank in range(len(words))))
    made = []
    for _ in range(count):
        text = ""
        while len(text) < ARTICLE_LENGTH:
            word = words[bisect(weights, dice.below(int(weights[-1])))]
            text += word + dice.one_of(ENDINGS[lang]) + dice.one_of(GAPS)
        made.append((text[:TITLE_LENGTH], text[TITLE_LENGTH:ARTICLE_LENGTH]))
    return made


def keywords(words: dict[str, list[str]], count: int, dice: Dice) -> Keywords:
    """That many terms, spread over the languages and over twenty topics."""
    terms: list[Term] = []
    for lang in LANGUAGES:
        usable = words[lang][COMMONEST:]
        chosen = dice.shuffled(usable)[: count // len(LANGUAGES)]
        for at in range(0, len(chosen), PHRASE_EVERY):
            chosen[at] += dice.one_of((" ", " ~3 ")) + dice.one_of(usable)
        terms += [Term(text=text, lang=lang) for text in chosen]
    terms = dice.shuffled(terms)
    return Keywords(
        topics=tuple(
            Topic(id=f"t{at}", titles={}, severity=Severity.NORMAL, any=tuple(terms[at::TOPICS]))
            for at in range(TOPICS)
        )
    )


def bare(batch: Batch) -> None:
    """The floor."""
    for title, text in batch[1]:
        set(BARE_WORD.findall(f"{title}\n{text}".lower()))


def read(matcher: Matcher, batch: Batch) -> int:
    """Match everything; returns the number of hits."""
    lang, texts = batch
    return sum(len(matcher.find(title, text, lang=lang).hits) for title, text in texts)


def batches(texts: Articles) -> list[Batch]:
    """The articles a few at a time: short enough that the machine's moods fall between them."""
    return [(lang, each[at : at + BATCH]) for lang, each in texts.items() for at in range(0, len(each), BATCH)]


def quickest(turns: int, *works: Callable[[], object]) -> list[float]:
    """The best time of each work, taken in turns."""
    times = [[seconds(work) for work in works] for _ in range(turns)]
    return [min(column) for column in zip(*times, strict=True)]


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one turn."""
    start = process_time()
    work()
    return process_time() - start


def megabytes() -> float:
    """What the process holds at the moment."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def measure(size: int, count: int, seed: int) -> Figures:
    """The figures of one number of keywords, in a process that did nothing before."""
    dice = Dice(seed)
    words = {lang: lemmas(lang, dice) for lang in LANGUAGES}
    texts, unseen = ({lang: articles(lang, words[lang], count, dice) for lang in LANGUAGES} for _ in range(2))
    made = keywords(words, size, dice)
    first = compile_keywords(keywords(words, 3, dice))  # dictionaries are loaded once
    for lang in LANGUAGES:
        first.find("", "a б", lang=lang)
    before, matchers = megabytes(), list[Matcher]()
    load = seconds(lambda: matchers.append(compile_keywords(made)))
    matcher, loaded = matchers[0], megabytes()
    hits = sum(read(matcher, batch) for batch in batches(texts))
    floor = matching = floor_unseen = matching_unseen = 0.0
    for batch in batches(texts):
        times = quickest(TURNS, partial(bare, batch), partial(read, matcher, batch))
        floor, matching = floor + times[0], matching + times[1]
    for batch in batches(unseen):
        floor_unseen += quickest(TURNS, partial(bare, batch))[0]
        matching_unseen += seconds(partial(read, matcher, batch))
    total = count * len(texts)
    return Figures(
        hits=hits / total,
        per_second=total / matching,
        share=floor / matching,
        unseen=floor_unseen / matching_unseen,
        load=load,
        tables=loaded - before,
        growth=megabytes() - loaded,
    )


def main() -> int:
    """Print one line a figure; 1 when a goal is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--keywords", type=int, nargs="*", default=list(GOALS))
    ask.add_argument("--articles", type=int, default=400, help="in each language, twice")
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--here", action="store_true", help="measure the first number in this process, as JSON")
    args = ask.parse_args()
    if args.here:
        print(json.dumps(asdict(measure(args.keywords[0], args.articles, args.seed))))
        return 0
    met = True
    for size in args.keywords:
        command = [sys.executable, __file__, "--here", "--keywords", str(size)]
        command += ["--articles", str(args.articles), "--seed", str(args.seed)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        met &= report(size, Figures(**json.loads(done.stdout)))
    return 0 if met else 1


def report(size: int, found: Figures) -> bool:
    """Print the figures; whether the goals are met."""
    goal = GOALS.get(size, 0.0)
    name = f"{size:,} keywords"
    print(f"{name}, hit density: {found.hits:.1f} hits an article")
    print(f"{name}, speed: {found.per_second:,.0f} articles/s")
    print(f"{name}, share of the bare loop: {found.share:.2f} (goal: ≥ {goal:.2f})")
    print(f"{name}, the same on unseen articles: {found.unseen:.2f}")
    print(f"{name}, load: {found.load:.2f} s, {found.tables:.0f} MB (goal: ≤ {MOST_SECONDS:.0f} s)")
    print(f"{name}, growth while matching: {found.growth:.1f} MB (goal: ≤ {MOST_MEGABYTES:.0f} MB)", flush=True)
    return found.share >= goal and found.load <= MOST_SECONDS and found.growth <= MOST_MEGABYTES


if __name__ == "__main__":
    sys.exit(main())
