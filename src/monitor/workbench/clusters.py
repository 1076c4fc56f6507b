"""Corrections of clusters as test cases: kept one a line, replayed against the rules of today."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor import stories
from monitor.ingest.correcting import Correction, Text
from monitor.ingest.looking import look_closer
from monitor.ingest.placing import gist_by
from monitor.matching.engine import Matcher
from monitor.model import Article, Gist, Join, Told
from monitor.stories.gist import Atlas
from monitor.stories.likeness import rarity
from monitor.text.prints import shingles

FILE = "corrections.jsonl"
OWNER_ONLY = 0o600
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rules of today make of a case: how the second article relates to the first, why, and whether that is right."""

    case: Correction
    join: Join
    why: str
    right: bool


def remember(folder: Path, cases: Iterable[Correction]) -> Path:
    """Append cases to `corrections.jsonl` in a data directory, readable by its owner alone; returns the file."""
    path = folder / FILE
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")
    return path


def read(path: Path) -> Iterator[Correction]:
    """The cases of a file. Raises OSError, or ValueError with the number of a line that is no case."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield Correction(same=bool(row["same"]), first=Text(**row["first"]), second=Text(**row["second"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number} is not a correction: {error}") from None


def replay(case: Correction, matcher: Matcher, atlas: Atlas) -> Outcome:
    """Place the second article an hour after the first, with nothing else in the archive."""
    first, second = (_gist(text, matcher, atlas) for text in (case.first, case.second))
    ours, theirs = (shingles(f"{text.title}\n{text.text}") for text in (case.first, case.second))
    told = Told(
        article_id=1,
        story_id=1,
        seen_at=_ANY_TIME,
        gist=first,
        shared_count=len(ours & theirs),
        shingle_count=len(ours),
    )
    weigh = rarity({}, 0, atlas.common)
    placed = stories.place(second, len(theirs), [told], _ANY_TIME, weigh=weigh, atlas=atlas)
    together = placed.story_id is not None
    return Outcome(case=case, join=placed.join, why=placed.why, right=together is case.same)


def _gist(text: Text, matcher: Matcher, atlas: Atlas) -> Gist:
    article = Article(feed_id="", url="", title=text.title, text=text.text, lang=text.lang, seen_at=_ANY_TIME)
    found = matcher.find(text.title, text.text, lang=text.lang)
    return gist_by(atlas, article, look_closer(matcher, found, text.title, text.text, lang=text.lang))
