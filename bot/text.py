"""Text as everything that reads it compares it: look-alike signs made one, hidden characters gone, slips counted.

Names of terms, names of symbols and questions are all levelled and matched by what stands here. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

_LOOKALIKES: dict[int, str] = {
    ord(character): sign
    for sign, characters in (
        ("*", "★☆∗⋆✱✲✳✴✶✷✸✹⭐🌟﹡＊٭⁎"),
        ("-", "‐‑‒–—―−﹣－⁃"),
        ("'", "’‘ʼ`´′＇‛"),
        ('"', "“”„«»"),
        ("/", "⁄"),
        (">", "→"),
    )
    for character in characters
}
_HIDDEN = frozenset({"Cf", "Cs", "Cc"})
_MARKS = frozenset({"Mn", "Me", "Cf", "Cs"})


def plain_signs(text: str) -> str:
    """The text with look-alike signs made one: stars, dashes and minus signs, apostrophes, quotes, arrows."""
    return text if text.isascii() and "`" not in text else text.translate(_LOOKALIKES)


def visible(text: str) -> str:
    """The text in its compatible form (NFKC), with plain signs and without hidden characters; white space stays."""
    if text.isascii() and text.isprintable():
        return plain_signs(text)
    level = plain_signs(unicodedata.normalize("NFKC", plain_signs(text)))
    return "".join(c for c in level if c.isspace() or unicodedata.category(c) not in _HIDDEN)


def fold(text: str) -> str:
    """The text as names are compared by: plain signs, no case, no accents, no hidden characters."""
    if text.isascii():
        return plain_signs(text.lower())
    level = unicodedata.normalize("NFKD", plain_signs(text)).casefold()
    level = plain_signs(unicodedata.normalize("NFKD", level).casefold())
    return "".join(c for c in level if c.isascii() or unicodedata.category(c) not in _MARKS)


def closest(text: str, choices: Collection[str], least: float, limit: int) -> list[str]:
    """The choices that are spelt most like a text, best first: at least `least` percent of their letters are its."""
    from rapidfuzz import fuzz, process

    return [
        choice for choice, _, _ in process.extract(text, choices, scorer=fuzz.ratio, score_cutoff=least, limit=limit)
    ]


def within_slips(text: str, choices: Sequence[str], most: int, limit: int) -> list[tuple[str, int]]:
    """The choices at most so many slips away from a text, and how many, the nearest first. See `slips`."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(text, choices, scorer=OSA.distance, score_cutoff=most, limit=limit)
    return [(choice, int(distance)) for choice, distance, _ in found]


def slips(text: str, meant: str) -> int:
    """How many letters were changed, left out, added, or swapped with their neighbour, to get from one to the other."""
    from rapidfuzz.distance import OSA

    return OSA.distance(text, meant)


def swaps(text: str, meant: str) -> int:
    """How many of the slips between two texts are letters that were swapped with their neighbours."""
    from rapidfuzz.distance import OSA, Levenshtein

    return Levenshtein.distance(text, meant) - OSA.distance(text, meant)
