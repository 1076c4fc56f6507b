"""lemon24/reader as a peer, run in an environment of its own: `add DATABASE`, `update DATABASE`, `count DATABASE`.

The addresses to add come from standard input, one a line. BENCH_CA names a root it should trust beside its own.
"""

import os
import sys

import requests.adapters
from reader import make_reader

WORKERS = 20

if os.environ.get("BENCH_CA"):  # reader sends prepared requests, which look at nothing else
    requests.adapters.DEFAULT_CA_BUNDLE_PATH = os.environ["BENCH_CA"]
command, database = sys.argv[1:]
library = make_reader(database)
if command == "add":
    for url in sys.stdin.read().split():
        library.add_feed(url)
elif command == "update":
    library.update_feeds(workers=WORKERS, scheduled=False)
else:
    print(library.get_entry_counts().total)
