"""Terms named inside a sentence."""

from __future__ import annotations

from typing import NamedTuple

from bot.glossary.names import TermNames
from bot.glossary.normal import is_symbols
from bot.glossary.word_forms import singular, stem, stop_words

_LONGEST = 7
_SHORTEST_VERB = 6
# "a bull" is a name, and would hide the bull trap in "a bull trap".
_ARTICLES = frozenset({"a", "an"})


class Mention(NamedTuple):
    """A name found at `start` to `end` of the words of a text. `weak`: an ordinary word, which may mean nothing."""

    id: str
    start: int
    end: int
    weak: bool

    @property
    def length(self) -> int:
        """How many words the name has."""
        return self.end - self.start


class Mentions:
    """Finds the longest names in a text, left to right, none overlapping another."""

    def __init__(self, names: TermNames) -> None:
        self._names: dict[str, tuple[str, bool]] = {}
        self._verbs: dict[str, str | None] = {}
        for name, hit in names.exact.items():
            if len(hit.ids) > 1 or (len(name) < 2 and name.isascii()):
                continue
            one, words = hit.ids[0], name.split()
            weak = name in names.weak or name in stop_words() or name.isdigit()
            self._names.setdefault(name, (one, weak))
            plain = " ".join(map(singular, words))
            if plain not in names.exact:
                self._names.setdefault(plain, (one, weak))
            if len(words) == 1 and not weak:
                self._add_verb(name, one)
        self._weak_stems = {stem(name) for name in names.weak}

    def _add_verb(self, name: str, one: str) -> None:
        """A long word may stand in another form of it, as long as no other term has that form too."""
        if len(name) >= _SHORTEST_VERB and not is_symbols(name):
            key = stem(name)
            if self._verbs.setdefault(key, one) != one:
                self._verbs[key] = None

    def find(self, words: list[str]) -> list[Mention]:
        """Return the mentions in the order of the text."""
        found: list[Mention] = []
        plain = [singular(word) for word in words]
        start = 0
        while start < len(words):
            mention = self._at(words, plain, start)
            if mention is not None:
                found.append(mention)
            start = mention.end if mention is not None else start + 1
        return found

    def _at(self, words: list[str], plain: list[str], start: int) -> Mention | None:
        word = words[start]
        if word in _ARTICLES:
            return None
        for end in range(min(len(words), start + _LONGEST), start, -1):
            named = self._names.get(" ".join(words[start:end])) or self._names.get(" ".join(plain[start:end]))
            if named is not None:
                return Mention(named[0], start, end, named[1])
        if len(word) < _SHORTEST_VERB:
            return None
        key = stem(word)
        verb = self._verbs.get(key)
        return None if verb is None or key in self._weak_stems else Mention(verb, start, start + 1, weak=False)
