"""A message as words: hidden characters and markup away, short forms written out, one `Word` for each word or number.

Everything after this works on `Words`: it reads `.line`, finds something with a regular expression, and puts a tag in
place of the words that said it. A tag is a word in capitals (`SYM`, `PER`, `DATE`…), so that a pattern can tell
tags from what was typed, which is in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

from bot.errors import ErrorCode, UserError
from bot.language.phrases import read_sections
from bot.text import visible

LONGEST = 500
UNREAD = "UNREAD"

_VULGAR = re.compile(r"(\d?)([¼-¾⅐-⅞])")
_CODE = re.compile(r"(`{1,3})(?=\S)(.+?)(?<=\S)\1")
_STRONG = re.compile(r"(?<![*_~|\w])(\*\*\*|\*\*|__|~~|\|\|)(?=[^\s*_~|])(.+?)(?<=[^\s~|])\1(?!\w)")
_EMPHASIS = re.compile(r"(?<![*_\w])(\*|_)(?=[^\s*_])([^*_]+)(?<=\S)\1(?![*_\w])")
_PINGED = re.compile(r"<(?:@!?|#|a?:\w+:|t:)\d+[^>]*>")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
MONEY_SIGNS = "€£¥$₹₩₺₪฿"
_DIGITS = r"(?:\d+(?:['_]\d{3})+|\d+)(?:[.,]\d+)*|(?<![\d.])\.\d+"
_TOKEN = re.compile(
    rf"""
    (?P<date>\b\d{{1,4}}([-/.])\d{{1,2}}\2\d{{1,4}}\b|\b\d{{1,2}}([-/.]?)(?:{_MONTH})[a-z]*\3\d{{2,4}}\b)
  | (?P<number>(?:(?<![\w.])[-+])?(?:[{MONEY_SIGNS}]\s?[-+]?)?(?:{_DIGITS})
      (?:e[-+]?\d+(?!\w)|\s?%|[{MONEY_SIGNS}]|[a-z]+(?![\w']))?)
  | (?P<word>[$^%@]?[^\W\d_][^\W_]*(?:[&'*^][^\W_]*)*\*?)
  | (?P<sign>[/=<>{MONEY_SIGNS}*])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?", re.IGNORECASE)
_STOPS = frozenset({*",;:.?!"})
_POSSESSIVE = re.compile(r"'s$|s'$|'$")


@dataclass(frozen=True, slots=True)
class Unread:
    """What looks like an entity and cannot be read, or has two meanings. It is the value of an `UNREAD` tag.

    `reason` is a whole sentence for the person: what was wrong, what would work. `readings` are texts that would each
    be read, where two meanings ask back.
    """

    entity: Literal["number", "amount", "currency", "lookback", "date", "symbol"]
    text: str
    reason: str
    readings: tuple[str, ...] = ()
    code: ErrorCode = "bad_input"

    def error(self) -> UserError:
        """The same as an error."""
        return UserError(self.reason, self.code, self.readings, about=self.text if self.readings else "")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or tag. `low` is what patterns see, `value` what a tag stands for.

    It stands at `start` to `end` of the text. `upper`: typed in capitals; `stop`: punctuation follows.
    """

    low: str
    start: int
    end: int
    upper: bool = False
    stop: bool = False
    value: object = None

    @property
    def is_tag(self) -> bool:
        """Whether it is a tag."""
        return self.low.isupper()


@dataclass(frozen=True)
class Words:
    """A message: its text and the words of it. `all_caps`: it is wholly in capitals, so that capitals say nothing."""

    text: str
    words: tuple[Word, ...]
    all_caps: bool = False

    @cached_property
    def line(self) -> str:
        """All words as patterns see them, one space apart."""
        return " ".join(word.low for word in self.words)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The first word and the word after the last one where the line reads from `start` to `stop`."""
        return self.line.count(" ", 0, start), self.line.count(" ", 0, max(start, stop)) + 1

    def typed(self, first: int, last: int) -> str:
        """What was typed for the words from `first` up to `last`."""
        chosen = self.words[first:last]
        return self.text[chosen[0].start : chosen[-1].end] if chosen else ""

    def values(self, tag: str) -> tuple[Any, ...]:
        """What the tags of one kind stand for, in order."""
        return tuple(word.value for word in self.words if word.low == tag)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What looks like an entity and cannot be read, in order."""
        return tuple(word.value for word in self.words if isinstance(word.value, Unread))

    def with_tags(self, tags: Iterable[tuple[int, int, str, object]]) -> Words:
        """The message with tags for word ranges `(first, last, tag, value)`, in order; what overlaps is left out."""
        out: list[Word] = []
        done = 0
        for first, last, tag, value in tags:
            if first < done:
                continue
            covered = self.words[first:last]
            upper = all(word.upper for word in covered)
            out += self.words[done:first]
            out.append(Word(tag, covered[0].start, covered[-1].end, upper, covered[-1].stop, value))
            done = last
        return Words(self.text, (*out, *self.words[done:]), self.all_caps) if done else self

    def tag(self, pattern: re.Pattern[str] | str, tag: str, value: Callable[[re.Match[str]], object]) -> Words:
        """The message with a tag for each match of `pattern` that has a value. Matches begin and end between words.

        A pattern that is text is compiled when it is first needed. One with a group `span` tags only what the group
        holds. Where the value is an `Unread`, so is the tag.
        """
        pattern = compiled(pattern) if isinstance(pattern, str) else pattern
        if pattern.search(self.line) is None:
            return self
        group = "span" if "span" in pattern.groupindex else 0
        found = ((match, value(match)) for match in pattern.finditer(self.line))
        return self.with_tags(
            (*self.span(*match.span(group)), UNREAD if isinstance(what, Unread) else tag, what)
            for match, what in found
            if what is not None
        )


@cache
def _short_forms() -> tuple[dict[str, str], dict[str, str]]:
    """What short forms stand for, in any letters, and in capitals: there some are more likely a symbol."""
    sections = read_sections("short_forms.txt")
    anyhow, small = (
        dict(line.split(" = ") for line in sections[title]) for title in ("in any letters", "in small letters only")
    )
    return anyhow | small, anyhow


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, made when it is first needed: most messages need few of them, and a start needs none."""
    return re.compile(pattern)


def normalise(question: str) -> str:
    """The message without hidden characters, markup, pings of a person and look-alike signs."""
    text = question[:LONGEST]
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    text = _PINGED.sub(" ", visible(_VULGAR.sub(r"\1 \2", text)))
    for markup in (_STRONG, _EMPHASIS):
        text = markup.sub(r"\2", text)
    return " ".join(text.split())


def tokenize(normalised: str) -> Words:
    """The words of a normalised message."""
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), normalised)
    letters = [c for c in text if c.isalpha()]
    all_caps = len(letters) > 5 and " " in text and all(c.isupper() for c in letters)
    words = (word for match in _TOKEN.finditer(text) for word in _spelt(match, text))
    return Words(text, tuple(words), all_caps)


def read_words(text: str) -> Words:
    """The words of a text as it was typed."""
    return tokenize(normalise(text))


def _spelt(match: re.Match[str], text: str) -> Iterable[Word]:
    raw, (start, end) = match[0], match.span()
    low = raw.lower()
    stop = text[end : end + 1] in _STOPS
    if match["word"] is None:
        return (Word(low.replace(" ", ""), start, end, stop=stop),)
    spelt = _short_forms()[raw.isupper()].get(low)
    if spelt is not None:
        return [Word(part, start, end, stop=stop) for part in spelt.split()]
    bare = _POSSESSIVE.sub("", low) or low
    typed = raw[: len(bare)]
    return (Word(bare, start, end if bare == low else start + len(bare), upper=typed.isupper(), stop=stop),)
