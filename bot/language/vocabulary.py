"""The words the router knows, by what they do in a question. A word in none of these is of another topic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.glossary.everyday import common_words
from bot.language.entities.conditions import CONDITION_PATTERNS
from bot.language.phrases import read_all, read_words

_SPELT = re.compile(r"[a-z]{3,}")
_ENDED = re.compile(r"([a-z]+)\[([a-z|]+)\]")


def literal_words(patterns: Iterable[str]) -> frozenset[str]:
    """The words spelt out in regular expressions or phrases, those with an ending (`alert[s]`) in each form."""
    words: set[str] = set()
    for pattern in patterns:
        bare = re.sub(r"\\[a-zA-Z]|\?P<\w+>", " ", pattern)
        words.update(_SPELT.findall(bare))
        words.update(stem + end for stem, ends in _ENDED.findall(bare) for end in ends.split("|"))
    return frozenset(words)


PLAIN = read_words("plain_words.txt")
CHAT = read_words("chat_words.txt")
FIELD = read_words("field_words.txt")
EVERYDAY = common_words("in both", "in questions")
ENGLISH = read_words("english_words.txt")
CUE_WORDS = literal_words([*read_all("phrases"), *CONDITION_PATTERNS])
DECLINE_WORDS = literal_words(read_all("declines"))
FAMILIAR = PLAIN | CHAT | FIELD | CUE_WORDS
"""Words that a question about markets or terms may hold: all others are of another topic."""
