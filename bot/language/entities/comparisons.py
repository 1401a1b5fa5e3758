"""Two things set side by side: "support vs resistance", "the difference between bonds and bills", "IWM against SPY"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from bot.errors import UserError, quoted
from bot.glossary.normal import normalise
from bot.glossary.question_wrappers import comparison_operands

T = TypeVar("T")
_BETWEEN = re.compile(
    r"\s+(?:vs\.?|versus|v\.?|and|or|against|with|from|to|compared (?:to|with)|as opposed to)\s+|\s*[,;/]\s*",
    re.IGNORECASE,
)


def operands(text: str) -> Iterator[tuple[str, str]]:
    """The ways to take a text as two things, the likeliest first: a question that compares, then each separator."""
    if two := comparison_operands(normalise(text)):
        yield two
    for match in _BETWEEN.finditer(text):
        yield text[: match.start()].strip(), text[match.end() :].strip()


def read_comparison(text: str, resolve: Callable[[str], T | None], noun: str) -> tuple[T, T]:
    """The two different things that a whole text compares, both of which `resolve` knows. Raises UserError.

    `noun` says what they are, as in "terms".
    """
    for first, second in operands(text):
        one, other = resolve(first), resolve(second)
        if one is not None and other is not None and one != other:
            return one, other
    raise UserError(f"I cannot read {quoted(text)} as two {noun}; write them with vs between.", "unknown_term")
