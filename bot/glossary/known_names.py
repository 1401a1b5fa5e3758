"""Names of real terms that public glossaries hold, whether ours does or not: what is one of them is no slip of another.

The list is a data file of names alone; its head says where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.glossary.normal import compact
from bot.glossary.word_forms import singular

KNOWN_NAMES: Final = Path(__file__).with_name("data") / "known_names.txt"
_SHORTEST: Final = 3


class KnownNames:
    """Names by their normal forms. Plurals and spaces make no other name."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._forms = frozenset(map(_form, self.names))

    def __contains__(self, normal: object) -> bool:
        return isinstance(normal, str) and _form(normal) in self._forms

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that the names are made of."""
        return frozenset(word for name in self.names for word in name.split() if len(word) >= _SHORTEST)


def _form(normal: str) -> str:
    words = normal.split()
    return compact(" ".join(map(singular, words[1:] if len(words) > 1 and words[0] in {"a", "an", "the"} else words)))


def read_known_names() -> KnownNames:
    """The names that the program knows."""
    lines = KNOWN_NAMES.read_text("utf-8").splitlines()
    return KnownNames(line for line in lines if line and not line.startswith("#"))
