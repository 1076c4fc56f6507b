"""Do two titles name the same outlet? Newsrooms redecorate their names, translate and transliterate them."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from monitor.text.fold import fold
from monitor.text.tokens import find_words

# Words that any outlet may put on its door: they prove nothing, and a title of nothing else says nothing.
_WORDS = """
    the of and in for from to on a an is rss feed feeds atom xml news latest all main home homepage page site website official
    portal online media press agency newspaper magazine channel blog posts articles today daily breaking top stories
    independent information untitled index archive category section kz com org net info ru
    kazakhstan kazakh central asia qazaqstan qazaq
    и в на о об по из для от до за с со к сегодня новости новость лента все главная главное страница сайт официальный официальная
    портал онлайн медиа пресса агентство информационное информационный газета журнал канал телеканал блог публикации
    статьи последние свежие независимый независимое издание архив рубрика раздел казахстан казахстана казахстане
    казахстанский казахстанская республика рк мира мир регион региона
    және мен бен пен туралы жаңалық жаңалықтар жаңалықтары соңғы барлық басты бет беті сайты ресми порталы ақпарат ақпараттық
    агенттігі газеті журналы арнасы телеарнасы мақалалар бүгін күн тәуелсіз қазақстан қазақстанның қазақ
"""
_ANYBODYS = frozenset(_WORDS.split())
_LETTERS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцыэәіңғүұқөһ", "abvgdeziiklmnoprstufhcyeaingyukoh", strict=True))
    | {"ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
)
# The many ways one sound is spelt in Latin letters.
_SPELLINGS = (("shch", "sh"), ("kh", "h"), ("ts", "c"), ("yo", "io"), ("ya", "ia"), ("yu", "iu"), ("j", "zh"), ("y", "i"), ("q", "k"), ("w", "v"), ("x", "ks"))  # fmt: skip
_STEM = 5  # letters: what inflects comes later
_LEAST = 3  # letters of a word that may prove anything
_ALIKE = 0.6  # of the sounds of two names in the same order


def says_nothing(title: str) -> bool:
    """Whether a title could be anybody's: empty, or `Новости · RSS`."""
    return not _telling(title)


def same_name(title: str, known: Iterable[str], host_label: str) -> bool:
    """Whether a title may be that of the outlet which goes by the `known` names or sits at `host_label` (`lada`).

    It shares a telling word, in either script, or sounds alike, or holds the name of the site.
    """
    words = _telling(title)
    label = _sound(host_label)
    if len(label) >= _LEAST and label in _sound(title):
        return True
    return any(_share_a_word(words, others) or _sound_alike(words, others) for others in map(_telling, known))


def _telling(title: str) -> list[str]:
    """The words of a title that are not anybody's, as they sound; those of a script we cannot read as they stand."""
    words = (word for word in find_words(fold(title)) if word not in _ANYBODYS and not word.isdigit())
    return [sound for word in words if len(sound := _sound(word) or word) >= _LEAST]


def _share_a_word(one: Sequence[str], other: Sequence[str]) -> bool:
    return not {word[:_STEM] for word in one}.isdisjoint(word[:_STEM] for word in other)


def _sound_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    alike = SequenceMatcher(None, "".join(one), "".join(other), autojunk=False).ratio()
    return bool(one and other) and alike >= _ALIKE


def _sound(text: str) -> str:
    """The letters of a text in a rough Latin spelling, nothing between them."""
    latin = fold(text).translate(_LETTERS)
    for spelt, sound in _SPELLINGS:
        latin = latin.replace(spelt, sound)
    return "".join(letter for letter in latin if letter.isalnum() and letter.isascii())
