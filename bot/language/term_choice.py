"""Which of the terms that stand in a message it asks about, by a linear model over the words around each.

"the auditor asks how mark to market is to be understood in the broker's note" names two terms and asks about one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.glossary.mentions import Mention
from bot.glossary.normal import normalise
from bot.language.linear_model import Features, LinearModel

FILE = "term_weights.txt"
ASKED, ONE_OF_TWO, NEITHER = "asked", "one of two", "neither"
_ARTICLES = frozenset({"a", "an", "the"})
_AROUND = 4
_MOST = 12
_FEW = 3


@dataclass(frozen=True, slots=True)
class TermPlace:
    """A term that stands in a message, and what the model sees of the place."""

    id: str
    first: int
    seen: Features


def term_places(text: str, spans: Sequence[Mention]) -> list[TermPlace]:
    """The places of terms in a text of which `spans` are the mentions in its normal form."""
    words = normalise(text).split()
    chosen = spans[:_MOST]
    return [
        TermPlace(one.id, one.start, Features(frozenset(_seen(words, chosen, at)))) for at, one in enumerate(chosen)
    ]


def _seen(words: Sequence[str], spans: Sequence[Mention], at: int) -> Iterator[str]:
    """What stands around a mention, nearest first, other terms masked; and what the mention is itself."""
    here = spans[at]
    before = _masked(words, spans[:at], 0, here.start)[::-1]
    after = _masked(words, spans[at + 1 :], here.end, len(words))
    yield from _side("b", [word for word in before if word not in _ARTICLES] or ["^"])
    yield from _side("a", after or ["$"])
    yield f"b1 {before[0] if before else '^'} a1 {after[0] if after else '$'}"
    yield f"weak {here.weak}"
    yield f"long {min(here.length, _FEW)}"
    yield f"others before {min(len({one.id for one in spans[:at]} - {here.id}), _FEW)}"
    yield f"others after {min(len({one.id for one in spans[at + 1 :]} - {here.id}), _FEW)}"
    yield f"words before {min(here.start, 6)}"
    yield f"words after {min(len(words) - here.end, 6)}"
    yield f"again {sum(one.id == here.id for one in spans) > 1}"


def _masked(words: Sequence[str], spans: Sequence[Mention], start: int, end: int) -> list[str]:
    out = list(words[start:end])
    for one in reversed(spans):
        out[one.start - start : one.end - start] = ["TERM"]
    return out


def _side(name: str, words: Sequence[str]) -> Iterator[str]:
    """The words on one side from the mention outward: each with its distance, and runs of them."""
    near = words[:_AROUND]
    yield from (f"{name}{far} {word}" for far, word in enumerate(near, 1))
    yield from (f"{name}: {' '.join(near[:count])}" for count in range(2, len(near) + 1))
    yield from (f"{name}* {word}" for word in set(words[:8]))


def likeliest(places: Sequence[TermPlace], model: LinearModel, label: str) -> list[tuple[str, float]]:
    """The terms by how likely each is what `label` says, best first; each once."""
    best: dict[str, float] = {}
    for place in places:
        chance = model.probabilities(place.seen)[label]
        best[place.id] = max(chance, best.get(place.id, 0.0))
    return sorted(best.items(), key=lambda one: -one[1])
