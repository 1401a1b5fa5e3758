"""Which intent a question has, by a linear model over its words: the weights were learned from many people's questions.

What the readers of entities found is masked, so that the model sees `how much is SYM up PER`, whatever the symbol. It
knows words, pairs and triples of them, their letters by three to five, which entities there are, and what the rules
make of the question. `benchmarks/fit_intents.py` learns the weights and writes them as
`data/intent_weights.txt`; they are read here without any library of machine learning.
"""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.language.message import Message
from bot.language.phrases import read_lines
from bot.language.scoring import options_of

FILE = "intent_weights.txt"
LETTER_WEIGHT = 0.5
"""What a run of letters counts beside a word."""
_RUNS = (3, 4, 5)
_GRAMS = (1, 2, 3)
_MOST_COUNTED = 3
_LENGTHS = (1, 3, 7, 15, 29)
_SURE = 0.8
_BIAS = 128


@dataclass(frozen=True, slots=True)
class Features:
    """What the model sees of a question: the names of what is there; `size` is the length of it as a vector."""

    words: frozenset[str]
    letters: frozenset[str]

    @property
    def size(self) -> float:
        """The Euclidean length: a long story counts no more than a short question."""
        return math.sqrt(len(self.words) + LETTER_WEIGHT**2 * len(self.letters))


def features(message: Message, label: str, certainty: float) -> Features:
    """The features of a message that the rules read as `label`, so surely."""
    masked = masked_words(message)
    ruled = [f"=rule {label}", *([f"=sure {label}"] if certainty >= _SURE else [])] if label else []
    letters = {run for word in masked if not word.isupper() for run in _runs(f"<{word}>")}
    return Features(frozenset([*_grams(masked), *_counts(message, masked), *ruled]), frozenset(letters))


def masked_words(message: Message) -> list[str]:
    """The words of a message with a tag for each entity; TERM for a name of the glossary that steers no question."""
    words = [word.low for word in message.words.words]
    for first, last in reversed(message.named_terms):
        words[first:last] = ["TERM"]
    return words


def _grams(masked: Sequence[str]) -> Iterator[str]:
    """The words, pairs and triples, where `^` and `$` are the ends of the message."""
    framed = ["^", *masked, "$"]
    for length in _GRAMS:
        for start in range(len(framed) - length + 1):
            yield " ".join(framed[start : start + length])


def _runs(word: str) -> Iterator[str]:
    for length in _RUNS:
        for start in range(len(word) - length + 1):
            yield f"~{word[start : start + length]}"


def _counts(message: Message, masked: Sequence[str]) -> Iterator[str]:
    """How many entities there are of each kind, how long the message is, and which commands have all they need."""
    tags = Counter(word for word in masked if word.isupper())
    yield from (f"={tag} {min(count, _MOST_COUNTED)}" for tag, count in tags.items())
    yield f"=symbols {min(len(message.symbols), _MOST_COUNTED)}"
    yield f"=currencies {min(len(message.currencies), _MOST_COUNTED)}"
    yield f"=words {sum(len(masked) > most for most in _LENGTHS)}"
    intents = message.context.intents.all
    yield from (f"=can {intent.command}" for intent in intents if options_of(intent, message) is not None)


class IntentModel:
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
def shipped_model() -> IntentModel:
    """The weights that come with the program, read when the first question in plain words is."""
    return IntentModel(read_lines(FILE))
