"""Letters, coverage and notices: what a reader learns at breakfast, offline, and that nothing can break the letter."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from monitor.errors import Problem
from monitor.model import (
    LANGUAGES,
    Coverage,
    DigestItem,
    Join,
    OpenStory,
    Past,
    Reason,
    Relative,
    Severity,
    Spread,
)
from monitor.render import notices
from monitor.render.coverage import coverage_line, span, why
from monitor.render.letters import TEXT_WIDTH, letter
from monitor.render.pictures import picture
from samples import ALMATY, AZATTYQ, HOSTILE, LADA, VLAST, alert, digest, hit

BLIND = Coverage(
    read_count=41,
    watched_count=44,
    blind=(("lada.kz", datetime(2026, 11, 21, 2, 10, tzinfo=UTC), "timeout"), ("Халық үні", None, "blocked")),
    unwatched_count=75,
)


class Tags(HTMLParser):
    """Every tag and attribute of a letter, and its visible words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note one tag."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        """Note some words."""
        if self.tags and self.tags[-1] != "style":
            self.words.append(data)


def item(*, said=True, verdict=Reason.FIRST, at_night=False, **changes):
    """One story of a digest."""
    return DigestItem(alert=alert(**changes), verdict=verdict, said=said, at_night=at_night)


def flat(text):
    """The words without their line ends; what keeps a title and its number together stays."""
    return re.sub(r"[ \n]+", " ", text)


def both(news, *languages, contact=None):
    """The text and the visible words of the HTML part."""
    written = letter(news, languages=languages or ("en",), contact=contact)
    return written.text, flat("".join(Tags(written.html).words))


@pytest.mark.parametrize(
    ("lang", "subject"),
    [("en", "Morning brief, 22 November"), ("ru", "Утренний обзор, 22 ноября"), ("kk", "Таңғы шолу, 22 қараша")],
)
def test_the_subject_is_neutral(lang, subject):
    """The subject is the same whatever happened."""
    assert letter(digest(alert()), languages=(lang,)).subject == subject
    assert letter(digest(), languages=(lang,)).subject == subject


def test_three_lines_of_summary():
    """The letter begins with how much, what could be seen and what could not, and the preheader is the first of them."""
    news = digest(alert(), alert(ref="AAAAA", severity=Severity.NORMAL), coverage=BLIND)
    text, words = both(news)
    for line in (
        "Since yesterday 07:30 Almaty: 1 urgent, 1 other.",
        "41 of 44 watched sources read. 75 known ones are not watched.",
        "Blind: lada.kz since yesterday 07:10 Almaty (does not answer), Халық үні (blocked).",
    ):
        assert line in words
        assert line in " ".join(text.split())
    assert letter(news, languages=("en",)).preheader == "Since yesterday 07:30 Almaty: 1 urgent, 1 other."


def test_all_quiet():
    """A day without news says so, and still says what could be seen."""
    text, words = both(digest())
    for part in (text, words):
        assert "All quiet. Nothing since yesterday 07:30 Almaty." in part
        assert "41 of 44 watched sources read." in part


def test_blindness_is_not_called_quiet():
    """When too little could be read, or nobody knows how much, a letter without news does not say that all is quiet."""
    for coverage in (replace(BLIND, read_count=34), Coverage(read_count=0, watched_count=0), None):
        for part in both(digest(coverage=coverage)):
            assert "All quiet" not in part
            assert "Nothing found since yesterday 07:30 Almaty, but too little could be read" in flat(part)
        subject = letter(digest(coverage=coverage), languages=("en",), telling=True).subject
        assert subject == "Nothing found · 22 November"
    assert "All quiet" in both(digest(coverage=replace(BLIND, read_count=36)))[0]


def test_a_story_in_the_letter():
    """A story has our words, their headline and sentence, every source with its link, its time and its reference."""
    text, words = both(digest(alert(links=(LADA, AZATTYQ))))
    for part in (text, words):
        assert "URGENT · strike reported · Zhanaozen" in part
        assert "[ru] Нефтяники Жанаозена объявили бессрочную забастовку" in part
        assert "Лада (independent)" in part
        assert "Азаттық (foreign)" in part
        assert "may not open in Kazakhstan" in part
        assert "21 Nov, 14:20 Almaty · was in the channel · K7F2Q" in part
    assert LADA.url in text
    html = letter(digest(alert(links=(LADA, AZATTYQ))), languages=("en",)).html
    assert re.findall(r'href="([^"]+)"', html) == [LADA.url, AZATTYQ.url]
    assert re.search(r"<b>не вышли на смену</b>", html)


def test_order():
    """The topic with the weightiest story comes first; in a topic, weight, then the number of sources."""
    news = digest(
        alert(ref="LOW01", topics=("ilo",), severity=Severity.DIGEST),
        alert(ref="ONE01", severity=Severity.NORMAL),
        alert(ref="TWO02", severity=Severity.NORMAL, links=(LADA, VLAST)),
        alert(ref="HIGH1", severity=Severity.URGENT),
    )
    text, _ = both(news)
    assert re.findall(r"· ([A-Z0-9]{5})\n", text) == ["HIGH1", "TWO02", "ONE01", "LOW01"]
    assert text.index("── Strikes") < text.index("── ILO")


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (item(said=False, verdict=Reason.TOO_OLD, late=True), "found late"),
        (item(said=False, verdict=Reason.BASELINE, late=True), "from before we began to watch this source"),
        (item(said=False, verdict=Reason.OVER_BUDGET), "over the channel's daily limit"),
        (item(said=False, verdict=Reason.QUIET_HOURS), "came in at night"),
        (item(said=False, verdict=Reason.DIGEST_ONLY, late=True), "found late"),
        (item(said=True), "was in the channel"),
    ],
)
def test_where_it_was_said(story, words):
    """Each story says whether the channel had it, and if not, why it stands only here."""
    for part in both(digest(items=(story,))):
        assert words in part


def test_a_late_edition():
    """An edition that comes late says how late."""
    assert "This edition comes 5 hours late." in both(digest(late_hours=5))[0]
    assert "Этот выпуск вышел с опозданием на 21 час." in both(digest(late_hours=21), "ru")[1]


def test_two_languages():
    """The second language stands beside the first: summary, topics and what is reported."""
    news = digest(alert())
    for part in both(news, "ru", "en"):
        assert "Со вчерашних 07:30 Алматы: 1 срочная новость." in part
        assert "Since yesterday 07:30 Almaty: 1 urgent." in part
        assert "СРОЧНО · сообщают о забастовке · Жанаозен" in part
        assert "URGENT · strike reported · Zhanaozen" in part
    assert "── Забастовки · Strikes ──" in both(news, "ru", "en")[0]


def test_near_misses_and_blind_spots():
    """Maintainers see what almost matched; many blind sources are listed in full at the end."""
    many = replace(BLIND, blind=tuple((f"outlet{number}.kz", None, "") for number in range(5)))
    for part in both(digest(near_misses=(("Футболисты бастуют", "blocked by: футболист"),), coverage=many)):
        assert "Футболисты бастуют (blocked by: футболист)" in part
        assert "outlet0.kz, outlet1.kz, outlet2.kz and 2 more." in part
        assert "outlet4.kz" in part
    assert "Almost matched" not in both(digest(alert()))[0]


def test_near_misses_beyond_a_handful_are_counted():
    """Maintainers see how many more there were."""
    for part in both(digest(near_misses=(("Футболисты бастуют", "blocked"),), near_count=8)):
        assert "and 7 more" in part


@pytest.mark.parametrize(
    ("verdict", "label"),
    [
        (Reason.DEMOTED, "Looks back at earlier events · strike · Zhanaozen"),
        (Reason.ELSEWHERE, "Mainly about another country · strike"),
    ],
)
def test_what_is_no_news_from_here_does_not_begin_like_it(verdict, label):
    """A memorial plaque or a strike abroad is not "strike reported · Zhanaozen"; why it is there is said once."""
    for at_night in (False, True):
        news = digest(items=(item(said=False, verdict=verdict, at_night=at_night, severity=Severity.DIGEST),))
        for part in both(news):
            assert label in flat(part)
            assert "strike reported" not in part.lower()
            assert part.lower().count(label.split(" · ")[0].lower()) == 1 + at_night


def test_a_story_has_the_time_of_the_outlet_named_first():
    """As on its card: when that outlet published it, and that it was found then where it gives no date."""
    earlier = replace(VLAST, published_at=datetime(2026, 11, 21, 7, 55, tzinfo=UTC), quoted=False)
    undated = alert(published_at=None, links=(earlier, replace(LADA, quoted=True)))
    for part in both(digest(undated)):
        assert "21 Nov, 12:55 Almaty · was in the channel" in part
    for part in both(digest(alert(published_at=None))):
        assert "found 21 Nov, 14:30 Almaty · was in the channel" in part


def test_a_story_says_whom_it_may_belong_with_in_a_sentence_of_its_own():
    """What is known of its spread ends before that begins, so that no line begins twice."""
    spread = Spread(outlet_count=2, also_in=("kk",))
    kin = (Relative(ref="AAAAA", join=Join.ALSO), Relative(ref="BBBBB", join=Join.RELATED))
    for part in both(digest(alert(spread=spread, relatives=kin))):
        assert "also in Kazakh. In another language: AAAAA · Possibly linked to BBBBB" in flat(part)


def test_missing_regions_and_unknown_coverage():
    """Blind outlets say whose news may be missing; of an old day nothing is made up."""
    blind = "Blind: lada.kz since yesterday 07:10 Almaty (does not answer)"
    for regions, missing in [
        (("KZ-47",), "Mangystau news may be missing."),
        (("KZ-47", "KZ-23"), "news from Mangystau, Atyrau may be missing."),
    ]:
        for part in both(digest(alert(), coverage=replace(BLIND, blind=BLIND.blind[:1]), blind_regions=regions)):
            assert f"{blind}: {missing}" in flat(part)
    many = tuple(f"KZ-{code}" for code in (10, 11, 15, 19, 23))
    told = "news from Abai, Akmola, Aktobe, Almaty Region and 1 more may be missing."
    assert told in flat(both(digest(alert(), blind_regions=many))[0])
    for part in both(digest(alert(), coverage=None)):
        assert "What could be read at that time was not recorded." in part


def test_what_came_at_night():
    """What came while readers slept is listed first, a line each, and stands under its topic as well."""
    news = digest(items=(item(at_night=True), item(ref="DAY01")))
    for part in both(news):
        assert "Came in at night" in part
        assert "URGENT · strike reported · Zhanaozen · K7F2Q" in flat(part)
        assert part.count("K7F2Q") == 2
        assert part.count("DAY01") == 1
    many = digest(items=tuple(item(at_night=True, ref=f"N{number:04}") for number in range(11)))
    assert "and 3 more" in both(many)[0]


def test_still_open():
    """Disputes of earlier letters stand in a line or two with since when, the last report, reference and link."""
    opened, heard = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (14, 19))
    one = OpenStory(alert=alert(ref="OPEN1"), opened_at=opened, heard_at=heard)
    for part in both(digest(open_stories=(one,) * 14)):
        assert "Still open" in part
        assert "Strike reported · Zhanaozen" in part
        assert "since 14 Nov, last report 19 Nov · OPEN1 · Лада (independent)" in flat(part)
        assert "and 2 more" in part


def test_a_story_that_grew():
    """A story that several outlets tell says how far it went and what it may belong with."""
    grown = alert(
        links=(LADA, VLAST),
        spread=Spread(outlet_count=2, independent_only=True, state_read_count=6),
        relatives=(Relative(ref="AAAAA", join=Join.RELATED),),
    )
    told = (
        "2 outlets · independent outlets only so far · not found in the 6 state sources read. Possibly linked to AAAAA"
    )
    for part in both(digest(grown)):
        assert told in flat(part)


PAST = tuple(
    Past(date=f"2026-11-{day:02}", topic=topic, regions=regions)
    for day, topic, regions in (
        (22, "strike", ("KZ-47",)),
        (22, "strike", ("KZ-47", "KZ-23")),
        (22, "wages", ()),
        (20, "ilo", ("KZ-75",)),
        (20, "law", ("KZ-75",)),
        (20, "gig", ("KZ-75",)),
        (1, "strike", ("KZ-47",)),
    )
)
TITLES = {topic: {"en": topic.title()} for topic in ("strike", "wages", "ilo", "law", "gig")}


def test_the_picture_and_its_words():
    """Every number of the picture stands in words in both parts: days by topic, topics in all, regions, none of them."""
    news = digest(past=PAST, topic_titles=TITLES, blind_regions=("KZ-47",))
    text, words = both(news)
    html = unescape(letter(news, languages=("en",)).html)
    for part in (text, words):
        assert "7 reports in 30 days" in part
        for told in ("Strike\xa03", "Wages\xa01", "other\xa01"):
            assert told in part
    for told in ("22 Nov ■■■ 3 Strike\xa02, Wages\xa01", "20 Nov ■■■ 3 Ilo\xa01, Law\xa01, other\xa01", "1 Nov ■ 1"):
        assert told in text
    (days, regions) = re.findall(r'aria-label="([^"]*)"', html)
    assert "22 Nov: Strike\xa02, Wages\xa01." in days
    for part in (flat(text), regions):
        assert "By region: Mangystau\xa03, Almaty\xa03, Atyrau\xa01." in part
        assert "1 names no region. Nothing from: Kostanay, North Kazakhstan, Pavlodar," in part
    assert re.search(r"Mangystau<br><b>3</b> \?", html)
    assert "? a source there cannot be read" in words


def test_bars_and_tiles():
    """A bar is as high as its day has reports, the highest fits, and the fullest region is darkest."""
    drawn = picture(digest(past=PAST, topic_titles=TITLES), "en")
    heights = {bar.day: sum(height for _, height in bar.parts) for bar in drawn.bars}
    assert (len(drawn.bars), heights["22 Nov"], heights["1 Nov"], heights["2 Nov"]) == (30, 36, 12, 0)
    levels = {tile.name: tile.level for row in drawn.tiles for tile in row if tile.name}
    assert (len(levels), levels["Mangystau"], levels["Atyrau"], levels["Astana"]) == (20, 3, 1, 0)
    assert len({key.colour for key in drawn.keys}) == len(drawn.keys) == 5
    wanting = {f"topic{number}": {"en": f"T{number}"} for number in range(9)}  # the first and the ninth want one colour
    both_past = (replace(PAST[0], topic="topic0"), replace(PAST[0], topic="topic8"))
    assert len({key.colour for key in picture(digest(past=both_past, topic_titles=wanting), "en").keys}) == 2
    busy = picture(digest(past=PAST[:1] * 500, topic_titles=TITLES), "en")
    assert max(height for bar in busy.bars for _, height in bar.parts) <= 84
    assert picture(digest(), "en") is None


def test_a_plain_letter():
    """Who wants text alone gets no HTML part."""
    assert letter(digest(alert()), languages=("en",), plain=True).html == ""


@pytest.mark.parametrize(
    ("news", "subject"),
    [
        (digest(alert(), alert(severity=Severity.NORMAL)), "1 urgent, 1 other · 22 November"),
        (digest(alert(severity=Severity.NORMAL)), "1 report, nothing urgent · 22 November"),
        (digest(), "All quiet · 22 November"),
    ],
)
def test_a_telling_subject(news, subject):
    """Only who asked for it learns from the subject how much there is; never what."""
    assert letter(news, languages=("en",), telling=True).subject == subject


def test_footer():
    """The footer says how the news was found, which zone times are in, and whom to tell about a mistake."""
    for part in both(digest(), contact="desk@union.example"):
        assert "Found automatically, not verified." in part
        assert "Times are those of Almaty." in part
        assert "Tell desk@union.example." in part
    assert "Tell" not in both(digest())[0]


def test_same_day_same_letter():
    """The same digest gives the same letter, byte by byte."""
    assert letter(digest(alert()), languages=("ru", "en")) == letter(digest(alert()), languages=("ru", "en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_html_travels_well(lang):
    """Styles are in the tags, dark mode stays, the language is named, 600 px, nothing remote, no script."""
    html = letter(digest(alert()), languages=(lang,)).html
    parsed = Tags(html)
    assert ("html", "lang", lang) in parsed.attributes
    assert "@media (prefers-color-scheme: dark)" in re.sub(r"\s+", " ", html)
    assert re.search(r'<h1[^>]* style="[^"]*font: ?32px', html)
    assert html.index("charset") < 1024
    assert re.search(r"max-width: ?600px", html)
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(parsed.tags)
    assert "url(" not in html
    assert "http-equiv" not in html


def test_sixty_stories_stay_light():
    """Sixty stories weigh less than the 102 kB at which Gmail cuts a letter off."""
    text = "Рабочие не вышли на смену, потому что " + "очень " * 60 + "устали."
    long = alert(text=text, hits=(hit(text, "не вышли на смену"),), links=(LADA, VLAST))
    news = digest(*(replace(long, ref=f"A{number:04}") for number in range(60)))
    written = letter(news, languages=("ru", "en"))
    assert len(written.html.encode()) < 100_000
    assert written.html.count("<h3") == 60
    assert written.text.count("не вышли на смену") == 60


def test_text_lines_are_short():
    """The text part is wrapped; only an address may be longer than a line."""
    text, _ = both(digest(alert(), alert(ref="AAAAA")), "ru", "en", contact="desk@union.example")
    assert [line for line in text.splitlines() if len(line) > TEXT_WIDTH and "http" not in line] == []
    assert "\n\n\n\n" not in text


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(title):
    """Whatever titles, texts and names contain, the letter goes out with the tags it always has."""
    links = (
        replace(LADA, outlet=title),
        replace(LADA, url="javascript:alert(1)"),
        replace(LADA, url="data:text/html,x"),
    )
    hostile = alert(
        title=title, text=title, hits=(), links=links, topic_titles={"strike": {"en": title}}, lang='x"><script>'
    )
    news = digest(hostile, near_misses=((title, title),), coverage=replace(BLIND, blind=((title, None, title),)))
    written = letter(news, languages=("en", "kk"))
    plain = letter(digest(alert(), near_misses=(("x", "y"),)), languages=("en", "kk"))
    assert set(Tags(written.html).tags) <= set(Tags(plain.html).tags)
    assert re.findall(r'href="([^"]+)"', written.html) == [LADA.url]
    assert "\r" not in written.subject + written.preheader
    assert "\n" not in written.subject + written.preheader
    written.text.encode()


def test_coverage_line():
    """The coverage line counts, names the blind with since when and why, and says when nothing is blind."""
    assert coverage_line(BLIND, "en", ALMATY) == (
        "41 of 44 watched sources read. 75 known ones are not watched. "
        "Blind: lada.kz since 21 November, 07:10 Almaty (does not answer), Халық үні (blocked)."
    )
    seeing = Coverage(read_count=44, watched_count=44)
    assert coverage_line(seeing, "ru", ALMATY) == "Прочитано 44 из 44 источников. Слепых зон нет."


def test_coverage_says_what_may_have_passed_unseen():
    """Probable gaps with their length and unusual silences stand beside the blind, and nothing then claims to see all."""
    gaps = (("Власть", timedelta(minutes=95)), ("Лада", timedelta(minutes=35)))
    since = datetime(2026, 11, 21, 13, 40, tzinfo=UTC)
    seen = Coverage(read_count=44, watched_count=44, gap=gaps[0][1], gaps=gaps, quiet=(("Ак Жайык", since),))
    now = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
    assert coverage_line(seen, "en", ALMATY, now=now) == (
        "44 of 44 watched sources read. Probable gap: Власть 1 hr 35 min, Лада 35 min. "
        "Unusually quiet: Ак Жайык since yesterday 18:40 Almaty."
    )
    assert "Возможный пробел: Власть 1 ч 35 мин" in coverage_line(seen, "ru", ALMATY)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "1 min"),
        (35, "35 min"),
        (60, "1 hr"),
        (1439, "23 hr 59 min"),
        (1441, "1 day"),
        (51 * 60 + 5, "2 days 3 hr"),
    ],
)
def test_spans_are_told_by_their_largest_units(minutes, words):
    """Two units at most, whole ones, and never nothing."""
    assert span(timedelta(minutes=minutes), "en") == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_of_blindness_has_words(lang):
    """Whatever a source fails with, the reader gets words and never our own term for it."""
    kinds = ["timeout", "dns", "tls", "blocked", "status", "throttled", "crash", "emptied", "not polled", "whatever"]
    said = {why(kind, lang) for kind in kinds}
    assert len(said) == 8
    assert not any("blind." in words for words in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_notices(lang):
    """Each notice is a subject of one line and a text that says what it is about."""
    problems = [Problem(path="config/keywords.yaml", line=line, column=5, what="unknown key.") for line in range(1, 30)]
    told = [
        notices.config_refused(problems, lang),
        notices.config_reloaded(12, 8, lang),
        notices.destination_closed("main", "the bot may not write there (403)", lang),
        notices.destination_open("main", lang),
        notices.message_refused("K7F2Q", "Telegram refuses this message (400)", lang),
        notices.urgent_blocked("Футболисты бастуют", "strike", "футболист", lang),
        notices.coverage_told(BLIND, lang, ALMATY, datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
    ]
    assert all(notice.subject and "\n" not in notice.subject and notice.text for notice in told)
    assert "config/keywords.yaml:1:5: unknown key." in told[0].text
    assert len(told[0].text.splitlines()) == 12
    assert "403" in told[2].text
    assert "K7F2Q" in told[4].text
    assert "Халық үні" in told[6].text
