"""Between the terms that a phrase names and those that it describes.

"My stop got hit" is about the stop it names; "the fee that you pay for each trade on ethereum" names what its term is
built of. Which of the two a phrase is, a logistic model says, fitted with the weights of the descriptions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final, Literal, NamedTuple

from bot.glossary.descriptions import Described, Descriptions
from bot.glossary.mentions import Mention, Mentions
from bot.glossary.word_forms import content

# How likely a description must be meant to answer. At this cut at most two in a hundred phrases of a writer whom the
# index has not seen get another term: `benchmarks/fit_descriptions.py`.
LEAST_PROBABILITY: Final = 0.5
# A few words are as likely the name of something else.
LEAST_OF_FEW: Final = 0.8
# A name among words that stand in names and not in talk is part of a longer name: "Federal Reserve Bank of Dallas".
LEAST_SPOKEN: Final = -0.1
# How likely a phrase must be about the term that it names.
LEAST_MEANT: Final = 0.6
# Gibberish is like nothing: below this the best term is offered to nobody.
LEAST_OFFERED: Final = 0.004
# A named term that is described as well is meant in a short phrase: "bid ask difference".
LEAST_OWN: Final = 0.25
# Below this many words a query is no sentence: a name beside a stranger's word is no mention ("delta airlines").
SENTENCE: Final = 5
SUGGESTIONS: Final = 3

CHATTER: Final = frozenset(
    "i im ive id my me we were they theyre he she u this these people guys anyone everyone today tomorrow "
    "yesterday tonight lol just again now finally gonna been keep keeps getting says said sure morning".split()
)
ASKS_NAME: Final = frozenset("call called name named term word expression label proverb phrase which".split())
SET_APART: Final = frozenset("unlike opposite reverse not no like than vs versus but nor".split())
_REACH: Final = 3
MENTION_SIGNALS: Final = (
    *(
        "described",
        "own",
        "none",
        "spread",
        "name words",
        "share",
        "words",
        "chatter",
        "named terms",
        "asks name",
        "spoken",
        "apart",
    ),
)


class Meant(NamedTuple):
    """The term that a phrase is about, how it was found ("mention" or "description") and how sure that is, 0-1."""

    id: str
    match: Literal["mention", "description"]
    score: float


class PhraseSearch:
    """Answers phrases that are no name."""

    def __init__(self, mentions: Mentions, descriptions: Descriptions) -> None:
        self._mentions = mentions
        self._descriptions = descriptions

    def find(self, normal: str, inner: str, least: float = LEAST_OFFERED) -> tuple[Meant | None, tuple[str, ...]]:
        """Return what a phrase is about, None when that is not sure, and terms to offer then, best first.

        `normal` is the whole phrase, `inner` what it asks about; `least` is how likely a term must be to be offered.
        """
        words = inner.split()
        mentions = self._mentions.find(words)
        if one := _only(mentions, words):
            return Meant(one, "mention", 0.9), ()
        strong = [mention for mention in mentions if not mention.weak]
        described = self._descriptions.search(words, {mention.id for mention in strong})
        best = described.matches[0] if described.matches else None
        longest = max(strong, key=lambda mention: _length(mention, words), default=None)
        if longest is not None and self._may_be_meant(longest, words, described):
            signals = self.signals(normal, words, longest, strong, described)
            meant = self._descriptions.meant(signals)
            if meant >= LEAST_MEANT and signals["spoken"] >= LEAST_SPOKEN:
                return Meant(longest.id, "mention", round(meant, 3)), ()
        if best is not None and best.probability >= (LEAST_OF_FEW if len(words) < SENTENCE else LEAST_PROBABILITY):
            return Meant(best.id, "description", round(best.probability, 3)), ()
        return None, _offered(mentions, described, least)

    def signals(
        self, normal: str, words: Sequence[str], mention: Mention, strong: Sequence[Mention], described: Described
    ) -> dict[str, float]:
        """What speaks for a phrase being about the term that it names, by the names of MENTION_SIGNALS.

        The log odds of the best other term, of this one and of none, as described; in how many terms' texts the name
        occurs, as a logarithm; how many words it has; the share of the words with a meaning that it takes; the
        logarithm of the number of all words; whether somebody is talking; how many terms are named; whether a name
        is asked for; how far the other words are those of talk and not of names; whether the name stands for what is
        not meant ("unlike a future").
        """
        shares = {match.id: match.probability for match in described.matches}
        own = shares.pop(mention.id, 0.0)
        said = set(normal.split())
        name = words[mention.start : mention.end]
        values = (
            _log_odds(max(shares.values(), default=0.0)),
            _log_odds(own),
            _log_odds(described.none),
            math.log1p(self._descriptions.spread(content(name) or name)),
            float(mention.length),
            _length(mention, words) / max(1, len(content(words))),
            math.log(len(words)),
            float(not CHATTER.isdisjoint(said)),
            float(len({one.id for one in strong})),
            float(not ASKS_NAME.isdisjoint(said)),
            self._descriptions.spoken([*words[: mention.start], *words[mention.end :]]),
            float(not SET_APART.isdisjoint(words[max(0, mention.start - _REACH) : mention.start])),
        )
        return dict(zip(MENTION_SIGNALS, values, strict=True))

    def _may_be_meant(self, mention: Mention, words: list[str], described: Described) -> bool:
        """Whether a phrase is a sentence, or short and with nothing strange beside the name."""
        best = described.matches[0] if described.matches else None
        if best is not None and best.id == mention.id and best.probability >= LEAST_OWN:
            return True
        rest = words[: mention.start] + words[mention.end :]
        told = content(rest)
        return len(words) >= SENTENCE or (len(told) < len(rest) and all(map(self._descriptions.holds, told)))


def _length(mention: Mention, words: Sequence[str]) -> int:
    return len(content(words[mention.start : mention.end]))


def _only(mentions: Sequence[Mention], words: list[str]) -> str | None:
    """Return the term when every word that carries meaning is part of a name of it: "earnings per share EPS"."""
    if len({mention.id for mention in mentions}) != 1:
        return None
    named = {place for mention in mentions for place in range(mention.start, mention.end)}
    rest = content(word for place, word in enumerate(words) if place not in named)
    return mentions[0].id if not rest and len(mentions) > 1 else None


def _log_odds(probability: float) -> float:
    return math.log((probability + 1e-3) / (1 - probability + 1e-3))


def _offered(mentions: Collection[Mention], described: Described, least: float) -> tuple[str, ...]:
    ids = [one.id for one in described.matches[:SUGGESTIONS] if described.matches[0].probability >= least]
    ids += [one.id for one in sorted(mentions, key=lambda mention: (mention.weak, -mention.length))]
    return tuple(dict.fromkeys(ids))[:SUGGESTIONS]
