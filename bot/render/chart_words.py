"""A chart in words, for those who do not see it, and in JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bot.render.numbers import count, day, percent, price

if TYPE_CHECKING:
    from bot.render.chart_spec import ChartSpec

ALT_LIMIT = 1024


def alt_text(spec: ChartSpec) -> str:
    """Describe the picture: what is drawn over which span, from where to where, the extremes, states, levels and marks.

    At most 1,024 characters, Discord's limit for the description of a file.
    """
    what = "line of closes" if spec.open is None else "candles"
    named = f"{spec.symbol} ({spec.name})" if spec.name else spec.symbol
    top, bottom = int(np.argmax(spec.close)), int(np.argmin(spec.close))
    parts = [
        f"{'Simulated sample data. ' if spec.simulated else ''}Chart of {named}, {what}, {spec.span_words}",
        f"Last close {price(float(spec.close[-1]))}{_change(spec)}",
        f"Highest close {_at(spec, top)}, lowest {_at(spec, bottom)}",
        *([f"State: {spec.state}"] if spec.state else []),
        *(f"{level.label} {price(level.price)}" for level in spec.levels),
        *(f"{mark.label} {price(mark.price)} on {day(spec.day(mark.bar))}" for mark in spec.marks),
        *_roc_words(spec),
    ]
    text = ". ".join(parts) + "."
    return text if len(text) <= ALT_LIMIT else text[: ALT_LIMIT - 1] + "…"


def _change(spec: ChartSpec) -> str:
    if spec.change_pct is None:
        return ""
    return f", {percent(spec.change_pct)} over {count(spec.change_bars, 'session')}"


def _at(spec: ChartSpec, bar: int) -> str:
    return f"{price(float(spec.close[bar]))} on {day(spec.day(bar))}"


def _roc_words(spec: ChartSpec) -> list[str]:
    if spec.roc is None or not np.isfinite(spec.roc[-1]):
        return []
    return [f"Panel below: ROC({spec.roc_periods}), last {percent(float(spec.roc[-1]))}"]


def marks_json(spec: ChartSpec) -> list[dict[str, Any]]:
    """Everything marked, as JSON has it: levels without a date, marks with one."""
    levels = [{"kind": level.kind, "price": level.price, "date": None} for level in spec.levels]
    marks = [{"kind": mark.kind, "price": mark.price, "date": spec.day(mark.bar)} for mark in spec.marks]
    return [*levels, *marks]
