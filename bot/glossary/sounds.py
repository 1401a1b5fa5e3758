"""How a name sounds, for those who write it by ear."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_RULES: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z0-9]", ""),
        (r"acqu", "akw"),
        (r"qu", "kw"),
        (r"ph", "f"),
        (r"gh(?=[^aeiou]|$)", ""),
        (r"^kn|^gn", "n"),
        (r"wr", "r"),
        (r"wh", "w"),
        (r"rh", "r"),
        (r"tch", "ch"),
        (r"cc(?=[iey])", "ch"),
        (r"(?:ss|t|c|s)ion", "shn"),
        (r"shun", "shn"),
        (r"tu(?=[laro])", "chu"),
        (r"sch", "sk"),
        (r"ck|c(?![hiey])", "k"),
        (r"c(?=[iey])", "s"),
        (r"ch(?=[lrnm])", "k"),
        (r"x", "ks"),
        (r"dg(?=[ei])", "j"),
        (r"g(?=[ei])", "j"),
        (r"z", "s"),
        (r"e$|es$", ""),
        (r"(.)\1+", r"\1"),
        (r"[aeiouy]h?(?:[aeiouy]|w(?![aeiouy]))*", "V"),
        (r"(.)\1+", r"\1"),
    )
)


def sound(normal: str) -> str:
    """Return the sound of a normal form: consonants as heard, "V" for any run of vowels, words run together."""
    return "".join(map(_word, normal.split()))


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    for pattern, heard in _RULES:
        word = pattern.sub(heard, word)
    return word
