"""What a card says of a story's life: how far it went, what is new in it, what it may belong with."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import (
    Account,
    Escalation,
    Join,
    Keywords,
    Place,
    Reason,
    Relative,
    Severity,
    Spread,
    Standing,
    Story,
    Turn,
    Verdict,
)
from monitor.render.alerts import labels, links, spread, tell
from monitor.render.cards import card
from samples import ALMATY, SEEN_AT, alert

UPDATED = SEEN_AT + timedelta(hours=1)


def shown(told, lang="en"):
    """The words of a card."""
    return card(told, languages=(lang,), time_zone=ALMATY).text


def account(feed_id, standing, *, after=0, lang="ru"):
    """What an outlet of that standing told, so many hours after the first."""
    return Account(
        article_id=hash(feed_id) % 1000,
        feed_id=feed_id,
        outlet=feed_id,
        standing=standing,
        url=f"https://{feed_id}.example/1",
        title="t",
        text="",
        lang=lang,
        severity=Severity.URGENT,
        topics=("strike",),
        places=(),
        names=(),
        published_at=None,
        seen_at=SEEN_AT + timedelta(hours=after),
        join=Join.OPENS,
    )


def test_a_grown_card_says_who_tells_it_and_who_does_not():
    """The outlets are counted, the silence of the state's is named, and the time of the update has its zone."""
    grown = Spread(outlet_count=5, independent_only=True, state_read_count=6, updated_at=UPDATED)
    assert (
        "5 outlets · independent outlets only so far · not found in the 6 state sources read · updated 15:30 Almaty"
        in shown(alert(spread=grown))
    )


def test_a_card_says_when_the_state_followed():
    """Once state media tell it, the card says after how long; when they were the first, it says nothing."""
    late = Spread(outlet_count=3, state_read_count=6, state_after=timedelta(hours=31, minutes=5), updated_at=UPDATED)
    assert "3 outlets · first found in state media after 31 h · updated" in shown(alert(spread=late))
    first = replace(late, state_after=timedelta(0))
    assert "state" not in shown(alert(spread=first)).partition("3 outlets")[2].partition("updated")[0]


def test_a_first_card_stays_short():
    """Before anything grew only the sources are counted."""
    assert "One source. Found automatically, not verified.\n" in shown(alert(spread=Spread(state_read_count=6)))


def test_an_update_of_another_day_has_its_date():
    """An update of the next day says so."""
    assert "updated 22 Nov, 15:30 Almaty" in shown(alert(spread=Spread(updated_at=UPDATED + timedelta(days=1))))


def test_other_languages_are_named():
    """The languages in which it is also told stand on the card, in the reader's own."""
    told = alert(spread=Spread(outlet_count=2, also_in=("kk", "en"), updated_at=UPDATED))
    assert "also in Kazakh / English" in shown(told)
    assert "также на казахском / английском" in shown(told, "ru")


def test_relatives_say_how_sure_that_is():
    """A story in another language, possibly the same one and one possibly linked are told apart."""
    relatives = (
        Relative(ref="AAAAA", join=Join.ALSO),
        Relative(ref="BBBBB", join=Join.POSSIBLY),
        Relative(ref="CCCCC", join=Join.RELATED),
        Relative(ref="DDDDD", join=Join.RELATED),
    )
    text = shown(alert(relatives=relatives))
    assert "In another language: AAAAA\nPossibly the same story as BBBBB\nPossibly linked to CCCCC, DDDDD\n" in text


def test_the_first_relative_of_a_kind_has_its_headline():
    """A reference alone says nothing: the first one has its headline, tamed and cut."""
    relatives = tuple(
        Relative(ref=ref, join=Join.RELATED, title=f"@{ref} " + "слово " * 30) for ref in ("AAAAA", "BBBBB")
    )
    (line,) = [line for line in shown(alert(relatives=relatives)).split("\n") if line.startswith("Possibly")]
    assert line.startswith("Possibly linked to AAAAA (“@ AAAAA слово")
    assert line.endswith("слово…”), BBBBB")
    assert len(line) < 120


def test_one_mark_around_a_headline_is_enough():
    """A headline that ends with a quotation mark gets no second one."""
    told = alert(relatives=(Relative(ref="AAAAA", join=Join.RELATED, title="«Бірлік» и «Тезжол»"),))
    assert "AAAAA («Бірлік» и «Тезжол»)\n" in shown(told, "ru")


def test_the_same_news_in_another_language_says_so():
    """A card that answers another one only because it tells the same in another language says no more than that."""
    same = alert(is_reply=True, relatives=(Relative(ref="AAAAA", join=Join.ALSO, title="Ереуіл", lang="kk"),))
    assert shown(same).split("\n")[1] == "↪ Update: the same in another language"
    assert shown(alert(is_reply=True)).split("\n")[1] == "↪ Update"


@pytest.mark.parametrize(
    ("turn", "line"),
    [
        (Escalation(turn=Turn.TOPIC, what=("persecution",)), "↪ Update: now also persecution"),
        (Escalation(turn=Turn.PLACE, what=("zhanaozen",)), "↪ Update: now also in Zhanaozen"),
        (Escalation(turn=Turn.NAME, what=("kmg",)), "↪ Update: now also kmg"),
        (Escalation(turn=Turn.END), "↪ Update: a settlement or an end is reported"),
        (Escalation(turn=Turn.SILENCE, days=5), "↪ Update: first news after 5 days"),
        (Escalation(turn=Turn.GRAVER), "↪ Update: graver than reported before"),
    ],
)
def test_a_reply_says_what_is_new(turn, line):
    """The second line of a card that answers another one is what happened since."""
    assert shown(alert(escalation=turn, is_reply=True)).split("\n")[1] == line


def test_independent_outlets_are_named_first_and_the_state_last():
    """Whoever was first: the order of links is independent, union, foreign, business, official, state."""
    standings = [*Standing]
    accounts = [account(standing.value, standing, after=number) for number, standing in enumerate(standings)]
    state = next(one for one in accounts if one.standing is Standing.STATE)
    ordered = links(accounts, state, {})
    assert [link.standing.value for link in ordered] == [
        "independent",
        "union",
        "foreign",
        "business",
        "official",
        "state",
    ]
    assert [link.outlet for link in ordered if link.quoted] == ["state"]


def test_one_link_an_outlet_and_the_lead_before_its_like():
    """An outlet that told it twice has one link; of two independent outlets the quoted one is first."""
    accounts = [account("a", Standing.INDEPENDENT), account("b", Standing.INDEPENDENT), account("a", Standing.STATE)]
    assert [link.outlet for link in links(accounts[:2], accounts[1], {})] == ["b", "a"]
    assert [link.outlet for link in links([accounts[0], accounts[0]], accounts[0], {})] == ["a"]


def test_whose_words_are_quoted_is_named():
    """When the first link is not the quoted one, the quoted outlet comes right after it."""
    accounts = [account("state", Standing.STATE), account("free", Standing.INDEPENDENT, after=2)]
    accounts += [account("other", Standing.INDEPENDENT, after=3)]
    text = shown(alert(links=links(accounts, accounts[0], {})))
    assert "free (independent) · found 21 Nov, 16:30 Almaty" in text
    assert "Also: state (state-owned), other (independent)" in text


def test_a_town_says_its_region():
    """A region that an article names beside one of its towns is left out; another region is not."""
    placed = {"mangystau": "KZ-47", "zhanaozen": "KZ-47", "atyrau": "KZ-23", "kazakhstan": None}
    keywords = Keywords(places=tuple(Place(id=place, region=region) for place, region in placed.items()))
    lead = replace(account("a", Standing.INDEPENDENT), places=("kazakhstan", "mangystau", "zhanaozen", "atyrau"))
    story = Story(ref="K7F2Q", title="t", opened_at=SEEN_AT, updated_at=SEEN_AT)
    verdict = Verdict(say=True, reason=Reason.FIRST)
    told = tell(story, [lead], (), verdict, lead=lead, feeds={}, known=labels(keywords))
    assert told.places == ("kazakhstan", "zhanaozen", "atyrau")
    assert told.regions == ("KZ-47", "KZ-23")


def test_how_far_a_story_went():
    """Outlets, languages and the delay of the state are counted from the articles; relatives add their language."""
    accounts = [
        account("a", Standing.INDEPENDENT),
        account("b", Standing.INDEPENDENT, after=1, lang="kk"),
        account("a", Standing.INDEPENDENT, after=2),
    ]
    also = (Relative(ref="AAAAA", join=Join.ALSO, lang="en"), Relative(ref="BBBBB", join=Join.RELATED, lang="kk"))
    found = spread(accounts, accounts[0], also, 6)
    assert found == Spread(outlet_count=2, independent_only=True, state_read_count=6, also_in=("kk", "en"))
    state = account("s", Standing.OFFICIAL, after=31)
    assert spread([*accounts, state], accounts[0]).state_after == timedelta(hours=31)
    assert not spread([*accounts, state], accounts[0]).independent_only
