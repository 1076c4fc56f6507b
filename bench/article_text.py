"""How well and how fast the text of an article is found on its page, on 181 pages of ../shared/data/pages.

    bench/article_text.py [--turns 3]

Quality is F1 of the mean precision and the mean recall of runs of four words against the gold text. Speed is processor
time of one core, the quickest of a few turns over all pages, decoding included, imports not. As a yardstick for the
machine, the same pages are only parsed into trees by lxml, in turns with the rest. Goals: F1 ≥ .955, ≥ 60 pages a
second. Without the shared pages there is nothing to measure, which is said and is no failure.
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time

import trafilatura

from monitor.extract import extract

PAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"
LEAST_F1, LEAST_SPEED = 0.955, 60.0
RUN = 4  # words

Bodies = Mapping[str, bytes]


def main() -> int:
    """Measure, print, and tell by the exit code whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    turns = parser.parse_args().turns
    if not PAGES.exists():
        print("the article pages lie beside the repository and are not here: nothing measured")
        return 0
    truth = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    bodies = {name: gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes()) for name in truth}
    quality = f1(bodies, truth)
    extracting, parsing = [], []
    for _ in range(turns):
        extracting.append(seconds(bodies, lambda name, body: extract(body, truth[name]["url"])))
        parsing.append(seconds(bodies, lambda _name, body: trafilatura.load_html(body)))
    speed = len(bodies) / min(extracting)
    print(f"F1 of {RUN}-word runs: {quality:.4f} (goal: >= {LEAST_F1})")
    print(f"speed: {speed:.1f} pages/s of one core (goal: >= {LEAST_SPEED:.0f})")
    print(f"cost: {min(extracting) / min(parsing):.1f} times bare parsing")
    return 0 if quality >= LEAST_F1 and speed >= LEAST_SPEED else 1


def f1(bodies: Bodies, truth: Mapping[str, Mapping[str, str]]) -> float:
    """The quality over all pages."""
    precisions, recalls = [], []
    for name, body in bodies.items():
        wanted, found = runs(truth[name]["articleBody"]), runs(extract(body, truth[name]["url"]).text)
        common = (wanted & found).total()
        precisions.append(common / max(1, found.total()))
        recalls.append(common / max(1, wanted.total()))
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall)


def runs(text: str) -> Counter[tuple[str, ...]]:
    """All runs of four words of a text."""
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[first : first + RUN]) for first in range(max(1, len(words) - RUN + 1)))


def seconds(bodies: Bodies, work: Callable[[str, bytes], object]) -> float:
    """Processor time of some work on every page."""
    started = process_time()
    for name, body in bodies.items():
        work(name, body)
    return process_time() - started


if __name__ == "__main__":
    sys.exit(main())
