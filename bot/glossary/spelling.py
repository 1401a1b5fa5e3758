"""Names that somebody meant and mistyped, wrote by ear or left unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.glossary.everyday import EVERYDAY
from bot.glossary.names import Names
from bot.glossary.normal import compact, is_symbols
from bot.glossary.sounds import sound

LEAST_SIMILARITY: Final = 0.8
LEAD: Final = 0.02
PREFIX_SHARE: Final = 0.6
_SUGGEST_CUTOFF: Final = 62.0
_LIMIT: Final = 12


@dataclass(frozen=True, slots=True)
class Near:
    """A name close to a query. `similarity` is 1 less the edits per character; `accepted`: close enough to be meant."""

    id: str
    name: str
    similarity: float
    accepted: bool


class Spelling:
    """Finds names within a few edits. Weak and ambiguous names, and those of three characters or fewer, are never guessed."""

    def __init__(self, names: Names) -> None:
        self._owner: dict[str, str] = {}
        self._sorted: dict[str, str] = {}
        self._compact: dict[str, str] = {}
        self._sounds: dict[str, str | None] = {}
        for name, hit in names.exact.items():
            if len(hit.ids) > 1 or len(name) < 4 or is_symbols(name) or name.startswith("$"):
                continue
            if name in names.weak and " " not in name and hit.match == "alias":
                continue
            self._add(name, hit.ids[0])
        self._choices = list(self._owner)
        self._sorted_choices = list(self._sorted)
        self._compact_choices = list(self._compact)
        self._ordered = sorted(self._compact)
        self.longest = max(map(len, self._choices), default=0)

    def near(self, normal: str) -> list[Near]:
        """Return the closest names, one per term, best first; the first is accepted only with a clear lead."""
        found = self._search(normal, self._choices, self._owner)
        if not _is_clear(found):
            found = _merged(found, self._search(compact(normal), self._compact_choices, self._compact))
        if " " in normal and not _is_clear(found):
            in_order = " ".join(sorted(normal.split()))
            found = _merged(found, self._search(in_order, self._sorted_choices, self._sorted))
        return found

    def sounding_like(self, normal: str) -> str | None:
        """Return the one term with a name that sounds like this."""
        heard = sound(normal)
        if len(normal) < 5 or len(heard) < 4 or normal in EVERYDAY:
            return None
        return self._sounds.get(heard)

    def completing(self, normal: str) -> tuple[str, float] | None:
        """Return the one term with names that begin like this, and the share of the shortest that was typed."""
        typed = compact(normal)
        if len(typed) < 4 or normal in EVERYDAY:
            return None
        best: dict[str, float] = {}
        for name in self.beginning_with(typed):
            share = len(typed) / len(name)
            if share >= PREFIX_SHARE:
                one = self._compact[name]
                best[one] = max(best.get(one, 0.0), share)
        if len(best) != 1:
            return None
        return next(iter(best.items()))

    def beginning_with(self, typed: str) -> list[str]:
        """Return the names, spaces left out, that begin with `typed`."""
        from bisect import bisect_left

        start = bisect_left(self._ordered, typed)
        end = bisect_left(self._ordered, typed + "\U0010ffff", start)
        return self._ordered[start:end]

    def _add(self, name: str, owner: str) -> None:
        self._owner[name] = owner
        self._compact.setdefault(compact(name), owner)
        self._sorted.setdefault(" ".join(sorted(name.split())), owner)
        heard = sound(name)
        if self._sounds.setdefault(heard, owner) != owner:
            self._sounds[heard] = None

    def _search(self, query: str, choices: list[str], owners: dict[str, str]) -> list[Near]:
        rows = process.extract(query, choices, scorer=fuzz.ratio, score_cutoff=_SUGGEST_CUTOFF, limit=_LIMIT)
        best: dict[str, Near] = {}
        for name, _, _ in rows:
            owner = owners[name]
            edits = OSA.distance(query, name)
            similarity = 1 - edits / max(len(query), len(name))
            if owner not in best or similarity > best[owner].similarity:
                best[owner] = Near(owner, name, similarity, _is_slip(query, name, edits, similarity))
        found = sorted(best.values(), key=lambda near: -near.similarity)
        if len(found) > 1 and found[0].similarity - found[1].similarity < LEAD:
            found[0] = Near(found[0].id, found[0].name, found[0].similarity, accepted=False)
        return found


def _is_clear(found: list[Near]) -> bool:
    return bool(found) and found[0].accepted


def _merged(first: list[Near], second: list[Near]) -> list[Near]:
    best: dict[str, Near] = {}
    for near in sorted((*first, *second), key=lambda near: (-near.similarity, not near.accepted)):
        best.setdefault(near.id, near)
    return list(best.values())


def _is_slip(query: str, name: str, edits: int, similarity: float) -> bool:
    """Whether a query may be a mistyped name: few edits for the length, the same digits, no word that is another word."""
    if edits > _budget(len(name)) or similarity < LEAST_SIMILARITY:
        return False
    if _digits(query) != _digits(name):
        return False
    words, named = query.split(), name.split()
    if len(words) == 1:
        return query not in EVERYDAY
    if any(word in EVERYDAY and word not in named for word in words):
        return False
    return len(words) != len(named) or all(
        OSA.distance(word, meant) <= _word_budget(len(meant)) for word, meant in zip(words, named, strict=True)
    )


def _budget(length: int) -> int:
    """Return how many edits a name of this length allows."""
    return 0 if length <= 3 else 1 if length <= 6 else 2 if length <= 11 else 3


def _word_budget(length: int) -> int:
    return 1 if length <= 3 else 2 if length <= 5 else 3


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
