"""A small canvas: an array of palette numbers, one byte a pixel, with smooth text, lines and triangles.

Every ink has a ramp of shades from its ground to itself in the palette, so that a coverage mask becomes palette numbers
by one table look-up, and a file stays small. Pillow renders letters and shapes to coverage; letters are kept for the
process. The font is the one inside Pillow (Aileron, CC0): nothing depends on the machine's fonts. The PNG is put
together here because that takes ten lines, lets zlib run without the interpreter's lock, and saves Pillow's copies.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bot.render.chart_theme import SHADES, Palette

Pixels = NDArray[np.uint8]
Point = tuple[float, float]
SMOOTH = 4
BOLD = 0.75
HALO = 2
_DENSE = 300
_LEAST_COVER = 128 // SHADES
_HALO_COVER = 96
_SAME = str.maketrans({"–": "−", "—": "−", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "."})


class Glyph(NamedTuple):
    """A letter's coverage, where it lies from the letter's origin on the baseline, and where there is enough of it."""

    left: int
    top: int
    cover: Pixels
    seen: NDArray[np.bool_]


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  given a size it is
    return font


@lru_cache(maxsize=2048)
def _glyph(letter: str, size: int, *, bold: bool) -> Glyph:
    """One letter; a space has no pixels. Bold is drawn twice, a part of a pixel apart."""
    shown = "+" if letter == "−" else letter
    mask, (left, top) = _font(size).getmask2(shown, "L", anchor="ls")
    cover = np.array(mask, np.uint8).reshape(mask.size[::-1])
    if letter == "−":  # the font has none: a plus sign's left arm, drawn out
        arm = cover[:, : cover.shape[1] // 3].max(axis=1)
        cover = np.where(cover.any(axis=0), arm[:, None], np.uint8(0))
    if bold:
        wide = np.pad(cover.astype(np.float64), ((0, 0), (0, 1)))
        wide[:, 1:] += BOLD * wide[:, :-1].copy()
        cover = np.minimum(wide, 255).astype(np.uint8)
    return Glyph(left, top, cover, cover >= _LEAST_COVER)


@lru_cache(maxsize=512)
def _around(letter: str, size: int) -> Glyph:
    """What lies within `HALO` pixels of a letter."""
    glyph = _glyph(letter, size, bold=False)
    height, width = glyph.cover.shape
    grown = np.zeros((height + 2 * HALO, width + 2 * HALO), np.bool_)
    grown[HALO : HALO + height, HALO : HALO + width] = glyph.cover >= _HALO_COVER
    for _ in range(HALO):
        last = grown.copy()
        grown[1:] |= last[:-1]
        grown[:-1] |= last[1:]
        grown[:, 1:] |= last[:, :-1]
        grown[:, :-1] |= last[:, 1:]
    return Glyph(glyph.left - HALO, glyph.top - HALO, grown.view(np.uint8), grown)


@lru_cache(maxsize=1024)
def _advance(letter: str, size: int) -> float:
    return float(_font(size).getlength("+" if letter == "−" else letter))


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The text in letters that the font has: accents dropped, other scripts as question marks."""
    text = unicodedata.normalize("NFKD", text.translate(_SAME))
    letters = (c for c in text if not unicodedata.combining(c))
    return "".join(c if (c.isascii() and c.isprintable()) or c in "−·" else "?" for c in letters)


def measure(text: str, size: int) -> float:
    """The width of a text in pixels."""
    return sum(_advance(letter, size) for letter in plain(text))


def _columns(text: str, x: float, size: int) -> Iterator[tuple[str, int]]:
    """Each letter and the column of its origin."""
    column = float(round(x))
    for letter in plain(text):
        yield letter, round(column)
        column += _advance(letter, size)


class Canvas:
    """The picture being drawn. Colours and inks are names of the palette. Nothing reaches outside the picture."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self._palette = palette
        self._rows = np.full((height, width + 1), palette.solid["ground"], np.uint8)
        self._rows[:, 0] = 0  # PNG's filter byte: none
        self.pixels: Pixels = self._rows[:, 1:]

    def fill(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled rectangle, its right and bottom outside."""
        rows = slice(max(0, round(top)), max(0, round(bottom)))
        self.pixels[rows, max(0, round(left)) : max(0, round(right))] = self._palette.solid[colour]

    def frame(self, left: int, top: int, right: int, bottom: int, colour: str) -> None:
        """A rectangle's outline of one pixel, filled with the ground."""
        self.fill(left, top, right, bottom, colour)
        self.fill(left + 1, top + 1, right - 1, bottom - 1, "ground")

    def dashes(self, left: float, right: float, row: float, colour: str, pattern: tuple[int, int, int]) -> None:
        """A dashed horizontal line: `pattern` is the length of a dash, the gap after it, and the thickness."""
        dash, gap, thick = pattern
        for x in range(round(left), round(right), dash + gap):
            self.fill(x, round(row), min(x + dash, right), round(row) + thick, colour)

    def between(self, left: int, rows: Pixels | NDArray[np.int64], level: int, colour: str) -> None:
        """The area between a curve, one row per column from `left` on, and the row `level`; the level's own row too."""
        top, bottom = np.minimum(rows, level), np.maximum(rows, level)
        first, last = max(0, int(top.min())), int(bottom.max()) + 1
        grid = np.arange(first, last)[:, None]
        area = self.pixels[first:last, left : left + rows.size]
        inside = (grid >= top) & (grid <= bottom)
        area[inside[: area.shape[0], : area.shape[1]]] = self._palette.solid[colour]

    def text(self, text: str, x: float, baseline: float, size: int, ink: str, *, bold: bool = False) -> None:
        """A smooth text."""
        ramp = self._palette.ramp[ink]
        for letter, column in _columns(text, x, size):
            glyph = _glyph(letter, size, bold=bold)
            self._stamp(glyph, column + glyph.left, round(baseline) + glyph.top, ramp)

    def halo(self, text: str, x: float, baseline: float, size: int) -> None:
        """Ground around the letters of a text that is to follow, so that it reads over whatever lies there."""
        for letter, column in _columns(text, x, size):
            glyph = _around(letter, size)
            self._stamp(glyph, column + glyph.left, round(baseline) + glyph.top, None)

    def line(self, points: Sequence[Point], width: float, ink: str) -> None:
        """A smooth line through points."""
        left, top = (int(min(p[i] for p in points) - width - 1) for i in (0, 1))
        right, bottom = (int(max(p[i] for p in points) + width + 2) for i in (0, 1))
        mask = Image.new("L", ((right - left) * SMOOTH, (bottom - top) * SMOOTH))
        shifted = [((x - left) * SMOOTH, (y - top) * SMOOTH) for x, y in points]
        joint = "curve" if len(points) <= _DENSE else None
        ImageDraw.Draw(mask).line(shifted, fill=255, width=round(width * SMOOTH), joint=joint)
        self._stamp(_shape(mask), left, top, self._palette.ramp[ink])

    def triangle(self, left: float, top: float, size: int, ink: str, *, down: bool) -> None:
        """A smooth triangle that fills a square, pointing up or down."""
        self._stamp(_triangle(size, down=down), round(left), round(top), self._palette.ramp[ink])

    def ring(self, x: float, y: float, radius: int, ink: str) -> None:
        """A smooth ring with ground inside."""
        left, top = round(x) - radius, round(y) - radius
        self._stamp(_disc(radius, 0.0), left, top, None)
        self._stamp(_disc(radius, 1.5), left, top, self._palette.ramp[ink])

    def _stamp(self, glyph: Glyph, left: int, top: int, ramp: Pixels | None) -> None:
        """Lay an ink on through a coverage mask, or the ground where there is no ramp."""
        cover, seen = glyph.cover, glyph.seen
        height, width = cover.shape
        if left < 0 or top < 0:
            cut = np.s_[max(0, -top) :, max(0, -left) :]
            cover, seen = cover[cut], seen[cut]
        area = self.pixels[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
        if area.shape != cover.shape:
            rest = np.s_[: area.shape[0], : area.shape[1]]
            cover, seen = cover[rest], seen[rest]
        np.copyto(area, np.uint8(self._palette.solid["ground"]) if ramp is None else ramp[cover], where=seen)

    def png(self) -> bytes:
        """The picture as PNG: eight bits a pixel with a palette (ISO/IEC 15948)."""
        height, width = self.pixels.shape
        packer = zlib.compressobj(6, zlib.DEFLATED, 15, 9)
        packed = packer.compress(self._rows.data) + packer.flush()
        head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"PLTE", self._palette.colours), (b"IDAT", packed), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _shape(mask: Image.Image, least: int = _LEAST_COVER) -> Glyph:
    """A shape drawn `SMOOTH` times as large, as a glyph."""
    cover = np.asarray(mask.reduce(SMOOTH))
    return Glyph(0, 0, cover, cover >= least)


@lru_cache(maxsize=8)
def _triangle(size: int, *, down: bool) -> Glyph:
    side = size * SMOOTH
    mask = Image.new("L", (side, side))
    near, far = (side - 1, 0) if down else (0, side - 1)
    ImageDraw.Draw(mask).polygon([(0, far), (side - 1, far), (side / 2, near)], fill=255)
    return _shape(mask)


@lru_cache(maxsize=8)
def _disc(radius: int, wall: float) -> Glyph:
    """A disc, or a ring where it has a wall."""
    side = (2 * radius + 1) * SMOOTH
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((0, 0, side - 1, side - 1), fill=255)
    if wall:
        near, far = SMOOTH * wall, side - 1 - SMOOTH * wall
        draw.ellipse((near, near, far, far), fill=0)
    return _shape(mask, _LEAST_COVER if wall else _HALO_COVER)
