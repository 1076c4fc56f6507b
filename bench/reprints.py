"""How well republished texts are recognised: 2,000 articles, each in six edits, placed among all of them in SQLite.

    bench/reprints.py [--articles 2000] [--seed 7]

The articles come from ../shared/data: pieces of real pages in English, compositions in Russian and Kazakh (`_texts.py`
says how they are made); without it there is nothing to measure, which is said and is no failure. All originals are
kept, as they would come in over six days. Then every copy is looked at as an article of its own address:

    typeset    another headline, other quotes and dashes, the outlet's own closing words
    lead       the headline and the first two or three sentences
    shortened  every third sentence left out
    reordered  the second half first
    reworded   every twelfth word replaced by another
    enclosed   between the outlet's own opening and closing, half as long as the text itself

Right is the story of its original, as a reprint. Goals: recall ≥ .99, precision ≥ .98. Two controls must miss a goal, or
the measurement could not tell good from bad: recognising only the very same words (recall), and taking any shared passage
for a copy (precision).
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import process_time

from _archive import BEGAN, a_desk, is_copy, keep, look
from _dice import Dice
from _texts import GOLD, PAGES, Text, compositions, pieces

from monitor.ingest import placing
from monitor.ingest.desk import Desk
from monitor.ingest.placing import Sight
from monitor.model import Article, Placement, Told
from monitor.schema import transaction
from monitor.store import likenesses

LEAST_RECALL, LEAST_PRECISION = 0.99, 0.98
SPAN = timedelta(days=6)
EVERY_THIRD, EVERY_TWELFTH = 3, 12
LEAD_LENGTH = 200  # characters at least
QUOTES = str.maketrans({"«": "“", "»": "”", '"': "”", "–": "—", "'": "’", "\u00a0": " ", "ё": "е", "Ё": "Е"})
FRAME = {
    "en": (
        "Our reporters publish in full what has reached the newsroom today about this matter.",
        "Readers ask us every week where such accounts come from and how we choose among them.",
        "Follow our channel and write to the newsroom if you know more than we do.",
        "Reprinting is allowed with an active link to the page where this was published first.",
    ),
    "ru": (
        "Мы полностью публикуем то, что стало сегодня известно нашей редакции об этой истории.",
        "Читатели каждую неделю спрашивают, откуда берутся такие сообщения и как мы их выбираем.",
        "Подписывайтесь на наш канал и пишите в редакцию, если знаете об этом больше нас.",
        "Перепечатка разрешена с активной ссылкой на страницу первой публикации этого текста.",
    ),
    "kk": (
        "Редакциямызға бүгін осы оқиға туралы жеткен мәліметті толық жариялап отырмыз.",
        "Оқырмандар мұндай хабарлар қайдан келетінін және қалай таңдалатынын апта сайын сұрайды.",
        "Арнамызға жазылыңыз, көбірек білсеңіз редакцияға хабарласыңыз, біз міндетті түрде оқимыз.",
        "Көшіріп басуға алғаш жарияланған бетке белсенді сілтеме болған жағдайда ғана рұқсат беріледі.",
    ),
}

Edit = Callable[[Text, Dice], tuple[str, str]]


def typeset(text: Text, _dice: Dice) -> tuple[str, str]:
    """The same words, set by another house."""
    return text.sentences[-1][:70], f"{text.body.translate(QUOTES)} {FRAME[text.lang][2]}"


def lead(text: Text, _dice: Dice) -> tuple[str, str]:
    """What fits into a box on the front page."""
    count = next(n for n in range(2, len(text.sentences) + 2) if sum(map(len, text.sentences[:n])) >= LEAD_LENGTH)
    return text.title, " ".join(text.sentences[:count])


def shortened(text: Text, _dice: Dice) -> tuple[str, str]:
    """Two thirds of it."""
    return text.title, " ".join(one for at, one in enumerate(text.sentences, 1) if at % EVERY_THIRD)


def reordered(text: Text, _dice: Dice) -> tuple[str, str]:
    """The end first."""
    half = len(text.sentences) // 2
    return text.title, " ".join([*text.sentences[half:], *text.sentences[:half]])


def reworded(text: Text, dice: Dice) -> tuple[str, str]:
    """An editor's hand."""
    words = text.body.split()
    for at in range(dice.below(EVERY_TWELFTH), len(words), EVERY_TWELFTH):
        words[at] = words[dice.below(len(words))]
    return text.title, " ".join(words)


def enclosed(text: Text, _dice: Dice) -> tuple[str, str]:
    """A part of something longer."""
    before, after, *rest = FRAME[text.lang]
    return before, " ".join([after, *text.sentences, *rest])


EDITS: Mapping[str, Edit] = {edit.__name__: edit for edit in (typeset, lead, shortened, reordered, reworded, enclosed)}


@dataclass
class Score:
    """How one way of recognising did: copies found in the right story, and articles taken for copies wrongly."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: int = 0

    def count(self, found: int | None, story_id: int | None, edit: str = "") -> None:
        """Count one answer: the story it names, beside the one that is right; None is no copy of anything."""
        if found is not None:
            self.right[edit] += found == story_id
            self.wrong += found != story_id

    def recall(self, count: int, edit: str = "") -> float:
        """The share of the copies of one edit, or of all, that were found; `count` originals."""
        return self.right[edit] / count if edit else self.right.total() / count / len(EDITS)

    @property
    def precision(self) -> float:
        """The share of what was taken for a copy that is one, of that story."""
        return self.right.total() / max(1, self.right.total() + self.wrong)


@dataclass
class Run:
    """The archive with all originals, and how each way of recognising did so far."""

    desk: Desk
    ours: Score = field(default_factory=Score)
    exact: Score = field(default_factory=Score)
    careless: Score = field(default_factory=Score)
    seconds: float = 0.0
    looked: int = 0

    def look(self, text: tuple[str, str, str], now: datetime) -> tuple[Article, Sight, Placement, list[Told]]:
        """An article as the stories see it, where they put it, and what it was compared with."""
        self.looked += 1
        article, sight = look(self.desk, self.looked, text, now)
        began = process_time()
        placement = placing.place(self.desk, article, sight, now)
        self.seconds += process_time() - began
        return article, sight, placement, likenesses.candidates(self.desk.db, sight.signs, now)

    def score(self, placement: Placement, told: list[Told], story_id: int | None, edit: str = "") -> None:
        """Count the answer of each way."""
        self.ours.count(placement.story_id if is_copy(placement) else None, story_id, edit)
        self.exact.count(next((one.story_id for one in told if one.same), None), story_id, edit)
        near = max(told, key=lambda one: one.shared_count, default=None)
        self.careless.count(near.story_id if near and near.shared_count else None, story_id, edit)


def texts(count: int, dice: Dice) -> list[Text]:
    """Real pieces as far as they reach, and as many compositions of each language as are missing."""
    real = pieces(count)[: count // 2]
    missing = count - len(real)
    made = [*compositions("ru", missing - missing // 2, dice), *compositions("kk", missing // 2, dice)]
    return dice.shuffled([*real, *made])


async def measure(originals: list[Text], dice: Dice) -> Run:
    """Keep the originals, then look at every copy among them."""
    async with a_desk() as desk:
        run, belongs = Run(desk), []
        for number, text in enumerate(originals):
            now = BEGAN + SPAN * number / len(originals)
            article, sight, placement, told = run.look((text.lang, text.title, text.body), now)
            run.score(placement, told, None)
            with transaction(desk.db):
                belongs.append(keep(desk, article, sight, number))
        for text, story_id in zip(originals, belongs, strict=True):
            for name, edit in EDITS.items():
                _, _, placement, told = run.look((text.lang, *edit(text, dice)), BEGAN + SPAN)
                run.score(placement, told, story_id, name)
    return run


def main() -> int:
    """Measure, print, and tell by the exit code whether the goals are met and the controls miss them."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--articles", type=int, default=2000)
    ask.add_argument("--seed", type=int, default=7)
    args = ask.parse_args()
    if not PAGES.exists() or not GOLD.exists():
        print("the texts lie beside the repository and are not here: nothing measured")
        return 0
    dice = Dice(args.seed)
    originals = texts(args.articles, dice)
    count = len(originals)
    run = asyncio.run(measure(originals, dice))
    langs = ", ".join(f"{number} {lang}" for lang, number in sorted(Counter(one.lang for one in originals).items()))
    print(
        f"articles: {count} ({langs}), {sum(len(one.body) for one in originals) // count} characters, {len(EDITS)} edits"
    )
    for edit in EDITS:
        print(f"recall, {edit}: {run.ours.recall(count, edit):.4f}")
    recall, precision = run.ours.recall(count), run.ours.precision
    print(f"recall: {recall:.4f} (goal: ≥ {LEAST_RECALL})")
    print(f"precision: {precision:.4f}, {run.ours.wrong} wrong (goal: ≥ {LEAST_PRECISION})")
    print(f"placing: {run.seconds / run.looked * 1000:.2f} ms of one core")
    print(f"control, only the very same words: recall {run.exact.recall(count):.4f} (must be < {LEAST_RECALL})")
    print(f"control, any shared passage: precision {run.careless.precision:.4f} (must be < {LEAST_PRECISION})")
    bites = run.exact.recall(count) < LEAST_RECALL and run.careless.precision < LEAST_PRECISION
    return 0 if recall >= LEAST_RECALL and precision >= LEAST_PRECISION and bites else 1


if __name__ == "__main__":
    sys.exit(main())
