"""Queries longer than a name: a term mentioned in a sentence, or described without its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.glossary.descriptions import Described, Descriptions
from bot.glossary.mentions import Mention, Mentions
from bot.glossary.spelling import Near
from bot.glossary.stems import content
from bot.glossary.verdict import Verdict

# A description answers only when it holds this much of the query, this far ahead of the next term.
LEAST_SCORE: Final = 12.0
LEAST_COVERAGE: Final = 0.5
LEAST_WORDS: Final = 3
LEAD: Final = 1.12

# Below this many words a query is no sentence: a name beside a stranger's word is no mention ("delta airlines").
SENTENCE: Final = 5
_NEAR_ENOUGH: Final = 0.62
_MOST: Final = 3


class Phrases:
    """Decides between the terms that a phrase names and those that it describes."""

    def __init__(self, mentions: Mentions, descriptions: Descriptions) -> None:
        self._mentions = mentions
        self._descriptions = descriptions

    def find(self, normal: str, inner: str, near: Sequence[Near]) -> Verdict:
        """Return an answer or up to three suggestions. `inner` is `normal` without the question, `near` its near names."""
        words = inner.split()
        meaningful = content(words)
        mentions = self._mentions.find(words)
        described = self._descriptions.search(meaningful)
        if one := _only(mentions, words):
            return Verdict("answered", one, "mention", 0.9, assumed=True)
        best = _clear(described, meaningful)
        mention = self._meant(mentions, words)
        if best is not None and (mention is None or _outweighs(best, mention, described)):
            return Verdict("answered", best.id, "description", round(min(best.coverage, 0.99), 3), assumed=True)
        if mention is not None:
            return Verdict("answered", mention.id, "mention", 0.75, assumed=True)
        return Verdict("unknown", suggestions=_suggested(near, mentions, described))

    def _meant(self, mentions: Sequence[Mention], words: list[str]) -> Mention | None:
        """Return the mention that a sentence is about: the longest, the first of these."""
        strong = [mention for mention in mentions if not mention.weak]
        if not strong:
            return None
        longest = max(strong, key=lambda mention: mention.length)
        rest = content(words[: longest.start] + words[longest.end :])
        known = sum(map(self._descriptions.holds, rest))
        if len(words) < SENTENCE and known < len(rest):
            return None
        return longest


def _only(mentions: Sequence[Mention], words: list[str]) -> str | None:
    """Return the term when every word that carries meaning is part of a name of it: "earnings per share EPS"."""
    if len({mention.id for mention in mentions}) != 1:
        return None
    named = {place for mention in mentions for place in range(mention.start, mention.end)}
    rest = content(word for place, word in enumerate(words) if place not in named)
    return mentions[0].id if not rest and len(mentions) > 1 else None


def _clear(described: Sequence[Described], meaningful: list[str]) -> Described | None:
    if not described:
        return None
    best = described[0]
    if best.score < LEAST_SCORE or best.coverage < LEAST_COVERAGE or best.words < LEAST_WORDS:
        return None
    if len(described) > 1 and best.score < LEAD * described[1].score:
        return None
    return best


def _outweighs(best: Described, mention: Mention, described: Sequence[Described]) -> bool:
    """Whether a description beats a name in the same phrase: the name is then a building block of it."""
    if mention.id == best.id:
        return False
    return True


def _suggested(near: Sequence[Near], mentions: Sequence[Mention], described: Sequence[Described]) -> tuple[str, ...]:
    ids = [one.id for one in near if one.similarity >= _NEAR_ENOUGH]
    ids += [one.id for one in described[:2]]
    ids += [one.id for one in sorted(mentions, key=lambda mention: (mention.weak, -mention.length))]
    ids += [one.id for one in described[2:]]
    return tuple(dict.fromkeys(ids))[:_MOST]
