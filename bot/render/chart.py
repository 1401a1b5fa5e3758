"""Drawing a chart: a `ChartSpec` becomes a PNG. Synchronous and pure; callers run it in a thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.render.chart_ink import Canvas, measure
from bot.render.chart_layout import TRIANGLE, Layout, Line, Panel, TextRun, arrange
from bot.render.chart_theme import palette

if TYPE_CHECKING:
    from bot.market.bars import FloatArray
    from bot.render.chart_spec import ChartSpec

_WATERMARK, _WATERMARK_SIZE = "SIMULATED", 76
_DASHES = {"support": (9, 5, 1), "resistance": (9, 5, 1), "ends_below": (2, 5, 2)}
_LINE_WIDTH, _ROC_WIDTH = 2.25, 2.0
_LEAST_BODY = 2
_TICK = 6
_PAUSE = 5e-5


class Picture(NamedTuple):
    """A drawn chart: the PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


def draw(spec: ChartSpec) -> Picture:
    """Draw a chart. Between its parts it sleeps a moment, so that an event loop beside it can run."""
    layout = arrange(spec, measure)
    time.sleep(_PAUSE)
    canvas = Canvas(layout.width, layout.height, palette(spec.theme))
    _ground(canvas, spec, layout)
    for line in layout.lines:
        _line(canvas, line, layout.prices.area.right)
    if spec.open is None:
        rows = layout.prices.scale.rows(spec.close).tolist()
        canvas.line(list(zip(layout.columns, rows, strict=True)), _LINE_WIDTH, "up")
    else:
        _candles(canvas, spec, layout)
    for line in layout.lines:
        for column in line.tests:
            canvas.ring(column, line.row, 3, "level")
    time.sleep(_PAUSE)
    if layout.roc is not None and spec.roc is not None:
        _roc(canvas, spec.roc, layout.roc, layout.columns)
        time.sleep(_PAUSE)
    _texts(canvas, layout)
    time.sleep(_PAUSE)
    return Picture(canvas.png(), layout.width, layout.height)


def _ground(canvas: Canvas, spec: ChartSpec, layout: Layout) -> None:
    """What lies under the prices: band, watermark, grid and frames."""
    panels = [layout.prices, *([layout.roc] if layout.roc else [])]
    area, half = layout.prices.area, layout.slot / 2
    if spec.band is not None:
        top, bottom = (layout.prices.scale.y(price) for price in (spec.band.high, spec.band.low))
        left, right = (layout.columns[bar] for bar in (spec.band.start, spec.band.stop))
        canvas.fill(left - half, max(top, area.top), right + half, min(bottom, area.bottom), "band")
    if spec.simulated:
        x = (area.left + area.right - measure(_WATERMARK, _WATERMARK_SIZE)) / 2
        baseline = (area.top + area.bottom + 0.7 * _WATERMARK_SIZE) / 2
        canvas.text(_WATERMARK, x, baseline, _WATERMARK_SIZE, "faint", bold=True)
    for panel in panels:
        for row in panel.grid:
            canvas.fill(panel.area.left, row, panel.area.right, round(row) + 1, "grid")
        bottom = panel.area.bottom
        for column in layout.date_columns:
            canvas.fill(int(column), bottom - _TICK, int(column) + 1, bottom, "strong")
        canvas.fill(panel.area.left, bottom, panel.area.right, bottom + 1, "strong")


def _line(canvas: Canvas, line: Line, right: float) -> None:
    ink = "mark" if line.kind == "ends_below" else "level"
    canvas.dashes(line.start, right, line.row, ink, _DASHES[line.kind])


def _candles(canvas: Canvas, spec: ChartSpec, layout: Layout) -> None:
    """Wicks and bodies on whole pixels: hollow where the close is at or above the open, else filled."""
    assert spec.open is not None  # noqa: S101  the caller asked
    scale = layout.prices.scale
    columns = (scale.rows(part).tolist() for part in (spec.open, spec.tops, spec.bottoms, spec.close))
    side = min(12, max(0, round((layout.slot * 0.72 - 1) / 2)))
    wick = 1 if layout.slot < 14 else 2
    for x, opened, high, low, close in zip(layout.columns, *columns, strict=True):
        up = close <= opened
        ink = "up" if up else "down"
        middle = int(x)
        canvas.fill(middle, high, middle + wick, low + 1, ink)
        top, bottom = round(min(opened, close)), round(max(opened, close)) + 1
        left, right = middle - side, middle + side + wick
        if up and side and bottom - top > _LEAST_BODY:
            canvas.frame(left, top, right, bottom, ink)
        else:
            canvas.fill(left, top, right, bottom, ink)


def _roc(canvas: Canvas, values: FloatArray, panel: Panel, columns: list[float]) -> None:
    """The line of ROC, the area between it and zero tinted by side, and the zero line."""
    zero = round(panel.scale.y(0.0))
    known = np.flatnonzero(np.isfinite(values))
    rows = panel.scale.rows(values[known])
    points = list(zip((columns[bar] for bar in known.tolist()), rows.tolist(), strict=True))
    left = int(points[0][0])
    edges = np.rint(np.interp(np.arange(left, int(points[-1][0]) + 1), [x for x, _ in points], rows)).astype(np.int64)
    canvas.between(left, np.minimum(edges, zero), zero, "rise")
    canvas.between(left, np.maximum(edges, zero), zero, "fall")
    canvas.fill(panel.area.left, zero, panel.area.right, zero + 1, "strong")
    if len(points) > 1:
        canvas.line(points, _ROC_WIDTH, "roc")


def _texts(canvas: Canvas, layout: Layout) -> None:
    """Marks, labels, tags and all other words."""
    for pointer in layout.pointers:
        canvas.triangle(pointer.box.left, pointer.box.top, TRIANGLE, "mark", down=pointer.down)
    for tag in layout.tags:
        if tag.filled:
            canvas.fill(*tag.box, "text")
        _write(canvas, tag.words)
    for words in layout.labels:
        canvas.halo(words.text, words.x, words.baseline, words.size)
        _write(canvas, words)
    for words in layout.words:
        _write(canvas, words)


def _write(canvas: Canvas, words: TextRun) -> None:
    canvas.text(words.text, words.x, words.baseline, words.size, words.ink, bold=words.bold)
