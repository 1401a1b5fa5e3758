"""The words that stand in the tables of cues and conditions: known, whatever the word lists hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.declines import DECLINE_PATTERNS
from bot.language.entities.conditions import CONDITION_PATTERNS
from bot.language._table import CUES


def literal_words(patterns: Iterable[str]) -> frozenset[str]:
    """The words spelt out in regular expressions."""
    without = (re.sub(r"\\[a-zA-Z]|\?P<\w+>", " ", pattern) for pattern in patterns)
    return frozenset(word for pattern in without for word in re.findall(r"[a-z]{3,}", pattern))


CUE_WORDS = literal_words([*(cue.pattern.pattern for cue in CUES), *CONDITION_PATTERNS])
DECLINE_WORDS = literal_words(DECLINE_PATTERNS)
