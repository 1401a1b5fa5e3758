from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.bars import Bars
from bot.market.rally import RallyState, rally
from bot.market.ranges import RangeState, range_state
from bot.render.chart_axis import Scale, date_ticks, price_ticks, tick_text, widen
from bot.render.chart_labels import Bodies, Box, Room, around_mark, clear, spread
from bot.render.chart_layout import GUTTER_PAD, HEIGHT, Layout, arrange, fitted, tag_text, tag_text_percent
from bot.render.chart_spec import ChartSpec, Mark, States, chart_spec


def measure(text: str, size: int) -> float:
    """Letters half as wide as they are high."""
    return len(text) * size / 2


def dated(closes: np.ndarray, *, candles: bool = False) -> Bars:
    days = np.busday_offset(np.datetime64("2015-03-10", "D"), np.arange(closes.size))
    parts = {"open": closes * 1.001, "high": closes * 1.01, "low": closes * 0.99} if candles else {}
    return Bars("^RUT", days, closes, "index", "csv", **parts)


def spec_of(closes: np.ndarray, periods: int, *, candles: bool = False) -> ChartSpec:
    bars = dated(closes, candles=candles)
    return chart_spec(bars, States(range_state(bars.close), rally(bars.close)), periods, name="Russell 2000 Index")


@st.composite
def specs(draw: st.DrawFn) -> ChartSpec:
    count = draw(st.integers(2, 2000))
    scale = 10.0 ** draw(st.integers(-9, 9))
    step = draw(st.sampled_from([0.0, 1e-9, 0.002, 0.02, 0.1]))
    noise = np.random.default_rng(draw(st.integers(0, 2**32))).normal(0, step, count)
    closes = scale * np.exp(np.clip(np.cumsum(noise), -12, 12))
    return spec_of(closes, draw(st.integers(2, count)), candles=draw(st.booleans()))


def boxes(layout: Layout) -> list[Box]:
    return [words.box for words in (*layout.words, *layout.labels)] + [tag.box for tag in layout.tags]


def sound(layout: Layout) -> None:
    """Nothing is written over anything else, nor outside the picture."""
    whole = Box(0, 0, layout.width, layout.height)
    for one, other in combinations(boxes(layout), 2):
        assert not one.meets(other)
    for box in boxes(layout):
        assert whole.holds(box)
    for words in layout.labels:
        assert layout.prices.area.holds(words.box)
        assert not any(words.box.meets(pointer.box) for pointer in layout.pointers)


@settings(max_examples=150, deadline=None)
@given(specs())
def test_nothing_overlaps_whatever_the_prices(spec: ChartSpec) -> None:
    layout = arrange(spec, measure)
    sound(layout)
    assert 760 <= layout.width <= 840
    assert layout.height == HEIGHT
    assert len(layout.columns) == len(spec)
    assert layout.prices.area.left <= layout.columns[0] <= layout.columns[-1] <= layout.prices.area.right
    rows = layout.prices.scale.rows(np.concatenate([spec.tops, spec.bottoms]))
    assert rows.min() >= layout.prices.area.top
    assert rows.max() <= layout.prices.area.bottom
    assert 1 <= len(layout.prices.grid) <= 12


def test_every_level_and_mark_is_labelled_with_its_price() -> None:
    closes = 100 + 5 * np.sin(np.arange(200) / 6)
    bars = dated(closes)
    state = RangeState(
        "range_bound",
        200,
        support=95.2,
        resistance=104.8,
        window=80,
        band_bar=199,
        support_bars=(140,),
        resistance_bars=(160,),
    )
    rising = RallyState(
        "rally",
        200,
        low_bar=140,
        low=95.1,
        high_bar=160,
        high=104.9,
        peak_bar=122,
        peak=104.8,
        decline_pct=-9,
        ends_below=97.0,
    )
    spec = chart_spec(bars, States(state, rising), 120)
    layout = arrange(spec, measure)
    sound(layout)
    assert {words.text for words in layout.labels} == {
        "Resistance",
        "Support",
        "Rally ends below",
        "Rally low 95.10",
        "Peak 104.80",
        "High 104.90",
    }
    assert {tag.words.text for tag in layout.tags} >= {"104.80", "95.20", "97.00"}
    assert [line.kind for line in layout.lines] == ["resistance", "support", "ends_below"]
    assert layout.lines[0].tests == (layout.columns[80],)
    low = next(pointer for pointer in layout.pointers if pointer.kind == "rally_low")
    assert low.box.left < layout.columns[60] < low.box.right
    assert low.box.top > layout.prices.scale.y(95.1)
    assert not low.down


def test_a_label_before_its_line_draws_the_line_out() -> None:
    closes = np.r_[np.full(100, 50.0), np.linspace(90, 110, 20)]
    state = RallyState("rally", 120, low_bar=100, low=90.0, high_bar=119, high=110.0, ends_below=100.0)
    layout = arrange(chart_spec(dated(closes), States(None, state), 120), measure)
    label = next(words for words in layout.labels if words.text == "Rally ends below")
    assert layout.lines[0].start == pytest.approx(label.box.right + 5) or label.box.bottom <= layout.lines[0].row + 60


def test_bars_stand_on_whole_pixels_at_the_usual_span() -> None:
    layout = arrange(spec_of(100 + np.sin(np.arange(300) / 9), 120, candles=True), measure)
    assert layout.slot == 6.0
    assert abs(layout.width - 800) <= 40


def test_without_roc_the_prices_take_the_room() -> None:
    short = arrange(spec_of(np.linspace(10, 11, 6), 6), measure)
    assert short.roc is None
    assert short.prices.area.bottom > 400


def test_the_roc_panel_shows_zero() -> None:
    layout = arrange(spec_of(np.linspace(100, 200, 100), 60), measure)
    assert layout.roc is not None
    assert layout.roc.area.top <= layout.roc.scale.y(0.0) <= layout.roc.area.bottom


def test_long_names_are_cut() -> None:
    bars = dated(np.linspace(10, 11, 40))
    layout = arrange(chart_spec(bars, States(), 30, name="A very long name " * 20), measure)
    sound(layout)
    assert any(words.text.endswith("...") for words in layout.words)
    assert fitted("abcdef", 10, 12, measure) == ""
    assert fitted("abcdef", 10, 30, measure) == "abcdef"
    assert fitted("abcdefgh", 10, 36, measure) == "abcd..."


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 10.0, (0, 2, 4, 6, 8, 10)),
        (97.3, 104.9, (98, 100, 102, 104)),
        (0.0012, 0.0048, (0.002, 0.003, 0.004)),
        (-3.0, 3.0, (-2, 0, 2)),
    ],
)
def test_price_ticks_are_round(low: float, high: float, ticks: tuple[float, ...]) -> None:
    most = 5 if high > 5 else 4
    assert price_ticks(Scale(low, high, 0, 100), most) == pytest.approx(ticks)


def test_price_ticks_of_a_logarithmic_axis() -> None:
    assert price_ticks(Scale(1.5, 120, 0, 100, log=True), 7) == pytest.approx((2, 5, 10, 20, 50, 100))
    assert price_ticks(Scale(0.95, 5.2, 0, 100, log=True), 7) == pytest.approx((1, 1.5, 2, 3, 5))
    assert price_ticks(Scale(0.9, 1.2e6, 0, 100, log=True), 7) == pytest.approx([10.0**n for n in range(7)])


def test_scales_turn_prices_into_rows() -> None:
    linear, log = Scale(10, 20, 0, 100), Scale(1, 100, 0, 100, log=True)
    assert linear.y(15) == 50
    assert log.y(10) == pytest.approx(50)
    assert log.rows(np.array([1.0, 10.0])).tolist() == pytest.approx([100, 50])
    for scale in (linear, log):
        wider = scale.padded(10, 20)
        assert (wider.top, wider.bottom) == (-10, 120)
        assert wider.y(scale.low) == pytest.approx(100)
        assert wider.y(scale.high) == pytest.approx(0)


def test_flat_series_get_an_axis() -> None:
    assert widen(100.0, 100.0) == (99.0, 101.0)
    assert widen(0.0, 0.0) == (-1.0, 1.0)
    assert widen(1.0, 2.0) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (105.0, 5, "105"),
        (102.5, 2.5, "102.5"),
        (0.0025, 0.0005, "0.0025"),
        (-10.0, 5, "−10"),
        (12500.0, 2500, "12,500"),
        (2e6, 5e5, "2.0M"),
        (1.5e10, 5e9, "15B"),
        (2e-8, 1e-8, "2e-08"),
        (0.0, 5, "0"),
    ],
)
def test_tick_text(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text


def test_tag_text_is_short_where_values_are_huge() -> None:
    assert tag_text(121.54) == "121.54"
    assert tag_text(123456789.0) == "123.46M"
    assert tag_text_percent(-1.4149) == "−1.41"
    assert len(tag_text_percent(1.234e7)) <= 10


def ticks_of(first: str, count: int, width: float = 700) -> list[str]:
    dates = np.busday_offset(np.datetime64(first, "D"), np.arange(count))
    return [tick.text for tick in date_ticks(dates, lambda bar: bar * width / count, lambda text: 9 * len(text), 18)]


def test_date_ticks_are_real_dates() -> None:
    assert ticks_of("2024-01-02", 5) == ["2 Jan", "3 Jan", "4 Jan", "5 Jan", "8 Jan"]
    assert ticks_of("2024-01-02", 42) == ["8 Jan", "15 Jan", "22 Jan", "29 Jan", "5 Feb", "12 Feb", "19 Feb", "26 Feb"]
    assert ticks_of("2023-10-16", 120) == ["Nov", "Dec", "2024", "Feb", "Mar"]
    assert ticks_of("2015-06-15", 1000) == ["Jul", "2016", "Jul", "2017", "Jul", "2018", "Jul", "2019"]
    assert ticks_of("1999-06-15", 5000) == [
        "2000",
        "2002",
        "2004",
        "2006",
        "2008",
        "2010",
        "2012",
        "2014",
        "2016",
        "2018",
    ]


def test_dates_where_no_unit_fits_stand_at_even_distances() -> None:
    assert ticks_of("2024-01-02", 42, width=40) == ["28 Feb"]


def test_what_finds_no_room_is_left_out() -> None:
    spec = spec_of(100 + np.sin(np.arange(200) / 9), 120)
    crowd = replace(spec, marks=tuple(Mark("peak", 60, 101.0) for _ in range(40)), state="A long state " * 20)
    layout = arrange(crowd, measure)
    assert 1 <= len(layout.labels) < 40
    assert not any("sessions to" in words.text for words in layout.words)
    for one, other in combinations(boxes(layout), 2):
        assert not one.meets(other)


def test_the_year_stands_out() -> None:
    dates = np.busday_offset(np.datetime64("2023-10-16", "D"), np.arange(120))
    strong = [
        tick.text for tick in date_ticks(dates, lambda bar: bar * 6.0, lambda text: 9 * len(text), 18) if tick.strong
    ]
    assert strong == ["2024"]


def test_tags_are_moved_apart_in_order() -> None:
    assert spread([50, 52, 10], 20, 0, 100) == [50, 70, 10]
    assert spread([95, 99], 20, 0, 100) == [70, 90]
    assert spread([-5], 20, 0, 100) == [10]
    assert spread([], 20, 0, 100) == []


@given(st.lists(st.floats(-500, 500), max_size=5))
def test_spread_tags_never_meet(rows: list[float]) -> None:
    found = sorted(spread(rows, 20, 0, 100))
    assert all(b - a >= 20 - 1e-9 for a, b in pairwise(found))
    assert all(10 - 1e-9 <= row <= 90 + 1e-9 for row in found)


def test_first_come_first_served() -> None:
    assert clear([Box(0, 0, 10, 10), Box(5, 5, 15, 15), Box(20, 0, 30, 10)], [Box(25, 0, 40, 9)]) == [
        True,
        False,
        False,
    ]


def test_the_cheapest_place_covers_no_bar_and_crosses_no_line() -> None:
    bodies = Bodies.of(0, 10, np.array([40.0, 0.0, 40.0]), np.array([60.0, 30.0, 60.0]))
    room = Room(Box(0, 0, 30, 100), bodies, ((85.0, 0.0),))
    over, body, crossing, free = Box(0, 45, 8, 55), Box(11, 5, 19, 15), Box(2, 80, 8, 90), Box(2, 62, 8, 78)
    assert room.best([over, body, crossing, free], []) == free
    assert room.best([over, body, crossing], []) == over
    assert room.best([free], [free]) is None
    assert room.best([Box(25, 0, 35, 10)], []) is None


def test_many_bars_share_a_slot() -> None:
    bodies = Bodies.of(0, 1, np.arange(1000.0), np.arange(1000.0) + 5)
    assert bodies.slot == 7
    assert len(bodies.tops) == 143
    assert bodies.bottoms[0] == 11


def test_a_mark_has_places_all_around() -> None:
    area, mark = Box(0, 0, 200, 200), Box(95, 95, 105, 105)
    above = around_mark(mark, area, (40, 18), above=True)
    assert above[0] == Box(80, 77, 120, 95)
    assert around_mark(mark, area, (40, 18), above=False)[0].top == 105
    assert not any(place.meets(mark) for place in above)


def test_the_gutter_holds_the_widest_value() -> None:
    layout = arrange(spec_of(np.linspace(23000.0, 24000.0, 130), 120), measure)
    widest = max(words.box.right for words in (*(tag.words for tag in layout.tags), *layout.words[-3:]))
    assert widest <= layout.width - GUTTER_PAD
