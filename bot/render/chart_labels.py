"""Where the words on a chart stand, so that none covers another and as few bars as can be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

MOST_SLOTS = 160
_COVERED_BAR, _CROSSED_LINE = 10.0, 25.0
_FARTHEST = 240


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are outside it."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def inset(self, by: float) -> Box:
        """The rectangle made smaller on every side; larger for a negative number."""
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


class Bodies(NamedTuple):
    """What the bars cover: slots of equal width from `left` on, each from `tops` down to `bottoms`."""

    left: float
    slot: float
    tops: list[float]
    bottoms: list[float]

    @classmethod
    def of(cls, left: float, slot: float, tops: FloatArray, bottoms: FloatArray) -> Bodies:
        """The slots of bars that start at `left`; many bars share one."""
        every = -(-tops.size // MOST_SLOTS)
        starts = np.arange(0, tops.size, every)
        return cls(
            left,
            slot * every,
            np.minimum.reduceat(tops, starts).tolist(),
            np.maximum.reduceat(bottoms, starts).tolist(),
        )

    def covered(self, box: Box) -> int:
        """How many slots a box touches."""
        first = max(0, int((box.left - self.left) / self.slot))
        last = max(0, int((box.right - self.left) / self.slot) + 1)
        pairs = zip(self.tops[first:last], self.bottoms[first:last], strict=True)
        return sum(top < box.bottom and bottom > box.top for top, bottom in pairs)


class Room(NamedTuple):
    """The area that labels may use, what the bars cover in it, and the level lines in it: their rows and starts."""

    area: Box
    bodies: Bodies
    lines: tuple[tuple[float, float], ...]

    def best(self, choices: Iterable[Box], taken: Sequence[Box]) -> Box | None:
        """The cheapest choice inside the area that meets nothing taken, the earlier of equals; None if all do."""
        best, least = None, float("inf")
        for rank, box in enumerate(choices):
            cost = 0.05 * rank
            if cost >= least:
                break
            if not self.area.holds(box) or any(box.meets(other) for other in taken):
                continue
            cost += _CROSSED_LINE * sum(box.top < row < box.bottom and box.right > start for row, start in self.lines)
            if cost < least:
                cost += _COVERED_BAR * self.bodies.covered(box.inset(-1))
            if cost < least:
                best, least = box, cost
        return best


def beside_line(row: float, start: float, area: Box, size: tuple[float, float], *, above: bool) -> list[Box]:
    """Places for a label of `size` along a line from column `start` to the area's right.

    On the side asked for first, from left to right, then on the other side; before its start, where the line is to be
    drawn out to the label; a little farther off.
    """
    width, height = size
    columns = np.arange(start, max(start, area.right - width) + 1, 12.0).tolist()
    over = [Box(x, row - 3 - height, x + width, row - 3) for x in columns]
    under = [Box(x, row + 3, x + width, row + 3 + height) for x in columns]
    middle = row - height / 2
    left = np.arange(start - 6, max(area.left + width, start - _FARTHEST), -24.0).tolist()
    before = [Box(x - width, middle, x, middle + height) for x in left]
    near, other, way = (over, under, -1) if above else (under, over, 1)
    far = [Box(x, top + way * by, right, bottom + way * by) for by in (8, 18, 30) for x, top, right, bottom in near]
    return near + other + before + far


def around_mark(mark: Box, area: Box, size: tuple[float, float], *, above: bool) -> list[Box]:
    """Places for a label of `size` near a mark: beyond it, to its sides, then ever farther off."""
    width, height = size
    middle, level = (mark.left + mark.right) / 2, (mark.top + mark.bottom - height) / 2
    centred = min(max(middle - width / 2, area.left), area.right - width)
    found: list[Box] = []
    for step in range(5):
        top = mark.top - height - step * 10 if above else mark.bottom + step * 10
        found.extend(
            Box(left, top, left + width, top + height)
            for left in (centred, mark.right + 2 + step * 8, mark.left - 2 - width - step * 8)
        )
        if not step:
            found.append(Box(mark.right + 3, level, mark.right + 3 + width, level + height))
            found.append(Box(mark.left - 3 - width, level, mark.left - 3, level + height))
    return found


def spread(rows: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Move rows apart until boxes of `height` centred on them do not meet, inside `top` to `bottom`, in the same order.

    As long as all fit. Ties keep the order given.
    """
    order = sorted(range(len(rows)), key=lambda i: rows[i])
    placed = [min(max(rows[i], top + height / 2), bottom - height / 2) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + height)
    limit = bottom - height / 2
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - height
    found = [0.0] * len(rows)
    for i, row in zip(order, placed, strict=True):
        found[i] = row
    return found


def clear(boxes: Sequence[Box], taken: Sequence[Box]) -> list[bool]:
    """Which boxes, first come first served, meet neither what is taken nor one kept before them."""
    kept = list(taken)
    found = []
    for box in boxes:
        free = not any(box.meets(other) for other in kept)
        found.append(free)
        if free:
            kept.append(box)
    return found
