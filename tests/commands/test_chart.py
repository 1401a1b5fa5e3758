from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from bot.analysis.series import Series
from bot.commands.chart import _reply, bars_shown, chart, make
from bot.errors import UserError
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.render.reply import Freshness, Reply


def made(closes: np.ndarray) -> Bars:
    days = np.busday_offset(np.datetime64("2024-01-02", "D"), np.arange(closes.size))
    return Bars("IWM", days, closes, "split_dividend", "csv")


def got(bars: Bars) -> Series:
    fresh = Freshness(bars.last_day, "closed", "csv", "split_dividend", "end_of_day")
    symbol = Symbol("IWM", "iShares Russell 2000 ETF", "fund", "XNYS", "USD")
    return Series(symbol, symbol, bars, fresh, ("a warning of the series",), ())


def waves(count: int = 300) -> np.ndarray:
    return 100 + 4 * np.sin(np.arange(count) / 7) + np.random.default_rng(2).normal(0, 0.4, count)


def answered(bars: Bars, span: int = 120) -> Reply:
    one = got(bars)
    return _reply(one, make(one, bars_shown(bars, span)), None)


def test_what_the_command_is_called_with() -> None:
    assert chart.name == "chart"
    assert len(chart.summary) <= 100
    assert {option.name: option.default for option in chart.options if not option.required} == {
        "periods": (120,),
        "as_of": None,
        "interval": "daily",
    }


def test_the_answer_in_words_numbers_and_picture() -> None:
    bars = made(waves())
    reply = answered(bars)
    change = 100 * (bars.close[-1] / bars.close[-121] - 1)
    assert reply.headline.startswith(f"IWM is {'up' if change > 0 else 'down'} ")
    assert f"{abs(change):.2f} % over 120 sessions; " in reply.headline
    assert reply.data is not None
    assert set(reply.data) == {"periods", "bytes", "width", "height", "marks", "alt"}
    (picture,) = reply.attachments
    image = Image.open(io.BytesIO(picture.content))
    assert (reply.data["width"], reply.data["height"]) == image.size
    assert reply.data["bytes"] == len(picture.content)
    assert reply.data["periods"] == 120
    assert reply.data["alt"] == picture.alt != ""
    assert picture.filename == f"iwm-{bars.last_day}.png"
    assert reply.warnings[0] == "a warning of the series"
    labels = [row.label for row in reply.rows]
    assert labels[:4] == ["Shown", "Last close", "Highest close", "Lowest close"]


def test_levels_and_marks_are_in_the_words_too() -> None:
    reply = answered(made(waves()))
    assert reply.data is not None
    kinds = [mark["kind"] for mark in reply.data["marks"]]
    labels = [row.label.lower().replace(" ", "_") for row in reply.more]
    assert [label.replace("rally_ends_below", "ends_below") for label in labels] == kinds
    assert "rate-of-change" in reply.terms


def test_a_falling_and_a_still_series() -> None:
    assert answered(made(np.linspace(50, 40, 130))).tone == "down"
    still = answered(made(np.full(130, 50.0)))
    assert still.tone == "flat"
    assert still.headline.startswith("IWM is unchanged over 120 sessions")


def test_fewer_bars_than_asked_are_all_shown_and_said() -> None:
    reply = answered(made(waves(30)))
    assert reply.data is not None
    assert reply.data["periods"] == 30
    assert any("only 30 bars" in warning for warning in reply.warnings)


def test_a_price_of_zero_in_the_picture_is_refused() -> None:
    closes = waves()
    closes[-50] = -1.0
    with pytest.raises(UserError) as caught:
        answered(made(closes))
    assert caught.value.code == "not_positive"


def test_a_price_of_zero_before_the_picture_takes_the_states_away() -> None:
    closes = waves()
    closes[20] = 0.0
    reply = answered(made(closes))
    assert reply.data is not None
    assert reply.data["marks"] == []
    assert any(warning.startswith("no range or rally state") for warning in reply.warnings)


@pytest.mark.parametrize(("span", "count", "code"), [(1, 300, "bad_input"), (120, 1, "too_little_history")])
def test_too_little_to_draw(span: int, count: int, code: str) -> None:
    with pytest.raises(UserError) as caught:
        bars_shown(made(waves(count)), span)
    assert caught.value.code == code


def test_the_year_to_date() -> None:
    bars = made(waves())
    year = bars.last_day.year
    shown = bars_shown(bars, "ytd")
    assert bars.day(-shown) == date(year, 1, 1)
    first = bars.until(date(2025, 1, 1))
    assert first is not None
    with pytest.raises(UserError, match="1 bar up to"):
        bars_shown(first, "ytd")


def test_a_symbol_without_letters_still_names_its_file() -> None:
    reply = answered(replace(made(waves()), symbol="^^"))
    assert reply.attachments[0].filename.startswith("chart-")
