"""The preview: what was said, as a page that looks like the channel, and the digest as the e-mail it would be."""

import email
import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from email.policy import default
from html.parser import HTMLParser

import pytest

from monitor.channels import preview
from monitor.render.letters import letter
from monitor.render.notices import config_reloaded
from samples import ALMATY, HOSTILE, SEEN_AT, VLAST, alert, digest

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "svg", "circle", "path", "div", "h1", "h2", "p", "main",
    "span", "article", "footer", "time", "b", "i", "a", "blockquote",
}  # fmt: skip


class Page(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note one tag."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def message(languages=("ru", "en"), **changes):
    """The sample alert as the preview's message."""
    (rendered,) = preview.render(alert(**changes), languages=languages, time_zone=ALMATY)
    return rendered


async def kept(folder, *messages, repeat=False):
    """The folder after these messages."""
    async with preview.connect(folder=folder) as sender:
        ids = [await sender.send(one, "", repeat=repeat) for one in messages]
    return ids, (folder / "channel.html").read_text(encoding="utf-8")


async def test_the_channel_as_a_reader_sees_it(tmp_path):
    """The card stands in a bubble under its day, with bold words, link, hashtags and the local time."""
    _, page = await kept(tmp_path / "preview", message())
    assert "<b>СРОЧНО · сообщают о забастовке · Жанаозен</b>" in page
    assert "<i>URGENT · strike reported · Zhanaozen</i>" in page
    assert "<blockquote>«По словам рабочих, с утра 21 ноября <b>не вышли на смену</b>" in page
    assert 'href="https://www.lada.kz/news/12345.html"' in page
    assert '<span class="tag">#забастовка</span> <span class="tag">#Мангистау</span> · K7F2Q' in page
    assert "<h2><span>21 ноября</span></h2>" in page
    assert '<time datetime="2026-11-21T09:30:00+00:00">14:30</time>' in page


async def test_empty(tmp_path):
    """Before the first message there is a page that says so."""
    _, page = await kept(tmp_path / "preview")
    assert "Nothing has been said yet." in page


async def test_a_page_that_shows_everything_is_left_alone(tmp_path):
    """A start draws the page only where it is missing, or a crash came between the words and the page."""
    await kept(tmp_path, message())
    page, log = tmp_path / "channel.html", tmp_path / "channel.jsonl"
    page.write_text("drawn", encoding="utf-8")
    assert (await kept(tmp_path))[1] == "drawn"
    os.utime(log, ns=(0, page.stat().st_mtime_ns + 1))
    assert "не вышли на смену" in (await kept(tmp_path))[1]
    page.unlink()
    assert "не вышли на смену" in (await kept(tmp_path))[1]
    log.unlink()
    assert "Nothing has been said yet." in (await kept(tmp_path))[1]
    page.write_text("drawn by the version before", encoding="utf-8")
    os.utime(log, ns=(0, 1))
    os.utime(page, ns=(0, 2))
    assert "Nothing has been said yet." in (await kept(tmp_path))[1]


async def test_the_same_twice_is_one(tmp_path):
    """Saying a message again, as after a crash, leaves one bubble and gives the same id."""
    ids, page = await kept(tmp_path, message(), message(ref="AAAAA"), message())
    again, _ = await kept(tmp_path, message(), repeat=True)
    assert (ids, again) == (["1", "2", "1"], ["1"])
    assert page.count("<article") == 2
    assert len((tmp_path / "channel.jsonl").read_text(encoding="utf-8").splitlines()) == 2


async def test_a_repeat_says_so(tmp_path):
    """A possible repeat that was not kept yet begins with ↻."""
    _, page = await kept(tmp_path, message(), repeat=True)
    assert "↻ Возможный повтор · Possible repeat\n\n🔴 <b>СРОЧНО" in page


async def test_edit(tmp_path):
    """An edit changes the words of the earlier bubble, and says so."""
    grown = replace(message(links=(*alert().links, VLAST)), action="edit", revision=1)
    _, page = await kept(tmp_path, message(), message(ref="AAAAA"), grown)
    assert page.count("<article") == 2
    assert page.index("2 источника") < page.index("AAAAA")
    assert "изменено" in page


async def test_reply_and_update(tmp_path):
    """A reply names what it answers; a later revision that is sent is a bubble of its own."""
    _, page = await kept(
        tmp_path, message(), replace(message(), action="reply", revision=1), replace(message(), revision=2)
    )
    assert page.count("<article") == 3
    assert '<p class="answers">K7F2Q</p>' in page


async def test_silence_shows(tmp_path):
    """A message without sound carries a crossed bell, one that rings does not."""
    _, page = await kept(tmp_path, message(), message(ref="AAAAA", ring=False))
    assert page.count('aria-label="отправлено без звука"') == 1


async def test_days(tmp_path):
    """A day's name stands once over its messages, by local days."""
    late = message(ref="AAAAA", seen_at=SEEN_AT + timedelta(hours=10))  # 19:30 UTC is the next day in Almaty
    _, page = await kept(tmp_path, message(), message(ref="BBBBB"), late)
    assert re.findall(r"<h2><span>(.*?)</span>", page) == ["21 ноября", "22 ноября"]


async def test_notices_stand_among_the_messages(tmp_path):
    """Words for maintainers are seen where they would be read."""
    notice = config_reloaded(12, 8, "en")
    _, page = await kept(
        tmp_path, *preview.render_notice(notice, key="r", at=SEEN_AT, languages=("en",), time_zone=ALMATY)
    )
    assert "🛠 <b>For maintainers · The configuration was reloaded</b>" in page
    assert "12 feeds, 8 topics" in page


async def test_only_the_owner_can_read(tmp_path):
    """The folder is 0700 and everything in it 0600, whatever was there before."""
    folder = tmp_path / "preview"
    folder.mkdir(mode=0o755)
    news = digest(alert())
    await kept(folder, message(), preview.render_digest(news, letter(news, languages=("en",))))
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    assert modes == dict.fromkeys(
        ["channel.html", "channel.jsonl", "digest-2026-11-22.html", "digest-2026-11-22.eml"], 0o600
    )


async def test_a_line_cut_short(tmp_path):
    """A crash in the middle of a line loses that line only, and the next one stands on its own."""
    await kept(tmp_path, message())
    with (tmp_path / "channel.jsonl").open("ab") as file:
        file.write(b'{"subject": "story:AAAAA", "pa')
    ids, page = await kept(tmp_path, message(ref="BBBBB"))
    assert ids == ["2"]
    assert page.count("<article") == 2


async def test_the_page_needs_no_network(tmp_path):
    """No script, no remote content, nothing that the page's own policy would have to stop."""
    _, page = await kept(tmp_path, message(), message(ref="AAAAA", links=()))
    parsed = Page(page)
    assert "default-src 'none'; style-src 'sha256-" in page
    assert set(parsed.tags) <= ALLOWED
    assert not [name for _, name, _ in parsed.attributes if name in ("src", "srcset", "style") or name.startswith("on")]
    assert {tag for tag, name, _ in parsed.attributes if name == "href"} == {"a"}
    assert "@import" not in page
    assert "url(" not in page


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_stay_words(tmp_path, title):
    """Whatever the words are, the page has the tags it always has."""
    hostile = message(title=title, text=title, hits=(), place_names={"zhanaozen": {"ru": title, "en": title}})
    _, page = await kept(tmp_path, hostile)
    parsed = Page(page)
    assert set(parsed.tags) <= ALLOWED
    assert page.count("<article") == page.count("</article>") == 1
    assert [value for _, name, value in parsed.attributes if name == "href"] == [alert().links[0].url]


async def test_the_digest(tmp_path):
    """The letter lies there as a page, and as the e-mail with the same page inside."""
    news = digest(alert())
    ids, _ = await kept(tmp_path, preview.render_digest(news, letter(news, languages=("en",))))
    page = (tmp_path / "digest-2026-11-22.html").read_text(encoding="utf-8")
    mail = email.message_from_bytes((tmp_path / "digest-2026-11-22.eml").read_bytes(), policy=default)
    assert ids == ["digest-2026-11-22.eml"]
    assert "Morning brief" in page
    assert mail["Subject"] == "Morning brief, 22 November"
    assert mail.get_body(("html",)).get_content().splitlines() == page.splitlines()
    assert "<article" not in (tmp_path / "channel.html").read_text(encoding="utf-8")


async def test_nobody_is_named(tmp_path):
    """Whoever the message is for does not show in the files."""
    async with preview.connect(folder=tmp_path) as sender:
        await sender.send(replace(message(), recipient="key-canary"), "address-canary", repeat=False)
    assert not [file for file in tmp_path.iterdir() if b"canary" in file.read_bytes()]


def test_body_is_what_telegram_would_be_told():
    """The preview shows the very words that Telegram gets."""
    body = json.loads(message().body)
    assert body["text"].startswith("🔴 СРОЧНО")
    assert body["repeat"].startswith("↻ ")
