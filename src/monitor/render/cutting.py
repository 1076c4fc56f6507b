"""Cutting and taming other people's words, so that no title can break a message or pass for ours.

Telegram counts UTF-16 units, people count what they see: a cut falls on a word if one is near, else between two
visible characters, never inside one (an accented letter, a flag, a family emoji).
"""

import re
import unicodedata

from monitor.text.fold import clean

ELLIPSIS = "…"
JOINER = "\u200d"  # glues emoji together
MOST_MARKS = 2  # Vietnamese needs two accents on one letter; nobody writing in good faith needs more
WORD_SHARE = 0.6  # a cut moves back to a word's end unless that loses more than 40 % of what fits

ASTRAL = "\uffff"
SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
TAG_LETTERS = ("\U000e0020", "\U000e007f")

_SIGIL = re.compile(r"(?<![^\W_])([#$/])(?=[^\W_])|(@)(?=[^\W_])")
_SCHEME = re.compile(r"\b(?!https?:)([a-z][a-z0-9+.-]{1,20}:)(?=/{0,2}\w)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w-])[^\W_][\w-]*(?:\.[\w-]*[^\W_])+")
_NOT_TAG = re.compile(r"[\W_]+")


def width(text: str) -> int:
    """Length in UTF-16 units, the way Telegram counts lengths and offsets."""
    return len(text) + sum(letter > ASTRAL for letter in text)


def fitting(text: str, limit: int) -> int:
    """How many code points of `text` fit into `limit` UTF-16 units."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if letter > ASTRAL else 1
        if used > limit:
            return index
    return len(text)


def splits_character(text: str, index: int) -> bool:
    """Whether a cut before code point `index` would fall inside one visible character."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    if JOINER in (after, before) or unicodedata.category(after).startswith("M"):
        return True
    if SKIN_TONES[0] <= after <= SKIN_TONES[1] or TAG_LETTERS[0] <= after <= TAG_LETTERS[1]:
        return True
    return _is_flag_letter(after) and _flag_letters_before(text, index) % 2 == 1


def _is_flag_letter(letter: str) -> bool:
    return FLAG_LETTERS[0] <= letter <= FLAG_LETTERS[1]


def _flag_letters_before(text: str, index: int) -> int:
    start = index
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return index - start


def boundary(text: str, index: int) -> int:
    """The nearest place at or before `index` where a cut leaves whole words, or at least whole characters."""
    if index >= len(text) or text[index].isspace():
        return min(index, len(text))
    space = max(text.rfind(" ", 0, index), text.rfind("\n", 0, index))
    if space >= index * WORD_SHARE:
        return space
    while splits_character(text, index):
        index -= 1
    return index


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units; what was cut ends with an ellipsis."""
    if width(text) <= limit:
        return text
    end = boundary(text, fitting(text, max(limit - width(ELLIPSIS), 0)))
    return text[:end].rstrip(" \n,;:–—-«“(") + ELLIPSIS if end else ""


def tame(text: str) -> str:
    """One safe line of other people's words.

    No control, bidi or zero-width characters, at most two marks on a letter, and nothing that a program would turn
    into a mention, a hashtag, a command, a mail address or a link that is not http: such a sigil stands apart from
    its word. An address in letters of two scripts is none: its dots stand apart too.
    """
    calm = _few_marks(clean(text, one_line=True))
    calm = _SIGIL.sub(lambda found: f"{found[0]} ", _SCHEME.sub(r"\1 ", calm))
    return _DOMAIN.sub(lambda found: found[0] if _one_script(found[0]) else found[0].replace(".", ". "), calm)


def tame_part(text: str) -> str:
    """`tame` for a piece of a line: white space at its ends is kept as one space."""
    if not text.strip():
        return " " if text else ""
    return (" " if text[0].isspace() else "") + tame(text) + (" " if text[-1].isspace() else "")


def _one_script(name: str) -> bool:
    """Whether all letters are Latin or all are Cyrillic: nothing in it can pass for something else unseen."""
    return name.isascii() or all(_is_cyrillic(letter) for letter in name if letter.isalpha())


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def hashtag(words: str) -> str:
    """`words` as one hashtag of letters, digits and underscores, or nothing when no letter is left."""
    tag = _NOT_TAG.sub("_", clean(words, one_line=True)).strip("_")
    return f"#{tag}" if any(letter.isalpha() for letter in tag) else ""


def visible_host(host: str) -> str:
    """The host as it is safe to show: as written when all its letters are of one script, else in its ASCII form.

    `аррlе.com` in Cyrillic letters is shown as `xn--…`, `енбек.қаз` as it is.
    """
    if _one_script(host):
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ascii(host).strip("'")


def _is_cyrillic(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("CYRILLIC")
