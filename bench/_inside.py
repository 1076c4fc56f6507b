"""Several polls inside one process, as the daemon makes them: CPU of each, its children's included, as JSON lines.

A line on standard input starts a poll of everything; the end of the input ends the process.
"""

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path

import certifi

if os.environ.get("BENCH_CA"):
    certifi.where = lambda: os.environ["BENCH_CA"]

from monitor.app.environment import read_environment
from monitor.cli.run import opened
from monitor.ingest import poll


def children_cpu() -> float:
    """CPU seconds of the children that still live: those that ended are in RUSAGE_CHILDREN."""
    total = 0.0
    tick = os.sysconf("SC_CLK_TCK")
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = process.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            total += (int(fields[11]) + int(fields[12])) / tick
    return total


def cpu() -> float:
    """CPU seconds of this process and all its children."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + gone.ru_utime + gone.ru_stime + children_cpu()


async def main() -> None:
    """Poll whenever told to."""
    async with opened(read_environment()) as house:
        print(json.dumps({"ready": True}), flush=True)
        while sys.stdin.readline():
            before, began = cpu(), time.perf_counter()
            report = await poll.cycle(house.desk, everything=True)
            figures = {
                "cpu": cpu() - before,
                "seconds": time.perf_counter() - began,
                "failed": len(report.failed),
                "new": report.total("new"),
            }
            print(json.dumps(figures), flush=True)


asyncio.run(main())
