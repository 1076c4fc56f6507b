"""Where things lie: the repository, its documents, and the shared data beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "monitor"
DOCS = ROOT / "docs"
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"
