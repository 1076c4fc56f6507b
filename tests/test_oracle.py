"""What we send, and what our stand-in for the Bot API takes, judged by Telegram's own parser."""

from dataclasses import replace
from itertools import product

import pytest

import oracle
from fake_telegram import Refusal, check_entity
from hostile import titles
from loopback import Chance
from monitor.app.house import House, open_house
from monitor.config.settings import Settings
from monitor.model import Alert, Lang
from monitor.newsroom.demo import BEFORE_ALL, MORNING, FixedClock, play
from monitor.render.cards import MOST_UNITS, Card, card
from monitor.render.cutting import width
from monitor.store.judged import between
from samples import ALMATY, AZATTYQ, HOSTILE, LADA, TEXT, TITLE, VLAST, alert, hit

LANGUAGES: list[tuple[Lang, ...]] = [("ru",), ("en",), ("kk",), ("ru", "en"), ("kk", "ru", "en")]
LINKS = [(LADA,), (LADA, VLAST, AZATTYQ)]
DIFFERENCES = 2_000
HOSTILE_ITEMS = 500

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


def items(demo: House) -> list[tuple[Alert, tuple[Lang, ...]]]:
    """Every story of the demo in every set of languages, and 500 hostile titles and texts with words that matched."""
    told = [demo.library.alert(judged) for judged in between(demo.db, BEFORE_ALL, MORNING)]
    hostile = []
    for number, title in enumerate(titles(HOSTILE_ITEMS)):
        text = f"{title} {TEXT}"
        wide = replace(hit(text, "По словам рабочих, с утра 21 ноября не вышли"), term="слово ~9 выйти")
        found = (hit(text, "не вышли на смену"), wide) if number % 2 else (hit(text, "не вышли на смену"),)
        hostile.append(alert(title=title, text=text, hits=found, links=LINKS[number % 2]))
    every = [(news, languages) for news in told for languages in LANGUAGES]
    return every + [(news, LANGUAGES[number % len(LANGUAGES)]) for number, news in enumerate(hostile)]


async def test_telegram_sees_what_we_mean(tmp_path):
    """Of 500 demo and hostile items Telegram's parser takes each, and sees our bold, our links, our quotes, our hashtags."""
    await play(Settings(data_dir=tmp_path), drip=0.1)
    stage = tmp_path / "demo"
    wrong, count, mailto = [], 0, []
    async with open_house(Settings(config_dir=stage, data_dir=stage), clock=FixedClock(MORNING)) as demo:
        for news, languages in items(demo):
            done = card(news, languages=languages, time_zone=ALMATY)
            meant = [(each.kind, each.offset, each.length) for each in done.entities]
            tags = [word for word in done.text.rpartition("\n")[2].split() if word.startswith("#")]
            found = oracle.found_in(done.text)
            if oracle.seen(done.text, as_sent(done)) != meant or width(done.text) > MOST_UNITS:
                wrong.append(done.text)
            if [words for kind, words in found if kind == "Hashtag"] != tags:
                wrong.append(done.text)
            mailto += [one for one in found if one[0] in ("EmailAddress", "Mention", "BotCommand", "Cashtag")]
            mailto += [one for one in found if one[0] == "Url" and not only_http(one[1])]
            count += 1
    assert count >= 500
    assert (wrong, mailto) == ([], [])


def only_http(link: str) -> bool:
    """Whether what Telegram takes for a link is a web address, in letters of one script."""
    scheme, found, rest = link.partition("://")
    host = (rest if found else link).partition("/")[0]
    one_script = host.isascii() or not any(letter.isascii() and letter.isalpha() for letter in host)
    return one_script and (not found or scheme in ("http", "https"))


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
