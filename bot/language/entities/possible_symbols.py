"""Words that may be a symbol where nothing else is one: "is hood rallying", "how big is nvidias rally", "bbai 3 weeks".

Whether one is meant is for the reader of the whole question to say: each is tried, and kept where the question then
makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.language.entities.symbol_mentions import NOT_SYMBOLS
from bot.language.entities.symbols import Names
from bot.language.tokens import Word, Words
from bot.language.vocabulary import CHAT, CUE_WORDS, ENGLISH, EVERYDAY, FIELD, PLAIN
from bot.market.symbols import Symbol

_MOST = 3
_SHORTEST_OWNER = 4
_SHARE = re.compile(r"[a-z]{1,5}")
_UNLISTED = re.compile(r"[a-z]{3,5}")
_KNOWN = PLAIN | CHAT | FIELD | CUE_WORDS | EVERYDAY | ENGLISH


def possible_symbols(words: Words, names: Names, is_word: Callable[[str], bool]) -> Iterator[tuple[int, Symbol, int]]:
    """The places of such words, the likeliest first, with the symbol that each would be and how far-fetched it is.

    At most three: 0 for capitals, 1 for a symbol of the book, 2 for letters that are no word.
    """
    ranked: list[tuple[int, int, Symbol]] = []
    for at, word in enumerate(words.words):
        found = None if word.is_tag else _possible(word, words, names, is_word)
        if found is not None:
            ranked.append((found[0], at, found[1]))
    ranked.sort(key=lambda one: one[:2])
    yield from ((at, symbol, far) for far, at, symbol in ranked[:_MOST])


def _possible(word: Word, words: Words, names: Names, is_word: Callable[[str], bool]) -> tuple[int, Symbol] | None:
    """The symbol that a word may be, and how far-fetched that is: capitals are the likeliest."""
    low = word.low
    listed = names.by_phrase.get(low)
    unlisted = Symbol(low.upper(), "", "unknown", None, None)
    if word.upper and not words.all_caps and _may_be(low, _SHARE):
        return 0, listed or unlisted
    if listed is not None:
        return None if low in PLAIN else (1, listed)
    if low in _KNOWN:
        return None
    owned = names.by_phrase.get(low.removesuffix("s")) if len(low) > _SHORTEST_OWNER else None
    if owned is not None:
        return 1, owned
    return (2, unlisted) if _may_be(low, _UNLISTED) and not is_word(low) else None


def _may_be(low: str, shape: re.Pattern[str]) -> bool:
    return bool(shape.fullmatch(low)) and low.upper() not in NOT_SYMBOLS
