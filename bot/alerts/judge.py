"""At which sessions a condition comes, from finished closes alone.

A state comes at the session at which it begins. A level comes when it is crossed: the value is beyond it and the one of
the session before was not; touching is not crossing. A value that does not exist (too short a history, a change over
sessions with a price at or below zero among them) crosses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.market.momentum import roc
from bot.market.rally import STATES, rally_labels
from bot.market.range_windows import CLOSES_USED
from bot.market.ranges import range_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.alerts.rule import AlertRule
    from bot.market.bars import FloatArray

_RUNNING = ("rally", "fading")
_OVER = ("ended", "none", "declining", "attempt")
_BROKEN = ("breaking_out_up", "breaking_out_down")


def crossings(rule: AlertRule, close: FloatArray, first: int = 0) -> NDArray[np.bool_]:
    """At which bars the condition comes, shape (bars,); False before bar `first`, which saves their work.

    `close`: closes of finished sessions, oldest first, positive for states. Bar t looks at closes up to t alone.
    """
    if rule.kind == "range_breaks":
        return _breaks(close, max(first, 1))
    found = np.zeros(close.size, dtype=np.bool_)
    if rule.level is None:
        codes = rally_labels(close)
        running = _is_one_of(codes, _RUNNING)
        starts = rule.kind == "rally_starts"
        comes = _is_one_of(codes, ("rally",) if starts else _OVER)
        before = ~running if starts else running
        found[1:] = comes[1:] & before[:-1]
    else:
        beyond = _distance(rule, rule.level, close)
        found[1:] = (beyond[1:] > 0.0) & (beyond[:-1] <= 0.0)
    found[:first] = False
    return found


def _is_one_of(codes: NDArray[np.uint8], names: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.isin(codes, [code for code, name in enumerate(STATES) if name in names])


def _breaks(close: FloatArray, first: int) -> NDArray[np.bool_]:
    """Where a break begins; each bar is weighed from its own closes, as the command would weigh it that day."""
    broken = np.zeros(close.size, dtype=np.bool_)
    for bar in range(first - 1, close.size):
        broken[bar] = range_name(close[max(0, bar + 1 - CLOSES_USED) : bar + 1]) in _BROKEN
    found = np.zeros(close.size, dtype=np.bool_)
    found[first:] = broken[first:] & ~broken[first - 1 : -1]
    return found


def _distance(rule: AlertRule, level: float, close: FloatArray) -> FloatArray:
    """How far each value is beyond the level, in its own unit; negative short of it, NaN where there is no value."""
    values = close if rule.sessions is None else _changes(close, rule.sessions)
    if rule.kind == "moves":
        return np.abs(values) - level
    return level - values if rule.kind.endswith("below") else values - level


def _changes(close: FloatArray, n: int) -> FloatArray:
    """The rates of change that `!roc` would give: none over sessions with a price of zero or less among them."""
    values = roc(close, n)
    bad = np.concatenate(([0], np.cumsum(close <= 0.0)))
    spans = max(close.size - n, 0)
    values[n:][bad[n + 1 :] > bad[:spans]] = np.nan
    return values
