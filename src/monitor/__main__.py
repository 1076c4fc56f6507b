"""`monitor`, and `python -m monitor`: the command line, loaded in one go."""

import importlib
import sys

from monitor.text.packing import nothing_collected


def main() -> int:
    """Run one command and return its exit code. What is loaded stays: nobody looks through it for rubbish."""
    with nothing_collected():
        cli = importlib.import_module("monitor.cli")
    code: int = cli.main()
    return code


if __name__ == "__main__":
    sys.exit(main())
