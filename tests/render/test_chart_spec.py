from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bot.market.bars import Bars
from bot.market.rally import Rally, RallyState
from bot.market.ranges import RangeState
from bot.render.chart_spec import ChartBand, ChartSpec, Level, Mark, States, chart_spec, state_words
from bot.render.chart_words import ALT_LIMIT, alt_text, marks_json


def made(closes: list[float], **columns: np.ndarray) -> Bars:
    days = np.busday_offset(np.datetime64("2024-01-02", "D"), np.arange(len(closes)))
    return Bars("IWM", days, np.array(closes, dtype=np.float64), "split_dividend", "csv", **columns)


def rising(count: int = 40) -> Bars:
    return made([100.0 + bar for bar in range(count)])


def in_range(**changes: object) -> RangeState:
    state = RangeState(
        "range_bound",
        40,
        support=110.0,
        resistance=130.0,
        window=20,
        band_bar=38,
        support_bars=(15, 33),
        resistance_bars=(36,),
    )
    return replace(state, **changes)


def in_rally(**changes: object) -> RallyState:
    state = RallyState(
        "rally",
        40,
        low_bar=25,
        low=125.0,
        high_bar=38,
        high=138.0,
        peak_bar=22,
        peak=122.0,
        decline_pct=-5.0,
        ends_below=131.0,
    )
    return replace(state, **changes)


def test_the_last_bars_are_shown_and_the_change_starts_before_them() -> None:
    spec = chart_spec(rising(), States(), 10, name="A fund")
    assert len(spec) == 10
    assert spec.close.tolist() == [130.0 + bar for bar in range(10)]
    assert spec.change_bars == 10
    assert spec.change_pct == pytest.approx(100 * (139 / 129 - 1))
    assert spec.day(-1) == date(2024, 2, 26)
    assert spec.span_words == "10 sessions, 13 Feb 2024 to 26 Feb 2024"


def test_a_short_history_is_shown_whole() -> None:
    spec = chart_spec(rising(5), States(), 120)
    assert len(spec) == 5
    assert spec.change_bars == 4
    assert spec.change_pct == pytest.approx(4.0)
    assert spec.roc is None


@pytest.mark.parametrize("periods", [0, 1])
def test_fewer_than_two_bars_are_no_chart(periods: int) -> None:
    with pytest.raises(ValueError, match="2 bars"):
        chart_spec(rising(), States(), periods)


def test_roc_reaches_back_before_the_first_bar_shown() -> None:
    spec = chart_spec(rising(), States(), 10)
    assert spec.roc is not None
    assert spec.roc[0] == pytest.approx(100 * (130 / 120 - 1))
    assert spec.roc[-1] == pytest.approx(100 * (139 / 129 - 1))
    assert np.isnan(chart_spec(rising(), States(), 35).roc[:5]).all()  # type: ignore[index]


def test_bar_numbers_of_states_become_those_of_the_picture() -> None:
    spec = chart_spec(rising(), States(in_range(), in_rally()), 20)
    assert spec.band == ChartBand(0, 18, 110.0, 130.0)
    assert spec.levels == (
        Level("resistance", 130.0, 0, (16,)),
        Level("ends_below", 131.0, 17),
    )
    assert spec.marks == (Mark("rally_low", 5, 125.0), Mark("peak", 2, 122.0), Mark("high", 18, 138.0))
    assert [mark.above for mark in spec.marks] == [False, True, True]
    assert spec.state == "Trading range, in a rally"


def test_levels_out_of_reach_are_left_out() -> None:
    """Support 110 is 10 below the lowest of 19 points: further than 0.35 of them."""
    kinds = [level.kind for level in chart_spec(rising(), States(in_range()), 20).levels]
    assert kinds == ["resistance"]
    kinds = [level.kind for level in chart_spec(rising(), States(in_range()), 30).levels]
    assert kinds == ["resistance", "support"]


def test_marks_before_the_picture_are_left_out() -> None:
    spec = chart_spec(rising(), States(None, in_rally()), 5)
    assert spec.marks == (Mark("high", 3, 138.0),)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"state": "none"}, []),
        ({"state": "insufficient"}, []),
        ({"state": "attempt", "high_bar": None, "high": None}, ["low", "peak"]),
        ({"state": "rally", "decline_pct": 0.0}, ["rally_low", "high"]),
    ],
)
def test_marks_by_state(changes: dict[str, object], kinds: list[str]) -> None:
    spec = chart_spec(rising(), States(None, in_rally(**changes)), 40)
    assert [mark.kind for mark in spec.marks] == kinds


@pytest.mark.parametrize("changes", [{"band_bar": 5}, {"window": 1}, {"support": None}])
def test_a_band_outside_or_too_narrow_is_left_out(changes: dict[str, object]) -> None:
    spec = chart_spec(rising(), States(in_range(**changes)), 30)
    assert spec.band is None
    assert spec.levels == ()


def test_the_line_that_ends_a_rally_is_long_enough_to_see() -> None:
    spec = chart_spec(rising(), States(None, in_rally(high_bar=39)), 30)
    assert [(level.kind, level.start) for level in spec.levels] == [("ends_below", 25)]


def test_candles_where_most_bars_have_them() -> None:
    close = np.array([10.0, 11.0, 12.0, 11.0])
    opened = np.array([10.5, 10.0, np.nan, 12.0])
    bars = made(close.tolist(), open=opened, high=close + 1, low=np.array([9.0, 9.0, 9.0, 11.5]))
    spec = chart_spec(bars, States(), 4)
    assert spec.open is not None
    assert spec.open.tolist() == [10.5, 10.0, 12.0, 12.0]
    assert spec.tops.tolist() == [11.0, 12.0, 12.0, 12.0]
    assert spec.bottoms.tolist() == [9.0, 9.0, 12.0, 11.0]


def test_a_line_where_they_are_rare_or_too_many() -> None:
    rare = made([1.0, 2.0, 3.0], open=np.array([1.0, np.nan, np.nan]), high=np.full(3, 9.0), low=np.full(3, 0.5))
    spec = chart_spec(rare, States(), 3)
    assert spec.open is None
    assert spec.tops is spec.close
    close = np.linspace(1.0, 2.0, 300)
    many = made(close.tolist(), open=close, high=close, low=close)
    assert chart_spec(many, States(), 250).open is not None
    assert chart_spec(many, States(), 251).open is None


def test_a_wide_span_of_prices_gets_a_logarithmic_axis() -> None:
    assert not chart_spec(made([1.0, 4.9]), States(), 2).log
    assert chart_spec(made([1.0, 5.0]), States(), 2).log
    assert not chart_spec(made([-1.0, 5.0]), States(), 2).log


def test_no_percent_from_a_price_of_zero_or_less() -> None:
    assert chart_spec(made([0.0, 5.0]), States(), 2).change_pct is None


def test_a_rally_that_ended_is_marked_with_its_end() -> None:
    bars = rising()
    over = Rally(low=25, confirmed=30, high=35, end=38, reason="reversal")
    state = RallyState("ended", 40, low_bar=39, low=139.0, decline_pct=-5.0, peak_bar=35, peak=135.0, ended=over)
    marks = chart_spec(bars, States(rally=state), 20).marks
    assert [(mark.kind, mark.bar, mark.price) for mark in marks] == [
        *(("rally_low", 5, 125.0), ("high", 15, 135.0), ("ended", 18, 138.0), ("low", 19, 139.0)),
    ]
    at_its_low = replace(state, low_bar=38, low=138.0)
    assert [mark.kind for mark in chart_spec(bars, States(rally=at_its_low), 20).marks] == [
        "rally_low",
        "high",
        "ended",
    ]
    assert marks[2].label == "Rally ended"


def test_simulated_prices_say_so() -> None:
    spec = chart_spec(replace(rising(), adjustment="simulated"), States(), 10)
    assert spec.simulated
    assert spec.note == "simulated sample data"
    assert alt_text(spec).startswith("Simulated sample data. Chart of IWM")
    assert chart_spec(rising(), States(), 10).note == "csv, split- and dividend-adjusted"
    assert chart_spec(replace(rising(), adjustment="fix"), States(), 10).note == "csv, reference rate"


def test_state_words() -> None:
    assert state_words(States()) == ""
    assert state_words(States(None, RallyState("declining", 40))) == "Declining"
    assert state_words(States(RangeState("insufficient", 4), RallyState("insufficient", 4))) == ""


def full() -> ChartSpec:
    return chart_spec(rising(), States(in_range(), in_rally()), 30, name="A fund")


def test_alt_text_says_what_is_drawn() -> None:
    assert alt_text(full()) == (
        "Chart of IWM (A fund), line of closes, 30 sessions, 16 Jan 2024 to 26 Feb 2024. Last close 139.00,"
        " +27.52 % over 30 sessions. Highest close 139.00 on 26 Feb 2024, lowest 110.00 on 16 Jan 2024."
        " State: Trading range, in a rally. Resistance 130.00. Support 110.00."
        " Rally ends below 131.00. Rally low 125.00 on 6 Feb 2024. Peak 122.00 on"
        " 1 Feb 2024. High 138.00 on 23 Feb 2024. Panel below: ROC(10), last +7.75 %."
    )


def test_alt_text_without_what_is_not_there() -> None:
    text = alt_text(chart_spec(made([0.0, 5.0]), States(), 2))
    assert text.startswith("Chart of IWM, line of closes, 2 sessions")
    assert "Last close 5.00. Highest" in text
    assert "ROC" not in text
    assert "State" not in text


def test_alt_text_has_discords_length_at_most() -> None:
    assert len(alt_text(chart_spec(rising(), States(), 10, name="x" * 2000))) == ALT_LIMIT


def test_marks_as_json() -> None:
    assert marks_json(full())[:1] == [{"kind": "resistance", "price": 130.0, "date": None}]
    assert marks_json(full())[-1] == {"kind": "high", "price": 138.0, "date": date(2024, 2, 23)}
