"""The suffixes of Kazakh as a table of states, and the question whether an ending can follow a stem.

How to read a row of the table: the name of a state, a star when a word may end there, and the suffixes that can come
next, each with the state it leads to (`DA>place`); without one nothing more can follow. `@name` stands for a group.

    A  а/е      I  ы/і      Q  қ/к      W  ғ/г                          by vowel harmony
    L  л/д/т    N  н/д/т    C  н/д/т    D  д/т    B  д/н/т              by the sound before: plural, genitive,
    G  ғ/г/қ/к  M  м/б/п    X  м/б/п                                    accusative, locative, ablative, dative ...
    J  й after a vowel, else а/е
    (x)  a vowel that is dropped after a vowel, a consonant that is dropped after a consonant
    !  from here on front vowels, whatever the stem has: баланікі
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from monitor.languages._kazakh_sounds import BOTH, VOWELS, Harmony, Sound, plain, sound_of

# The longest chains of the news have about 22 letters (ұйымдастыр|ылмағандықтарыңыздардан); beyond it is noise.
LONGEST_ENDING = 28

_GROUPS = """
@owner     (I)м>mine  (I)ң>mine  (I)ңIз>mine  (I)мIз>mine  (с)I>theirs
@case      NIң  CI  GA  DA>place  BAн  Mен  Mенен  Nікі>owned!
@am        MIн  сIң  XIз  сIңдAр  сIздAр
@doer      MIн  сIң  сIз  XIз  сIңдAр  сIздAр
@person    м  ң  Q  ңIз  ңдAр  ңIздAр
@finite    DI>past  GAн>participle  J>imperfect  (I)п>converb  XAс>never  XAй  сA>condition  у>noun
@mood      (I)ңIз  (I)ңдAр  (I)ңIздAр  GAлI>wish  GAншA  GAй>wish  XAQ>plan  йIн  йIQ  GIсI  GIм  GIмIз  GIң
@voice     (I)л>passive  (I)н>passive  (I)с>together  (т)>caused  DIр>caused  GIз>caused
"""

_STATES = """
noun *       LAр>plural  @owner  @case  DAй>like  @am
plural *     @owner  @case  DAй>like  @am
mine *       NIң  CI  A  GA  DA>place  BAн  Mен  DAй>like  @am
theirs *     нIң  нікі>owned!  н  нA  ндA>place  нAн  мен  менен  ндAй>like  ншA  @am
owned *      @case  LAр>plural
place *      GI>placed  @am
placed *     LAр>plural  @owner  @case  DAй>like
like *       @am
voiced       I>theirs  Iм>mine  Iң>mine  IмIз>mine  IңIз>mine

verb *       @finite  @mood  сIн  @voice  XA>negated  (A)р>aorist
of_noun      @finite  @mood  сIн  @voice  XA>negated
negated      @finite  @mood  с>never
caused       @finite  @mood  сIн  XA>negated  (A)р>aorist  (I)л>passive
together     @finite  @mood  сIн  XA>negated  (A)р>aorist  (I)л>passive  DIр>caused
passive      @finite  @mood  сIн  XAсIн  XA>negated  (A)р>aorist
past *       @person
condition *  @person
participle * LAр>plural  @owner  @case  DAй>like  @doer  LIQ>noun  LIW>voiced
aorist *     @doer  GA  DA  BAн  DAй  LIQ>noun
never *      @doer  GA  BAн
imperfect *  тIн>participle  дI  @doer  м  йIн  йIQ  р>aorist
converb *    тI  MIн  сIң  сIз  XIз
wish *       @doer
plan *       шI>wish  @doer

rival_noun * LAр>plural  (с)I>theirs  (I)мIз>mine  (I)ңIз>mine  @case  LIQ>rival_noun  LIW>voiced
twin_noun *  LAр>plural  (с)I>theirs  NIң  GA  DA>place  BAн  Mен
rival_verb   @finite  @voice  XA>negated
"""

_BY_HARMONY = {"A": "ае", "I": "ыі", "Q": "қк", "W": "ғг"}

# The first letter of a suffix after each class of sound.
_BY_SOUND: dict[str, dict[Sound, str]] = {
    "L": {"vowel": "л", "glide": "л", "l": "д", "nasal": "д", "z": "д", "voiceless": "т"},
    "N": {"vowel": "н", "glide": "д", "l": "д", "nasal": "н", "z": "д", "voiceless": "т"},
    "C": {"vowel": "н", "glide": "д", "l": "д", "nasal": "д", "z": "д", "voiceless": "т"},
    "D": {"vowel": "д", "glide": "д", "l": "д", "nasal": "д", "z": "д", "voiceless": "т"},
    "B": {"vowel": "д", "glide": "д", "l": "д", "nasal": "н", "z": "д", "voiceless": "т"},
    "G": {"vowel": "ғ", "glide": "ғ", "l": "ғ", "nasal": "ғ", "z": "ғ", "voiceless": "қ"},
    "M": {"vowel": "м", "glide": "м", "l": "м", "nasal": "м", "z": "б", "voiceless": "п"},
    "X": {"vowel": "м", "glide": "м", "l": "м", "nasal": "б", "z": "б", "voiceless": "п"},
}
_FRONTED = {"ғ": "г", "қ": "к"}


class _Row(NamedTuple):
    """One suffix of the table, and where it leads."""

    pattern: str
    state: str
    fronts: bool


class _Arc(NamedTuple):
    """One suffix as it is written after a given sound, and where it leads."""

    letters: str
    state: str
    harmony: Harmony
    sound: Sound


@lru_cache(maxsize=1 << 16)
def completes(ending: str, state: str, sound: Sound, harmony: Harmony, *, typed_plain: bool = False) -> bool:
    """Whether `ending` can follow a stem that ends in `sound`, has this harmony and is in `state` of the table.

    `typed_plain` compares the way of people who type Kazakh with Russian letters. Bounded: an ending longer than
    LONGEST_ENDING is refused unseen.
    """
    if not ending:
        return state in _final_states()
    if len(ending) > LONGEST_ENDING:
        return False
    return any(
        ending.startswith(arc.letters)
        and completes(ending[len(arc.letters) :], arc.state, arc.sound, arc.harmony, typed_plain=typed_plain)
        for arc in _arcs(state, sound, harmony, typed_plain=typed_plain).get(ending[0], ())
    )


def realise(pattern: str, sound: Sound, harmony: Harmony) -> str:
    """A suffix pattern as it is written after a sound: `realise("LAр", "nasal", "back")` is `дар`."""
    written = ""
    side = BOTH.index(harmony)
    for optional, symbol in _symbols(pattern):
        before = sound_of(written) if written else sound
        letter = symbol
        if symbol == "J":
            letter = "й" if before == "vowel" else "ае"[side]
        elif symbol in _BY_HARMONY:
            letter = _BY_HARMONY[symbol][side]
        elif symbol in _BY_SOUND:
            letter = _BY_SOUND[symbol][before]
            if symbol == "G" and harmony == "front":
                letter = _FRONTED[letter]
        if not (optional and (letter in VOWELS) == (before == "vowel")):
            written += letter
    return written


def _symbols(pattern: str) -> Iterator[tuple[bool, str]]:
    """The symbols of a pattern, each with whether it stands in parentheses."""
    optional = False
    for symbol in pattern:
        if symbol in "()":
            optional = symbol == "("
        else:
            yield optional, symbol


@cache
def _rows() -> dict[str, tuple[_Row, ...]]:
    """The table, groups spelled out."""
    groups = {line.split()[0]: line.split()[1:] for line in _GROUPS.strip().splitlines()}
    rows: dict[str, tuple[_Row, ...]] = {"end": ()}
    for line in filter(None, _STATES.splitlines()):
        name, *cells = line.replace("*", " ").split()
        rows[name] = tuple(_row(suffix) for cell in cells for suffix in groups.get(cell, [cell]))
    return rows


def _row(suffix: str) -> _Row:
    pattern, _, state = suffix.partition(">")
    return _Row(pattern, state.removesuffix("!") or "end", fronts=state.endswith("!"))


@cache
def _final_states() -> frozenset[str]:
    """The states a word may end in."""
    starred = (line.split() for line in _STATES.splitlines() if "*" in line)
    return frozenset(cells[0] for cells in starred) | {"end"}


@cache
def _arcs(state: str, sound: Sound, harmony: Harmony, *, typed_plain: bool) -> dict[str, tuple[_Arc, ...]]:
    """The suffixes that can follow in a state, by their first letter as written."""
    found: dict[str, dict[_Arc, None]] = {}
    for row in _rows()[state]:
        letters = realise(row.pattern, sound, harmony)
        if letters:
            written = plain(letters) if typed_plain else letters
            arc = _Arc(written, row.state, "front" if row.fronts else harmony, sound_of(letters))
            found.setdefault(written[0], {})[arc] = None
    return {first: tuple(arcs) for first, arcs in found.items()}
