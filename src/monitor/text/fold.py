"""Two views of a text: `clean` is what we store and show, `fold` is what we compare.

`clean` keeps the reader's words and drops what could spoil a database or a screen; `fold("Шахтёры")` is `шахтеры`.
"""

import re
import unicodedata
from collections.abc import Mapping

SURROGATES = "\ud800-\udfff"
# Marks that steer or hide text: zero-width, bidi, soft hyphen, joiners, byte-order mark, interlinear, tag letters.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
COMBINING = "\u0300-\u036f"

# Most short texts need nothing: words of plain letters, digits and punctuation, one space between them.
_TIDY = re.compile(r"(?>(?:[!-~А-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ«»„“”’‘…—–№]++(?: (?! |$)|$))*)")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x1c-\x1e\x85]")
_UNSTORABLE = re.compile(f"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f{SURROGATES}{INVISIBLE}\ufffe\uffff]")
# Of the marks that go, those that Python calls printable, because they are letters or combine with them.
_PRINTABLE_MARKS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f]")
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")

_SIMPLE = re.compile(r"[а-яәіңғүұқөһ0-9' .,:;!?()\"«»„“”–—\n-]*+")
_ONE_SCRIPT = re.compile(r"[A-Za-z0-9' -]*|[А-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ0-9' -]*")
_HIDDEN = re.compile(f"[{INVISIBLE}\ufe00-\ufe0f]")
_LEFT_OVER = re.compile(f"[{COMBINING}]")
_LATIN, _CYRILLIC = re.compile("[A-Za-z]"), re.compile("[\u0400-\u04ff]")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_LETTERS = re.compile(r"[^\W\d_]+")

_QUOTES_AND_HYPHENS = dict.fromkeys("’‘ʼʻ`´′＇", "'") | dict.fromkeys("‐‑", "-")
# ё is written е by half of the press; ə is how Azerbaijani keyboards write ә; the rest are one letter in other fonts.
_ONE_LETTER = {
    "ё": "е",
    "ѐ": "е",
    "ѝ": "и",
    "ə": "ә",
    "ӊ": "ң",
    "ҥ": "ң",
    "ҡ": "қ",
    "ќ": "қ",
    "ƣ": "ғ",
    "ї": "і",
    "ɵ": "ө",
    "ѳ": "ө",
}
_ODD_SIGNS = re.compile(f"[{''.join(_QUOTES_AND_HYPHENS)}]")
_ODD_LETTERS = re.compile(f"[{''.join(_ONE_LETTER)}]")
# Letters that look the same in both scripts, by case: a Latin H looks like Н, a Latin h like һ.
_LATIN_TWINS = "ABCEHIKMOPTXYaceihkmoptxybïí"
_CYRILLIC_TWINS = "АВСЕНІКМОРТХУасеіһкмортхуьіі"
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TO_LATIN = str.maketrans("АВСЕНІКМОРТХУасеіһкмортху", "ABCEHIKMOPTXYaceihkmoptxy")
_OF_BOTH_SCRIPTS = frozenset("əәƏӘ")  # one Kazakh Latin scheme keeps the Cyrillic ә


def clean(text: str, *, one_line: bool = False) -> str:
    """What we store and show: nothing that could spoil a database, a header or a reader's screen.

    NUL, lone surrogates, control, bidi and zero-width characters go, the rest is NFC, white space collapses (at most
    one empty line in a row). With `one_line`, newlines become spaces.
    """
    if _TIDY.fullmatch(text):
        return text
    if not all(map(str.isprintable, text.split("\n"))) or _PRINTABLE_MARKS.search(text):
        text = _BLANKS.sub(" ", _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = unicodedata.normalize("NFC", text)
    if one_line:
        return " ".join(text.split())
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def fold(text: str) -> str:
    """What we compare, a token or a whole text: lower case, one spelling of every letter, no invisible marks.

    NFKC, ё→е, ə→ә, typographic apostrophes and hyphens made plain, stress marks, soft hyphens and zero-width out;
    look-alike letters of the other script inside a word are brought home (Кәсiптiк with a Latin i). Never raises.
    """
    lower = text.lower()
    if lower.isascii():
        return lower.replace("`", "'")
    if _SIMPLE.fullmatch(lower):
        return lower
    return _brought_home(_with(_ONE_LETTER, _ODD_LETTERS, _LEFT_OVER.sub("", spelling(text).lower())))


def spelling(text: str) -> str:
    """The same without touching case and ё: what an exact word is compared by."""
    if _ONE_SCRIPT.fullmatch(text):
        return text
    text = _with(_QUOTES_AND_HYPHENS, _ODD_SIGNS, text)
    if text.isascii():
        return text
    return _brought_home(unicodedata.normalize("NFKC", _HIDDEN.sub("", text)))


def _brought_home(text: str) -> str:
    of_two = _LATIN.search(text) and _CYRILLIC.search(text) and _MIXED.search(text)
    return _LETTERS.sub(_one_script, text) if of_two else text


def _with(replacements: Mapping[str, str], odd: re.Pattern[str], text: str) -> str:
    """`str.translate` for what is rare: to replace the few that are there takes a tenth of its time."""
    for letter in set(odd.findall(text)):
        text = text.replace(letter, replacements[letter])
    return text


def _one_script(word: re.Match[str]) -> str:
    """A word typed with letters of two scripts, in the one it is meant in; left alone when that is not clear."""
    letters = word[0]
    kept = set(letters) - _OF_BOTH_SCRIPTS
    cyrillic = {letter for letter in kept if "\u0400" <= letter <= "\u04ff"}
    latin = kept - cyrillic
    if not cyrillic or not latin:
        return letters
    can_be_cyrillic = all(ord(letter) in _TO_CYRILLIC for letter in latin)
    can_be_latin = all(ord(letter) in _TO_LATIN for letter in cyrillic)
    if can_be_cyrillic and can_be_latin:
        can_be_cyrillic = 2 * sum(letter in cyrillic for letter in letters) >= len(letters)
    if can_be_cyrillic:
        return letters.translate(_TO_CYRILLIC)
    return letters.translate(_TO_LATIN) if can_be_latin else letters
