"""A question in Spanish, Portuguese, French or German as English words, as far as the commonest questions go.

The words of each language stand in `data/languages/`, a phrase and its English a line. What is not there stays as it
is: names, symbols and numbers are the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.language.phrases import read_names, read_sections
from bot.language.tokens import Words

_FOLDER = "languages"
_LONGEST = 6
_FEW = 0.25


@dataclass(frozen=True, slots=True)
class Translation:
    """A message in English words, the two letters of the language that it was in, and how much of it was known."""

    text: str
    language: str
    known: float


def decline_in(language: str, reason: str) -> str:
    """How a decline is said in a language."""
    return _table(language, "declines")[reason]


@cache
def _table(language: str, section: str) -> Mapping[str, str]:
    lines = read_sections(f"{_FOLDER}/{language}.txt")[section]
    return dict(line.split(" = ", 1) for line in lines)


def translated(words: Words) -> Translation | None:
    """The message in English, by the language of which it has most words; None where it has few of any."""
    lows = [words.typed(at, at + 1).lower() for at in range(len(words.words))]
    read = {language: _phrases(lows, language) for language in read_names(_FOLDER)}
    counts = {language: sum(count for _, count in pieces) for language, pieces in read.items()}
    best = max(counts, key=lambda language: counts[language])
    if counts[best] < _FEW * len(lows):
        return None
    return Translation(" ".join(text for text, _ in read[best]), best, counts[best] / len(lows))


def known_words() -> frozenset[str]:
    """Every word of the languages."""
    phrases = (phrase for language in read_names(_FOLDER) for phrase in _table(language, "words"))
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def _longest(language: str) -> int:
    return min(_LONGEST, max(phrase.count(" ") + 1 for phrase in _table(language, "words")))


def _phrases(lows: Sequence[str], language: str) -> list[tuple[str, int]]:
    """The message in pieces: the English of a phrase and how many words that was, or a word as it stands and 0."""
    table, longest = _table(language, "words"), _longest(language)
    pieces: list[tuple[str, int]] = []
    at = 0
    while at < len(lows):
        for length in range(min(longest, len(lows) - at), 0, -1):
            english = table.get(" ".join(lows[at : at + length]))
            if english is not None:
                pieces.append((english, length))
                break
        else:
            length = 1
            pieces.append((lows[at], 0))
        at += length
    return pieces
