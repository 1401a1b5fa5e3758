"""`rate`: what people type, what they are told, and what they are never told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.converter import ParseContext
from bot.commands.rate import long_day, money, rate, six
from bot.commands.reading import read_named, read_typed
from bot.providers.macro.feed import FolderFeed
from bot.providers.macro.folder import MacroFolder
from bot.render.text import to_text
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.macro.desk import BOOK, Hours, MacroDesk, ask, json_of, write
from tests.providers.macro.files import ECB_CSV, ECB_DAY, zipped

READING = ParseContext(BOOK, None, date(2026, 11, 21))  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> MacroDesk:
    clock = Hours(datetime(2026, 10, 31, 12, tzinfo=UTC))
    return MacroDesk(FolderFeed(MacroFolder(write(tmp_path, {"x": zipped(ECB_CSV)})), clock), clock)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("EUR USD", {"base": "EUR", "quote": "USD"}),
        ("eurusd", {"base": "EUR", "quote": "USD"}),
        ("EUR/USD", {"base": "EUR", "quote": "USD"}),
        ("cable", {"base": "GBP", "quote": "USD"}),
        ("250 EUR USD", {"base": "EUR", "quote": "USD", "amount": 250}),
        ("EUR USD 250", {"base": "EUR", "quote": "USD", "amount": 250}),
        ("250 euros in dollars", {"base": "EUR", "quote": "USD", "amount": 250}),
        ("250 EUR in USD asof:2025-12-31", {"base": "EUR", "quote": "USD", "amount": 250, "as_of": "2025-12-31"}),
        ("€80 in $", {"base": "EUR", "quote": "USD", "amount": 80}),
        ("80€ to £", {"base": "EUR", "quote": "GBP", "amount": 80}),
        ("250EUR USD", {"base": "EUR", "quote": "USD", "amount": 250}),
        ("A$20 in NZ$", {"base": "AUD", "quote": "NZD", "amount": 20}),
        ("10 000 jpy in eur", {"base": "JPY", "quote": "EUR", "amount": 10000}),
        ("1,500.50 euros to usd", {"base": "EUR", "quote": "USD", "amount": 1500.5}),
        ("5k swiss francs to mexican pesos", {"base": "CHF", "quote": "MXN", "amount": 5000}),
        ("1.5m pounds sterling in yen", {"base": "GBP", "quote": "JPY", "amount": 1500000}),
        ("quid vs bucks", {"base": "GBP", "quote": "USD"}),
        ("the Canadian dollar against the Norwegian krone", {"base": "CAD", "quote": "NOK"}),
        ("EUR/XAU", {"base": "EUR", "quote": "XAU"}),
        ("xyz USD", {"base": "XYZ", "quote": "USD"}),
        ("USD CYP asof:2005-01-03", {"base": "USD", "quote": "CYP", "as_of": "2005-01-03"}),
    ],
)
def test_what_people_type(typed: str, options: dict[str, Any]) -> None:
    call = read_typed(rate, typed, READING)
    assert call.error is None
    assert dict(call.options) == options


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "needs two currencies"),
        ("EUR", "needs another currency"),
        ("EUR USD GBP", "between two currencies; I read EUR, USD and GBP"),
        ("250 30 EUR USD", "One amount at a time, please; I read 250 and 30"),
        ("-5 EUR USD", "more than zero"),
        ("0 EUR USD", "more than zero"),
        ("9999999999999999 EUR USD", "at most a thousand million million"),
        ("EUR USD asof:2027-01-01", "future"),
        ("EUR USD asof:soon", "YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_read(typed: str, says: str) -> None:
    call = read_typed(rate, typed, READING)
    assert call.error is not None
    assert call.error.code == "bad_input"
    assert says in call.error.message


def test_a_slash_commands_options() -> None:
    good = read_named(rate, {"base": "euros", "quote": "xau", "amount": "1 000.5"}, READING)
    assert dict(good.options) == {"base": "EUR", "quote": "XAU", "amount": 1000.5}
    for texts in ({"base": "seashells", "quote": "USD"}, {"base": "EUR", "quote": "USD", "amount": "1.0.5x"}):
        assert read_named(rate, texts, READING).error is not None


@given(st.text(max_size=60))
def test_reading_never_fails(typed: str) -> None:
    read_typed(rate, typed, READING)


async def test_an_answer_says_its_fixing_and_never_now(desk: MacroDesk) -> None:
    reply = await ask(desk, rate, "250 EUR USD")
    assert json_of(reply) == {
        "base": "EUR",
        "quote": "USD",
        "rate": 1.1172,
        "amount": 250,
        "converted": pytest.approx(279.3),
        "date": date(2026, 10, 30),
    }
    assert reply.headline == "250.00 EUR = 279.30 USD, by the ECB reference rate of 30 October 2026."
    assert "now" not in to_text(reply).casefold()
    assert reply.freshness is not None
    assert reply.freshness.to_json() == {
        "as_of": "2026-10-30",
        "session": "closed",
        "provider": "ecb",
        "adjustment": "fix",
        "delay": "fix",
        "stale": False,
        "stale_reason": None,
        "stand_in": None,
    }


async def test_a_cross_shows_what_it_is_made_from(desk: MacroDesk) -> None:
    reply = await ask(desk, rate, "USDJPY")
    rows = {row.label: row.value for row in (*reply.rows, *reply.more)}
    assert reply.headline.startswith("1 USD = 157.25 JPY,")
    assert rows["Made from"] == "175.68 JPY per EUR ÷ 1.1172 USD per EUR"
    assert rows["Inverse"] == "1 JPY = 0.00635929 USD"
    assert "cross-currency-pair" in reply.terms


async def test_a_date_without_a_fixing_is_answered_from_the_one_before(desk: MacroDesk) -> None:
    reply = await ask(desk, rate, "EUR USD asof:2026-01-01")
    assert json_of(reply)["date"] == date(2025, 12, 31)
    assert reply.warnings == ("there is no fixing of 1 January 2026; the last one before it answers",)
    assert reply.freshness is not None
    assert not reply.freshness.stale, "the table goes on after the date"


async def test_an_old_table_is_stale(desk: MacroDesk) -> None:
    assert isinstance(desk.clock, Hours)
    desk.clock.pass_by(days=10)
    reply = await ask(desk, rate, "EUR EUR")
    assert reply.freshness is not None
    assert reply.freshness.stale
    assert "2026-10-30" in (reply.freshness.stale_reason or "")
    assert json_of(reply)["rate"] == 1.0
    assert "Inverse" not in {row.label for row in reply.rows}


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("BGN EUR", "missing_bars", "2025-12-31"),
        ("10 USD RUB", "missing_bars", "2022-03-01"),
        ("XYZ USD", "unknown_symbol", "“XYZ”"),
        ("EUR USD asof:1998-01-01", "too_little_history", "2022-03-01"),
    ],
)
async def test_no_rate_is_guessed(desk: MacroDesk, typed: str, code: str, says: str) -> None:
    reply = await ask(desk, rate, typed)
    assert reply.error is not None
    assert reply.error.code == code
    assert says in reply.error.message
    assert reply.data is None


async def test_an_ended_currency_has_its_past(desk: MacroDesk) -> None:
    assert json_of(await ask(desk, rate, "BGN EUR asof:2026-01-01"))["rate"] == pytest.approx(1 / 1.9558)


async def test_no_file_is_unavailable(tmp_path: Path) -> None:
    clock = Hours()
    reply = await ask(MacroDesk(FolderFeed(MacroFolder(tmp_path), clock), clock), rate, "EUR USD")
    assert reply.error is not None
    assert (reply.error.code, "no ECB file" in reply.error.message) == ("unavailable", True)


async def test_a_copy_says_its_age_and_a_longer_table_its_change(tmp_path: Path) -> None:
    from dataclasses import replace

    rows = "".join(f"2026-09-{day:02d},{1 + day / 100},150,\n" for day in range(1, 29))
    clock = Hours(datetime(2026, 9, 28, 18, tzinfo=UTC))
    folder = MacroFolder(write(tmp_path, {"x": "Date,USD,JPY,\n" + rows}))
    found = replace(await folder.rates(), kept_since=datetime(2026, 9, 28, 15, tzinfo=UTC))

    class Kept(FolderFeed):
        async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Any:
            return found

    reply = await ask(MacroDesk(Kept(folder, clock), clock), rate, "EUR USD")
    assert reply.warnings == ("no provider answered; these rates were fetched 3 hours ago",)
    rows_by_label = {row.label: row.value for row in reply.rows}
    assert rows_by_label["Change"] == "+19.63 % over 21 fixings, from 7 September 2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.1172, "1.1172"),
        (120.391292, "120.391"),
        (20275.17, "20,275.2"),
        (0.0000493214, "0.0000493214"),
        (1234567.8, "1,234,568"),
        (0.895094880, "0.895095"),
        (1000.0, "1,000"),
    ],
)
def test_rates_have_six_digits(value: float, shown: str) -> None:
    assert six(value) == shown


def test_money_and_dates() -> None:
    assert [money(value) for value in (1500.5, 0.1, 0.0123)] == ["1,500.50", "0.10", "0.0123"]
    assert long_day(date(2026, 10, 30)) == "30 October 2026"


@pytest.mark.shared
@needs_shared
async def test_on_the_real_files() -> None:
    clock = Hours()
    desk = MacroDesk(FolderFeed(MacroFolder(SHARED / "data"), clock), clock)
    found = json_of(await ask(desk, rate, "EURUSD"))
    assert (found["rate"], found["date"]) == (1.1172, date(2026, 10, 30))
    ended = await ask(desk, rate, "BGN USD")
    assert ended.error is not None
    assert "2025-12-31" in ended.error.message
    assert json_of(await ask(desk, rate, "USD JPY asof:2015-12-31"))["rate"] == pytest.approx(131.07 / 1.0887)


def test_the_files_here_are_those_the_ecb_documents() -> None:
    assert ECB_CSV.splitlines()[0].endswith(",")
    assert "30 October 2026" in ECB_DAY
