"""An article in, a Finding out: which topics match, where, how loudly, and what almost matched.

    tokens → words (remembered per token) → triggered terms → spans → topics → guards

No lemmatiser runs here: every form was worked out when the file was compiled.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from monitor.languages.detection import detect
from monitor.matching.almost import SHOWN, Almost, nearest, phrases_by_topic
from monitor.matching.plan import Plan, Role, View
from monitor.matching.reading import BODY, Reading
from monitor.matching.rules import Sheet, TopicRule
from monitor.model import Finding, Lang, NearMiss, Reason, Scope, Severity, TopicMatch

LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "kk": "Kazakh", "ky": "Kyrgyz", "uz": "Uzbek"}
DETECTED_LENGTH = 1000  # code points of the text; more do not change the answer
NO_PLACE = "no Kazakhstan place"

_KAZAKH = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
_CYRILLIC = re.compile("[а-яА-ЯёЁ]")
_LATIN = re.compile("[a-zA-Z]")

Hits = dict[Role, list[int]]


class Matcher:
    """A compiled keyword file. Made by `compile.compile_keywords`; safe to keep for the life of the process."""

    def __init__(self, plan: Plan, views: Mapping[str, View]) -> None:
        """`views` has one per language, and `""` for articles in any other."""
        self.plan, self.views = plan, views
        self._rules = [TopicRule(plan, index) for index in range(len(plan.topics))]
        self._tried: dict[View, Mapping[str, Sequence[int]]] = {}  # for those who ask why not
        self.labels, self.regions = plan.labels, plan.regions

    def __reduce__(self) -> tuple[type["Matcher"], tuple[Plan, Mapping[str, View]]]:
        """Packed as what was compiled."""
        return Matcher, (self.plan, self.views)

    def find(
        self,
        title: str,
        text: str,
        *,
        lang: str | None = None,
        prior: Lang | None = None,
        scope: Scope = "local",
        explain: bool = False,
    ) -> Finding:
        """What the keyword file says of an article.

        `lang` is final when given; otherwise it is detected, `prior` being what the feed is mostly written in. With
        `explain`, topics that would match in another language, and phrases that lack one word, are among the near
        misses. Never raises.
        """
        language = lang or _language(title, text, prior)
        view = self.views.get(language) or self.views[""]
        reading = Reading(self.plan, view, title, text)
        if not reading.candidates and not explain:
            return Finding(lang=language, severity=Severity.NONE, reason=Reason.NO_TOPIC)
        sheets, marks = self._gather(reading)
        matches, near = self._judge(sheets, reading)
        if explain:
            near += self._other_languages(title, text, language, {match.topic for match in matches})
            told = {match.topic for match in matches} | {miss.topic for miss in near}
            near += self._phrases(reading, view, told)
        places, names = _ids(marks, "place", reading), _ids(marks, "name", reading)
        front = {role: numbers for role, numbers in marks.items() if matches and self._up_front(numbers, reading)}
        severity, reason, kept = self._guard(matches, marks, reading, scope)
        if reason is Reason.NO_PLACE:
            near += [NearMiss(topic=match.topic, missing=NO_PLACE) for match in matches]
        return Finding(
            lang=language,
            severity=severity,
            reason=reason,
            topics=tuple(kept),
            near=_one_per_topic(near),
            places=places,
            names=names,
            about=_ids(front, "name", reading),
            sectors=_ids(front, "sector", reading),
        )

    # ── The steps ──

    def _gather(self, reading: Reading) -> tuple[dict[int, Sheet], Hits]:
        """The terms that stand in the article: per topic, and apart from topics per place, name and guard."""
        sheets: dict[int, Sheet] = {}
        marks: Hits = {}
        for number in reading.candidates:
            if not reading.spans(number):
                continue
            for role in self.plan.roles[number]:
                if role.topic >= 0:
                    sheet = sheets.get(role.topic) or sheets.setdefault(role.topic, Sheet())
                    sheet.add(role, number)
                elif role.part != "group":
                    marks.setdefault(role, []).append(number)
        return sheets, marks

    def _judge(self, sheets: Mapping[int, Sheet], reading: Reading) -> tuple[list[TopicMatch], list[NearMiss]]:
        """Every topic that has a term here: the matches, loudest first, and the near misses."""
        matches: list[TopicMatch] = []
        near: list[NearMiss] = []
        for index in sorted(sheets):
            answer = self._rules[index].apply(sheets[index], reading)
            if isinstance(answer, TopicMatch):
                matches.append(answer)
            elif answer is not None:
                near.append(answer)
        matches.sort(key=lambda match: (-match.severity.rank, -match.score))
        return matches, near

    def _guard(
        self, matches: list[TopicMatch], marks: Hits, reading: Reading, scope: Scope
    ) -> tuple[Severity, Reason, list[TopicMatch]]:
        """How loudly the article speaks after the guards, why, and the topics that are left."""
        if not matches:
            return Severity.NONE, Reason.NO_TOPIC, []
        counted = [match.severity for match in matches if match.live and match.blocked is None]
        if not counted:
            blocked = any(match.live for match in matches)
            return Severity.NONE, Reason.BLOCKED if blocked else Reason.TRIAL, matches
        here = any(role.part == "place" or _is_kazakh(role, self.plan) for role in marks)
        if scope == "global" and not here:
            return Severity.NONE, Reason.NO_PLACE, []
        loudest = max(counted, key=lambda severity: severity.rank)
        if loudest.rank > Severity.DIGEST.rank:
            if not here and any(role.part == "elsewhere" for role in marks):
                return Severity.DIGEST, Reason.ELSEWHERE, matches
            if any(self._up_front(marks[role], reading) for role in marks if role.part == "demote"):
                return Severity.DIGEST, Reason.DEMOTED, matches
        return loudest, Reason.MATCHED, matches

    def _up_front(self, numbers: Iterable[int], reading: Reading) -> bool:
        """Whether one of the terms stands in the title or the lead: what the article is about, not its background."""
        return any(reading.region(span) != BODY for number in numbers for span in reading.spans(number)[:1])

    def _other_languages(self, title: str, text: str, language: str, matched: set[str]) -> list[NearMiss]:
        """The topics that would match if the article were taken for one in another language."""
        near = []
        for other, view in self.views.items():
            if other in ("", language):
                continue
            reading = Reading(self.plan, view, title, text)
            for match in self._judge(self._gather(reading)[0], reading)[0]:
                if match.topic not in matched:
                    taken = LANGUAGE_NAMES.get(language, "neither English, Russian nor Kazakh")
                    tried = LANGUAGE_NAMES.get(match.hits[0].lang, LANGUAGE_NAMES[other])
                    what = f"«{match.hits[0].term}» is tried in {tried} articles; this one is {taken}"
                    near.append(NearMiss(topic=match.topic, missing=what))
        return near

    def _phrases(self, reading: Reading, view: View, told: set[str]) -> list[NearMiss]:
        """The phrases that come nearest, of topics of which nothing was told yet."""
        if view not in self._tried:
            self._tried[view] = phrases_by_topic(self.plan, view)
        found: list[tuple[str, Almost]] = []
        for topic, numbers in self._tried[view].items():
            if topic not in told and (almost := nearest(numbers, self.plan, reading)):
                found.append((topic, almost))
        found.sort(key=lambda one: one[1][:2], reverse=True)
        return [NearMiss(topic=topic, missing=almost.missing) for topic, almost in found[:SHOWN]]


def _language(title: str, text: str, prior: Lang | None) -> str:
    """The language of an article; without a feed that has one, its letters say what to expect."""
    sample = f"{title}\n{text[:DETECTED_LENGTH]}"
    return detect(sample, prior or _by_letters(sample))


def _by_letters(sample: str) -> Lang | None:
    if _KAZAKH.search(sample):
        return "kk"
    if _CYRILLIC.search(sample):
        return "ru"
    return "en" if _LATIN.search(sample) else None


def _is_kazakh(role: Role, plan: Plan) -> bool:
    return role.part == "name" and role.id in plan.kazakh_names


def _ids(marks: Hits, part: str, reading: Reading) -> tuple[str, ...]:
    """The places, names or sectors of an article, in order of appearance."""
    first = {
        role.id: min(reading.spans(number)[0] for number in numbers)
        for role, numbers in marks.items()
        if role.part == part
    }
    return tuple(sorted(first, key=first.__getitem__))


def _one_per_topic(near: Sequence[NearMiss]) -> tuple[NearMiss, ...]:
    return tuple({miss.topic: miss for miss in reversed(near)}.values())[::-1]
