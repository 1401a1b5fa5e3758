"""Ordinary English words that look like one of ours mistyped: they are meant as they stand. The list is a data file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from bot.glossary.word_forms import irregular_forms, stem

_FILE: Final = Path(__file__).with_name("data") / "common_words.txt"
_SHORTEST: Final = 3
_ENDINGS: Final = frozenset(
    "s d es ed ing r er st est ers rs or ors ly y ment ments ness ies ied ier ion ions ation ations able al ally"
    " ity".split()
)


def common_words(*titles: str) -> frozenset[str]:
    """The words under these titles of the list: "in both", "beside terms", "in questions"."""
    words: set[str] = set()
    title = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            title = line.removeprefix("== ")
        elif title in titles:
            words.update(line.split())
    return frozenset(words)


def is_everyday(word: str) -> bool:
    """Whether a word is ordinary English close to some name, as it stands or with an ending. A misspelt one is not."""
    word = irregular_forms().get(word, word)
    base = _by_stem().get(stem(word, _SHORTEST))
    if base is None or word == base:
        return base is not None
    cut = base[:-1]
    return any(word.startswith(root) and word[len(root) :] in _ENDINGS for root in (base, cut, base + base[-1]))


@cache
def _by_stem() -> dict[str, str]:
    return {stem(word, _SHORTEST): word for word in sorted(common_words("in both", "beside terms"))}
