"""What we send, and what our stand-in for the Bot API takes, judged by Telegram's own parser."""

from itertools import product

import pytest

import oracle
from fake_telegram import Refusal, check_entity
from loopback import Chance
from monitor.render.cards import Card, card
from samples import ALMATY, AZATTYQ, HOSTILE, LADA, TEXT, TITLE, VLAST, alert

LANGUAGES = [("ru",), ("en",), ("kk",), ("ru", "en"), ("kk", "ru", "en")]
LINKS = [(LADA,), (LADA, VLAST, AZATTYQ)]
DIFFERENCES = 2_000

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(oracle.library() is None, reason="Telegram's parser is installed by .ci/run, where npm is"),
]


def cards() -> list[Card]:
    """Every hostile text as a title and as a body, in every set of languages, with one source and with three."""
    return [
        card(news, languages=languages, time_zone=ALMATY, repeat=repeat)
        for hostile, languages, links, repeat in product((*HOSTILE, TITLE), LANGUAGES, LINKS, (False, True))
        for news in (
            alert(title=hostile, hits=(), links=links),
            alert(title=TITLE, text=hostile + TEXT, hits=(), links=links),
        )
    ]


def as_sent(done: Card) -> list[dict[str, object]]:
    """The entities of a card as the Bot API gets them."""
    return [
        {"type": each.kind, "offset": each.offset, "length": each.length, "url": each.url} for each in done.entities
    ]


def test_telegram_takes_every_card():
    """No hostile title or text makes a card, or its plain form, that Telegram's parser refuses."""
    made = cards()
    assert len(made) >= 300
    assert {oracle.refuses(done.text, as_sent(done)) for done in made} == {""}
    assert {oracle.refuses(done.plain_text, []) for done in made} == {""}


def test_telegram_changes_no_plain_text():
    """What Telegram would clean out of a text was cleaned out by us: it shows what we stored."""
    changed = [done.plain_text for done in cards() if oracle.ask(done.plain_text, [])["text"] != done.plain_text]
    assert changed == []


def test_the_stand_in_refuses_what_telegram_refuses():
    """Spans moved and stretched at random: wherever Telegram's parser refuses, so does the stand-in."""
    chance, made, refused = Chance("spans"), [done for done in cards() if done.entities], 0
    for _ in range(DIFFERENCES):
        done = chance.pick(made)
        span = chance.pick(as_sent(done))
        span |= {
            "offset": span["offset"] + int(chance.below(61)) - 30,
            "length": span["length"] + int(chance.below(400)) - 50,
        }
        why = oracle.refuses(done.text, [span])
        refused += bool(why)
        if why:
            with pytest.raises(Refusal):
                check_entity(done.text, span)
    assert refused > DIFFERENCES // 50, "the spans were too tame"
