"""The layout of a chart: every panel, text, tag and mark in pixels, before anything is drawn. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from bot.render.chart_axis import DateTick, Scale, date_ticks, price_ticks, round_step, tick_text, widen
from bot.render.chart_labels import Bodies, Box, Room, around_mark, beside_line, clear, spread
from bot.render.numbers import count, day, percent, price

if TYPE_CHECKING:
    from bot.render.chart_spec import ChartSpec, Level, LevelKind, Mark, MarkKind

Measure = Callable[[str, int], float]
Ink = Literal["text", "muted", "level", "mark", "up", "down", "roc", "faint", "on_tag"]

WIDTH, HEIGHT = 800, 480
MARGIN, GUTTER_PAD, EDGE = 14, 7, 5
TITLE, LARGE, TEXT, SMALL = 28, 24, 18, 16
HEADER, FOOTER, AXIS, PANEL_TITLE, ROC_HEIGHT = 70, 26, 26, 28, 74
TAG_HEIGHT, TRIANGLE, MARK_GAP = 24, 12, 5
ROOM, LABEL_ROOM = 14.0, 42.0
_WIDTHS = (760, 840)


class TextRun(NamedTuple):
    """A text from column `x` on, standing on the row `baseline`."""

    text: str
    x: float
    baseline: float
    size: int
    ink: Ink
    box: Box
    bold: bool = False


class Tag(NamedTuple):
    """A value at the axis: `filled` for the last one, else of a level."""

    words: TextRun
    box: Box
    filled: bool
    row: float


class Line(NamedTuple):
    """A level's line; circles stand on it where it was tested."""

    kind: LevelKind
    row: float
    start: float
    tests: tuple[float, ...]


class Pointer(NamedTuple):
    """A mark's triangle; it points down when it stands above its bar."""

    kind: MarkKind
    box: Box
    down: bool


class Panel(NamedTuple):
    """A plot: its area, its scale and the rows of its grid lines."""

    area: Box
    scale: Scale
    grid: tuple[float, ...]


class Layout(NamedTuple):
    """All that is drawn. `slot` is the width of a bar with its gap, `columns` are the centres of the bars."""

    width: int
    height: int
    slot: float
    columns: list[float]
    prices: Panel
    roc: Panel | None
    date_columns: tuple[float, ...]
    words: tuple[TextRun, ...]
    labels: tuple[TextRun, ...]
    tags: tuple[Tag, ...]
    lines: tuple[Line, ...]
    pointers: tuple[Pointer, ...]


class _Side(NamedTuple):
    """One panel before its width is known: what stands at its axis."""

    top: float
    bottom: float
    scale: Scale
    ticks: tuple[tuple[float, str], ...]
    values: tuple[tuple[float, str, Ink], ...]


def arrange(spec: ChartSpec, measure: Measure) -> Layout:
    """Lay a chart out. `measure` gives the width of a text at a size."""
    bottom = HEIGHT - FOOTER - AXIS
    roc_top = bottom - ROC_HEIGHT
    price_bottom = bottom if spec.roc is None else roc_top - PANEL_TITLE
    sides = [_price_side(spec, HEADER, price_bottom)]
    if spec.roc is not None:
        sides.append(_roc_side(spec, roc_top, bottom))
    texts = [text for side in sides for text in (*(tick[1] for tick in side.ticks), *(tag[1] for tag in side.values))]
    gutter = max(measure(text, TEXT) for text in texts) + 2 * GUTTER_PAD + EDGE
    slot, width = _slot(len(spec), gutter)
    right = width - gutter
    left = right - slot * len(spec)
    columns = [left + slot * (bar + 0.5) for bar in range(len(spec))]
    panels = [_panel(side, MARGIN, right) for side in sides]
    tags, words = _axis_texts(sides, right, measure)
    dates, date_columns = _dates(spec, columns, (left, right), measure)
    pointers, labels = _labels(spec, panels[0], columns, slot, measure)
    return Layout(
        width=width,
        height=HEIGHT,
        slot=slot,
        columns=columns,
        prices=panels[0],
        roc=panels[1] if len(panels) > 1 else None,
        date_columns=date_columns,
        words=(*_head(spec, width, measure), *_foot(spec, panels, width, measure), *dates, *words),
        labels=labels,
        tags=tags,
        lines=tuple(_line(level, panels[0], columns, slot, labels) for level in spec.levels),
        pointers=pointers,
    )


def _slot(bars: int, gutter: float) -> tuple[float, int]:
    """The width of a bar's slot and of the picture: whole pixels where it may be, so that bars are even."""
    room = WIDTH - MARGIN - gutter
    whole = round(room / bars)
    width = round(whole * bars + MARGIN + gutter)
    if whole and _WIDTHS[0] <= width <= _WIDTHS[1]:
        return float(whole), width
    return room / bars, WIDTH


def _price_side(spec: ChartSpec, top: float, bottom: float) -> _Side:
    """The price panel's scale with room for labels above and below, its ticks, and the values at its axis."""
    prices = [float(spec.bottoms.min()), float(spec.tops.max()), *(level.price for level in spec.levels)]
    low, high = widen(min(prices), max(prices))
    kinds = {level.kind for level in spec.levels}
    over = LABEL_ROOM if "resistance" in kinds or any(mark.above for mark in spec.marks) else ROOM
    under = LABEL_ROOM if kinds - {"resistance"} or any(not mark.above for mark in spec.marks) else ROOM
    scale = Scale(low, high, top + over, bottom - under, spec.log and low > 0).padded(over, under)
    ticks = [tick for tick in price_ticks(scale, 7) if tick > 0 or low <= 0]
    step = min((b - a for a, b in pairwise(ticks)), default=abs(high) / 100)
    values: list[tuple[float, Ink]] = [(float(spec.close[-1]), "on_tag")]
    values += [(level.price, _level_ink(level)) for level in spec.levels]
    return _Side(
        top,
        bottom,
        scale,
        tuple((tick, tick_text(tick, step)) for tick in ticks),
        tuple((value, tag_text(value), ink) for value, ink in values),
    )


def _roc_side(spec: ChartSpec, top: float, bottom: float) -> _Side:
    """The ROC panel's scale, which always shows zero, its ticks, and the last value."""
    assert spec.roc is not None  # noqa: S101  the caller asked
    known = spec.roc[np.isfinite(spec.roc)]
    low, high = widen(min(0.0, float(known.min())), max(0.0, float(known.max())))
    scale = Scale(low, high, top + 6, bottom - 6).padded(6, 6)
    step = round_step(high - low, 3)
    ticks = tuple((tick, tick_text(tick, step)) for tick in sorted(price_ticks(scale, 3), key=abs))
    last = float(spec.roc[-1])
    return _Side(top, bottom, scale, ticks, ((last, tag_text_percent(last), "on_tag"),) if np.isfinite(last) else ())


def tag_text(value: float) -> str:
    """A price at the axis: as everywhere, but short where it is huge."""
    return price(value) if abs(value) < 1e6 else tick_text(value, 10 ** np.floor(np.log10(abs(value)) - 4))


def tag_text_percent(value: float) -> str:
    """A percent at the axis, without its unit, which the panel's title has."""
    return percent(value).removesuffix(" %") if abs(value) < 1e5 else tick_text(value, abs(value) / 1e3)


def _panel(side: _Side, left: float, right: float) -> Panel:
    rows = tuple(side.scale.y(tick) for tick, _ in side.ticks)
    return Panel(Box(left, side.top, right, side.bottom), side.scale, rows)


def _axis_texts(sides: Sequence[_Side], right: float, measure: Measure) -> tuple[tuple[Tag, ...], list[TextRun]]:
    """The tags of each panel, moved apart, and the tick labels that no tag covers."""
    tags: list[Tag] = []
    words: list[TextRun] = []
    for side in sides:
        wanted = [side.scale.y(value) for value, _, _ in side.values]
        rows = spread(wanted, TAG_HEIGHT, side.top, side.bottom)
        for row, true, (_, text, ink) in zip(rows, wanted, side.values, strict=True):
            label = _words(text, right + GUTTER_PAD, row + TEXT * 0.36, TEXT, ink, measure)
            edge, half = label.box.right + GUTTER_PAD - 1, TAG_HEIGHT / 2
            box = Box(right + 2, row - half, edge, row + half)
            tags.append(Tag(label, box, ink == "on_tag", true))
        ticks = [
            _words(text, right + GUTTER_PAD, side.scale.y(tick) + TEXT * 0.36, TEXT, "muted", measure)
            for tick, text in side.ticks
        ]
        inside = [tick for tick in ticks if side.top - 4 <= tick.box.top and tick.box.bottom <= side.bottom + 4]
        free = clear([tick.box for tick in inside], [tag.box for tag in tags])
        words += [tick for tick, kept in zip(inside, free, strict=True) if kept]
    return tuple(tags), words


def _words(  # noqa: PLR0913
    text: str, x: float, baseline: float, size: int, ink: Ink, measure: Measure, *, bold: bool = False
) -> TextRun:
    """A text and the box around its letters."""
    box = Box(x, baseline - 0.78 * size, x + measure(text, size), baseline + 0.24 * size)
    return TextRun(text, x, baseline, size, ink, box, bold)


def fitted(text: str, size: int, room: float, measure: Measure) -> str:
    """The text, cut at its end with three dots where it is too wide; empty where not even three letters fit."""
    if measure(text, size) <= room:
        return text
    for length in range(len(text) - 1, 2, -1):
        short = text[:length].rstrip() + "..."
        if measure(short, size) <= room:
            return short
    return ""


def _head(spec: ChartSpec, width: int, measure: Measure) -> list[TextRun]:
    """Symbol, name and change in the first line; states and span in the second."""
    found = [_words(fitted(spec.symbol, TITLE, width / 2, measure), MARGIN, 33, TITLE, "text", measure, bold=True)]
    edge = float(width - MARGIN)
    if spec.change_pct is not None:
        text = percent(spec.change_pct) if abs(spec.change_pct) < 1e6 else f"{spec.change_pct:+.3g} %"
        ink: Ink = "up" if spec.change_pct > 0 else "down" if spec.change_pct < 0 else "text"
        found.append(_words(text, edge - measure(text, LARGE), 33, LARGE, ink, measure, bold=True))
        edge = found[-1].x - 24
    name = fitted(spec.name, TEXT, edge - found[0].box.right - 14, measure)
    if name:
        found.append(_words(name, found[0].box.right + 14, 33, TEXT, "muted", measure))
    state = fitted(spec.state, TEXT, width - 2 * MARGIN, measure)
    found.append(_words(state, MARGIN, 59, TEXT, "text", measure))
    span = f"{count(len(spec), 'session')} to {day(spec.day(-1))}"
    if found[-1].box.right + 16 + measure(span, TEXT) <= width - MARGIN:
        found.append(_words(span, width - MARGIN - measure(span, TEXT), 59, TEXT, "muted", measure))
    return found


def _foot(spec: ChartSpec, panels: Sequence[Panel], width: int, measure: Measure) -> list[TextRun]:
    """The ROC panel's title, and whose prices these are."""
    note = f"Data: {spec.note}" + (", log scale" if spec.log else "")
    text = fitted(note, SMALL, width - 2 * MARGIN, measure)
    found = [_words(text, MARGIN, HEIGHT - 8, SMALL, "muted", measure)]
    if len(panels) > 1:
        title = f"ROC({spec.roc_periods}) in %"
        found.append(_words(title, MARGIN, panels[1].area.top - 7, TEXT, "roc", measure))
    return found


def _dates(
    spec: ChartSpec, columns: list[float], edges: tuple[float, float], measure: Measure
) -> tuple[list[TextRun], tuple[float, ...]]:
    """The date labels, kept inside the picture and off one another, and the columns of their grid lines."""

    def width(text: str) -> float:
        return measure(text, TEXT)

    ticks = date_ticks(spec.dates, columns.__getitem__, width, 18)
    baseline = HEIGHT - FOOTER - 7

    def label(tick: DateTick) -> TextRun:
        middle = columns[tick.bar] - width(tick.text) / 2
        x = min(max(middle, MARGIN), max(MARGIN, edges[1] + 30 - width(tick.text)))
        return _words(tick.text, x, baseline, TEXT, "text" if tick.strong else "muted", measure)

    labels = [label(tick) for tick in ticks if columns[tick.bar] - width(tick.text) / 2 >= MARGIN / 2]
    free = clear([words.box.inset(-4) for words in labels], [])
    kept = [words for words, fits in zip(labels, free, strict=True) if fits]
    return kept, tuple(columns[tick.bar] for tick in ticks)


def _line(level: Level, panel: Panel, columns: list[float], slot: float, labels: Sequence[TextRun]) -> Line:
    """A level's line; where its label stands before it on the same row, drawn out to the label."""
    row, start = panel.scale.y(level.price), columns[level.start] - slot / 2
    for words in labels:
        if words.text == level.label and words.box.top < row < words.box.bottom:
            start = words.box.right + 5
    return Line(level.kind, row, start, tuple(columns[bar] for bar in level.tests))


def _labels(
    spec: ChartSpec, panel: Panel, columns: list[float], slot: float, measure: Measure
) -> tuple[tuple[Pointer, ...], tuple[TextRun, ...]]:
    """Triangles at the marks, then their labels and those of the levels, each where it covers least."""
    rows = [panel.scale.rows(prices) for prices in (spec.tops, spec.bottoms)]
    if spec.open is None:
        near = [np.minimum(rows[0][:-1], rows[0][1:]), np.maximum(rows[1][:-1], rows[1][1:])]
        rows = [np.append(near[0], rows[0][-1]), np.append(near[1], rows[1][-1])]
    bodies = Bodies.of(columns[0] - slot / 2, slot, rows[0], rows[1])
    lines = tuple((panel.scale.y(level.price), columns[level.start] - slot / 2) for level in spec.levels)
    room = Room(panel.area.inset(1), bodies, lines)
    pointers = tuple(_pointer(mark, columns[mark.bar], float(rows[not mark.above][mark.bar])) for mark in spec.marks)
    taken = [pointer.box for pointer in pointers]
    labels: list[TextRun] = []
    height = TEXT * 1.02

    def place(text: str, ink: Ink, choices: list[Box]) -> None:
        box = room.best(choices, taken)
        if box is not None:
            taken.append(box)
            labels.append(_words(text, box.left, box.top + 0.78 * TEXT, TEXT, ink, measure))

    for mark, pointer in zip(spec.marks, pointers, strict=True):
        text = f"{mark.label} {tag_text(mark.price)}"
        place(text, "mark", around_mark(pointer.box, room.area, (measure(text, TEXT), height), above=mark.above))
    for level in spec.levels:
        choices = _level_choices(level, panel, columns, (measure(level.label, TEXT), height))
        place(level.label, _level_ink(level), choices)
    return pointers, tuple(labels)


def _level_ink(level: Level) -> Ink:
    return "mark" if level.kind == "ends_below" else "level"


def _level_choices(level: Level, panel: Panel, columns: list[float], size: tuple[float, float]) -> list[Box]:
    area = panel.area.inset(4)
    start = max(area.left, min(columns[level.start], area.right - size[0]))
    return beside_line(panel.scale.y(level.price), start, area, size, above=level.kind == "resistance")


def _pointer(mark: Mark, column: float, row: float) -> Pointer:
    half = TRIANGLE / 2
    top = row - MARK_GAP - TRIANGLE if mark.above else row + MARK_GAP
    return Pointer(mark.kind, Box(column - half, top, column + half, top + TRIANGLE), mark.above)
