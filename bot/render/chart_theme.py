"""The colours of a chart, dark and light, and the palette made of them.

Rising and falling are blue and orange, which every kind of colour blindness tells apart (after Okabe and Ito 2008), and
hollow and filled besides. Texts have a contrast of 4.5 or more to their ground (WCAG 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SHADES = 4
THEMES: Mapping[str, Mapping[str, str]] = {
    "dark": {
        "ground": "1c1d21",
        "grid": "2f3137",
        "strong": "50535b",
        "band": "2a2e38",
        "rise": "1f3a50",
        "fall": "4c341c",
        "text": "f2f3f5",
        "muted": "b4b8c0",
        "level": "ffffff",
        "mark": "f7dc5a",
        "up": "5cb8f5",
        "down": "f2922e",
        "roc": "c3b1f7",
        "faint": "303239",
    },
    "light": {
        "ground": "ffffff",
        "grid": "e6e8eb",
        "strong": "b3b7be",
        "band": "eef1f6",
        "rise": "cfe5f6",
        "fall": "fbe1c4",
        "text": "1c1d21",
        "muted": "5a5d66",
        "level": "000000",
        "mark": "8b1a7c",
        "up": "0068b3",
        "down": "b84e00",
        "roc": "5b3fb8",
        "faint": "eceef1",
    },
}
_INKS = ("text", "muted", "level", "mark", "up", "down", "roc", "faint")


class Palette(NamedTuple):
    """The colours as PNG has them, the number of each named one, and each ink's table from coverage to number."""

    colours: bytes
    solid: Mapping[str, int]
    ramp: Mapping[str, NDArray[np.uint8]]


@cache
def palette(theme: str) -> Palette:
    """The palette of a theme: its colours, then a ramp of shades from the ground to each ink; and one onto the tag."""
    colours = {name: _rgb(text) for name, text in THEMES[theme].items()}
    table = list(colours.values())
    solid = {name: number for number, name in enumerate(colours)}
    ramp = {}
    pairs = [(ink, "ground", ink) for ink in _INKS] + [("on_tag", "text", "ground")]
    for ink, under, over in pairs:
        first = len(table)
        table += [_mix(colours[under], colours[over], shade / SHADES) for shade in range(1, SHADES + 1)]
        ramp[ink] = (first + np.maximum(0, np.rint(np.arange(256) / 255 * SHADES) - 1)).astype(np.uint8)
    return Palette(bytes(part for colour in table for part in colour), solid, ramp)


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _mix(under: tuple[int, int, int], over: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(u + (o - u) * share) for u, o in zip(under, over, strict=True))
    return red, green, blue
