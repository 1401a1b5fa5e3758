"""A message as words: hidden characters and markup away, short forms written out, one `Word` for each word or number.

Everything after this works on `Words`: it reads `.line`, finds something with a regular expression, and puts a tag in
place of the words that said it. A tag is a word in capitals (`SYM`, `PER`, `DATE`…), so that a pattern can tell
tags from what was typed, which is in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from bot.errors import ErrorCode, UserError

LONGEST = 500
UNREAD = "UNREAD"

_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("★☆∗⋆⭐", "*"),
        "⁄": "/",
        "→": ">",
    }
)
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
_HIDDEN = frozenset({"Cf", "Cs", "Cc"})
_POSSESSIVE = re.compile(r"'s$|s'$|'$")

SHORT_FORMS: dict[str, str] = {
    **{
        f"{word}{mark}s": f"{word} is"
        for word in ("what", "how", "who", "where", "when", "that", "it", "there", "here", "he", "she", "wat")
        for mark in ("'", "")
        if (word, mark) not in {("it", ""), ("he", "")}
    },
    **{f"{word}{mark}re": f"{word} are" for word in ("you", "they", "what", "how") for mark in ("'", "")},
    **{f"{word}{mark}nt": f"{word} not" for word in ("do", "does", "did", "is", "are", "was") for mark in ("", "'")},
    **{f"{word}n't": f"{word} not" for word in ("do", "does", "did", "is", "are", "was", "have", "has", "should")},
    **{"we're": "we are", "let's": "let us", "lets": "let us", "i'm": "i am", "im": "i am", "i'd": "i would"},
    **{
        "i'll": "i will",
        "it'll": "it will",
        "won't": "will not",
        "can't": "can not",
        "cant": "can not",
        "i've": "i have",
    },
    **{"gimme": "give me", "lemme": "let me", "gonna": "going to", "wanna": "want to", "gotta": "have to"},
    **{"whatcha": "what are you", "rn": "right now", "atm": "right now", "plz": "please", "pls": "please"},
    **{"u": "you", "ur": "your", "ya": "you", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow"},
    **{
        "yday": "yesterday",
        "tdy": "today",
        "2day": "today",
        "wk": "week",
        "wks": "weeks",
        "yr": "year",
        "yrs": "years",
    },
    **{"mth": "month", "mths": "months", "qtr": "quarter", "qtrs": "quarters", "pct": "percent", "perc": "percent"},
    **{"momo": "momentum", "perf": "performance", "diff": "difference", "diffs": "differences", "vol": "volatility"},
    **{"wat": "what", "wut": "what", "wot": "what", "wht": "what", "wats": "what is", "da": "the", "teh": "the"},
    **{"bc": "because", "cuz": "because", "w": "with", "s/r": "support and resistance"},
    **{
        "thru": "through",
        "til": "until",
        "pic": "picture",
        "ppl": "people",
        "tix": "ticker",
        "vs": "vs",
        "versus": "vs",
    },
    **{
        "wuts": "what is",
        "wots": "what is",
        "abt": "about",
        "lmk": "let me know",
        "hmu": "message me",
        "n": "and",
        "btwn": "between",
        "btw": "between",
        "hw": "how",
        "hru": "how are you",
        "wtf": "what",
        "yall": "you",
        "y'all": "you",
        "tho": "though",
    },
    **{"pricing": "price", "graf": "graph", "alrt": "alert", "whens": "when is", "whos": "who is", "aint": "is not"},
    **{"roc's": "roc", "mo": "months", "howd": "how did", "how'd": "how did", "what'd": "what did", "hasnt": "has not"},
    **{"mins": "minutes", "bout": "about", "em": "them", "dunno": "do not know", "rly": "really", "prolly": "probably"},
}
_LOWER_ONLY = frozenset({"w", "mo", "vol", "em", "da", "bc", "u", "n"})


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
        return replace(self, words=(*out, *self.words[done:])) if done else self

    def tag(self, pattern: re.Pattern[str], tag: str, value: Callable[[re.Match[str]], object]) -> Words:
        """The message with a tag for each match of `pattern` that has a value. Matches begin and end between words.

        A pattern with a group `span` tags only what the group holds. Where the value is an `Unread`, so is the tag.
        """
        if pattern.search(self.line) is None:
            return self
        group = "span" if "span" in pattern.groupindex else 0
        found = ((match, value(match)) for match in pattern.finditer(self.line))
        return self.with_tags(
            (*self.span(*match.span(group)), UNREAD if isinstance(what, Unread) else tag, what)
            for match, what in found
            if what is not None
        )


def normalise(question: str) -> str:
    """The message without hidden characters, markup, pings of a person and look-alike signs."""
    text = question[:LONGEST]
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if not (text.isascii() and text.isprintable()):
        text = _VULGAR.sub(r"\1 \2", text.translate(_LOOKALIKES))
        text = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    text = _PINGED.sub(" ", text.translate(_LOOKALIKES))
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
    spelt = SHORT_FORMS.get(low)
    if spelt is not None and not (raw.isupper() and low in _LOWER_ONLY):
        return [Word(part, start, end, stop=stop) for part in spelt.split()]
    bare = _POSSESSIVE.sub("", low) or low
    typed = raw[: len(bare)]
    return (Word(bare, start, end if bare == low else start + len(bare), upper=typed.isupper(), stop=stop),)
