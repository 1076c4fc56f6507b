"""English: a small table of rules, the irregular words, possessives, British and American spelling.

No dictionary tells nouns from verbs, so a bare word inflects as both (`strike`: strikes, struck, striking); what
this makes of a noun that is no verb is hardly ever a word. `/n` and `/v` choose.
"""

import re

from monitor.languages import PartOfSpeech, Word
from monitor.languages import _english_habits as habits
from monitor.languages import _english_irregular as irregular
from monitor.languages import _english_spelling as spelling
from monitor.text.fold import fold

LANG = "en"

_ACRONYM = re.compile("[A-Z]{2,6}")  # ILO, ITUC: nobody iloes
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_HISSES = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_MAN = re.compile(r"(?<!hu)(?<!ger)(?<!ro)(?<!sha)(?<!otto)(?<!talis)(?<!cai)(?<!nor)(?<!turk)(?<!mus)[a-z]{2}man$")
_SIS = re.compile(r"[a-z]{2}sis$")
# Only ever nouns; what else ends in -tion, -ment or -er may be a verb (question, document, order)
_NEVER_A_VERB = re.compile(
    r"(?:(?<!wit)(?<!har)ness|[a-z]{3}ity|ism|hood|[a-z]{3}dom|[iy][sz]ation|logy|graphy|person|sis|worker|ician|ologist)$"
)
_SHORT = re.compile(r"(?:[^aeiou]*qu|[^aeiouy]*)[aeiouy][bdfgklmnprstvz]")  # plan, quit: one syllable that doubles
_UNSTRESSED_L = re.compile(r"(?:[aeiou][^aeiou]+[aeiou]|ia|[dfr]ue)l$")  # travel, dial, fuel: double in Britain only


def word(term: str, pos: PartOfSpeech | None = None) -> Word:
    """The forms of one word; `pos` narrows it to those of a noun or a verb. Never raises."""
    if _ACRONYM.fullmatch(term):
        pos = "n"
    return Word(term=term, lang=LANG, forms=frozenset(_forms(fold(term), pos)) - {""})


def sample(word: Word) -> list[str]:
    """The forms for people: the word itself, then its own spelling before others, plain before possessive."""
    base = fold(word.term)
    return sorted(word.forms, key=lambda form: (form != base, "'" in form, form[:3] != base[:3], len(form), form))


def _forms(folded: str, pos: PartOfSpeech | None) -> set[str]:
    if not _WORD.fullmatch(folded) or folded in habits.UNINFLECTED:
        return {folded}
    if "-" in folded:
        return _hyphenated(folded, pos)
    return {form for variant in spelling.variants(folded) for form in _inflected(variant, pos)}


def _hyphenated(folded: str, pos: PartOfSpeech | None) -> set[str]:
    """The last part inflects, sit-ins as well, except in passers-by; and a hyphen may be left out (layoffs)."""
    head, _, last = folded.rpartition("-")
    if last not in habits.UNINFLECTED:
        forms = {f"{head}-{form}" for form in _forms(last, pos)}
    elif head.endswith("er"):
        forms = {folded, f"{head}s-{last}"}
    else:
        forms = {folded, f"{folded}s"}
    return forms | {form.replace("-", "") for form in forms}


def _inflected(base: str, pos: PartOfSpeech | None) -> set[str]:
    """All forms of one spelling."""
    nouns, verbs = _plurals(base), _verb_forms(base)
    if pos is None:
        nouns -= habits.OWN_PLURALS
        verbs -= habits.OWN_VERB_FORMS | habits.OWN_PLURALS
    forms = {base}
    if pos != "v":
        forms |= nouns | {f"{form}'s" for form in (base, *nouns) if not form.endswith("s") or form == base}
    if pos != "n":
        forms |= verbs
    return forms


# ── Nouns ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plurals(base: str) -> set[str]:
    if base in irregular.NOUNS:
        return set(irregular.NOUNS[base])
    if _MAN.search(base):
        return {base[:-2] + "en"}
    if base.endswith("person"):
        return {base + "s", base.removesuffix("person") + "people"}
    if _SIS.search(base):
        return {base[:-2] + "es"}
    return {_with_s(base)}


def _with_s(base: str) -> str:
    """The plural of a regular noun and the third person of a verb alike."""
    if _HISSES.search(base):
        return base + "es"
    if _CONSONANT_Y.search(base):
        return base[:-1] + "ies"
    return base + "s"


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _verb_forms(base: str) -> set[str]:
    if _NEVER_A_VERB.search(base) or _MAN.search(base) or (base.endswith("ee") and base not in habits.VERBS_IN_EE):
        return set()
    past = _irregular(base)
    forms = {_third_person(base), *(past or (stem + "ed" for stem in _before_ed(base)))}
    if not any(form.endswith("ing") for form in past):
        forms |= {stem + "ing" for stem in _before_ing(base)}
    return forms


def _irregular(base: str) -> tuple[str, ...]:
    """The table's forms of the verb, or of the verb behind a prefix (rebuild, overtake)."""
    if base in irregular.VERBS:
        return irregular.VERBS[base]
    for prefix in irregular.PREFIXES:
        if base.startswith(prefix) and base.removeprefix(prefix) in irregular.VERBS:
            return tuple(prefix + form for form in irregular.VERBS[base.removeprefix(prefix)])
    return ()


def _third_person(base: str) -> str:
    return irregular.NOUNS.get(base, ("",))[0] if base.endswith("o") and base in irregular.NOUNS else _with_s(base)


def _before_ed(base: str) -> list[str]:
    """What -ed is put after."""
    if base.endswith("e"):
        return [base[:-1]]
    if _CONSONANT_Y.search(base):
        return [base[:-1] + "i"]
    return _doubled(base)


def _before_ing(base: str) -> list[str]:
    """What -ing is put after."""
    if base.endswith("ie"):
        return [base[:-2] + "y"]
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and len(base) > len("be"):
        return [base[:-1]]
    return _doubled(base)


def _doubled(base: str) -> list[str]:
    """The verb with its last consonant doubled when the stress asks for it, both ways where Britain and America differ."""
    if base.endswith("ic"):
        return [base + "k"]
    if _SHORT.fullmatch(base) or base in irregular.STRESSED_AT_THE_END or _has_short_root(base):
        return [base + base[-1]]
    if _UNSTRESSED_L.search(base):
        return [base, base + "l"]
    return [base]


def _has_short_root(base: str) -> bool:
    """Whether a prefix stands before a verb that doubles: rerun, unplug, overlap."""
    for prefix in irregular.PREFIXES:
        root = base.removeprefix(prefix)
        if root != base and len(root) > len("it") and _SHORT.fullmatch(root):
            return True
    return False
