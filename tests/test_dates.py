"""Dates of feeds: what outlets write, what it means in Almaty, and what is better not believed."""

from datetime import UTC, datetime

import pytest

from monitor.sources.dates import read_date

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 09:00 in Almaty


def read(written: str, zone: str = "Asia/Almaty"):
    """The date as a feed of Almaty means it."""
    return read_date(written, zone, NOW)


@pytest.mark.parametrize(
    "written",
    [
        "Fri, 20 Nov 2026 09:00:00 +0500", "Fri, 20 Nov 2026 04:00:00 GMT", "20 Nov 2026 09:00 +05:00",
        "Fri, 20 Nov 2026 09:00:00 ALMT", "Fri, 20 Nov 2026 07:00:00 MSK", "Fri, 20 Nov 2026 09:00:00",
        "Fri, 20 Nov 2026 10:00:00 GMT+6", "Thu, 19 Nov 2026 23:00:00 EST", "Пт, 20 ноя 2026 09:00:00 +0500",
        "пятница, 20 ноября 2026 г., 09:00", "20 ноября 2026 года в 9:00", "20.11.2026 09:00", "20.11.26 9.00",
        "20/11/2026 09:00", "11/20/2026 9:00 AM", "2026-11-20T09:00:00+05:00", "2026-11-20T04:00:00Z",
        "2026-11-20T04:00:00.123Z", "2026-11-20 09:00:00", "2026-11-20T09:00", "20 қараша 2026, 09:00",
        "20 Қараша, 2026 09:00", "2026 жылғы 20 қараша, 09:00", "20 карашa 2026 ж. 09:00".replace("a", "а"),
        "Жұма, 20 қараша 2026 09:00", "Nov 20, 2026 9:00 am", "November 20th, 2026 09:00", "1795147200", "1795147200000",
        "Fri Nov 20 09:00:00 2026", " Fri,\n 20 Nov 2026  09:00:00 +0500 ",
    ],
)  # fmt: skip
def test_every_way_to_say_nine_o_clock(written):
    """Russian, Kazakh and English months, with and without a zone, unix seconds and milliseconds."""
    assert read(written).replace(microsecond=0) == NINE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("вчера в 14:20", datetime(2026, 11, 21, 9, 20, tzinfo=UTC)),
        ("бүгін 14:20", datetime(2026, 11, 22, 9, 20, tzinfo=UTC)),
        ("3 сағат бұрын", datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
        ("20 ноября, 09:00", NINE),
        ("20.11.2026", datetime(2026, 11, 19, 19, 0, tzinfo=UTC)),
        ("Fri, 20 Nov 2020 10:00:00 ALMT", datetime(2020, 11, 20, 4, 0, tzinfo=UTC)),
        ("20.11.2020 10:00", datetime(2020, 11, 20, 4, 0, tzinfo=UTC)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_what_is_relative_old_or_half_said(written, meant):
    """Relative to the moment of the fetch; Almaty was at +6 until March 2024."""
    assert read(written) == meant


@pytest.mark.parametrize(
    "written",
    ["", "soon", "Новости", "2026", "2026-11", "30 февраля 2026", "99.99.2026", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "9" * 13, "9" * 400, "20 Nov 2026 25:61", "x" * 200],
)  # fmt: skip
def test_what_cannot_be_read_is_no_date(written):
    """Nobody is told a wrong time: words, half dates, impossible days and what programs write for "unknown"."""
    found = read(written)
    assert found is None or found == NOW


@pytest.mark.parametrize("written", ["2030-01-01T00:00:00Z", "Sun, 22 Nov 2026 19:00:00 +0500", "завтра в 10:00"])
def test_the_future_is_now(written):
    """No news is younger than the moment it was read."""
    assert read(written) == NOW


def test_an_unknown_zone_costs_nothing():
    """A typo in the configuration reads as UTC instead of losing the date."""
    assert read("20.11.2026 04:00", zone="Asia/Almatty") == NINE
    assert read("20.11.2026 04:00", zone="../../etc/passwd") == NINE
