"""Quality as a test: how many headlines that should ring do, and how few others; a change that lowers it fails here."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from monitor.config.files import Configuration, load
from monitor.matching.compile import compile_keywords
from monitor.matching.engine import Matcher
from monitor.model import LANGUAGES, Severity
from paths import ROOT, SHARED

DATA = Path(__file__).parent / "data"
HEADLINES = SHARED / "data" / "headlines.jsonl"
RINGING = frozenset({Severity.URGENT, Severity.NORMAL})


@dataclass(frozen=True)
class Floor:
    """The least quality of the shipped keyword file on one set of headlines."""

    recall: float
    precision: float
    f1: float


# Measured with the keyword file of 2026-11-25; each floor is that figure less one to three headlines.
# The file was tuned on all four sets, so these figures say that nothing is lost, not how much of tomorrow's news is heard.
# The gold set is by somebody who had not seen the keyword file: recall 1.000, precision 1.000, F1 1.000.
GOLD_FLOOR = Floor(recall=0.98, precision=0.98, f1=0.98)
# Other towns, professions and verbs, written to find what the file misses: recall .996, precision 1.000, F1 .998.
VARIATIONS_FLOOR = Floor(recall=0.985, precision=0.99, f1=0.99)
# The same news told without its usual words: recall .989, precision 1.000, F1 .994.
OBLIQUE_FLOOR = Floor(recall=0.96, precision=0.97, f1=0.97)
# Half of the real headlines that decide acceptance: recall 1.000, no false alarm.
SHARED_FLOOR = Floor(recall=0.97, precision=0.97, f1=0.97)
# At first sight, before the file was mended for what it missed, eleven batches of other real headlines (recall, false
# alarms, number of alerts and others): .945 .000 73+57; .689 .024 74+42; .625 .000 48+36; .692 .028 39+36; .800 .000
# 30+28; .697 .083 33+36; .875 .000 8+12; .643 .125 14+8; .692 .000 13+10; .894 .021 66+47; .683 .150 41+20. In all
# 336 of 439 heard (.765) and 10 of 332 others (.030). News of the day is heard in nine cases of ten; what is missed is
# mostly commentary whose headline holds no word of labour. The two halves of the oblique set: .434 .000 53+41, then,
# after the first was mended, .743 .028 35+36. Of 2,719 headlines of general news six ring without a country's name.
# In every language by itself, on the gold set: 1.000 measured; one headline of the smallest set is .03.
LEAST_RECALL_OF_A_LANGUAGE = 0.94
MOST_FALSE_ALARMS_OF_A_LANGUAGE = 0.04


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    """The files that ship, read and compiled once."""
    return load(ROOT / "config")


@pytest.fixture(scope="module")
def matcher(shipped: Configuration) -> Matcher:
    """The keyword file that ships, compiled."""
    assert shipped.matcher is not None
    return shipped.matcher


def read(path: Path) -> list[Mapping[str, str]]:
    """Labelled headlines, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rang(matcher: Matcher, row: Mapping[str, str]) -> bool:
    """Whether a headline of a local feed would be a message."""
    return matcher.find(row["title"], "", lang=row["lang"]).severity in RINGING


def score(matcher: Matcher, rows: Iterable[Mapping[str, str]]) -> tuple[Floor, list[str]]:
    """Recall, precision and F1 over some headlines, and the headlines that came out wrong."""
    tally: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for row in rows:
        heard = rang(matcher, row)
        tally[row["label"], heard] += 1
        if heard != (row["label"] == "alert"):
            wrong.append(f"{'false alarm' if heard else 'missed'}: {row['title']}")
    right, missed, false = tally["alert", True], tally["alert", False], tally["ignore", True]
    recall, precision = right / (right + missed), right / (right + false)
    return Floor(recall=recall, precision=precision, f1=2 * recall * precision / (recall + precision)), wrong


def assert_at_least(measured: Floor, floor: Floor, wrong: list[str]) -> None:
    """Fail with all wrong headlines when one of the three figures is below its floor."""
    below = [name for name in ("recall", "precision", "f1") if getattr(measured, name) < getattr(floor, name)]
    assert not below, "\n".join([f"{measured} is below {floor} in {', '.join(below)}:", *wrong])


def test_the_gold_set_is_heard(matcher):
    """Recall, precision and F1 on the gold set stay what they were when it was last measured."""
    assert_at_least(*_with_floor(score(matcher, read(DATA / "headlines_gold.jsonl")), GOLD_FLOOR))


def test_variations_are_heard(matcher):
    """The same news with other towns, professions and verbs rings as well; ordinary news with the same words do not."""
    assert_at_least(*_with_floor(score(matcher, read(DATA / "headlines_variations.jsonl")), VARIATIONS_FLOOR))


def test_oblique_headlines_are_heard(matcher):
    """News told by a detail, a quotation or its outcome rings as well; its neighbours on the page do not."""
    assert_at_least(*_with_floor(score(matcher, read(DATA / "headlines_oblique.jsonl")), OBLIQUE_FLOOR))


@pytest.mark.skipif(not HEADLINES.exists(), reason="the shared headlines are not here")
def test_real_headlines_are_heard(matcher):
    """The labelled real headlines that lie beside the repository ring, and the others do not."""
    assert_at_least(*_with_floor(score(matcher, read(HEADLINES)), SHARED_FLOOR))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_language_is_left_behind(matcher, lang):
    """A good average does not hide a language in which little is heard or much is noise."""
    rows = [row for row in read(DATA / "headlines_gold.jsonl") if row["lang"] == lang]
    heard = Counter((row["label"], rang(matcher, row)) for row in rows)
    alerts, others = (heard[label, True] + heard[label, False] for label in ("alert", "ignore"))
    assert heard["alert", True] / alerts >= LEAST_RECALL_OF_A_LANGUAGE
    assert heard["ignore", True] / others <= MOST_FALSE_ALARMS_OF_A_LANGUAGE


def test_the_sets_share_no_headline():
    """A headline counts once: no title stands in two of the committed sets, or twice in one."""
    sets = sorted(DATA.glob("headlines_*.jsonl"))
    titles = [row["title"] for path in sets for row in read(path)]
    assert len(sets) == 3
    assert len(titles) == len(set(titles))


def test_a_lower_figure_fails(shipped):
    """The floors bite: without the Kazakh words of its groups the file fails on the gold set."""
    groups = {
        name: tuple(term for term in terms if term.lang != "kk") for name, terms in shipped.keywords.groups.items()
    }
    poorer = compile_keywords(replace(shipped.keywords, groups=groups))
    with pytest.raises(AssertionError, match="is below"):
        assert_at_least(*_with_floor(score(poorer, read(DATA / "headlines_gold.jsonl")), GOLD_FLOOR))


def _with_floor(scored: tuple[Floor, list[str]], floor: Floor) -> tuple[Floor, Floor, list[str]]:
    measured, wrong = scored
    return measured, floor, wrong
