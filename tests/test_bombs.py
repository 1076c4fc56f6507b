"""Forty bombs at once, against the program as it runs: each costs its own feed an error, and the daemon next to nothing."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from bombs import everything
from feeds import rss as an_rss
from walking import write_config
from wire import Server, ok, serve

pytestmark = pytest.mark.heavy

EVERY_HOUSE = "0.0.0.0"  # noqa: S104 - a host of loopback for every feed
MOST_MEGABYTES = 40  # more than a run on ordinary feeds
MOST_SECONDS = 45  # 30 of them are what a server that never ends is granted, the rest is for starting and stopping
WITNESS = """
import sys
opened = []
sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event == "open" else None)
from monitor.cli import main
code = main(["once", "--all", "--json", "--wait", "0"])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("PEAK", peak.split()[1], "OPENED", [name for name in opened if name in ("/dev/zero", "/etc/passwd")], file=sys.stderr)
sys.exit(code)
"""


class Street:
    """A server with a house number for everybody: each feed has a host of its own on this machine's loopback net."""

    def __init__(self, server: Server, names: list[str]) -> None:
        self.port, self.names = server.port, names

    def host(self, place: int) -> str:
        """The address of one of them."""
        return f"127.0.{1 + place // 200}.{1 + place % 200}"

    def feeds(self) -> list[dict[str, str]]:
        """The sources, as a file says them."""
        return [
            {"id": f"feed-{place}", "url": f"http://{self.host(place)}:{self.port}/{place}", "lang": "ru"}
            for place in range(len(self.names))
        ]

    def allowed(self) -> str:
        """All of them, exempt from the guard."""
        return ",".join(f"{self.host(place)}:{self.port}" for place in range(len(self.names)))


async def once(folder: Path, answers: dict[str, object]) -> tuple[dict, int, str]:
    """One cycle of the program on these answers: its summary, its peak in MB, and what it opened that it must not."""
    names = list(answers)
    paths = {f"/{place}": answers[name] for place, name in enumerate(names)} | {"/again": answers.get("a circle", b"")}
    async with serve(paths, host=EVERY_HOUSE) as server:
        street = Street(server, names)
        write_config(folder / "config", street.feeds())
        env = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        env |= {
            "MONITOR_CONFIG_DIR": str(folder / "config"),
            "MONITOR_DATA_DIR": str(folder / "data"),
            "MONITOR_ALLOW_HOSTS": street.allowed(),
            "MONITOR_HOST_INTERVAL": "0s",
            "MONITOR_LOG_LEVEL": "error",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WITNESS, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        told, logged = await process.communicate()
    assert process.returncode == 0, logged[-3000:]
    witness = re.search(rb"PEAK (\d+) OPENED (.*)", logged)
    assert witness, logged[-3000:]
    summary = json.loads(told)
    summary["errors"] = {names[int(error["feed"].partition("-")[2])]: error["kind"] for error in summary["errors"]}
    return summary, int(witness[1]) // 1024, witness[2].decode()


async def test_forty_bombs_at_once(tmp_path):
    """At most 40 MB more than ordinary feeds, no feed but the bombs fails, nothing is opened, each error has a name."""
    bombs = everything()
    assert len(bombs) >= 40
    good = {f"good {number}": ok(an_rss().encode(), "Content-Type: application/rss+xml") for number in range(10)}
    ordinary, usual, _ = await once(tmp_path / "ordinary", good)
    assert not ordinary["errors"]
    summary, peak, opened = await once(tmp_path / "bombs", good | dict(bombs))
    assert not set(summary["errors"]) & set(good)
    assert peak - usual <= MOST_MEGABYTES, (usual, peak)
    assert summary["seconds"] <= MOST_SECONDS
    assert opened == "[]"
    assert "bug" not in summary["errors"].values()
    assert len(summary["errors"]) >= 30
