"""The table of a run: ratios to the peer of the same run, the goals, and whether they were met."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polling import Figures

BEGIN, END = "<!-- bench/polling.py -->", "<!-- end -->"
STATES = ("cold", "warm", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One figure beside what it should be."""

    name: str
    found: float
    limit: float
    unit: str
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether the figure is what it should be."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit

    def row(self) -> str:
        """A row of the table of goals."""
        sign = "≥" if self.at_least else "≤"
        return f"| {self.name} | {sign} {self.limit:g}{self.unit} | {self.found:.2f}{self.unit} | {'met' if self.met else '**missed**'} |"


def tell(figures: Figures, where: str, file: Path | None) -> int:
    """Print the tables, put them into a file between its marks; 1 when a goal is missed."""
    goals = list(_goals(figures))
    text = "\n".join(_page(figures, goals, where))
    print(f"\n{text}")
    if file is not None:
        before, _, rest = file.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
    return int(not all(goal.met for goal in goals))


def _page(figures: Figures, goals: list[Goal], where: str) -> Iterator[str]:
    rounds = max((len(costs) for costs in figures.runs.values()), default=1)
    yield (
        f"{figures.feeds:,} feeds of {figures.kilobytes:.0f} kB, {figures.server}, {where}, "
        f"{rounds} round{'s' * (rounds > 1)}; medians."
    )
    yield ""
    if figures.runs:
        yield "| wire, state | reader | monitor | ratio of time | ratio of CPU | largest process, MB |"
        yield "|---|---|---|---|---|---|"
        yield from (row for wire in ("HTTP", "TLS") for state in STATES for row in _row(figures, wire, state))
        yield ""
    if figures.inside:
        yield "| in one process, over HTTP | CPU, ms a feed |"
        yield "|---|---|"
        yield from (f"| {state} | {_inside(figures, state):.2f} |" for state in STATES)
        yield from (
            f"| warm, {name} | {min(costs) * 1000 / figures.feeds:.2f} |" for name, costs in figures.hosts.items()
        )
        yield ""
    if figures.lost:
        lost = ", ".join(f"{program} {count}" for program, count in figures.lost.items())
        yield f"Entries lost in all runs: {lost}."
        yield ""
    yield "| goal | should be | is | |"
    yield "|---|---|---|---|"
    yield from (goal.row() for goal in goals)


def _row(figures: Figures, wire: str, state: str) -> Iterator[str]:
    if (wire, "monitor", state) not in figures.runs:
        return
    (theirs, their_cpu, their_size), (ours, our_cpu, our_size) = (
        _medians(figures, wire, program, state) for program in ("reader", "monitor")
    )
    yield (
        f"| {wire}, {state} | {theirs:.2f} s | {ours:.2f} s | **{theirs / ours:.1f}×** | {their_cpu / our_cpu:.1f}× | "
        f"{their_size:.0f} : {our_size:.0f} |"
    )


def _medians(figures: Figures, wire: str, program: str, state: str) -> tuple[float, float, float]:
    costs = figures.runs[wire, program, state]
    return (
        median(cost.seconds for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.megabytes for cost in costs),
    )


def _inside(figures: Figures, state: str) -> float:
    """CPU milliseconds a feed, the best poll of each round: what the machine did beside is not ours."""
    return min(figures.inside[state]) * 1000 / figures.feeds


def _goals(figures: Figures) -> Iterator[Goal]:
    def ratio(wire: str, state: str) -> float:
        return _medians(figures, wire, "reader", state)[0] / _medians(figures, wire, "monitor", state)[0]

    if ("HTTP", "monitor", "cold") in figures.runs:
        yield Goal(name="P1 cold, HTTP", found=ratio("HTTP", "cold"), limit=3, unit="×")
        yield Goal(name="P2 warm, HTTP", found=ratio("HTTP", "warm"), limit=2, unit="×")
        yield Goal(name="P3 changed, HTTP", found=ratio("HTTP", "changed"), limit=5, unit="×")
    if ("TLS", "monitor", "warm") in figures.runs:
        yield Goal(name="P2 warm, TLS, no kept connection", found=ratio("TLS", "warm"), limit=12, unit="×")
        peak = max(cost.megabytes for cost in figures.runs["TLS", "monitor", "cold"])
        yield Goal(name="P5 peak, cold, TLS", found=peak, limit=120, unit=" MB", at_least=False)
    if figures.inside:
        warm, changed = _inside(figures, "warm"), _inside(figures, "changed")
        yield Goal(name="P2 warm, in one process", found=warm, limit=0.4, unit=" ms CPU a feed", at_least=False)
        yield Goal(name="P3 changed to warm, in one process", found=changed / warm, limit=1.5, unit="×", at_least=False)
    if figures.hosts:
        one, many = (min(costs) for costs in figures.hosts.values())
        yield Goal(name="P7 a host each to one host", found=many / one, limit=1.2, unit="×", at_least=False)
    if figures.lost:
        yield Goal(name="P4 entries lost", found=figures.lost["monitor"], limit=0, unit="", at_least=False)
