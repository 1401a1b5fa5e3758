"""Names that somebody meant and mistyped, wrote by ear or left unfinished."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from bot.glossary.everyday import is_everyday
from bot.glossary.names import TermNames
from bot.glossary.normal import compact, is_symbols
from bot.glossary.word_forms import NUMBERS, phonetic_key
from bot.text import closest, slips, swaps

LEAST_SIMILARITY: Final = 0.8
LEAD: Final = 0.02
# Letters swapped with their neighbours are the slip of a fast hand: each counts this much less than another edit. Words
# in another order make a name this much less near.
SWAP: Final = 0.5
TURNED: Final = 0.03
PREFIX_SHARE: Final = 0.6
_SUGGEST_CUTOFF: Final = 62.0
_ACCEPT_CUTOFF: Final = 74.0
_LIMIT: Final = 12
_LONG_SOUND: Final = 9
# Beginnings that make another word, mostly the opposite: no slip of a pen.
_TURNING: Final = ("un", "non", "de", "dis", "re", "in", "im", "anti", "over", "under", "mis", "pre", "post", "sub")
_SHORTEST_ROOT: Final = 4


@dataclass(frozen=True, slots=True)
class Near:
    """A name close to a query. `similarity` is 1 less the edits per character; `accepted`: close enough to be meant."""

    id: str
    name: str
    similarity: float
    accepted: bool


class _Choices:
    """Forms of names, and the name of each, by length: only those of a like length can be near."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self._forms = sorted(names, key=len)
        self._lengths = [len(form) for form in self._forms]

    def like(self, length: int, cutoff: float) -> list[str]:
        """Return the forms whose length lets them reach a ratio of `cutoff` with a text of this length."""
        share = cutoff / (200 - cutoff)
        start = bisect_left(self._lengths, math.floor(length * share))
        return self._forms[start : bisect_right(self._lengths, math.ceil(length / share))]


class Spelling:
    """Finds names within a few edits.

    `words` are spelt right as they are. Weak and ambiguous names, and those under four characters, are never guessed.
    """

    def __init__(self, names: TermNames, words: Collection[str] = ()) -> None:
        self._weak: set[str] = set()
        self._owner: dict[str, str] = {}
        self._sounds: dict[str, str | None] = {}
        own = {word for name in names.exact for word in name.split() if len(word) > 1}
        self._vocabulary = {*own, *NUMBERS, *words}
        joined: dict[str, str] = {}
        in_order: dict[str, str] = {}
        for name, hit in names.exact.items():
            if len(hit.ids) > 1 or len(name) < 4 or is_symbols(name) or name.startswith("$"):
                continue
            self._add(name, hit.ids[0], joined, in_order)
            if name in names.weak and " " not in name and hit.match == "alias":
                self._weak.add(name)
        self._names, self._compact, self._sorted = (
            _Choices({name: name for name in self._owner}),
            _Choices(joined),
            _Choices(in_order),
        )
        self._ordered = sorted(self._owner)
        self.longest = max(map(len, self._owner), default=0)

    def near(self, normal: str) -> list[Near]:
        """Return the closest names, one per term, best first; the first is accepted only with a clear lead."""
        found = self._search(normal, normal, self._names, _SUGGEST_CUTOFF)
        if not _is_clear(found):
            found = _merged(found, self._search(normal, compact(normal), self._compact, _ACCEPT_CUTOFF))
        if " " in normal and not _is_clear(found):
            in_order = " ".join(sorted(normal.split()))
            found = _merged(found, self._search(normal, in_order, self._sorted, _ACCEPT_CUTOFF))
        if found and not _is_clear(found):
            found[0] = replace(found[0], accepted=False)
        return found

    def sounding_like(self, normal: str) -> str | None:
        """Return the one term with a name that sounds like this."""
        heard = phonetic_key(normal)
        name = self._sounds.get(heard)
        if len(normal) < 5 or len(heard) < 4 or name is None or name in self._weak or _digits(normal) != _digits(name):
            return None
        is_other = len(heard) < _LONG_SOUND and self._is_other(normal.split(), name.split())
        return None if is_other else self._owner[name]

    def completing(self, normal: str) -> tuple[str, float] | None:
        """Return the one term with names whose last word was left unfinished here, and the share that was typed."""
        if len(normal) < 4 or is_everyday(normal) or normal in self._vocabulary:
            return None
        best: dict[str, float] = {}
        start = bisect_left(self._ordered, normal)
        for name in self._ordered[start : bisect_left(self._ordered, normal + "\U0010ffff", start)]:
            share = len(normal) / len(name)
            if share >= PREFIX_SHARE and name not in self._weak and " " not in name[len(normal) :]:
                one = self._owner[name]
                best[one] = max(best.get(one, 0.0), share)
        return next(iter(best.items())) if len(best) == 1 else None

    def _is_other(self, words: list[str], named: list[str]) -> bool:
        """Whether a query has a word of its own, spelt right, that the name lacks: "hard work" is no hard fork.

        One word that is spelt right is no part of a name: "trailing" is no trailing stop.
        """
        if len(words) == 1 and words[0] in self._vocabulary:
            return True
        return any(word not in named and (word in self._vocabulary or is_everyday(word)) for word in words)

    def _add(self, name: str, owner: str, joined: dict[str, str], in_order: dict[str, str]) -> None:
        self._owner[name] = owner
        words = name.split()
        # Letters run together ("t and s") make a string that many words are near to.
        if any(len(word) == 1 for word in words):
            return
        joined.setdefault(compact(name), name)
        if len(words) > 1:
            in_order.setdefault(" ".join(sorted(words)), name)
        heard = phonetic_key(name)
        alike = self._sounds.setdefault(heard, name)
        if alike is not None and self._owner[alike] != owner:
            self._sounds[heard] = None

    def _search(self, query: str, form: str, choices: _Choices, cutoff: float) -> list[Near]:
        """Return the names near to a query, one per term, best first. `form` is the query as `choices` are written."""
        forms = choices.like(len(form), cutoff)
        best: dict[str, Near] = {}
        turned = TURNED if form != query and " " in form else 0.0
        for other in closest(form, forms, cutoff, _LIMIT):
            name = choices.names[other]
            owner = self._owner[name]
            edits = slips(form, other)
            similarity = 1 - (edits - SWAP * swaps(form, other)) / max(len(form), len(other)) - turned
            if owner not in best or similarity > best[owner].similarity:
                accepted = (
                    similarity >= LEAST_SIMILARITY
                    and edits <= _budget(len(other))
                    and _are_slips(form.split(), other.split())
                    and self._may_mean(query, name)
                )
                best[owner] = Near(owner, name, similarity, accepted)
        return sorted(best.values(), key=_rank)

    def _may_mean(self, query: str, name: str) -> bool:
        """Whether nothing in a query speaks against a name: other digits, or a word that is spelt right as it is."""
        if name in self._weak or _digits(query) != _digits(name):
            return False
        words, meant = query.split(), name.split()
        if _letters(words) != _letters(meant) or any(map(_are_opposites, *_aligned(words, meant))):
            return False
        return not self._is_other(words, meant)


def _letters(words: list[str]) -> list[str]:
    """The words of one letter: they never change, "regulation n" is no "regulation t"."""
    return sorted(word for word in words if len(word) == 1)


def _aligned(words: list[str], meant: list[str]) -> tuple[list[str], list[str]]:
    """The words of both, each beside its like, where there are as many; else both run together."""
    return (words, meant) if len(words) == len(meant) else (["".join(words)], ["".join(meant)])


def _are_opposites(word: str, other: str) -> bool:
    """Whether two words differ in a beginning that turns the meaning, and in nothing else: reflation and deflation."""
    return word != other and not _roots(word).isdisjoint(_roots(other))


def _roots(word: str) -> set[str]:
    """A word, and what is left of it without a beginning that turns its meaning."""
    cut = (word.removeprefix(start) for start in _TURNING if word.startswith(start))
    return {word, *(rest for rest in cut if len(rest) >= _SHORTEST_ROOT)}


def _rank(near: Near) -> tuple[float, bool]:
    return -near.similarity, not near.accepted


def _are_slips(words: list[str], meant: list[str]) -> bool:
    """Whether each word is within its own edits, where there are as many; one word is judged by the whole."""
    if len(words) == 1 or len(words) != len(meant):
        return True
    return all(slips(word, other) <= _word_budget(len(other)) for word, other in zip(words, meant, strict=True))


def _is_clear(found: list[Near]) -> bool:
    """Whether the first name is near enough, and nearer than that of any other term."""
    if not found or not found[0].accepted:
        return False
    return len(found) == 1 or found[0].similarity - found[1].similarity >= LEAD


def _merged(first: list[Near], second: list[Near]) -> list[Near]:
    best: dict[str, Near] = {}
    for near in sorted((*first, *second), key=_rank):
        best.setdefault(near.id, near)
    return list(best.values())


def _budget(length: int) -> int:
    """Return how many edits a name of this length allows."""
    return 0 if length <= 3 else 1 if length <= 7 else 2 if length <= 11 else 3


def _word_budget(length: int) -> int:
    return 1 if length <= 4 else 2 if length <= 8 else 3


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
