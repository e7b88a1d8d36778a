from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor import formats

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "—"),
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.9, "1 h 00 min"),
        (4320, "1 h 12 min"),
        (86400 * 3 + 3600 * 4 + 59, "3 d 4 h"),
        (-3, "0.0 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float | None, shown: str) -> None:
    assert formats.duration(seconds) == shown


def test_time_left_is_an_estimate_or_says_that_there_is_none() -> None:
    assert formats.time_left(None) == "no estimate"
    assert formats.time_left(52) == "52 s left"
    assert formats.time_left(0.01) == "1.0 s left"


@pytest.mark.parametrize(
    ("per_second", "shown"),
    [(None, "no rate yet"), (3.24, "3.2 / s"), (1.0, "1.0 / s"), (0.5, "30.0 / min"), (0.01, "0.6 / min")],
)
def test_a_rate_is_by_the_second_or_by_the_minute(per_second: float | None, shown: str) -> None:
    assert formats.rate(per_second) == shown


@pytest.mark.parametrize(
    ("share", "digits", "shown"),
    [
        (None, 1, "—"),
        (1.0, 1, "100.0 %"),
        (0.975, 1, "97.5 %"),
        (0.9999, 1, "99.99 %"),
        (0.99999, 1, "99.99 %"),
        (0.999, 0, "99.90 %"),
        (0.0, 0, "0 %"),
    ],
)
def test_a_share_is_never_rounded_up_to_all(share: float | None, digits: int, shown: str) -> None:
    assert formats.percent(share, digits) == shown


def test_counts_have_thousands_and_a_noun_in_the_right_number() -> None:
    assert formats.count(12345) == "12,345"
    assert formats.count(1, "page") == "1 page"
    assert formats.count(0, "page") == "0 pages"
    assert formats.count(1204, "entry", "entries") == "1,204 entries"


@pytest.mark.parametrize(
    ("length", "shown"),
    [(17, "17 bytes"), (2048, "2.0 KB"), (3_358_720, "3.2 MB"), (5 * 1024**3, "5.0 GB"), (9 * 1024**4, "9216.0 GB")],
)
def test_sizes(length: int, shown: str) -> None:
    assert formats.size(length) == shown


def test_an_age_is_counted_in_whole_seconds_or_minutes() -> None:
    assert formats.age(None, NOON) == "—"
    assert formats.age(NOON, NOON) == "just now"
    assert formats.age(NOON + timedelta(seconds=5), NOON) == "just now"
    assert formats.age(NOON - timedelta(seconds=4), NOON) == "4 s ago"
    assert formats.age(NOON - timedelta(minutes=3), NOON) == "3 min ago"


def test_a_clock_shows_the_readers_zone_and_the_date_of_another_day() -> None:
    zone = ZoneInfo("Asia/Tokyo")
    assert formats.clock(None, zone) == "—"
    assert formats.clock(NOON, zone) == "21:00:00"
    assert formats.clock(NOON, zone, today=NOON + timedelta(days=1)) == "01 Mar 2026, 21:00:00"


def test_names_of_the_database_become_words() -> None:
    assert formats.words("product_detection") == "Product detection"
    assert formats.words("ai_analysis") == "AI analysis"
    assert formats.words("") == ""
