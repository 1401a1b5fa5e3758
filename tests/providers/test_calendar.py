"""Calendars of the world: built once, kept in files, weekdays where the library has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.market.symbols import FILE, read_book
from bot.providers.calendar import Calendar, build_sessions, load_sessions

TODAY = date(2026, 11, 20)
BOOK = read_book(FILE.read_bytes())


@pytest.mark.parametrize("name", ["XTKS", "XSHG"])
def test_a_file_holds_all_of_a_calendar(tmp_path: Path, name: str) -> None:
    built = load_sessions(tmp_path, 2027, name)
    (path,) = tmp_path.iterdir()
    assert name in path.name
    kept = load_sessions(tmp_path, 2027, name)
    assert kept is not built
    for column in ("days", "opens", "closes", "pauses"):
        assert np.array_equal(getattr(kept, column), getattr(built, column), equal_nan=True)
    assert (kept.zone, kept.known_until, kept.extended, kept.timed) == (
        built.zone,
        built.known_until,
        built.extended,
        built.timed,
    )


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    load_sessions(tmp_path, 2027, "XCBF")
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-100])
    assert load_sessions(tmp_path, 2027, "XCBF").is_session(date(2026, 11, 20))
    assert load_sessions(tmp_path, 2027, "XCBF").zone == "America/Chicago"


@pytest.mark.parametrize(
    ("name", "zone", "closes"),
    [("ASEX", "Europe/Athens", "15:20"), ("XBSE", "Europe/Bucharest", "15:45"), ("XTAE", "Asia/Jerusalem", "15:15")],
)
def test_what_cannot_be_built_is_weekdays_with_the_usual_hours(
    tmp_path: Path, name: str, zone: str, closes: str
) -> None:
    found = load_sessions(tmp_path, 2027, name, zone)
    hours = found.hours_of(date(2026, 11, 20))
    assert hours is not None
    assert f"{hours.closes:%H:%M}" == closes
    assert (found.zone, found.known_until, found.timed, found.extended) == (zone, date.min, True, False)
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_none() -> None:
    assert build_sessions(2027, "XXXX", "Asia/Qatar").known_until == date.min
    with pytest.raises(ValueError, match="no calendar is called 'XXXX'"):
        build_sessions(2027, "XXXX")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("IWM", "America/New_York"),
        ("7203.T", "Asia/Tokyo"),
        ("VOD.L", "Europe/London"),
        ("ES=F", "America/Chicago"),
        ("EUR/USD", "America/New_York"),
        ("^N225", "Asia/Tokyo"),
        ("ALPHA.AT", "Europe/Athens"),
        ("PTI", "America/New_York"),
        ("BTC-USD", None),
    ],
)
async def test_the_sessions_of_a_symbol(tmp_path: Path, typed: str, zone: str | None) -> None:
    calendar = Calendar(tmp_path)
    found = await calendar.of(BOOK.resolve(typed), TODAY)
    assert (None if found is None else found.zone) == zone
    assert await calendar.of(BOOK.resolve(typed), TODAY) is found


async def test_a_new_year_builds_again(tmp_path: Path) -> None:
    calendar = Calendar(tmp_path)
    before = await calendar.named("XCBF", None, TODAY)
    after = await calendar.named("XCBF", None, date(2027, 1, 1))
    assert (before.days[-1].item().year, after.days[-1].item().year) == (2027, 2028)
