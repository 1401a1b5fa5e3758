"""Exchanges by name, code, city and suffix: "tokyo", "LSE", "XETR", ".HK", "wall street", "forex".

What they are called stands in `data/exchanges.txt`. A name of several asks back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from bot.errors import one_of, quoted
from bot.language.phrases import read_lines
from bot.language.tokens import UNREAD, Unread, Words, read_words
from bot.market.exchanges import Marketplace, by_suffix, exchanges

EXCHANGE = "EXCH"
_LONGEST_NAME = 5
_THE = re.compile(r"^\s*the\s+", re.IGNORECASE)


@cache
def _names(*, weak: bool) -> Mapping[str, tuple[Marketplace, ...]]:
    """The exchanges by their names as they are tokenized; with `weak` also those that are other things too."""
    found: dict[str, dict[str, Marketplace]] = {}
    for line in read_lines("exchanges.txt"):
        code, _, called = line.partition(":")
        for entry in called.split(","):
            name = entry.strip()
            if weak or not name.startswith("?"):
                found.setdefault(read_words(name.removeprefix("?")).line, {})[code] = exchanges()[code]
    for code, one in exchanges().items():
        if weak or len(code) > 3:
            found.setdefault(code.lower(), {})[code] = one
    return {name: tuple(meant.values()) for name, meant in found.items()}


def tag_exchanges(words: Words, *, typed: bool = False) -> Words:
    """The words with an EXCH tag for each name of an exchange, the longest first; UNREAD for a name of several.

    `typed`: nothing but an exchange or a symbol can stand there, so that "us" and "japan" are exchanges.
    """
    return words.with_tags(_found(words, _names(weak=typed)))


def _found(
    words: Words, names: Mapping[str, tuple[Marketplace, ...]]
) -> Iterator[tuple[int, int, str, Marketplace | Unread]]:
    at = 0
    while at < len(words.words):
        for last in range(min(at + _LONGEST_NAME, len(words.words)), at, -1):
            some = words.words[at:last]
            meant = () if any(word.is_tag for word in some) else names.get(" ".join(word.low for word in some), ())
            if len(meant) == 1:
                yield at, last, EXCHANGE, meant[0]
            elif meant:
                yield at, last, UNREAD, _unclear(words.typed(at, last), meant)
            if meant:
                break
        at = last


def _unclear(text: str, meant: tuple[Marketplace, ...]) -> Unread:
    reason = f"{quoted(text, 40)} can be {one_of([one.name for one in meant])}. Which one?"
    return Unread("symbol", text, reason, tuple(one.name for one in meant), "ambiguous")


def exchange_named(text: str) -> Marketplace | None:
    """The exchange that a whole text names, its suffix included: ".HK"; None for none. Raises UserError (ambiguous)."""
    suffixed = by_suffix(text.strip())
    if suffixed is not None:
        return suffixed
    words = tag_exchanges(read_words(_THE.sub("", text)), typed=True)
    for unread in words.unread:
        raise unread.error()
    only = words.words[0] if len(words.words) == 1 else None
    return only.value if only is not None and isinstance(only.value, Marketplace) else None


def complete_exchange(text: str, limit: int) -> list[Marketplace]:
    """The exchanges with a code or a name that begins so, the shortest name first."""
    start = read_words(text).line
    hits = sorted((len(name), name) for name in _names(weak=False) if name.startswith(start))
    found = dict.fromkeys(one for _, name in hits for one in _names(weak=False)[name])
    return list(found)[:limit]
