"""The clock and the environment: the only place that reads either."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from monitor.config.settings import Settings, read_settings


def now() -> datetime:
    """The time, aware, in UTC, to the second: what the database stores."""
    return datetime.now(UTC).replace(microsecond=0)


def read_environment() -> Settings:
    """The settings of this process. Raises SettingError."""
    return read_settings(os.environ)


def named(names: Iterable[str]) -> dict[str, str]:
    """Those of these settings that the environment holds, as they stand there."""
    return {name: os.environ[name] for name in names if os.environ.get(name)}
