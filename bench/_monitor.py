"""`monitor` with the bench's own root certificate in the place of certifi's; otherwise the program as it is."""

import os
import sys

import certifi

if os.environ.get("BENCH_CA"):
    certifi.where = lambda: os.environ["BENCH_CA"]

from monitor.__main__ import main

sys.exit(main())
