"""Linear models whose weights come in a data file: from the features of a text to the probability of each label.

They are learned by `benchmarks/fit_intents.py` and read here without any library of machine learning.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.language.phrases import read_lines

LETTER_WEIGHT = 0.5
"""What a run of letters counts beside a word."""
_BIAS = 128


@dataclass(frozen=True, slots=True)
class Features:
    """What a model sees of a text: names of what is there, and runs of its letters, which count less."""

    words: frozenset[str]
    letters: frozenset[str] = frozenset()

    @property
    def size(self) -> float:
        """The Euclidean length: a long story counts no more than a short question."""
        return math.sqrt(len(self.words) + LETTER_WEIGHT**2 * len(self.letters))


class LinearModel:
    """The learned weights: for each feature one number for each label, as a row of bytes in a Python integer.

    Rows are added as integers, a lane of 32 bits for each label, which needs no numpy and takes some 50 microseconds.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the lines of the data file. Raises ValueError where they are damaged."""
        rows = iter(lines)
        self.labels: tuple[str, ...] = tuple(next(rows).split("\t"))
        self._scale = float(next(rows))
        self._offsets = tuple(map(float, next(rows).split("\t")))
        self._rows = dict(map(self._row, rows))

    def _row(self, line: str) -> tuple[str, int]:
        name, _, text = line.rpartition("\t")
        weights = base64.b85decode(text)
        if len(weights) != len(self.labels):
            msg = f"the weights of {name!r} are damaged"
            raise ValueError(msg)
        return name, int.from_bytes(b"".join(bytes((weight, 0, 0, 0)) for weight in weights), "little")

    def knows(self, feature: str) -> bool:
        """Whether a feature has weights."""
        return feature in self._rows

    def probabilities(self, seen: Features) -> dict[str, float]:
        """The probability of each label, 0 to 1; all together 1."""
        known = [row for name in (*seen.words, *seen.letters) if (row := self._rows.get(name)) is not None]
        lanes = sum(known).to_bytes(4 * len(self.labels), "little")
        scale = self._scale / seen.size
        scores = [
            offset + scale * (int.from_bytes(lanes[4 * at : 4 * at + 4], "little") - _BIAS * len(known))
            for at, offset in enumerate(self._offsets)
        ]
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        return {label: power / sum(powers) for label, power in zip(self.labels, powers, strict=True)}


def model_lines(
    labels: Sequence[str], offsets: Sequence[float], weights: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    """The lines of the data file for weights of features: each is rounded to one of 255 steps."""
    step = max(abs(weight) for row in weights.values() for weight in row) / (_BIAS - 1)
    yield "\t".join(labels)
    yield f"{step:.9g}"
    yield "\t".join(f"{offset:.6g}" for offset in offsets)
    for name, row in sorted(weights.items()):
        yield f"{name}\t{base64.b85encode(bytes(_BIAS + round(weight / step) for weight in row)).decode('ascii')}"


@cache
def shipped_model(name: str) -> LinearModel:
    """The weights of a data file that comes with the program, read when they are first needed."""
    return LinearModel(read_lines(name))
