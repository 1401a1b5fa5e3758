"""Whether a message is in another language than English, by its little words and its letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.language.phrases import read_sections
from bot.language.tokens import Words
from bot.language.translation import known_words
from bot.language.vocabulary import ENGLISH, EVERYDAY, FAMILIAR

_LONG = 4
_LATIN = re.compile(r"[a-z]")


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(" ".join(read_sections("other_languages.txt")[section]).split())


@cache
def _never_english() -> frozenset[str]:
    """Words that English does not have: those listed, and the longer ones of the languages known a little."""
    known = {word for word in known_words() if len(word) >= _LONG or not word.isascii()}
    return _words("foreign") | (known - FAMILIAR - ENGLISH - EVERYDAY)


def asks_price(words: Words) -> bool:
    """Whether a message in another language asks what something costs."""
    return not _words("price").isdisjoint(words.line.split())


def is_foreign(text: str, words: Words) -> bool:
    """Whether most letters are of another script, or the little words are another language's."""
    letters = [c for c in text if c.isalpha()]
    if letters and not text.isascii():
        other = sum(1 for c in letters if not _is_latin(c))
        if other * 2 > len(letters):
            return True
    lows = [word.low for word in words.words if not word.is_tag]
    hard = sum(low in _never_english() for low in lows)
    soft = hard + sum(low in _words("also english") for low in lows)
    return hard >= 2 or (hard >= 1 and (soft >= 2 or len(lows) <= 4 or lows[0] == "was"))


def english_part(text: str) -> str:
    """The words of a text but for those that are another language's alone: of "que es un covered call" the last two."""
    foreign = (known_words() | _words("foreign")) - ENGLISH - EVERYDAY
    return " ".join(word for word in text.split() if word.strip("¿?¡!.,;:").lower() not in foreign)


def _is_latin(letter: str) -> bool:
    return bool(_LATIN.match(letter.lower())) or unicodedata.name(letter, "").startswith(("LATIN", "GREEK"))
