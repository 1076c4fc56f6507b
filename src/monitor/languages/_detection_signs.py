"""Signs by which a word gives its language away: letters, endings, little words.

Compact Language Detector 2 gives up on every fifth short Russian headline, takes half of the Kazakh that is typed
with Russian letters for Kyrgyz, and was never shown the Kazakh Latin alphabets. Signs are counted in whole words: a
Russian headline that names «Таза Қазақстан» has one Kazakh word and five Russian ones.
"""

import re
from collections.abc import Sequence

_REMEMBERED = 8_000  # words: the common ones of a day; each list keeps its own, and 20,000 took 20 MB


class _Known(dict[str, bool]):
    """Whether there is a sign in a word, found out once."""

    def __init__(self, little: frozenset[str], pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._little, self._pattern = little, pattern

    def __missing__(self, word: str) -> bool:
        found = self[word] = word in self._little or self._pattern.search(word) is not None
        return found


class Signs:
    """What speaks for one language: little words, and a pattern that is searched in all other words."""

    def __init__(self, little: str, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        self._known = _Known(frozenset(little.split()), self.pattern)

    def count(self, words: Sequence[str]) -> int:
        """In how many of the lower-case words there is a sign."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        return sum(map(self._known.__getitem__, words))


# Letters that the Russian alphabet lacks
KAZAKH_LETTERS = Signs("", "[әғқңөұүһі]")
# Endings and letters that Kazakh words hardly have; a word with a Kazakh letter is never Russian
RUSSIAN = Signs(
    "в во и на с со не по из за о об от до для что как его их они это к ко у при после среди под без где кто чем все "
    "был была были будет также уже еще ещё более или но же ли бы через против над между около раз",
    r"^[^әғқңөұүһі]*(?:[^әғқңөұүһі]{2}(?:[оеы]го|[оеы]му|[оеыи][йхм]|[ая]я|[ую]ю|[оеы]е|[ая]ми|[ая]х|[ое]в|ост[иь]|ени[еяюй]|ани[еяюй]|ци[яиюей]"
    r"|[иеую]тся|ться|ют|ят|[аеиуыя]л[аио]?|[аеиуыо]ть|ств[оаеу]|ик[аиоу]в?|тел[ьяией]|[чкт]ка|[чкт]ки|[чкт]ку)$"
    r"|[щцёъ][^әғқңөұүһі]*$)",
)
# Kazakh typed without its own letters, against Kyrgyz in which none of its own happens to stand
PLAIN_KAZAKH = Signs(
    "жане ушин мен пен бен бойынша туралы болып болды дейди екен сол осы кейин дейин тагы казак барлык керек онын тиис "
    "аркылы сондай немесе кез уш оз ол кашан каласы калай",
    r"^е|[ае]у|уы|[аеы]д[ыи]$|ип$|[мбп]ен$|[^у]л[ыи]$|^х|ш[еи]|ст[ыи]|^бас|^оз|^ос|шы[гкл]|[ндт][ыи]н$",
)
KYRGYZ = Signs(
    "менен тууралуу болгон болуп жана бирок ушул кийин чейин деген дагы баш же",
    r"оо|уу|аа|ээ|өө|үү|^э|ч|ий|[гктдлр]о[нртчгк]|[уо]п$|[ае]т$|у[нк]$|у[нк]т|нен$|шу",
)

ENGLISH = Signs(
    "the of in and to for on at as with from by after over under a is are was were be their its his that this not have "
    "has will how what who new says against amid into",
    r"(?:ing|ed|tion|ions|ers|ment|ity|ly)$|'s$|th|^w|ck|ou|ee",
)
# Letters of one Kazakh Latin alphabet only: 2018 (ǵ ń), 2021 (ū, ñ beside q), 2017 (n' s' y' a' i'), abai.kz (ә, gh)
LATIN_KAZAKH_ONLY = Signs(
    "jáne jäne ja'ne jәne zhane úshin üşin u's'in týraly ty'raly taǵy tağy tag'y taghy keıin kei'in deıin qazaq jumys "
    "jańa jaña júmys jūmys eńbek eñbek",
    r"[ǵńū]|ә(?!.*[xv])|[bdgklmnrstuyz]gh[aey]|[nscy]'(?=[a-z])|n'$|q.*ñ|ñ.*q|j[yuū].*(?:q|sh|ş)|q.*y[bdgklmnprstz]|y[nl]?d[ay].*q",
)
# Signs that Kazakh shares with one or the other neighbour
LATIN_KAZAKH = Signs(
    "men pen ben bul osy dep edi emes eken bolyp boldy joq turaly keiin deiin",
    r"q(?!u[aeio])|[bdgjklmnprstzşǵğńñ]'?y[bdgklmnprstzşǵğńñ]|[dntlsrzjm]y$|^j[aeuúūyo]|[yiı][ńñ]$|ğ"
    r"|[yıi]p$|[dt][yıi]$|[mbp]en$|[tdnl][yıi][ńñn]?g?$|s[yıi]$|shy|şy|aı|oı|eı|ai$|ei$|[ae]d[yıi]",
)
# Letters and little words of Turkish, Azerbaijani, Turkmen, Uzbek and Uyghur that Kazakh lacks
LATIN_NEIGHBOUR = Signs(
    "va ve və we bilan ile ilə bilen uchun için üçün üçin ham bo'lgan bolan o'z her här har olan hem üchün bilän",
    r"[xvwçcžňəëß](?!')|^ý|m[ae]k$|li[kq]$|lığı|[dg]an$|[aouy].*ga$|ning$|[iy]ň|[oöu]'|^h|[aä]h",
)
