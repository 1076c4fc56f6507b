"""How well a language finds the forms of words, measured on a treebank: lemma, form, part of speech and count."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from monitor.languages import Word
from monitor.text.fold import fold

KINDS = {"NOUN": "noun", "PROPN": "noun", "VERB": "verb"}
LEAST_COUNT = 3  # a lemma seen less often says little
LEAST_LENGTH = 3


def read_counts(path: Path) -> Counter[tuple[str, str, str | None]]:
    """How often each folded (form, lemma, kind) stands in the treebank; kind is None for other parts of speech."""
    counts: Counter[tuple[str, str, str | None]] = Counter()
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["form"].replace("-", "").isalpha():
                counts[fold(row["form"]), fold(row["lemma"]), KINDS.get(row["upos"])] += int(row["count"])
    return counts


def f1_of_all_lemmas(expand: Callable[[str], Word], path: Path) -> float:
    """Micro-averaged F1 over every lemma: all forms of its usual kind should be found, none of another lemma."""
    counts = read_counts(path)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    lemmas: dict[str, Counter[str]] = defaultdict(Counter)
    for (form, lemma, kind), count in counts.items():
        lemmas[form][lemma] += count
        if kind and lemma.isalpha() and len(lemma) >= LEAST_LENGTH:
            kinds[lemma][kind] += count
    usual = {lemma: seen.most_common(1)[0][0] for lemma, seen in kinds.items() if seen.total() >= LEAST_COUNT}
    found = {lemma: expand(lemma).forms for lemma in usual}
    wanted = {key: count for key, count in counts.items() if key[2] and usual.get(key[1]) == key[2]}
    hit = sum(count for (form, lemma, _), count in wanted.items() if form in found[lemma])
    wrong = sum(lemmas[form].total() - lemmas[form][lemma] for lemma, forms in found.items() for form in forms)
    return 2 * hit / (hit + wrong + sum(wanted.values()))
