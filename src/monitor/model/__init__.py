"""The nouns: what the house talks about.

Four words for four stages, never confused:

    Entry    an item as the outlet said it             (their words)
    Article  the item as we understood it              (our understanding)
    Story    the articles that tell the same news      (the news)
    Alert    a story worth interrupting someone for    (our voice)

And around them: a Feed is one source and its FeedState what we remember about polling it; a Hit is a term found
in an article and a Finding all that the matcher says of one; a Case is what a judgement needs and a Verdict the
judgement with its reason; a Message is one part of what must be said and a Delivery that message and its fate.

Every time in this module is an aware UTC datetime; every span counts code points.
"""

from monitor.model.basics import LANGUAGES, Clock, Health, Lang, Reason, Scope, Severity, Standing
from monitor.model.keywords import Finding, Hit, Keywords, Name, NearMiss, Place, Sector, Term, Terms, Topic, TopicMatch
from monitor.model.sources import Article, Clues, Entry, Feed, FeedState, Keys, Look, Page, Parsed, Request, Response
from monitor.model.stories import (
    Case,
    Escalation,
    Gist,
    History,
    Join,
    Kin,
    Mute,
    Placement,
    Quiet,
    Rules,
    Story,
    Told,
    Turn,
    Verdict,
)
from monitor.model.troubles import WIDE, Cause, Trouble
from monitor.model.vitals import STAGES, Ailment, Flight, Organ, Road
from monitor.model.voice import (
    Account,
    Alert,
    Coverage,
    Delivery,
    Digest,
    DigestItem,
    Link,
    Message,
    OpenStory,
    Past,
    Relative,
    Spread,
    State,
    Voice,
)

__all__ = [
    "LANGUAGES",
    "STAGES",
    "WIDE",
    "Account",
    "Ailment",
    "Alert",
    "Article",
    "Case",
    "Cause",
    "Clock",
    "Clues",
    "Coverage",
    "Delivery",
    "Digest",
    "DigestItem",
    "Entry",
    "Escalation",
    "Feed",
    "FeedState",
    "Finding",
    "Flight",
    "Gist",
    "Health",
    "History",
    "Hit",
    "Join",
    "Keys",
    "Keywords",
    "Kin",
    "Lang",
    "Link",
    "Look",
    "Message",
    "Mute",
    "Name",
    "NearMiss",
    "OpenStory",
    "Organ",
    "Page",
    "Parsed",
    "Past",
    "Place",
    "Placement",
    "Quiet",
    "Reason",
    "Relative",
    "Request",
    "Response",
    "Road",
    "Rules",
    "Scope",
    "Sector",
    "Severity",
    "Spread",
    "Standing",
    "State",
    "Story",
    "Term",
    "Terms",
    "Told",
    "Topic",
    "TopicMatch",
    "Trouble",
    "Turn",
    "Verdict",
    "Voice",
]
