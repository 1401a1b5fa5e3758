"""`hours`: open or closed, what comes next, holidays and half days, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question, read_slash
from bot.desk import Caller, Desk
from tests.commands.market_desk import ask, ask_json
from tests.providers.building import Clock


def at(desk: Desk, text: str) -> Desk:
    """The desk at a moment, in UTC."""
    return replace(desk, feed=_moved(desk, text), clock=Clock(datetime.fromisoformat(text).replace(tzinfo=UTC)))


def _moved(desk: Desk, text: str) -> Any:
    from tests.providers.building import CALENDAR, feed_over

    clock = Clock(datetime.fromisoformat(text).replace(tzinfo=UTC))
    return feed_over([], CALENDAR, desk.store, desk.jobs, clock)


@pytest.mark.parametrize(
    ("now", "question", "headline"),
    [
        # New York: 09:30 to 16:00, five hours behind UTC in winter.
        ("2026-11-18 15:00", "!hours", "The US stock market is open now; it closes at 16:00 New York time, in 6 h."),
        (
            "2026-11-18 13:00",
            "!hours nasdaq",
            "The US stock market is closed now; it opens at 09:30 New York time, in 1 h 30 min.",
        ),
        (
            "2026-11-26 16:00",
            "!hours nyse",
            "The US stock market is closed now for a holiday; it opens on Fri 27 Nov 2026 at 09:30 New York time, "
            "in 22 h 30 min.",
        ),
        (
            "2026-11-20 22:00",
            "!hours AAPL",
            "The US stock market is closed now; it opens on Mon 23 Nov 2026 at 09:30 New York time, in 2 days.",
        ),
        # Tokyo: 09:00 to 11:30 and 12:30 to 15:30, nine hours ahead.
        (
            "2026-11-18 03:00",
            "!hours tokyo",
            "Tokyo is in its lunch break; it opens again at 12:30 Tokyo time, in 30 min.",
        ),
        ("2026-11-18 01:00", "!hours 7203.T", "Tokyo is open now; it closes at 15:30 Tokyo time, in 5 h 30 min."),
        (
            "2026-11-22 23:30",
            "!hours es=f",
            "CME is open now; it closes on Mon 23 Nov 2026 at 16:00 Chicago time, in 22 h 30 min.",
        ),
        (
            "2026-11-21 12:00",
            "!hours EUR/USD",
            "The currency market is closed now; it opens on Sun 22 Nov 2026 at 17:00 New York time, in 34 h.",
        ),
        ("2026-11-21 12:00", "!hours crypto", "The crypto market trades around the clock, every day of the year."),
        (
            "2026-11-18 12:00",
            "!hours nyse thanksgiving",
            "The US stock market is closed on Thu 26 Nov 2026: a holiday.",
        ),
        ("2026-11-18 12:00", "!hours lse saturday", "London Stock Exchange is closed on Sat 21 Nov 2026: the weekend."),
        (
            "2026-11-18 12:00",
            "!hours .L 24 December",
            "London Stock Exchange is open on Thu 24 Dec 2026: 08:00–12:30 London time, a shorter session than usual.",
        ),
        (
            "2026-11-18 12:00",
            "!hours nyse 2026-11-16",
            "The US stock market was open on Mon 16 Nov 2026: 09:30–16:00 New York time.",
        ),
        (
            "2026-11-18 12:00",
            "!hours nyse 2026-09-07",
            "The US stock market was closed on Mon 7 Sep 2026: a holiday.",
        ),
        (
            "2026-11-18 12:00",
            "!hours shanghai 2027-01-05",
            "Shanghai is open on Tue 5 Jan 2027 unless it is a holiday: 09:30–15:00 Shanghai time.",
        ),
        (
            "2026-11-18 12:00",
            "!hours qatar 2026-11-19",
            "Qatar trades on Thu 19 Nov 2026 unless it is a holiday: it is a weekday there.",
        ),
        (
            "2026-11-20 12:00",
            "!hours qatar",
            "Qatar is closed now: it is the weekend there; its next weekday is Sun 22 Nov 2026.",
        ),
    ],
)
async def test_the_first_line(desk: Desk, registry: Registry, now: str, question: str, headline: str) -> None:
    assert (await ask(at(desk, now), registry, question)).headline == headline


async def test_the_json_of_an_open_market(desk: Desk, registry: Registry) -> None:
    found = await ask_json(at(desk, "2026-11-18 15:00"), registry, "!hours nyse")
    assert found["options"] == {"exchange": "XNYS"}
    data = found["data"]
    assert (data["exchange"], data["open"], data["session"]) == ("XNYS", True, "regular")
    assert (data["opens"], data["closes"]) == ("2026-11-19T14:30:00+00:00", "2026-11-18T21:00:00+00:00")
    assert data["holidays"] == ["2026-11-26"]
    assert data["short_sessions"] == ["2026-11-27", "2026-12-24"]


async def test_the_json_of_a_day(desk: Desk, registry: Registry) -> None:
    here = at(desk, "2026-11-18 15:00")
    half = (await ask_json(here, registry, "!hours nyse 27 November"))["data"]
    assert (half["open"], half["opens"], half["closes"]) == (
        True,
        "2026-11-27T14:30:00+00:00",
        "2026-11-27T18:00:00+00:00",
    )
    off = (await ask_json(here, registry, "!hours nyse 26 November"))["data"]
    assert (off["open"], off["day"]) == (False, "2026-11-26")


async def test_what_is_not_known_is_null_and_said(desk: Desk, registry: Registry) -> None:
    here = at(desk, "2026-11-18 09:00")
    doha = await ask_json(here, registry, "!hours qatar")
    names = ("open", "session", "opens", "closes")
    assert [doha["data"][name] for name in names] == [None] * 4
    assert "no calendar of Qatar here" in doha["text"]
    athens = await ask_json(here, registry, "!hours athens")
    assert athens["data"]["open"] is True
    assert "its holidays are not known" in athens["text"]
    shanghai = await ask_json(here, registry, "!hours shanghai")
    assert shanghai["data"]["holidays_known_until"] == "2026-12-31"
    assert "later days are taken as weekdays" in shanghai["text"]
    mumbai = await ask_json(here, registry, "!hours nse")
    assert "The calendar is that of XBOM" in mumbai["text"]
    assert "15:30 Mumbai time" in mumbai["text"]
    grains = await ask_json(here, registry, "!hours cbot")
    assert "Grain futures there keep shorter hours" in grains["text"]


async def test_lunch_is_a_line(desk: Desk, registry: Registry) -> None:
    found = await ask(at(desk, "2026-11-18 03:00"), registry, "!hours hong kong")
    lines = {row.label: row.value for row in (*found.rows, *found.more)}
    assert lines["Lunch break"] == "12:00–13:00"
    assert lines["Session"] == "09:30–16:00 in Hong Kong, regular hours"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("!hours tse", "ambiguous"),
        ("!hours tokyo london", "bad_input"),
        ("!hours ¤¤¤", "unknown_symbol"),
        ("!hours nyse 31 February", "bad_input"),
        ("!hours nyse monday tuesday", "bad_input"),
        ("!hours HENRYHUB", "bad_input"),
    ],
)
async def test_what_cannot_be_read_is_said(desk: Desk, registry: Registry, question: str, code: str) -> None:
    found = await ask_json(desk, registry, question)
    assert not found["ok"]
    assert found["error"]["code"] == code


async def test_the_offers_of_a_name_of_several_are_answered(desk: Desk, registry: Registry) -> None:
    refused = await ask(desk, registry, "!hours tse")
    assert refused.error is not None
    for offer in refused.error.suggestions:
        assert (await ask(desk, registry, f"!hours {offer}")).ok


@pytest.mark.parametrize(
    ("texts", "options"),
    [
        ({"market": "tokyo"}, {"exchange": "XTKS"}),
        ({"market": ".HK", "day": "tomorrow"}, {"exchange": "XHKG", "day": "2026-03-05"}),
        ({"market": "VOD.L"}, {"symbol": "VOD.L"}),
        ({}, {}),
    ],
)
async def test_the_slash_command(
    desk: Desk, registry: Registry, texts: dict[str, str], options: dict[str, Any]
) -> None:
    entry = registry.get("hours")
    assert entry is not None
    call = read_slash(desk, registry, entry, texts)
    assert call.error is None
    assert call.options == options
    again = read_question(desk, registry, entry.typed(call.values))
    assert again.options == options
    assert (await answer(desk, registry, Caller(), call)).ok


def test_completion_has_places_and_symbols(desk: Desk, registry: Registry) -> None:
    from bot.commands.reading import parse_context

    entry = registry.get("hours")
    assert entry is not None
    context = parse_context(desk, registry)
    market, day = (option.converter for option in entry.options)
    assert ("Tokyo · XTKS", "XTKS") in market.complete("tok", context)
    assert any(value == "AAPL" for _, value in market.complete("aapl", context))
    assert day.complete("to", context) == []


async def test_plain_words(desk: Desk, registry: Registry) -> None:
    found = await ask_json(at(desk, "2026-11-18 15:00"), registry, "is the market open on christmas?")
    assert (found["command"], found["options"]) == ("hours", {"day": "2026-12-25"})
    assert found["data"]["open"] is False
