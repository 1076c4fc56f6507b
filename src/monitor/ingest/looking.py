"""What is found in a text: by the daemon, or beforehand by the worker's child, which hands it over with the entries."""

from typing import TYPE_CHECKING

from monitor.matching.sentences import lead_end
from monitor.model import Feed, Finding, Look
from monitor.text.tokens import search_words

if TYPE_CHECKING:
    from monitor.matching.engine import Matcher


def look(matcher: "Matcher", feed: Feed, title: str, text: str) -> Look:
    """What stands in an article of a feed."""
    finding = matcher.find(title, text, prior=feed.lang, scope=feed.scope)
    return look_closer(matcher, finding, title, text, lang=finding.lang or feed.lang)


def look_closer(matcher: "Matcher", finding: Finding, title: str, text: str, *, lang: str) -> Look:
    """The look at an article in which this was found: with a hit, at its headline and its beginning by themselves, too."""
    words = search_words(title, text)
    if not finding.topics:
        return Look(finding=finding, words=words)
    early = matcher.find(title, text[: lead_end(text)], lang=lang)
    headline = matcher.find(title, "", lang=lang)
    return Look(finding=finding, early=early, headline=headline, words=words)
