"""The rules of the house as small pure functions: a syntax tree in, complaints out.

A rule takes the path of a module (relative to `src/monitor` or to `tests`, with forward slashes) and its tree, and
yields `(line, what is wrong)`. Rules read names through the module's own imports, so `from time import time` and
`import datetime as dt` hide nothing. They know only what a tree shows; what runs is for the other tests.
"""

import ast
import re
from collections.abc import Callable, Iterator

Complaint = tuple[int, str]
Rule = Callable[[str, ast.Module], Iterator[Complaint]]

MODULE_LINES = 330  # a room is split by noun before it outgrows this
FUNCTION_LINES = 60  # what the eye holds, with room for an argument list

# One feed, one document, one delivery, one command: what fails inside is written down, and the next one runs.
BULKHEADS = frozenset({"ingest", "worker", "deliver", "cli"})

CLOCK = frozenset(
    {
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "time.ctime",
        "time.gmtime",
        "time.localtime",
        "time.time",
        "time.time_ns",
    }
)
STOPWATCH = frozenset({"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"})
# Deadlines are kept there, and a command says how long it took.
STOPWATCH_ROOMS = frozenset({"app", "cli", "fetch", "newsroom", "worker"})
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"})
SLEEP = frozenset({"time.sleep", "asyncio.sleep"})
STDOUT = frozenset({"print", "sys.stdout", "sys.__stdout__"})

# Method and function names that touch the world; none of them may run because a module is imported.
WORK = frozenset(
    {
        "Popen", "Process", "Thread", "check_call", "check_output", "connect", "exists", "get_event_loop", "getaddrinfo",
        "glob", "iterdir", "listdir", "mkdir", "makedirs", "new_event_loop", "open", "parse_args", "read_bytes",
        "read_text", "rglob", "scandir", "socket", "urlopen", "write_bytes", "write_text",
    }
)  # fmt: skip


def room(path: str) -> str:
    """The room a module belongs to: `cli/run.py` is in `cli`, `model.py` in `model`."""
    return path.split("/", 1)[0].removesuffix(".py")


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────


def known_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `dt` → `datetime`, `now` → `time.time`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def full_name(node: ast.expr, names: dict[str, str]) -> str:
    """`dt.datetime.now` as `datetime.datetime.now`; empty for what is not a plain chain of names."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (before := full_name(node.value, names)):
        return f"{before}.{node.attr}"
    return ""


def uses(tree: ast.Module, wanted: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Every place where one of the `wanted` full names is read."""
    names = known_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := full_name(node, names)) in wanted:
            yield node.lineno, name


# ── rules for src/ ───────────────────────────────────────────────────────────────────────────────────────────────


def begins_with_a_sentence(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """A module begins with one sentence, on one line, that says what it is for."""
    first = (ast.get_docstring(tree) or "").split("\n", 1)[0]
    if not first.endswith((".", "?", "!")):
        yield 1, "the module does not begin with a sentence on one line"


def no_await_in_a_transaction(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """An open transaction holds the write lock: no other task may run before it is closed."""
    for block in ast.walk(tree):
        if isinstance(block, ast.With | ast.AsyncWith) and any(map(opens_transaction, block.items)):
            for line in (line for statement in block.body for line in awaits(statement)):
                yield line, "await inside an open transaction"


def opens_transaction(item: ast.withitem) -> bool:
    """Whether a with-block's item is `transaction(…)` or `….atomic()`."""
    call = item.context_expr
    return isinstance(call, ast.Call) and full_name(call.func, {}).rsplit(".", 1)[-1] in {"transaction", "atomic"}


def awaits(node: ast.AST) -> Iterator[int]:
    """The lines at which `node` gives way to other tasks; functions defined inside run later and do not count."""
    if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
        yield node.lineno
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from awaits(child)


def only_app_reads_the_clock(path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Time is handed down from `app`; stopwatches are for those who keep deadlines."""
    forbidden = CLOCK if room(path) in STOPWATCH_ROOMS else CLOCK | STOPWATCH
    if room(path) != "app":
        for line, name in uses(tree, forbidden):
            yield line, f"{name}: only app reads the clock"


def only_app_reads_the_environment(path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Settings are handed down from `app`; no other room looks at the environment."""
    if room(path) != "app":
        for line, name in uses(tree, ENVIRONMENT):
            yield line, f"{name}: only app reads the environment"


def catches_all_only_at_a_bulkhead(path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Catching everything hides bugs; four places may, each so that one bad thing does not stop the next."""
    if room(path) not in BULKHEADS:
        for line in broad_catches(tree):
            yield line, "catches everything, and this is no bulkhead"


def broad_catches(tree: ast.Module) -> Iterator[int]:
    """The lines that swallow any exception; cleaning up and raising the same one again is no catch."""
    names = known_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            last = node.body[-1]
            raised_again = isinstance(last, ast.Raise) and last.exc is None
            if not raised_again and (node.type is None or is_broad(node.type, names)):
                yield node.lineno
        elif isinstance(node, ast.Call) and full_name(node.func, names) == "contextlib.suppress":
            yield from (node.lineno for error in node.args if is_broad(error, names))


def is_broad(error: ast.expr, names: dict[str, str]) -> bool:
    """Whether an exception type, or one of a tuple of them, is the root of all."""
    types = error.elts if isinstance(error, ast.Tuple) else [error]
    return any(full_name(one, names).removeprefix("builtins.") in {"Exception", "BaseException"} for one in types)


def fits_the_eye(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Modules and functions stay small enough to be read in one go."""
    length = (tree.body[-1].end_lineno or 0) if tree.body else 0
    if length > MODULE_LINES:
        yield length, f"a module of {length} lines; split it by noun before {MODULE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines; give its middle a name before {FUNCTION_LINES}"


def importing_does_nothing(path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Importing a module defines things; it opens, reads, starts and makes nothing."""
    if path == "__main__.py":
        return
    for line, name in calls_at_import(tree.body):
        if name.rsplit(".", 1)[-1] in WORK:
            yield line, f"{name}(…) runs at import"


def calls_at_import(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Every call that runs when a module is imported: its own statements and those of its classes."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from calls_at_import(statement.body)
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                    yield node.lineno, full_name(node.func, {}) or last


def only_the_door_prints(path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Results go to stdout, and only `cli` has results to give."""
    if room(path) != "cli":
        for line, name in uses(tree, STDOUT):
            yield line, f"{name}: only cli writes to stdout"


# `(…)*+`, `(…)++`, `(…)?+`, `(…){2}+`; a parenthesis behind a backslash is a letter like any other.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


def no_group_is_possessive(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """A group that must not be given back is `(?>(…)*)`.

    `(…)*+` means the same, and before CPython 3.11.5, which is what Debian 12 has, it keeps what its last, failed turn
    had read (gh-106052).
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and POSSESSIVE_GROUP.search(node.value):
            yield node.lineno, "a possessive group; write (?>(…)*)"


HOUSE: tuple[Rule, ...] = (
    begins_with_a_sentence,
    no_await_in_a_transaction,
    only_app_reads_the_clock,
    only_app_reads_the_environment,
    catches_all_only_at_a_bulkhead,
    fits_the_eye,
    importing_does_nothing,
    only_the_door_prints,
    no_group_is_possessive,
)


# ── rules for tests/ ─────────────────────────────────────────────────────────────────────────────────────────────


def every_test_says_what_it_shows(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """A test's docstring is the sentence of behaviour that it proves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            first = (ast.get_docstring(node) or "").split("\n", 1)[0]
            if not first.endswith("."):
                yield node.lineno, f"{node.name} does not begin with a sentence of behaviour"


def no_test_sleeps(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """Tests tick a clock or wait for an event; sleeping is slow on good days and wrong on bad ones."""
    for line, name in uses(tree, SLEEP):
        yield line, f"{name}: tests do not sleep"


def no_test_looks_away(_path: str, tree: ast.Module) -> Iterator[Complaint]:
    """No test is skipped or expected to fail, except one whose data may not be there (`skipif` with its reason)."""
    names = known_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and full_name(node, names) in {
            "pytest.mark.skip", "pytest.mark.xfail", "pytest.skip", "pytest.xfail",
        }:  # fmt: skip
            yield node.lineno, f"{full_name(node, names)}: a test runs or does not exist"


TESTS: tuple[Rule, ...] = (begins_with_a_sentence, every_test_says_what_it_shows, no_test_sleeps, no_test_looks_away)


# ── a rule for every file ────────────────────────────────────────────────────────────────────────────────────────

# Where packages come from is a setting of the machine that installs them, and no machine's folders are ours to name.
ADDRESSES = re.compile(
    r"index[-_]url|find[-_]links|\bpypi\.org/simple|files\.pythonhosted\.org|registry\.(?:npmjs|yarnpkg)\."
    r"|https?://\S+/(?:simple|packages)/|(?<![\w.*})])/(?:home|Users|root|work)/[\w.]"
)


def addresses(text: str) -> Iterator[Complaint]:
    """Every address of a package registry and every path of somebody's own machine in a file's text."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := ADDRESSES.search(line):
            yield number, f"{found.group()!r}: no registry's address and no machine's path"
