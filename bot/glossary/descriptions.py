"""Terms by what is said about them: how likely it is that a description means each of the best ones, or none.

The index names candidates; a linear model weighs what speaks for each and what speaks for none of them (a conditional
logit: the probabilities of the candidates and of "none" add up to 1). Its numbers are fitted by
`benchmarks/fit_descriptions.py` on phrases of writers whom the index has not seen, and shipped as data.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from bot.glossary.description_index import LETTERS, PAIR, WORD, DescriptionIndex, Ints, Query, stem_key, word_features
from bot.glossary.word_forms import canonical, opposites, stem

CANDIDATES: Final = 12
UNHEARD: Final = -2.0
# What follows one of these is told apart from what is meant.
SET_APART: Final = frozenset({"unlike", "opposite", "reverse"})
WEIGHTS: Final = Path(__file__).with_name("data") / "description_weights.json"

Floats = npt.NDArray[np.float64]


class DescriptionMatch(NamedTuple):
    """A term that a description may mean. probability: that it is the one, 0-1, as the learned model has it."""

    id: str
    probability: float


class Described(NamedTuple):
    """The terms that a description may mean, best first, and how likely it is that it means none of the glossary."""

    matches: tuple[DescriptionMatch, ...]
    none: float


class Weights(NamedTuple):
    """What the models have learned: `term` and `none` weigh the columns of `Signals`, `mention` a name in a phrase."""

    term: Floats
    none: Floats
    mention: Mapping[str, float]


class Signals(NamedTuple):
    """What speaks for each candidate, a row each, and for none of them.

    term: the evidence of stems, of pairs of stems and of letters; what the length of the query costs; the share of its
        stems, rare ones counting more, that the term holds; how much more the term is described with words of the
        description than with their opposites; whether the description names the term.
    none: 1; the logarithm of the number of words; the share of stems that any text holds; the best evidence for a unit
        of the query; its lead over the second and over the mean of the rest; the share that the best one holds; how far
        its words are those of talk and not of names; whether it says what the term is not ("the opposite of …").
    """

    places: Ints
    term: Floats
    none: Floats


TERM_SIGNALS: Final = ("stems", "pairs", "letters", "length", "held", "opposites", "named")
NONE_SIGNALS: Final = (
    "always",
    "words",
    "known",
    "best",
    "lead",
    "lead over the rest",
    "held by the best",
    "spoken",
    "apart",
)


def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights of the model."""
    raw = orjson.loads(path.read_bytes())
    return Weights(
        np.array([raw["term"][name] for name in TERM_SIGNALS]),
        np.array([raw["none"][name] for name in NONE_SIGNALS]),
        raw["mention"],
    )


class Descriptions:
    """Finds the terms that a description may mean."""

    def __init__(self, index: DescriptionIndex, weights: Weights | None = None) -> None:
        self._index = index
        self._weights = weights if weights is not None else read_weights()

    def search(self, words: Sequence[str], named: Collection[str] = ()) -> Described:
        """Return the terms that a description may mean; none where no text has anything of it.

        `words` are those of a normal form, `named` the ids of terms that they name: who describes a term does not use
        its name, so these are less likely.
        """
        signals = self.signals(words, named)
        if signals is None:
            return Described((), 1.0)
        odds = np.append(signals.term @ self._weights.term, signals.none @ self._weights.none)
        share = np.exp(odds - odds.max())
        share /= share.sum()
        best = np.argsort(-share[:-1], kind="stable")
        matches = (DescriptionMatch(self._index.ids[signals.places[at]], float(share[at])) for at in best)
        return Described(tuple(matches), float(share[-1]))

    def meant(self, signals: Mapping[str, float]) -> float:
        """How likely a phrase is about a term that it names, 0-1, by the signals of `PhraseSearch`."""
        weights = self._weights.mention
        return 1 / (1 + math.exp(-weights["always"] - sum(weights[name] * value for name, value in signals.items())))

    def spread(self, words: Sequence[str]) -> int:
        """In how many terms' texts the rarest of some words occurs, in any form of it."""
        places = [self._index.place(word_features(word).stem) for word in words]
        counts = [0 if at is None else int(self._index.starts[at + 1] - self._index.starts[at]) for at in places]
        return min(counts, default=0)

    def holds(self, word: str) -> bool:
        """Whether an entry holds a form of this word."""
        place = self._index.place(word_features(word).stem)
        return place is not None and bool(self._index.in_entries[place])

    def signals(
        self, words: Sequence[str], named: Collection[str] = (), without: Collection[str] = ()
    ) -> Signals | None:
        """What the model weighs; None where nothing is known of the words. Terms `without` are no candidates."""
        index = self._index
        query = index.query(words)
        if not len(query.places) or not index.ids:
            return None
        by_kind = index.evidence(query)
        length = float(query.weights.sum())
        costs = length * index.constants
        score = by_kind.sum(0) - costs
        for one in without:
            score[index.ids.index(one)] = -np.inf
        places = np.argsort(-score, kind="stable")[:CANDIDATES]
        held = index.held(query.words.tolist(), places)
        rarity = index.rarity[query.words]
        named_rows = [index.ids[place] in named for place in places.tolist()]
        term = np.stack(
            (
                *(by_kind[kind, places] for kind in (WORD, PAIR, LETTERS)),
                -costs[places],
                rarity @ (held > 0) / (rarity.sum() + 1e-9),
                self._turned(query, places),
                np.array(named_rows),
            ),
            axis=1,
        ).astype(float)
        scores = score[places] / length
        rest = scores[1:] if len(scores) > 1 else scores
        known = len(query.words) / max(1, query.stems)
        none = (
            1.0,
            math.log(len(words)),
            known,
            scores[0],
            scores[0] - rest[0],
            scores[0] - rest.mean(),
            term[0, 4],
            self.spoken(words),
            float(not SET_APART.isdisjoint(words)),
        )
        return Signals(places, term, np.array(none, float))

    def spoken(self, words: Sequence[str]) -> float:
        """How far words are those of talk and not of names: a mean log ratio; what no text has counts as a name."""
        places = [self._index.place(word_features(word).stem) for word in words]
        said = [UNHEARD if place is None else float(self._index.spoken[place]) for place in places]
        return sum(said) / max(1, len(said))

    def _turned(self, query: Query, terms: Ints) -> Floats:
        """How much more terms are described with words of a query than with the opposites of these."""
        asked = set(query.words.tolist())
        pairs = [(one, other) for one in asked for other in self._opposites.get(one, ()) if other not in asked]
        own, others = ([pair[side] for pair in pairs] for side in (0, 1))
        more: Floats = self._index.held(own, terms).sum(axis=0, dtype=np.float64)
        less: Floats = self._index.held(others, terms).sum(axis=0, dtype=np.float64)
        return np.subtract(more, less, dtype=np.float64)

    @cached_property
    def _opposites(self) -> dict[int, list[int]]:
        """The place of a stem -> those of its opposites, of words that the index holds."""
        found: dict[int, list[int]] = {}
        for one, other in opposites():
            places = [self._index.place(stem_key(stem(canonical(word), 3))) for word in (one, other)]
            if places[0] is not None and places[1] is not None and places[0] != places[1]:
                found.setdefault(places[0], []).append(places[1])
                found.setdefault(places[1], []).append(places[0])
        return found
