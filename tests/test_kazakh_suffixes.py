"""The table of suffixes, its bounds, and what it is worth on a treebank."""

from bisect import bisect_left
from collections import Counter, defaultdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.languages import _kazakh_suffixes as suffixes
from monitor.languages import kazakh
from monitor.text.fold import fold
from paths import SHARED

# ── The table and its bounds ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_suffix_leads_to_a_state_of_the_table():
    """A misspelled state would raise at the first word that gets there; no row may name one."""
    rows = suffixes._rows()
    assert {row.state for cells in rows.values() for row in cells} <= set(rows)
    assert not [row for cells in rows.values() for row in cells if "@" in row.pattern]


@pytest.mark.parametrize(
    ("pattern", "sound", "harmony", "written"),
    [
        ("LAр", "nasal", "back", "дар"),
        ("LAр", "voiceless", "front", "тер"),
        ("(с)I", "vowel", "front", "сі"),
        ("(с)I", "voiceless", "back", "ы"),
        ("(I)ңIз", "vowel", "back", "ңыз"),
        ("GA", "voiceless", "front", "ке"),
        ("Nікі", "vowel", "back", "нікі"),
        ("BAн", "nasal", "back", "нан"),
        ("J", "vowel", "back", "й"),
        ("J", "glide", "front", "е"),
    ],
)
def test_suffixes_follow_sounds(pattern, sound, harmony, written):
    """The first letter of a suffix and its vowels depend on what it follows."""
    assert suffixes.realise(pattern, sound, harmony) == written


@pytest.mark.parametrize("tail", ["дағы" * 5000, "лар" * 5000, "а" * 100_000, "-ақ" * 5000])
def test_endless_tokens_are_refused_at_once(tail):
    """Suffixes that could follow each other for ever are cut off, so no token takes long or recurses deep."""
    assert not kazakh.word("жұмыс").matches("жұмыс" + "тағы" + tail)


@example("жұмысшы", "жұмысшы-")
@example("-", "-")
@example("у", "у")
@given(st.text(max_size=8), st.text(max_size=40))
def test_any_token_is_answered(term, token):
    """No term and no token makes the acceptor raise, and what is accepted begins with one of the stems."""
    folded = fold(token)
    for word in (kazakh.word(term), kazakh.loan(term)):
        if word.accept is not None and word.accept(folded):
            assert folded.startswith(word.stems)


@given(st.text("абайдегңқыіұжлмнорстушшықтің-", max_size=30))
def test_any_kazakh_letters_are_answered(token):
    """The same with letters that get far into the table."""
    for term in ("жұмысшы", "шығу", "оқу", "АҚШ"):
        assert kazakh.word(term).matches(token) in {True, False}
    assert all(isinstance(reading, str) for reading in kazakh.readings(token))


# ── Quality ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def citation(stem):
    """A bare verb stem as its verbal noun in -у, as a maintainer would write it."""
    if stem[-1] in "йыі":
        return stem[:-1] + ("ю" if stem[-1] == "й" else "у")
    return stem[:-1] + {"п": "б", "қ": "ғ", "к": "г"}.get(stem[-1], stem[-1]) + "у"


def treebank(path):
    """Of a gold file: the weight of every (form, lemma, class), words only."""
    classes = {"NOUN": "n", "PROPN": "n", "VERB": "v"}
    counts = Counter()
    for line in path.read_text("utf-8").splitlines()[1:]:
        lemma, form, part, count = line.split("\t")
        if form.replace("-", "").isalpha():
            counts[fold(form), fold(lemma), classes.get(part, "")] += int(count)
    return counts


def beginning_with(stem, forms):
    """The stretch of a sorted list that begins with `stem`."""
    return forms[bisect_left(forms, stem) : bisect_left(forms, stem + "\U0010ffff")]


@pytest.mark.skipif(not SHARED.exists(), reason="the treebank lies beside the repository, not in it")
def test_the_forms_of_a_treebank_are_found():
    """F1 over all lemmas seen three times; it was .958 when this was written."""
    counts = treebank(SHARED / "data" / "gold" / "kk.tsv")
    lemmas, readings = defaultdict(Counter), defaultdict(list)
    for (form, lemma, part), count in counts.items():
        readings[form].append((lemma, count))
        if part and len(lemma) >= 3 and lemma.isalpha():
            lemmas[lemma][part] += count
    forms = sorted(readings)
    hits = misses = wrong = 0
    for lemma, parts in lemmas.items():
        if parts.total() < 3:
            continue
        kind = parts.most_common(1)[0][0]
        word = kazakh.word(citation(lemma) if kind == "v" else lemma)
        found = {form for stem in word.stems for form in beginning_with(stem, forms) if word.matches(form)}
        own = sum(counts[form, lemma, kind] for form in found)
        hits += own
        misses += parts[kind] - own
        wrong += sum(count for form in found for other, count in readings[form] if other != lemma)
    assert 2 * hits / (2 * hits + misses + wrong) >= 0.955
