"""Mending the spelling of the words that steer a question. Names of terms are left to the glossary's own lookup."""

from __future__ import annotations

from functools import lru_cache

from bot.language.vocabulary import CHAT, CUE_WORDS, DECLINE_WORDS, ENGLISH, EVERYDAY, FIELD, PLAIN
from bot.text import within_slips

KNOWN = PLAIN | CHAT | FIELD | EVERYDAY | ENGLISH | CUE_WORDS | DECLINE_WORDS
_SHORTEST = 3
_SHORTEST_NAME = 5
_MEMO = 4096
_LITTLE = frozenset(
    """
    use and the how what when which where with this does between than much many most rise roc help should will tell need
    different moved was has starts ends started ended show hundred thousand million percent month
    months quarter fortnight
    """.split()
)
_CHOICES = tuple(sorted({word for word in FIELD | (CUE_WORDS & PLAIN) if len(word) > _SHORTEST} | _LITTLE))


@lru_cache(maxsize=_MEMO)
def corrected(word: str, names: frozenset[str]) -> str:
    """The known word or name that `word` is a slip of, else the word itself.

    A slip is one letter changed, left out, added or two swapped; two slips from seven letters on. The first letter
    stands, unless it was swapped with the second. A word of three letters may only have two letters swapped.
    """
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or word in KNOWN or word in names:
        return word
    if word.endswith("in") and f"{word}g" in KNOWN:
        return f"{word}g"
    if _singular_known(word):
        return word
    allowed = 1 if len(word) < 7 else 2
    near = within_slips(word, _like(word, names), allowed, 8)
    ranked = [(_rank(word, choice, distance), choice) for choice, distance in near if _alike(word, choice)]
    return min(ranked)[1] if ranked else word


def _rank(word: str, choice: str, distance: float) -> float:
    """How far a word is from a choice; swapped letters are the likeliest slip."""
    swapped = sorted(word) == sorted(choice)
    return distance - 0.5 * swapped + 0.2 * (choice[0] != word[0]) + 0.1 * abs(len(choice) - len(word))


def _like(word: str, names: frozenset[str]) -> tuple[str, ...]:
    """The choices with the same first letter, or with the second letter first."""
    by_letter = _by_letter(names)
    return by_letter.get(word[0], ()) + (by_letter.get(word[1], ()) if word[1] != word[0] else ())


def _singular_known(word: str) -> bool:
    return any(word.endswith(end) and word[: -len(end)] in KNOWN for end in ("s", "es", "ed", "ly", "ing"))


def _alike(word: str, choice: str) -> bool:
    swapped = sorted(word) == sorted(choice)
    if len(word) == _SHORTEST or len(choice) == _SHORTEST:
        return swapped or (len(word) == _SHORTEST + 1 and word[0] == choice[0] and set(choice) <= set(word))
    return word[0] == choice[0] or swapped


@lru_cache(maxsize=8)
def _by_letter(names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    long = {name for name in names if len(name) >= _SHORTEST_NAME or (len(name) == 4 and not set(name) & set("aeiouy"))}
    grouped: dict[str, list[str]] = {}
    for choice in sorted(long.union(_CHOICES)):
        grouped.setdefault(choice[0], []).append(choice)
    return {letter: tuple(choices) for letter, choices in grouped.items()}
