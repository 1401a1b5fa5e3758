"""What somebody takes back in the same breath: "apple no wait microsoft", "10 days, I mean 15 days", "minus tsla".

The entity before the words that take it back is no longer one where one of its kind follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.language.tokens import Words

_TAKEN_BACK = re.compile(
    r"(?<![^ ])(?:wait no|no wait|wait|scratch that|make that|i mean|i meant|rather|correction|jk(?: just)?|no sorry"
    r"|sorry|no|actually)(?: (?:no|sorry|not|wait|i mean|i am))*(?= |$)"
)
_HINT = re.compile(r"\b(?:wait|that|i mean|i meant|correction|jk|sorry|no|not|actually|rather|minus|except|without)\b")
_NOT_MEANT = re.compile(
    r"(?<![^ ])(?:not|minus|except|without)(?: (?:the|in|on|about))* SYM(?: (?:and|or) SYM)*(?= |$)"
)
_KINDS = {"SYM": "SYM", "PAIR": "SYM"} | {tag: tag for tag in ("PER", "DATE", "AMT", "NUM", "PCT")}
_NEAR = 4
TAKEN_BACK = "taken"


def without_taken_back(words: Words) -> Words:
    """The words with each entity that was taken back made an ordinary word; something of its kind has to be left.

    A symbol that is taken back where it stands twice is taken back in both places.
    """
    if not _HINT.search(words.line):
        return words
    excluded, replaced = set(_excluded(words)), set(_replaced(words))
    gone = {words.words[place].value for place in excluded}
    again = {place for place, word in enumerate(words.words) if word.low == "SYM" and word.value in gone}
    kept = list(words.words)
    for place in excluded | replaced | again:
        kept[place] = replace(kept[place], low=TAKEN_BACK, value=None)
    lost = {_KINDS[words.words[place].low] for place in excluded | replaced}
    left = {_KINDS.get(word.low) for word in kept}
    return replace(words, words=tuple(kept)) if lost and lost <= left else words


def _replaced(words: Words) -> Iterator[int]:
    """The last entity shortly before each correction, where one of its kind follows shortly after."""
    tokens = words.words
    for match in _TAKEN_BACK.finditer(words.line):
        first, last = words.span(*match.span())
        after = {_KINDS.get(word.low) for word in tokens[last : last + 2 * _NEAR]} - {None}
        before = range(first - 1, max(-1, first - 1 - _NEAR), -1)
        place = next((place for place in before if tokens[place].low in _KINDS), None)
        if place is not None and _KINDS[tokens[place].low] in after:
            yield place


def _excluded(words: Words) -> Iterator[int]:
    """The symbols after "not" and "minus"."""
    for match in _NOT_MEANT.finditer(words.line):
        first, last = words.span(*match.span())
        yield from (place for place in range(first, last) if words.words[place].low == "SYM")
