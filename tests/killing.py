"""A bench for `kill -9`: real processes that are killed at random moments, and what their chats held in the end.

A home is a configuration, a data directory and a chat of its own. It is started again and again, finds one more piece
of news, and is killed: some time after its birth, after it asked the press, or after it began to send.
"""

import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import forked
from fake_telegram import TOKEN
from loopback import Chance, Press, SlowTelegram
from monitor.schema import open_database
from walking import write_config

REPEAT_MARK = "↻"
# How long after each sign of life the blow falls at the latest, in seconds: what comes next takes about as long.
MOMENTS = {"birth": 0.5, "asked": 0.3, "sending": 0.05}
SIGNS = ["birth"] + ["asked"] * 4 + ["sending"] * 5  # how often each is waited for
BATCH = 3  # news printed at a time, so that some lives read and others only speak
WAIT = 2  # seconds that a process may wait for the pace, while it is being killed
PATIENCE = 120.0
NUMBERED = re.compile(r"№(\d+)")
NOUNS = [
    "каска",
    "руда",
    "вагон",
    "смена",
    "бригада",
    "лебёдка",
    "насос",
    "печь",
    "кабель",
    "рельс",
    "домна",
    "кран",
    "склад",
    "трасса",
    "рудник",
    "буровая",
]
KEYWORDS = """
version: 1
topics:
  strike:
    title: {en: Strikes, ru: Забастовки, kk: Ереуілдер}
    severity: urgent
    any: {any_lang: [забастовка]}  # titles of random nouns have no certain language
    examples: {match: [Забастовка], ignore: [Погода]}
"""
NO_NIGHT = 'version: 1\nquiet: {from: "00:00", to: "00:00"}\n'


@dataclass(frozen=True)
class Verdict:
    """The figures of one home, or of all: what follows `copies` should be 0, and `worst` at most 1."""

    kills: int = 0
    news: int = 0
    copies: int = 0
    worst: int = 0
    lost: int = 0
    unmarked: int = 0
    disordered: int = 0
    damaged: int = 0
    stuck: int = 0

    def __add__(self, other: "Verdict") -> "Verdict":
        both = {name: (getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__}
        return Verdict(**{name: (max if name == "worst" else sum)(pair) for name, pair in both.items()})


@dataclass
class Home:
    """One configuration, data directory and chat, with the press and the Bot API it lives on."""

    folder: Path
    name: str
    telegram: SlowTelegram
    press: Press
    chance: Chance
    breaking: Callable[[], None] | None = None
    titles: list[str] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)  # how many messages the chat held at each kill

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of this machine but the path."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "MONITOR_CONFIG_DIR": str(self.folder / "config"),
            "MONITOR_DATA_DIR": str(self.folder / "data"),
            "MONITOR_ALLOW_HOSTS": self.press.place,
            "MONITOR_HOST_INTERVAL": "0s",
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_TELEGRAM_CHANNEL": f"@{self.name}",
            "MONITOR_TELEGRAM_API_URL": self.telegram.url,
        }

    def settle_in(self) -> None:
        """Write the files and let the first reading pass, undisturbed."""
        feed = {"id": "kush", "title": "Куш", "url": self.press.url(self.name), "lang": "ru", "full_text": False}
        write_config(self.folder / "config", [feed], KEYWORDS)
        (self.folder / "config" / "delivery.yaml").write_text(NO_NIGHT, "utf-8")
        self.press.print(self.name, ["Погода на завтра"])
        self.live("once", "--all")

    def start(self, *words: str) -> BaseProcess:
        """The command as a process of its own."""
        (self.folder / "log.txt").write_text("", "utf-8")
        return forked.start([*words], self.environment, self.folder / "log.txt", self.breaking)

    def log(self) -> str:
        """What the last process said."""
        return (self.folder / "log.txt").read_text("utf-8")

    def live(self, *words: str) -> None:
        """Run a command to its end, which must be a good one."""
        process = self.start(*words)
        process.join(PATIENCE)
        assert forked.code(self.folder / "log.txt") == 0, self.log()

    def heard(self) -> list[tuple[int, bool]]:
        """Every message of the chat in its order: the number of its news, and whether it is marked as a repeat."""
        texts = [message["text"] for message in self.telegram.said(f"@{self.name}")]
        return [(int(NUMBERED.search(text)[1]), text.startswith(REPEAT_MARK)) for text in texts]

    def print_news(self) -> None:
        """A few more pieces of news in the feed, when all before were said."""
        if len(self.titles) == len(dict(self.heard())):
            for _ in range(BATCH):
                words = " ".join(self.chance.pick(NOUNS) for _ in range(6))
                self.titles.append(f"Забастовка на заводе №{len(self.titles)}: {words}")
            self.press.print(self.name, self.titles)

    def live_until_killed(self) -> bool:
        """Start a cycle and kill it at a random moment; False when it came to its end before the blow."""
        self.print_news()
        signs = {"asked": self.press.asked[self.name], "sending": self.telegram.asked}
        for event in signs.values():
            event.clear()
        sign = self.chance.pick(SIGNS)
        delay = self.chance.below(MOMENTS[sign])
        process = self.start("once", "--all", "--wait", str(WAIT))
        while sign in signs and process.is_alive() and not signs[sign].wait(0.002):
            pass
        process.join(delay)
        process.kill()
        process.join(PATIENCE)
        code = forked.code(self.folder / "log.txt")
        assert code in {0, None}, self.log()
        if code is None:
            self.edges.append(len(self.heard()))
        return code is None

    def finish(self, window: int) -> None:
        """Live on undisturbed until nothing waits, or for so many seconds."""
        self.live("once", "--all", "--wait", str(window))

    def verdict(self) -> Verdict:
        """What came of it all."""
        heard = self.heard()
        first = list(dict(heard))
        copies = [marked for at, (number, marked) in enumerate(heard) if number in dict(heard[:at])]
        with closing(open_database(self.folder / "data" / "monitor.db").conn) as conn:
            intact = conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stuck = conn.execute("SELECT count(*) FROM messages WHERE ref <> '' AND state <> 'sent'").fetchone()[0]
        return Verdict(
            kills=len(self.edges),
            news=len(self.titles),
            copies=len(copies),
            worst=self._most_copies_after_a_kill(),
            lost=len(set(range(len(self.titles))) - set(first)),
            unmarked=copies.count(False),
            disordered=first != sorted(first),
            damaged=not intact,
            stuck=stuck,
        )

    def _most_copies_after_a_kill(self) -> int:
        heard = [number for number, _ in self.heard()]
        copies = [number in heard[:at] for at, number in enumerate(heard)]
        return max(sum(copies[since:until]) for since, until in zip([0, *self.edges], [*self.edges, None], strict=True))
