"""Queries longer than a name: a term mentioned in a sentence, or described without its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from bot.glossary.descriptions import Described, Descriptions
from bot.glossary.mentions import Mention, Mentions
from bot.glossary.spelling import Near
from bot.glossary.stems import content
from bot.glossary.verdict import Verdict

# How sure a description must be to answer: see `_confidence`, whose weights come from a logistic fit on queries.
LEAST_CONFIDENCE: Final = 0.75
# Below this a description is chance, and a name in the same sentence is what it is about.
CHANCE: Final = 0.25
_LEAST_WORDS: Final = 3

# Below this many words a query is no sentence: a name beside a stranger's word is no mention ("delta airlines").
SENTENCE: Final = 5
_CHATTER: Final = frozenset(
    "i im ive id my me we were they theyre he she u this these people guys anyone everyone today tomorrow "
    "yesterday tonight lol just again now finally gonna been keep keeps getting says said sure morning".split()
)
# A named term whose entry holds this much of a short phrase is meant: "bid ask difference".
OWN_COVERAGE: Final = 0.8
_NEAR_ENOUGH: Final = 0.62
_MOST: Final = 3


class Phrases:
    """Decides between the terms that a phrase names and those that it describes."""

    def __init__(self, mentions: Mentions, descriptions: Descriptions) -> None:
        self._mentions = mentions
        self._descriptions = descriptions

    def find(self, normal: str, inner: str, near: Sequence[Near]) -> Verdict:
        """Return an answer or up to three suggestions. `inner` is `normal` unframed, `near` the names near to it."""
        words = inner.split()
        mentions = self._mentions.find(words)
        if one := _only(mentions, words):
            return Verdict("answered", one, "mention", 0.9, assumed=True)
        named = {mention.id for mention in mentions}
        described = self._descriptions.search(content(words), named)
        sure = _confidence(described)
        mention = self._meant(mentions, words, described)
        if mention is not None and (sure < CHANCE or self._is_chat(normal, mention, described)):
            return Verdict("answered", mention.id, "mention", 0.75, assumed=True)
        if sure >= LEAST_CONFIDENCE:
            return Verdict("answered", described[0].id, "description", round(sure, 3), assumed=True)
        if len(words) >= SENTENCE and described and {described[0].id} == named:
            return Verdict("answered", described[0].id, "mention", 0.7, assumed=True)
        return Verdict("unknown", suggestions=_suggested(near, mentions, described))

    def _meant(self, mentions: Sequence[Mention], words: list[str], described: Sequence[Described]) -> Mention | None:
        """Return the mention that a sentence is about: the longest, the first of these."""
        strong = [mention for mention in mentions if not mention.weak]
        if not strong:
            return None
        longest = max(strong, key=lambda mention: len(content(words[mention.start : mention.end])))
        if described and described[0].id == longest.id and described[0].coverage >= OWN_COVERAGE:
            return longest
        rest = words[: longest.start] + words[longest.end :]
        is_phrase = len(words) < SENTENCE and (
            len(content(rest)) == len(rest) or not all(map(self._descriptions.holds, content(rest)))
        )
        return None if is_phrase else longest

    def _is_chat(self, normal: str, mention: Mention, described: Sequence[Described]) -> bool:
        """Whether somebody talks about the named term rather than describing another with its help."""
        if described and described[0].id == mention.id:
            return True
        return not _CHATTER.isdisjoint(normal.split())


def _only(mentions: Sequence[Mention], words: list[str]) -> str | None:
    """Return the term when every word that carries meaning is part of a name of it: "earnings per share EPS"."""
    if len({mention.id for mention in mentions}) != 1:
        return None
    named = {place for mention in mentions for place in range(mention.start, mention.end)}
    rest = content(word for place, word in enumerate(words) if place not in named)
    return mentions[0].id if not rest and len(mentions) > 1 else None


def _confidence(described: Sequence[Described]) -> float:
    """Return how likely the first term is the one described, 0-1: by score, lead over the second, words it holds."""
    if not described or described[0].words < _LEAST_WORDS:
        return 0.0
    best = described[0]
    lead = min(best.score / described[1].score, 3.0) if len(described) > 1 else 3.0
    odds = 1.8 * math.log(lead) + 3.2 * best.coverage + 1.1 * math.log(best.score) + 2.5 * math.log(best.asked) - 9.4
    return 1 / (1 + math.exp(-odds))


def _suggested(near: Sequence[Near], mentions: Sequence[Mention], described: Sequence[Described]) -> tuple[str, ...]:
    ids = [one.id for one in near if one.similarity >= _NEAR_ENOUGH]
    ids += [one.id for one in described[:2]]
    ids += [one.id for one in sorted(mentions, key=lambda mention: (mention.weak, -mention.length))]
    ids += [one.id for one in described[2:]]
    return tuple(dict.fromkeys(ids))[:_MOST]
