"""`make` sets everything up by itself, once, and again when it must; a stand-in takes the place of Python."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from paths import ROOT

# Writes down how it was called. Installs itself under every name where `-m venv` is asked of it; fails at what
# $BREAKS names.
STAND_IN = """#!/bin/sh
call="$(basename "$0") $*"
echo "$call" >> "$LOG"
case "$call" in
    *"${BREAKS:-nothing}"*) exit 1 ;;
    "python --version") echo "Python 3.9.2" ;;
    "python -m venv --clear .venv")
        rm -rf .venv; mkdir -p .venv/bin
        for name in python monitor ruff mypy lint-imports hadolint; do cp "$0" .venv/bin/$name; done ;;
esac
"""

RUNTIME = "install --quiet --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock"
DEV = "install --quiet --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock"

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout as far as `make` is concerned, with a stand-in for Python."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "python").write_text(STAND_IN)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


@pytest.fixture
def make(checkout: Path) -> Make:
    """Run `make` in the checkout; `BREAKS=…` makes the stand-in fail there."""

    def run(*targets: str, **environ: str) -> subprocess.CompletedProcess[str]:
        (checkout / "log").write_text("")
        command = [shutil.which("make") or "make", *targets, "PYTHON=./python"]
        log = {"LOG": str(checkout / "log"), "PATH": os.environ["PATH"], "HOME": str(checkout / "home")}
        return subprocess.run(command, cwd=checkout, env=log | environ, check=False, capture_output=True, text=True)

    return run


def called(checkout: Path) -> str:
    """What the stand-ins were asked to do in the last run of `make`."""
    return (checkout / "log").read_text()


def test_make_alone_lists_what_there_is(make):
    """`make` without a target names every target that the contract promises, and sets nothing up."""
    listed = make().stdout
    for target in ("demo", "test", "run", "lint", "test-heavy", "bench", "lock", "clean"):
        assert f"make {target} " in listed


def test_the_demo_installs_only_what_the_program_needs(make, checkout):
    """`make demo` on a fresh machine installs the runtime lock by its hashes, then the project, then runs the demo."""
    assert make("demo").returncode == 0
    steps = called(checkout)
    assert (
        steps.index(RUNTIME) < steps.index("--no-deps --no-build-isolation --editable .") < steps.index("monitor demo")
    )
    assert "requirements-dev.lock" not in steps


def test_nothing_is_installed_twice(make, checkout):
    """After `make test`, neither `make test` nor `make demo` installs anything: one environment serves both."""
    assert make("test").returncode == 0
    assert DEV in called(checkout)
    for target in ("test", "demo", "lint"):
        assert make(target).returncode == 0
        assert "install" not in called(checkout)


def test_a_changed_lock_is_installed(make, checkout):
    """When a lock is newer than what was installed from it, the next command installs it, into the same environment."""
    make("demo")
    later = (checkout / ".venv" / ".runtime").stat().st_mtime + 10
    os.utime(checkout / "requirements.lock", (later, later))
    assert make("demo").returncode == 0
    assert RUNTIME in called(checkout)
    assert "venv" not in called(checkout).replace(".venv", "")


@pytest.mark.parametrize("step", ["-m venv", "--require-hashes", "--editable"])
def test_an_interrupted_set_up_is_done_again(make, checkout, step):
    """A set-up that broke off at any step is not taken for done: the command fails, and the next one completes it."""
    broken = make("demo", BREAKS=step)
    assert broken.returncode != 0
    assert "monitor demo" not in called(checkout)
    assert make("demo").returncode == 0
    steps = called(checkout)
    assert steps.index(RUNTIME) < steps.index("--editable") < steps.index("monitor demo")


def test_an_old_python_is_named_with_the_remedy(make):
    """A Python older than 3.11 is refused with its version and the command that would work, before anything is made."""
    refused = make("demo", BREAKS="sys.version_info")
    assert refused.returncode != 0
    assert "needs Python 3.11 or newer; './python' is Python 3.9.2" in refused.stderr
    assert "make PYTHON=python3.12 demo" in refused.stderr


def test_a_missing_venv_module_is_named_with_the_remedy(make):
    """Where Debian has split `venv` off, the message says which package brings it."""
    assert "apt install python3-venv" in make("demo", BREAKS="-m venv").stderr


@pytest.mark.parametrize(
    "checker", ["ruff check", "ruff format --check", "mypy", "lint-imports", "hadolint Dockerfile"]
)
def test_a_failing_check_fails_the_lint(make, checkout, checker):
    """`make lint` runs every checker, and fails when any one of them does."""
    assert make("lint").returncode == 0
    assert checker in called(checkout)
    assert make("lint", BREAKS=checker).returncode != 0
