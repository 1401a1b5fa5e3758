"""Terms by what is said about them: the words of a description against the texts of the entries (BM25)."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import Final, NamedTuple

from bot.glossary.normal import normalise
from bot.glossary.term import Term
from bot.glossary.word_forms import canonical, stem, stop_words, synonyms

# How much a word counts by where it stands. Pitfalls name the neighbours of a term and would find those instead.
NAME: Final = 1.0
HINT: Final = 3.0
SHORT: Final = 2.5
DEFINITION: Final = 0.6
EXAMPLE: Final = 0.2

SATURATION: Final = 2.0
LENGTH: Final = 0.6
SYNONYM_WEIGHT: Final = 0.3
NAMED: Final = 0.7


class DescriptionMatch(NamedTuple):
    """A term that a description may mean.

    score: BM25. coverage: the share of the description's words, rare ones counting more, that the entry holds.
    words: how many of its words that are, of `asked` that were searched.
    """

    id: str
    score: float
    coverage: float
    words: int
    asked: int


class Descriptions:
    """An inverted index of the entries' texts: word stem -> what it adds to the score of each term."""

    def __init__(self, terms: Iterable[Term]) -> None:
        counts = {term.id: _weighted(term) for term in terms}
        lengths = {one: sum(words.values()) for one, words in counts.items()}
        average = sum(lengths.values()) / max(1, len(lengths)) or 1.0
        holders: dict[str, int] = defaultdict(int)
        for words in counts.values():
            for word in words:
                holders[word] += 1
        self._rarity = {word: math.log(1 + (len(counts) - n + 0.5) / (n + 0.5)) for word, n in holders.items()}
        self._unknown = math.log(1 + (len(counts) + 0.5) / 0.5)
        self._adds: dict[str, dict[str, float]] = defaultdict(dict)
        self._widened: dict[str, dict[str, float]] = {}
        for one, words in counts.items():
            drag = SATURATION * (1 - LENGTH + LENGTH * lengths[one] / average)
            for word, count in words.items():
                self._adds[word][one] = self._rarity[word] * count * (SATURATION + 1) / (count + drag)

    def search(self, words: Iterable[str], named: Collection[str] = (), limit: int = 5) -> list[DescriptionMatch]:
        """Return the terms whose entries hold the most of `words`, best first. Words of a normal form, in any order.

        `named`: ids of terms that the words name; who describes a term does not use its name, so these count less.
        """
        stems = dict.fromkeys(stem(canonical(word), 3) for word in words if word not in stop_words())
        scores: dict[str, float] = defaultdict(float)
        for one in stems:
            for holder, add in self._holders(one).items():
                scores[holder] += add
        for one in named:
            if one in scores:
                scores[one] *= NAMED
        best = heapq.nlargest(limit, scores.items(), key=itemgetter(1))
        return [self._described(one, score, list(stems)) for one, score in best]

    def holds(self, word: str) -> bool:
        """Whether any entry holds a form of this word."""
        return stem(canonical(word), 3) in self._rarity

    def _holders(self, one: str) -> dict[str, float]:
        """Return what a stem adds to each term: in full where it stands, in part where a synonym of it stands."""
        adds = self._widened.get(one)
        if adds is None and one in synonyms():
            adds = self._widened[one] = self._widen(one)
        return self._adds.get(one, {}) if adds is None else adds

    def _widen(self, one: str) -> dict[str, float]:
        own = self._adds.get(one, {})
        adds: dict[str, float] = {}
        for other in synonyms()[one]:
            for holder, add in self._adds.get(other, {}).items():
                adds[holder] = max(adds.get(holder, 0.0), add * SYNONYM_WEIGHT)
        for holder, add in own.items():
            adds[holder] = max(adds.get(holder, 0.0), add)
        return adds

    def _described(self, one: str, score: float, stems: list[str]) -> DescriptionMatch:
        weights = [self._rarity.get(word, self._unknown) for word in stems]
        held = [self._share(word, one) for word in stems]
        covered = sum(weight * share for weight, share in zip(weights, held, strict=True))
        return DescriptionMatch(one, score, covered / sum(weights), sum(share > 0 for share in held), len(stems))

    def _share(self, word: str, one: str) -> float:
        if one in self._adds.get(word, ()):
            return 1.0
        return 0.6 if any(one in self._adds.get(other, ()) for other in synonyms().get(word, ())) else 0.0


def _weighted(term: Term) -> dict[str, float]:
    """Return how much each stem counts in an entry."""
    counts: dict[str, float] = defaultdict(float)
    fields = (
        (NAME, " ".join((term.term, *term.aliases))),
        (HINT, " ".join(term.hints)),
        (SHORT, term.short),
        (DEFINITION, term.definition),
        (EXAMPLE, term.example),
    )
    for weight, text in fields:
        for word in normalise(text).split():
            if word not in stop_words():
                counts[stem(canonical(word), 3)] += weight
    return counts
