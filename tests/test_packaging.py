"""What is installed is what was locked, and what is built is complete."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from monitor.config.settings import NAMES
from paths import ROOT, SOURCE

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"[a-z0-9-]+==[0-9][\w.!+-]*(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
WANTED = {"requirements.lock": RUNTIME, "requirements-dev.lock": [*RUNTIME, *PROJECT["dependency-groups"]["dev"]]}


def pins(lock: str) -> dict[str, str]:
    """The versions of a lock, by canonical name."""
    found = re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


# ── the locks ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_only(lock):
    """No line of a lock says where to download from: each is one exact version or one hash."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    assert not [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked(lock):
    """Each requirement of pyproject.toml is in its lock, at a version that satisfies it."""
    locked = pins(lock)
    unmet = [
        text
        for text, wanted in ((text, Requirement(text)) for text in WANTED[lock])
        if not wanted.specifier.contains(locked.get(canonicalize_name(wanted.name), "0"))
    ]
    assert not unmet


def test_the_program_is_tested_with_what_it_runs_on():
    """The development lock is the runtime lock plus tools: no version differs."""
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


# ── the wheel ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the locked hatchling and nothing from the network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.mark.heavy
def test_the_wheel_is_complete(wheel):
    """Every file of the package is in the wheel, data as much as code, with its licence and the command `monitor`."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name for name in names if name.endswith("/entry_points.txt"))
        assert "monitor = monitor.__main__:main" in archive.read(info).decode()
        licence = archive.read(next(name for name in names if name.endswith("/licenses/LICENSE")))
    files = {path for path in SOURCE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {path.relative_to(SOURCE.parent).as_posix() for path in files} <= names
    assert names >= {"monitor/py.typed", "monitor/shipped/feeds.yaml", "monitor/shipped/keywords.yaml"}
    assert licence == (ROOT / "LICENSE").read_bytes()


@pytest.mark.heavy
def test_the_wheel_runs_away_from_its_sources(wheel, tmp_path):
    """Installed from the wheel alone, the program answers and plays its demo: nothing it needs was left behind."""
    site = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    environ = {"PYTHONPATH": str(site), "HOME": str(tmp_path), "MONITOR_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environ, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert Path(run("-c", "import monitor; print(monitor.__file__)")).is_relative_to(site)
    assert run("-m", "monitor", "--version") == f"monitor {PROJECT['project']['version']}"
    assert '"alerts"' in run("-m", "monitor", "demo", "--json")


# ── the image and the service ────────────────────────────────────────────────────────────────────────────────────


def compose() -> dict:
    """The one service of compose.yaml."""
    return YAML(typ="safe").load(ROOT / "compose.yaml")["services"]["monitor"]


def test_the_container_holds_no_power_it_does_not_need():
    """In compose the root is read-only, capabilities and new privileges are gone, logs are capped, it comes back."""
    service = compose()
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert (service["restart"], service["init"]) == ("unless-stopped", True)


def test_the_image_runs_as_nobody_in_particular():
    """The image's last user is a number other than root, and its data volume belongs to that number."""
    text = (ROOT / "Dockerfile").read_text("utf-8").rsplit("\nFROM ", 1)[-1]
    user = re.search(r"^USER (\d+):(\d+)$", text, flags=re.MULTILINE)
    assert user
    assert "0" not in user.groups()
    assert f"-o {user[1]} -g {user[2]} /data" in text
    assert re.search(r"^VOLUME /data$", text, flags=re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*CMD \[\"monitor\", .*\"status\"\]$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "deploy/monitor.service"])
def test_only_settings_that_exist_are_named(name):
    """Every MONITOR_… variable and every secret's file in the image, compose and unit files is a real setting."""
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"\b(MONITOR_[A-Z_]+)\b", text)) | {
        word.upper() for word in re.findall(r"\b(monitor_[a-z_]+)\b", text)
    }
    assert named
    assert named <= NAMES
