"""From what somebody typed to the term they mean, or to the honest answer that none is meant.

Stages, each only when the ones before found nothing: refuse junk; names as they stand; "a vs b"; the name inside a
question; several names of one term; spelling; the beginning of a name; sound; a description or a mention in a sentence.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.glossary.book import Book
from bot.glossary.frames import peeled, sides
from bot.glossary.names import Hit, KeptNames, Names
from bot.glossary.normal import is_symbols, normalise
from bot.glossary.verdict import Match, Reason, Verdict

if TYPE_CHECKING:
    from bot.glossary.completion import Completion
    from bot.glossary.mentions import Mentions
    from bot.glossary.phrases import Phrases
    from bot.glossary.spelling import Near, Spelling

LONGEST_QUERY: Final = 250
MEMO_SIZE: Final = 4096
SUGGESTIONS: Final = 3
AMBIGUOUS: Final = 5

_SYMBOL_CATEGORIES: Final = frozenset({"index", "crypto", "commodities", "fx"})
_BARE_SYMBOL = re.compile(r"[A-Z]{1,5}")
_JUNK: Final[tuple[tuple[re.Pattern[str], Reason], ...]] = (
    (re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:)\d+"), "mention"),
    (re.compile(r"@(?:everyone|here)\b"), "mention"),
    (re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE), "link"),
    (re.compile(r"```|<script|</\w+>", re.IGNORECASE), "code"),
)


class Search:
    """Answers queries over one book. Making it costs a dictionary of names; the rest is built on first need.

    `kept` are the names of the same book from an earlier process. Not tied to a thread or a loop, no I/O, no clock:
    equal books and queries give equal verdicts.
    """

    def __init__(self, book: Book, kept: KeptNames | None = None) -> None:
        self.book = book
        self._names = Names(book, kept)
        self._memo: dict[str, Verdict] = {}

    def warm(self) -> None:
        """Build every index now, so that no query pays for it."""
        self.find("a phrase that names nothing whatsoever")
        self.complete("a")
        self._mentions.find([])

    def find(self, query: str) -> Verdict:
        """Return the verdict on what somebody typed. Never raises."""
        verdict = self._memo.get(query)
        if verdict is None:
            hit = self._names.exact.get(query)
            verdict = _named(hit, assumed=False) if hit is not None else self._decide(query)
            if len(self._memo) >= MEMO_SIZE:
                del self._memo[next(iter(self._memo))]
            self._memo[query] = verdict
        return verdict

    def complete(self, prefix: str, limit: int = 25) -> tuple[str, ...]:
        """Return ids of terms with a name that begins like `prefix`, or has a word that does; best first."""
        return self._completion.find(normalise(prefix[:LONGEST_QUERY]), limit)

    def mentions(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Return the ids of the terms named in a message, in its order; ordinary words are not taken for terms."""
        found = self._mentions.find(normalise(text).split())
        return tuple(dict.fromkeys(mention.id for mention in found if not mention.weak))[:limit]

    def _decide(self, query: str) -> Verdict:
        reason = _junk(query)
        if reason is not None:
            return Verdict("refused", reason=reason)
        normal = normalise(query)
        if not normal:
            return Verdict("unknown")
        return self._by_name(normal) or self._contrast(normal) or self._by_question(query, normal)

    def _by_name(self, normal: str) -> Verdict | None:
        hit = self._names.resolve(normal)
        return None if hit is None else _named(hit, assumed=hit.inexact)

    def _contrast(self, normal: str) -> Verdict | None:
        two = sides(normal)
        if two is None:
            return None
        found = [self._side(side) for side in two]
        if found[0] is None or found[1] is None or found[0] == found[1]:
            return None
        first, second = found[0], found[1]
        return Verdict("answered", first, "exact", 1.0, assumed=True, contrast=(first, second))

    def _side(self, side: str) -> str | None:
        """Return the term that one side of a comparison names, by name or by spelling."""
        hit = self._names.resolve(side) or self._names.without_generic(side)
        if hit is not None:
            return hit.ids[0]
        near = self._spelling.near(side)
        return near[0].id if near and near[0].accepted else None

    def _by_question(self, query: str, normal: str) -> Verdict:
        inner = normal
        for inner in peeled(normal):
            if verdict := self._by_name(inner):
                return verdict
        if inner.startswith("$"):
            return self._cashtag(inner)
        if (spoken := _spoken(inner)) != inner:
            return self._by_name(spoken) or self._by_question(spoken, spoken) if spoken else Verdict("unknown")
        if _BARE_SYMBOL.fullmatch(query.strip()):
            return Verdict("unknown")
        if hit := self._names.without_generic(inner):
            return _named(hit, assumed=True)
        near = self._spelling.near(inner) if len(inner) <= self._spelling.longest + 3 else []
        return self._by_spelling(inner, near) or self._phrases.find(normal, inner, near)

    def _cashtag(self, inner: str) -> Verdict:
        """Answer "$VIX" and "$BTC"; any other cashtag is a symbol to quote, not a term."""
        bare = inner[1:]
        hit = self._names.exact.get(bare)
        if hit and bare not in self._names.weak and self.book[hit.ids[0]].category in _SYMBOL_CATEGORIES:
            return _named(hit, assumed=True)
        return Verdict("unknown")

    def _by_spelling(self, inner: str, near: list[Near]) -> Verdict | None:
        if near and near[0].accepted:
            return _answer(near[0].id, "spelling", near[0].similarity)
        if completed := self._spelling.completing(inner):
            return _answer(completed[0], "prefix", completed[1])
        heard = self._spelling.sounding_like(inner)
        return _answer(heard, "spelling", 0.8) if heard else None

    @cached_property
    def _spelling(self) -> Spelling:
        from bot.glossary.spelling import Spelling

        return Spelling(self._names)

    @cached_property
    def _mentions(self) -> Mentions:
        from bot.glossary.mentions import Mentions

        return Mentions(self._names)

    @cached_property
    def _phrases(self) -> Phrases:
        from bot.glossary.descriptions import Descriptions
        from bot.glossary.phrases import Phrases

        return Phrases(self._mentions, Descriptions(self.book.terms.values()))

    @cached_property
    def _completion(self) -> Completion:
        from bot.glossary.completion import Completion

        return Completion(self.book)


def _junk(query: str) -> Reason | None:
    """Return why a query is not one, None when it is."""
    if not query.strip():
        return "empty"
    if len(query) > LONGEST_QUERY:
        return "too long"
    return next((reason for pattern, reason in _JUNK if pattern.search(query)), None)


def _named(hit: Hit, *, assumed: bool) -> Verdict:
    if len(hit.ids) > 1:
        return Verdict("ambiguous", suggestions=hit.ids[:AMBIGUOUS])
    return Verdict("answered", hit.ids[0], hit.match, hit.score, assumed=assumed)


def _answer(one: str, match: Match, score: float) -> Verdict:
    return Verdict("answered", one, match, round(score, 3), assumed=True)


def _spoken(inner: str) -> str:
    """Return a query without the emoji beside its words."""
    words = inner.split()
    return " ".join(word for word in words if not is_symbols(word)) if not is_symbols(inner) else inner
