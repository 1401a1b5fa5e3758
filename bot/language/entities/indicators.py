"""What daily bars can compute, named in a question: "rsi", "50 day moving average", "max drawdown"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.language.tokens import Words

INDICATOR: Final = "INDICATOR"


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})(?= |$)")


def tag_indicators(words: Words, names: tuple[str, ...]) -> Words:
    """The words with a tag for each of the names, the longest first; its value is the name."""
    return words.tag(_pattern(names), INDICATOR, lambda match: match[0])
