"""What a poll costs, beside lemon24/reader in the same run, as ratios.

    bench/polling.py [--feeds 1000] [--rounds 1] [--parts http tls inside hosts]

An origin of generated feeds is polled over HTTP and over TLS without a kept connection: cold (all is new), warm (all
is 304) and changed (one new entry in a tenth of the feeds), by both programs in turns, each as a whole process on a
database of its own, with every feature of the product on except `full_text`. `inside` polls from a process that runs
on, as the daemon does; `hosts` polls a thousand hosts and one. The peer is installed into `.cache/bench`. The table of
a whole run is put into docs/performance.md.
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from _origin import HOSTS, Address, Origin, language, serve
from _tables import tell

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "bench"
PEER = ("reader==3.26", "sgmllib3k")  # the second is what the first forgets to ask for
CHANGED = 0.1
PARTS, WHOLE = ["http", "tls", "inside", "hosts"], 1000
PAGE = HERE.parent / "docs" / "performance.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost: seconds on the wall, CPU seconds of all its processes, the largest of them in MB."""

    seconds: float
    cpu: float
    megabytes: float


@dataclass(slots=True)
class Figures:
    """Everything that was measured; every list has one item a round."""

    feeds: int
    server: str = ""
    kilobytes: float = 0.0
    runs: dict[tuple[str, str, str], list[Cost]] = field(default_factory=dict)  # wire, program, state
    inside: dict[str, list[float]] = field(default_factory=dict)  # state → CPU seconds
    hosts: dict[str, list[float]] = field(default_factory=dict)  # which hosts → CPU seconds of a warm poll
    lost: dict[str, int] = field(default_factory=dict)  # program → entries that are not in its database

    def add(self, wire: str, program: str, state: str, cost: Cost) -> None:
        """Note one run, and say so."""
        self.runs.setdefault((wire, program, state), []).append(cost)
        told = f"{cost.seconds:7.2f} s, {cost.cpu:6.2f} s CPU, {cost.megabytes:4.0f} MB"
        print(f"{wire:5} {state:8} {program:8} {told}", flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str], told: str = "") -> Cost:
    """Run a command to its end. Raises RuntimeError with its complaint when it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaint,
            text=True,
        )
        if process.stdin:
            process.stdin.write(told)
            process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaint.seek(0)
            raise RuntimeError(f"{command} failed: {complaint.read()[-2000:]}")
    return Cost(seconds=time.perf_counter() - began, cpu=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss / 1024)


class Monitor:
    """The product: `monitor once --all` on a folder of its own."""

    name = "monitor"

    def __init__(self, folder: Path, urls: Sequence[str], places: Sequence[str], authority: Path | None) -> None:
        self.folder = folder
        config = folder / "config"
        config.mkdir(parents=True)
        shutil.copy(HERE.parent / "config" / "keywords.yaml", config)
        feeds = [{"id": f"outlet-{number}", "url": url, "lang": language(number)} for number, url in enumerate(urls)]
        (config / "feeds.yaml").write_text(json.dumps({"version": 1, "feeds": feeds}, indent=1), "utf-8")
        self.env = {
            "MONITOR_CONFIG_DIR": str(config),
            "MONITOR_DATA_DIR": str(folder / "data"),
            "MONITOR_ALLOW_HOSTS": ",".join(places),
            "MONITOR_HOST_INTERVAL": "0s",
            "MONITOR_LOG_LEVEL": "warning",
            "BENCH_CA": str(authority or ""),
        }

    def poll(self) -> Cost:
        """One poll of everything, as a whole process."""
        return run([sys.executable, HERE / "_monitor.py", "once", "--all", "--json", "--wait", "0"], self.env)

    def entries(self) -> int:
        """How many entries its database knows."""
        with closing(sqlite3.connect(self.folder / "data" / "monitor.db")) as db:
            return int(db.execute("SELECT count(*) FROM entries").fetchone()[0])

    @contextmanager
    def inside(self) -> Iterator["Polls"]:
        """A process that polls whenever it is asked to."""
        with subprocess.Popen(
            [sys.executable, HERE / "_inside.py"],
            env={**os.environ, **self.env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            told, asked = process.stdout, process.stdin
            if told is None or asked is None:
                raise RuntimeError("no pipes")
            told.readline()  # the house is open
            with asked:
                yield Polls(asked, told)


@dataclass(frozen=True, slots=True)
class Polls:
    """The other end of `_inside.py`."""

    asked: IO[str]
    told: IO[str]

    def poll(self) -> float:
        """CPU seconds of a poll of everything. Raises RuntimeError when a feed failed."""
        self.asked.write("\n")
        self.asked.flush()
        figures = json.loads(self.told.readline())
        if figures["failed"]:
            raise RuntimeError(f"{figures['failed']} feeds failed")
        return float(figures["cpu"])


class Peer:
    """lemon24/reader with twenty workers."""

    name = "reader"

    def __init__(self, folder: Path, urls: Sequence[str], authority: Path | None) -> None:
        folder.mkdir(parents=True)
        self.database = folder / "reader.db"
        self.env = {"BENCH_CA": str(authority or "")}
        run([peer_python(), HERE / "_peer_reader.py", "add", self.database], self.env, "\n".join(urls))

    def poll(self) -> Cost:
        """One poll of everything, as a whole process."""
        return run([peer_python(), HERE / "_peer_reader.py", "update", self.database], self.env)

    def entries(self) -> int:
        """How many entries its database knows."""
        command = [peer_python(), str(HERE / "_peer_reader.py"), "count", str(self.database)]
        return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def peer_python() -> str:
    """The interpreter of the peer's own environment, which is made when it is missing."""
    home = CACHE / "reader"
    python = home / "bin" / "python"
    if not (home / ".made").exists():
        print("installing the peer", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
        (home / ".made").touch()
    return str(python)


def whole_processes(figures: Figures, origin: Origin, address: Address, folder: Path, *, tls: bool) -> None:
    """Cold, warm and changed, each by one program after the other."""
    wire = "TLS" if tls else "HTTP"
    origin.reset()
    urls = [address.url(number, tls=tls) for number in range(origin.count)]
    authority = address.authority if tls else None
    ours = Monitor(folder / f"monitor-{wire}-{time.monotonic_ns()}", urls, address.places(tls=tls), authority)
    programs = [Peer(folder / f"reader-{wire}-{time.monotonic_ns()}", urls, authority), ours]
    for state in ("cold", "warm", "changed"):
        expected = origin.entries + (origin.advance(CHANGED) if state == "changed" else 0)
        for program in programs:
            figures.add(wire, program.name, state, program.poll())
            figures.lost[program.name] = figures.lost.get(program.name, 0) + expected - program.entries()


def inside_one_process(figures: Figures, origin: Origin, address: Address, folder: Path) -> None:
    """The same three states in a process that runs on."""
    origin.reset()
    urls = [address.url(number, tls=False) for number in range(origin.count)]
    ours = Monitor(folder / f"inside-{time.monotonic_ns()}", urls, address.places(tls=False), None)
    with ours.inside() as polls:
        for state in ("cold", "warm", "warm", "warm", "changed", "changed"):
            if state == "changed":
                origin.advance(CHANGED)
            figures.inside.setdefault(state, []).append(polls.poll())
            print(f"in one process, {state}: {figures.inside[state][-1]:.2f} s CPU", flush=True)


def many_hosts(figures: Figures, origin: Origin, kept: Address, closed: Address, folder: Path) -> None:
    """A warm poll of a thousand hosts, and of one that keeps no connection."""
    origin.reset()
    hosts = [f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}" for number in range(origin.count)]
    many = [kept.url(number, tls=False, host=host) for number, host in enumerate(hosts)]
    one = [closed.url(number, tls=False, host=HOSTS[0]) for number in range(origin.count)]
    for name, urls, places in (
        ("one host, no kept connection", one, [closed.place(tls=False, host=HOSTS[0])]),
        ("a host each", many, [kept.place(tls=False, host=host) for host in hosts]),
    ):
        ours = Monitor(folder / f"hosts-{time.monotonic_ns()}", urls, places, None)
        with ours.inside() as polls:
            polls.poll()
            figures.hosts.setdefault(name, []).extend(polls.poll() for _ in range(3))
        print(f"{name}: {min(figures.hosts[name]):.2f} s CPU", flush=True)


def measure(feeds: int, rounds: int, parts: Sequence[str]) -> Figures:
    """Everything that was asked for."""
    figures = Figures(feeds)
    with tempfile.TemporaryDirectory(prefix="bench-polling-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        origin = Origin(folder / "origin", feeds)
        figures.kilobytes = origin.kilobytes
        with serve(origin.root, keep_alive=True) as kept, serve(origin.root, keep_alive=False) as closed:
            figures.server = kept.server
            for _ in range(rounds):
                if "http" in parts:
                    whole_processes(figures, origin, kept, folder, tls=False)
                if "tls" in parts:
                    whole_processes(figures, origin, closed, folder, tls=True)
                if "inside" in parts:
                    inside_one_process(figures, origin, kept, folder)
                if "hosts" in parts:
                    many_hosts(figures, origin, kept, closed, folder)
    return figures


def main() -> int:
    """Measure, print the table, write it where it is asked for; 1 when a goal is missed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--feeds", type=int, default=1000)
    ask.add_argument("--rounds", type=int, default=1)
    ask.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS)
    args = ask.parse_args()
    figures = measure(args.feeds, args.rounds, args.parts)
    where = f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"
    is_whole = args.feeds >= WHOLE and list(args.parts) == PARTS
    return tell(figures, where, PAGE if is_whole else None)


if __name__ == "__main__":
    sys.exit(main())
