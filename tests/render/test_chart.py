from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.market.bars import Bars
from bot.market.rally import RallyState
from bot.market.ranges import RangeState
from bot.render.chart import draw
from bot.render.chart_ink import Canvas, measure, plain
from bot.render.chart_layout import arrange
from bot.render.chart_spec import ChartSpec, States, ThemeName, chart_spec
from bot.render.chart_theme import THEMES, palette

LIMIT = 15_000


def made(count: int = 160, *, simulated: bool = False, candles: bool = True) -> Bars:
    steps = np.random.default_rng(7).normal(0, 0.011, count)
    close = 120 * np.exp(np.cumsum(steps))
    opened = np.append(close[0] * 0.995, close[:-1])
    days = np.busday_offset(np.datetime64("2024-01-02", "D"), np.arange(count))
    columns = {"open": opened, "high": np.maximum(opened, close) * 1.006, "low": np.minimum(opened, close) * 0.994}
    kind = "simulated" if simulated else "split_dividend"
    return Bars("IWM", days, close, kind, "csv", **(columns if candles else {}))


def marked(theme: ThemeName = "dark", *, simulated: bool = False, candles: bool = True) -> ChartSpec:
    bars = made(simulated=simulated, candles=candles)
    close, total = bars.close, len(bars)
    low, high, peak = (40 + int(part) for part in (close[40:].argmin(), close[40:].argmax(), 3))
    state = RangeState(
        "range_bound",
        total,
        support=float(np.quantile(close[100:], 0.1)),
        resistance=float(np.quantile(close[100:], 0.9)),
        window=60,
        band_bar=total - 1,
        support_bars=(105, 130),
        resistance_bars=(120, 150),
    )
    rising = RallyState(
        "rally",
        total,
        low_bar=low,
        low=float(close[low]),
        high_bar=high,
        high=float(close[high]),
        peak_bar=peak,
        peak=float(close[peak]),
        decline_pct=-9.0,
        ends_below=float(np.quantile(close[100:], 0.3)),
    )
    return chart_spec(bars, States(state, rising), 120, name="iShares Russell 2000 ETF", theme=theme)


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def rgb(theme: str, name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(THEMES[theme][name]))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_picture_is_a_small_palette_png(theme: ThemeName) -> None:
    picture = draw(marked(theme))
    image = opened(picture.png)
    assert image.format == "PNG"
    assert image.mode == "P"
    assert image.size == (picture.width, picture.height)
    assert 760 <= picture.width <= 840
    assert len(picture.png) <= LIMIT
    assert image.convert("RGB").getpixel((1, 1)) == rgb(theme, "ground")


def test_drawing_is_pure() -> None:
    assert draw(marked()).png == draw(marked()).png


@pytest.mark.parametrize("candles", [True, False])
def test_marks_levels_and_panel_are_where_the_layout_has_them(candles: bool) -> None:
    spec = marked(candles=candles)
    layout = arrange(spec, measure)
    image = opened(draw(spec).png).convert("RGB")
    assert len(layout.pointers) == 3
    for pointer in layout.pointers:
        centre = (int((pointer.box.left + pointer.box.right) / 2), int((pointer.box.top + pointer.box.bottom) / 2))
        assert image.getpixel(centre) == rgb("dark", "mark")
    for line in layout.lines:
        row = [image.getpixel((x, round(line.row))) for x in range(int(line.start), int(layout.prices.area.right))]
        colour = "mark" if line.kind == "ends_below" else "level"
        assert row.count(rgb("dark", colour)) >= 5
    for words in layout.labels:
        assert has(image, words.box, rgb("dark", words.ink))
    for tag in layout.tags:
        if tag.filled:
            assert image.getpixel((int(tag.box.left) + 1, int(tag.box.top) + 2)) == rgb("dark", "text")
    assert layout.roc is not None
    for ink in ("roc", "rise", "fall"):
        assert has(image, layout.roc.area, rgb("dark", ink))


def has(image: Image.Image, box: tuple[float, ...], colour: tuple[int, ...]) -> bool:
    pixels = np.asarray(image.crop(tuple(int(edge) for edge in box)))
    return bool((pixels == np.array(colour)).all(axis=-1).any())


def test_rising_bodies_are_hollow_and_falling_ones_filled() -> None:
    close = np.array([10.0, 14.0, 10.0])
    opened_at = np.array([14.0, 10.0, 14.0])
    days = np.busday_offset(np.datetime64("2024-01-02", "D"), np.arange(3))
    bars = Bars("X", days, close, "raw", "csv", opened_at, np.full(3, 14.0), np.full(3, 10.0))
    spec = chart_spec(bars, States(), 3)
    layout = arrange(spec, measure)
    image = opened(draw(spec).png).convert("RGB")
    row = int(layout.prices.scale.y(12.4))
    fall, rise = (int(layout.columns[bar]) + 6 for bar in (0, 1))
    assert image.getpixel((fall, row)) == rgb("dark", "down")
    assert image.getpixel((rise, row)) == rgb("dark", "ground")
    edge = [image.getpixel((x, row)) for x in range(rise, rise + 12)]
    assert rgb("dark", "up") in edge


def test_simulated_prices_bear_a_watermark() -> None:
    for simulated in (False, True):
        spec = marked(simulated=simulated)
        image = opened(draw(spec).png).convert("RGB")
        assert has(image, arrange(spec, measure).prices.area, rgb("dark", "faint")) is simulated


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 600),
    st.sampled_from([1e-8, 0.01, 1.0, 3e4, 1e9]),
    st.sampled_from([0.0, 0.01, 0.2]),
    st.booleans(),
)
def test_whatever_the_prices_there_is_a_picture(count: int, size: float, step: float, candles: bool) -> None:
    close = size * np.exp(np.clip(np.cumsum(np.random.default_rng(count).normal(0, step, count)), -9, 9))
    days = np.busday_offset(np.datetime64("1990-01-02", "D"), np.arange(count))
    columns = (close * 1.001, close * 1.01, close * 0.99) if candles else ()
    spec = chart_spec(Bars("X", days, close, "raw", "csv", *columns), States(), count)
    picture = draw(spec)
    assert opened(picture.png).size == (picture.width, picture.height)


def test_one_value_of_roc_is_no_line() -> None:
    spec = chart_spec(made(11), States(), 11)
    assert spec.roc is not None
    assert np.isfinite(spec.roc).sum() == 1
    assert opened(draw(spec).png)


@pytest.mark.parametrize("values", [[-37.0, -10.0, 5.0], [0.0, 0.0, 0.0]])
def test_prices_of_zero_or_less_can_be_drawn(values: list[float]) -> None:
    days = np.busday_offset(np.datetime64("2020-04-17", "D"), np.arange(3))
    assert opened(draw(chart_spec(Bars("WTI", days, np.array(values), "raw", "csv"), States(), 3)).png)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours."""

    def light(text: str) -> float:
        parts = [part / 255 for part in bytes.fromhex(text)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ink", ["text", "muted", "level", "mark", "up", "down", "roc"])
def test_texts_stand_out_from_their_ground(theme: str, ink: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme]["ground"]) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_palette_fits_one_byte_and_runs_from_ground_to_ink(theme: str) -> None:
    found = palette(theme)
    assert len(found.colours) <= 3 * 256
    for ink in ("text", "mark"):
        number = int(found.ramp[ink][255])
        assert found.colours[3 * number : 3 * number + 3] == bytes(rgb(theme, ink))


def test_letters_that_the_font_lacks_are_replaced() -> None:
    assert plain("Société “Générale” – 5 % … 株") == 'Societe "Generale" − 5 % . ?'
    assert measure("−5", 18) == measure("+5", 18)


@pytest.mark.parametrize("size", range(12, 33))
@pytest.mark.parametrize("bold", [False, True])
def test_the_minus_sign_is_one_clear_bar(size: int, bold: bool) -> None:
    canvas = Canvas(40, 40, palette("dark"))
    canvas.text("−", 5, 30, size, "text", bold=bold)
    seen = canvas.pixels != palette("dark").solid["ground"]
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    assert 1 <= rows.size <= 4
    assert np.ptp(rows) == rows.size - 1
    assert columns.size >= 0.4 * size
    assert (canvas.pixels == palette("dark").ramp["text"][255]).any() or (canvas.pixels[rows.min()] != 0).any()
    strongest = int(canvas.pixels[rows].max())
    assert strongest >= int(palette("dark").ramp["text"][150])


def test_nothing_is_drawn_outside_the_picture() -> None:
    canvas = Canvas(30, 20, palette("dark"))
    canvas.text("WWW", -8, 4, 18, "text")
    canvas.text("WWW", 20, 25, 18, "text")
    canvas.text("WWW", 100, 100, 18, "text")
    canvas.text("WWW", -100, -100, 18, "text")
    canvas.halo("W", -3, 2, 18)
    canvas.fill(-5, -5, 3, 3, "up")
    canvas.fill(9, 9, 4, 4, "up")
    image = opened(canvas.png())
    assert image.size == (30, 20)
    assert has(image.convert("RGB"), (0, 0, 30, 20), rgb("dark", "text"))
