"""Jobs for the worker's tests: well-behaved ones and every kind of mischief; top-level, so that a child finds them."""

import ctypes
import os
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import ParseError
from monitor.worker import limits


def double(number):
    """A good job."""
    return number * 2


def whoami():
    """The child's process id."""
    return os.getpid()


def until(path):
    """A job that lasts until a file is there."""
    while not Path(path).exists():
        pass
    return path


_heard = []


def hear(word):
    """A lesson."""
    _heard.append(word)


def heard():
    """The lessons that this child had, in order."""
    return list(_heard)


def environment() -> Mapping[str, str]:
    """What the child knows of the daemon's environment."""
    return dict(os.environ)


def refuse():
    """A document that is not what it should be."""
    raise ParseError("not-a-feed", "a web page instead of a feed")


def blunder():
    """A bug in a parser."""
    raise LookupError("secret words of the document")


def loop_for_ever():
    """A document that takes a parser's whole life."""
    while True:
        pass


def eat_memory():
    """A document that becomes larger than it may."""
    return len(bytearray(600 * 1024 * 1024))


def eat(size):
    """A document of this many bytes of memory."""
    return len(bytearray(size))


_kept = []


def learn_much(size):
    """A lesson of this many bytes of memory."""
    with limits.uncounted():
        _kept.append(bytearray(size))


def resident():
    """Bytes of memory that the child has."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def die():
    """A parser that ends the process."""
    os._exit(3)


def segfault():
    """A parser with a hole in its C code."""
    ctypes.string_at(0)


def print_much():
    """A library that talks."""
    sys.stdout.write("x" * 100_000)
    sys.stdout.flush()
    return "quiet"


def smuggle():
    """A result that is none of ours."""
    return os.system


class Trojan:
    """A result that would run a command when it is opened."""

    def __reduce__(self):
        """What a hostile child would have the daemon call."""
        return os.system, ("true",)


def trojan():
    """A result that is a trap."""
    return Trojan()


class Opened:
    """A result that would make a file when it is opened."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        """What a hostile child would have the daemon call."""
        return open, (str(self.path), "w")


def call(module, name, told):
    """A parcel that would call what goes by this name in a module, with these words, when it is opened."""
    dumped = pickle.dumps(tuple(told), 4)[2:-1]  # without its protocol and its end
    return b"".join(
        (pickle.PROTO, b"\x04", *map(_text, (module, name)), pickle.STACK_GLOBAL, dumped, pickle.REDUCE, pickle.STOP)
    )


def _text(value):
    encoded = value.encode()
    return pickle.SHORT_BINUNICODE + bytes([len(encoded)]) + encoded
