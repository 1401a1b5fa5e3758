"""What the headings of a price table mean: a date, a close, a high, in the words of the exporters of many countries."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Role = Literal["date", "close", "adjusted", "open", "high", "low", "volume", "symbol", "split", "events"]
FILE = Path(__file__).with_name("headings.json")
_NUMBERED = re.compile(r"^\s*[0-9]+[a-z]?\.\s*")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one column is. `rank` orders several columns of one role: the lowest is the plainest name of it."""

    role: Role
    rank: int


@cache
def _names() -> dict[str, Heading]:
    table: dict[Role, list[str]] = json.loads(FILE.read_bytes())
    return {_words(name): Heading(role, rank) for role, names in table.items() for rank, name in enumerate(names)}


def _words(text: str) -> str:
    """A heading as words: folded, without marks, signs, numbering and units (`4. close (USD)`, `Close*`, `<CLOSE>`)."""
    bare = _BRACKETS.sub(" ", _NUMBERED.sub("", text)) if not text.startswith("(") else text
    folded = unicodedata.normalize("NFKD", (bare if bare.strip() else text).casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c)).split())


def symbol_words(names: Iterable[str]) -> frozenset[str]:
    """The spellings of a symbol as headings would write it: `TSLA`, `brk b`, `brkb`."""
    words = {_words(name) for name in names}
    return frozenset(words | {word.replace(" ", "") for word in words}) - {""}


def is_symbol(text: str, symbol: Collection[str]) -> bool:
    """Whether a text names the symbol: `TSLA`, `TSLA.US`."""
    words = _words(text)
    return words in symbol or words.removesuffix(" us") in symbol


def meaning(texts: Sequence[str], symbol: Collection[str] = ()) -> Heading | None:
    """What a column's heading means, from its lowest line up; None where it means nothing known.

    A heading may carry the symbol before or after its name: `TSLA.Close`, `Close_TSLA`, `('Close', 'TSLA')`.
    """
    for text in reversed(texts):
        words = _words(text)
        found = _names().get(words) or _names().get(_without(words, symbol))
        if found is not None:
            return found
        if words.startswith("volume "):
            return Heading("volume", len(words))
    return None


def _without(words: str, symbol: Collection[str]) -> str:
    for name in symbol:
        if words.startswith(f"{name} "):
            return words[len(name) + 1 :]
        if words.endswith(f" {name}"):
            return words[: -len(name) - 1]
    return words
