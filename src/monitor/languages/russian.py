"""Russian: the paradigm of a word the dictionary knows, sensible endings for one it does not.

A known word must be its own dictionary form: pymorphy3 would gladly read Токаев as a form of токай and invent
*жанаозна* for Жанаозен. So a word that is only a form of another one (`бастующие`, `зарплаты`) keeps to the part of
the paradigm it names, and a word nobody knows takes the endings of names (`_russian_endings`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

from monitor.languages import PartOfSpeech, Word
from monitor.languages import _russian_endings as endings
from monitor.languages import _russian_habits as habits
from monitor.languages._russian_aspects import partners
from monitor.languages._russian_dictionary import Cell, Choice, Dictionary, Reading, open_dictionary
from monitor.text.fold import fold

LANG = "ru"

# The least known end of an unknown compound, нефте|рынок; a shorter one is chance, Балта|бай.
TAIL_LENGTH = 5
# A form is left out when OpenCorpora counts it as another word in all but this share. At .2 the gold set gains most
# precision for the recall it loses, and «начала забастовку» (.24) is still found.
LEAST_SHARE = 0.2
LEAST_SHARE_BESIDE_UNINFLECTED = 0.3
LEAST_SHARE_OF_READING = 0.1  # стать is a verb; the noun стать (.01) does not count unless asked for
HYPHENATED_FORMS = 400  # шахтер-пенсионер has 144 pairs; longer chains inflect only in their last part

_ACRONYM = re.compile(r"[А-ЯЁ]{2,5}")  # longer words in capitals are shouted
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHEN = re.compile("[-‐‑]")
_SURNAME = re.compile(r"[а-я]{2}(?:[ое]в|ин|ын)а?$")
_PLURAL_OR_SURNAME = re.compile(r"[а-я]{2}[ое]в$")
_NAMES = frozenset({"Geox", "Surn", "Name", "Patr", "Orgn"})
_INFINITIVE = re.compile(r"(?:(?<![ое]с)ть|чь)(?:ся)?$|ти(?:сь)?$")


@dataclass(frozen=True, slots=True)
class _Forms:
    """Forms in the order of the paradigm, whether they are certain, and what a maintainer should know."""

    all: tuple[str, ...]
    known: bool = True
    notes: tuple[str, ...] = ()


def word(term: str, pos: PartOfSpeech | None = None) -> Word:
    """The forms of one word. `pos` narrows a word that is both (печь) to the noun or the verb. Never raises."""
    forms = _expand(term, pos)
    return Word(term=term, lang=LANG, forms=frozenset(forms.all), known=forms.known, assumed=forms.notes)


def sample(word: Word) -> list[str]:
    """The forms for people: the word itself, then what stays closest to it."""
    lemma = fold(word.term)
    return sorted(word.forms, key=lambda form: (form != lemma, -_in_common(form, lemma), len(form), form))


def related(word: Word) -> list[str]:
    """Words that belong beside this one in a keyword file: a verb's other aspect (уволить, увольнять)."""
    folded = fold(word.term)
    return partners(open_dictionary(), folded) if _INFINITIVE.search(folded) else []


def _in_common(form: str, lemma: str) -> int:
    """How many letters two words share from the start."""
    return next((i for i, (a, b) in enumerate(zip(form, lemma, strict=False)) if a != b), min(len(form), len(lemma)))


def _expand(term: str, pos: PartOfSpeech | None) -> _Forms:
    folded = fold(term)
    if not habits.CYRILLIC.search(folded):
        return _Forms((folded,) if folded else ())
    if _ACRONYM.fullmatch(term) or not habits.VOWEL.search(folded):
        return _Forms(tuple(endings.of_acronym(folded)))
    if not _WORDS.fullmatch(folded):
        return _Forms((folded,))
    if "-" in folded:
        return _hyphenated(term, pos)
    return _single(folded, pos, is_name=term[:1].isupper())


def _single(folded: str, pos: PartOfSpeech | None, *, is_name: bool) -> _Forms:
    dictionary = open_dictionary()
    if lexemes := dictionary.lexemes(folded):
        return _Forms(_forms(dictionary, folded, lexemes, pos))
    readings = dictionary.readings(folded)
    if part := _part_of_paradigm(folded, readings):
        return part
    if readings and not (is_name and _may_be_a_name(folded, readings)):
        return _form_of_another(folded, readings[0].lemma)
    return _unknown(dictionary, folded, is_name=is_name)


def _form_of_another(folded: str, lemma: str) -> _Forms:
    """A word that is an oblique form: as written; but токаев, in small letters, may be a name beside токай."""
    if _PLURAL_OR_SURNAME.search(folded):
        said = f"a form of {lemma}, or a name: its endings as a name match too"
        return _Forms(tuple(endings.guess(folded)), notes=(said,))
    return _Forms((folded,), notes=(f"a form of {lemma}, matched only as written",))


def _may_be_a_name(folded: str, readings: list[Reading]) -> bool:
    """Whether a word in capitals is rather a name of its own than a form of this one: Токаев, Семей, but Казахстана."""
    return _SURNAME.search(folded) is not None or not any(reading.cell.marks & _NAMES for reading in readings)


# ── Words of the dictionary ──────────────────────────────────────────────────────────────────────────────────────


def _forms(
    dictionary: Dictionary, folded: str, lexemes: list[Reading], pos: PartOfSpeech | None = None
) -> tuple[str, ...]:
    """All forms of the lexemes that are meant, but those that real texts use as another word."""
    forms: dict[str, None] = {folded: None}
    for lexeme in _meant(dictionary, folded, lexemes, pos):
        forms |= dict.fromkeys(lexeme.forms(everything))
        if lexeme.cell.has("INFN"):
            forms |= dict.fromkeys(_passive(dictionary, folded, lexeme))
    usurped = dictionary.usurped(lexemes, LEAST_SHARE, LEAST_SHARE_BESIDE_UNINFLECTED) - habits.KEPT
    usurped |= habits.UNINFLECTED
    adjectives = habits.ADJECTIVES.get(folded, ())
    return tuple(
        form
        for form in forms
        if form == folded or (form not in usurped and not any(_is_full_form(form, stem) for stem in adjectives))
    )


def _meant(dictionary: Dictionary, folded: str, lexemes: list[Reading], pos: PartOfSpeech | None) -> list[Reading]:
    """The lexemes of the part of speech that is asked for; when none is, all but the rare ones."""
    if pos:
        wanted = "NOUN" if pos == "n" else "INFN"
        return [lexeme for lexeme in lexemes if lexeme.cell.has(wanted)] or lexemes
    if len(lexemes) == 1:
        return lexemes
    return [
        one for one in lexemes if dictionary.counts.share(folded, one.tags_of(folded)) >= LEAST_SHARE_OF_READING
    ] or lexemes


def _is_full_form(form: str, stem: str) -> bool:
    """Whether a form is an adjective's long one: открытый, but not открыт or открыта."""
    return form.startswith(stem) and len(form) >= len(stem) + 2


def _passive(dictionary: Dictionary, folded: str, reading: Reading) -> Iterable[str]:
    """What is done to something, in -ся: зарплата выплачивается. Only imperfective verbs with an object have it."""
    if not reading.cell.has("tran", "impf") or folded + "ся" in habits.OWN_REFLEXIVES:
        return []
    return [
        form
        for reflexive in dictionary.lexemes(folded + "ся")
        if reflexive.cell.has("INFN")
        for form in reflexive.forms(passive)
    ]


def everything(cell: Cell) -> bool:
    """All rows but abbreviations (им. for имени) and the poets' -ье, which is a word of its own (знанье)."""
    return not cell.marks & {"Abbr", "V-be"}


def softened(cell: Cell) -> bool:
    """The rows of счастье in the paradigm of счастие."""
    return cell.suffix.startswith("ь")


def passive(cell: Cell) -> bool:
    """The rows in which a reflexive verb can be a passive: nobody is paid out in the first person."""
    return not cell.marks & {"GRND", "impr", "1per", "2per", "INFN"}


# ── Forms of words of the dictionary ─────────────────────────────────────────────────────────────────────────────


@cache
def _rows_with(*marks: str) -> Choice:
    """A choice of the rows that carry all of these marks; cached, so that paradigms remember their endings by it."""

    def chosen(cell: Cell) -> bool:
        return cell.has(*marks) and "Abbr" not in cell.marks

    return chosen


def _part_of_paradigm(folded: str, readings: list[Reading]) -> _Forms | None:
    """What a word means that is itself a nominative inside a paradigm: бастующие, трудящиеся, Ахматова, заработная."""
    forms: dict[str, None] = {}
    lemma = ""
    for reading in readings:
        for choice in _parts(reading.cell):
            # люди, людей, but not человек: a form of another root is another word to a maintainer
            forms |= dict.fromkeys(form for form in reading.forms(choice) if form[:1] == folded[:1])
            lemma = reading.lemma
    return _Forms(tuple(forms), notes=(f"a form of {lemma}, whose other forms are not matched",)) if forms else None


def _parts(cell: Cell) -> list[Choice]:
    """The rows that belong to a nominative which is no dictionary form: its number, its gender, its participle."""
    if cell.suffix == "ье":
        return [softened]
    if "nomn" not in cell.marks or not cell.marks & {"NOUN", "ADJF", "PRTF"}:
        return []
    kept = cell.marks & {"NOUN", "ADJF", "PRTF", "pres", "past", "actv", "pssv"}
    if "plur" in cell.marks:
        return [_rows_with(*sorted(kept), "plur")]
    if "NOUN" in cell.marks:
        return [_rows_with("NOUN", "femn")] if "femn" in cell.marks else []
    if "masc" in cell.marks:
        return [_rows_with(*sorted(kept - {"PRTF"}))]
    gender = "femn" if "femn" in cell.marks else "neut"
    return [_rows_with(*sorted(kept), gender), _rows_with(*sorted(kept), "plur")]


# ── Words of no dictionary ───────────────────────────────────────────────────────────────────────────────────────


def _unknown(dictionary: Dictionary, folded: str, *, is_name: bool) -> _Forms:
    forms = [folded]
    if _INFINITIVE.search(folded) and not is_name:
        forms += dictionary.guessed_verb(folded)
    if len(forms) == 1 and not is_name:
        forms += _compound(dictionary, folded)
    if len(forms) == 1:
        forms = endings.guess(folded)
    forms = list(dict.fromkeys(forms))
    said = ", ".join(forms[1:5])
    note = f"not in the dictionary, taken as {said}…" if said else "not in the dictionary, matched only as written"
    return _Forms(tuple(forms), known=False, notes=(note,))


def _compound(dictionary: Dictionary, folded: str) -> list[str]:
    """The forms of a compound whose end is known: нефтерынок inflects like рынок."""
    for start in range(2, len(folded) - TAIL_LENGTH + 1):
        tail = folded[start:]
        if lexemes := dictionary.lexemes(tail):
            return [folded[:start] + form for form in _forms(dictionary, tail, lexemes)]
    return []


def _hyphenated(term: str, pos: PartOfSpeech | None) -> _Forms:
    """The last part inflects, and the first with it when it is a noun: шахтера-пенсионера, экс-министра."""
    *first, last = _HYPHEN.split(term)
    if not first:
        return _Forms((fold(term),))
    if first[1:] in (["на"], ["ле"]):  # Ростов-на-Дону
        head = _expand(first[0], pos)
        tail = fold(f"{first[1]}-{last}")
        return _Forms(tuple(f"{form}-{tail}" for form in head.all), head.known, head.notes)
    end = _expand(last, pos)
    start = fold("-".join(first))
    forms = dict.fromkeys(f"{start}-{form}" for form in end.all)
    heads = _noun(start) if len(first) == 1 else ()
    if len(heads) * len(end.all) <= HYPHENATED_FORMS:
        forms |= dict.fromkeys(f"{head}-{form}" for head, form in product(heads, end.all))
    return _Forms(tuple(forms), end.known, end.notes)


def _noun(folded: str) -> tuple[str, ...]:
    """The forms of a noun of the dictionary; nothing for what is none (вице, теле, Усть)."""
    if not folded or not habits.CYRILLIC.search(folded):
        return ()
    dictionary = open_dictionary()
    nouns = [lexeme for lexeme in dictionary.lexemes(folded) if lexeme.cell.has("NOUN")]
    return _forms(dictionary, folded, nouns, "n") if nouns else ()


def lemmas(form: str) -> list[str]:
    """The dictionary forms a typed form may belong to (забастовкой → забастовка); none for an unknown word."""
    return list(dict.fromkeys(reading.lemma for reading in open_dictionary().readings(fold(form))))
