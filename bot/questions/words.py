"""A message as words: hidden characters and markup away, short forms written out, one `Word` for each word or number.

Everything after this works on `Words`: it reads `.line`, finds something with a regular expression, and puts a mark in
place of the words that said it. A mark is a word in capitals (`SYM`, `PER`, `DATE`…), so that a pattern can tell
marks from what was typed, which is in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

LONGEST = 500

_LEVEL = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("★☆∗⋆⭐", "*"),
    }
)
_PINGED = re.compile(r"<(?:@!?|#|a?:\w+:|t:)\d+[^>]*>")
_TOKEN = re.compile(
    r"""
    (?P<date>\b\d{1,4}([-/.])\d{1,2}\2\d{1,4}\b)
  | (?P<number>(?<![\w.])[-+]?[€£¥$]?\s?[-+]?\d[\d,]*(?:\.\d+)?(?:\s?%|[€£¥$]|[a-z]+(?![\w'])|(?=[^\w]|$)|(?=[a-z\d])))
  | (?P<word>[$^%@]?[^\W\d_][^\W_]*(?:[&'*^][^\W_]*)*\*?)
  | (?P<sign>[/=€£¥$*])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?", re.IGNORECASE)
_STOPS = frozenset(",;:.?!")

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
    **{"i'll": "i will", "it'll": "it will", "won't": "will not", "can't": "can not", "cant": "can not", "i've": "i have"},
    **{"gimme": "give me", "lemme": "let me", "gonna": "going to", "wanna": "want to", "gotta": "have to"},
    **{"whatcha": "what are you", "rn": "right now", "atm": "right now", "plz": "please", "pls": "please"},
    **{"u": "you", "ur": "your", "ya": "you", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow"},
    **{"yday": "yesterday", "tdy": "today", "2day": "today", "wk": "week", "wks": "weeks", "yr": "year", "yrs": "years"},
    **{"mth": "month", "mths": "months", "qtr": "quarter", "qtrs": "quarters", "pct": "percent", "perc": "percent"},
    **{"momo": "momentum", "perf": "performance", "diff": "difference", "diffs": "differences", "vol": "volatility"},
    **{"wat": "what", "wut": "what", "wot": "what", "wht": "what", "wats": "what is", "da": "the", "teh": "the"},
    **{"bc": "because", "cuz": "because", "w": "with", "btw": "by the way", "s/r": "support and resistance"},
    **{"thru": "through", "til": "until", "pic": "picture", "ppl": "people", "tix": "ticker", "vs": "vs", "versus": "vs"},
    **{"abt": "about", "hw": "how", "hru": "how are you", "wtf": "what", "yall": "you", "y'all": "you", "tho": "though"},
    **{"pricing": "price", "graf": "graph", "alrt": "alert", "whens": "when is", "whos": "who is", "aint": "is not"},
    **{"roc's": "roc", "mo": "months", "howd": "how did", "how'd": "how did", "what'd": "what did", "hasnt": "has not"},
    **{"mins": "minutes", "bout": "about", "em": "them", "dunno": "do not know", "rly": "really", "prolly": "probably"},
}
_SHORT_MOMENTUM_ONLY = frozenset({"w", "mo", "vol"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or mark. `low` is what patterns see, `text` what was typed, `value` what a mark stands for.

    `upper`: typed in capitals; `stop`: punctuation follows; `number`: it is one.
    """

    low: str
    text: str
    upper: bool = False
    stop: bool = False
    number: bool = False
    value: object = None


@dataclass(frozen=True)
class Words:
    """A message. `shouted`: it is wholly in capitals, so that capitals say nothing."""

    words: tuple[Word, ...]
    shouted: bool = False

    def __iter__(self) -> Iterator[Word]:
        return iter(self.words)

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def line(self) -> str:
        """All words as patterns see them, one space apart."""
        return " ".join(word.low for word in self.words)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(word.low) + 1 for word in self.words)]

    def index(self, position: int) -> int:
        """The number of words that begin before a position of the line."""
        return self.line.count(" ", 0, position) + (position > 0 and self.line[position - 1 : position] != " ")

    def typed(self, start: int, stop: int) -> str:
        """What was typed where the line reads from `start` to `stop`."""
        return typed(self.words[self.line.count(" ", 0, start) : self.line.count(" ", 0, max(start, stop)) + 1])

    def values(self, mark: str) -> tuple[object, ...]:
        """What the marks of one kind stand for, in order."""
        return tuple(word.value for word in self.words if word.low == mark)

    def marked(self, pattern: re.Pattern[str], mark: str, value: Callable[[re.Match[str]], object]) -> Words:
        """The message with a mark for each match of `pattern` that has a value. Matches begin and end between words.

        A pattern with a group `span` marks only what the group holds.
        """
        out: list[Word] = []
        done = 0
        for match in pattern.finditer(self.line):
            found = value(match)
            if found is None:
                continue
            begin, end = match.span("span" if "span" in pattern.groupindex else 0)
            start, stop = self.line.count(" ", 0, begin), self.line.count(" ", 0, end) + 1
            if start < done:
                continue
            out += [*self.words[done:start], _joined(mark, self.words[start:stop], found)]
            done = stop
        return Words((*out, *self.words[done:]), self.shouted) if done else self

    def put(self, marks: Iterable[tuple[int, int, str, object]]) -> Words:
        """The message with marks for word ranges `(start, stop, mark, value)`, which are in order and do not overlap."""
        out: list[Word] = []
        done = 0
        for start, stop, mark, value in marks:
            out += [*self.words[done:start], _joined(mark, self.words[start:stop], value)]
            done = stop
        return Words((*out, *self.words[done:]), self.shouted) if done else self


def typed(words: Iterable[Word]) -> str:
    """The words as they were typed, one space apart."""
    return " ".join(word.text for word in words if word.text)


def _joined(mark: str, words: tuple[Word, ...], value: object) -> Word:
    upper = all(word.upper for word in words)
    return Word(mark, typed(words), upper=upper, stop=words[-1].stop, value=value)


def level(question: str) -> str:
    """The message without hidden characters, pings of a person and look-alike signs."""
    text = question[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LEVEL)).translate(_LEVEL)
        text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cs", "Cc"} or c.isspace())
    return " ".join(_PINGED.sub(" ", text).split())


def read(text: str) -> Words:
    """The words of a levelled message."""
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) > 5 and all(c.isupper() for c in letters) and " " in text
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        stop = text[match.end() : match.end() + 1] in _STOPS
        words += _read_word(match, stop=stop)
    return Words(tuple(words), shouted)


def _read_word(match: re.Match[str], *, stop: bool) -> list[Word]:
    raw = match[0].strip()
    low = raw.lower()
    if match.lastgroup == "date" or match["date"]:
        return [Word(low, raw, stop=stop, number=True)]
    if match["number"]:
        return [Word(low.replace(" ", ""), raw.replace(" ", ""), stop=stop, number=True)]
    spelt = SHORT_FORMS.get(low)
    if spelt is not None and not (raw.isupper() and low in _SHORT_MOMENTUM_ONLY):
        parts = spelt.split()
        return [Word(part, raw if i == 0 else "", stop=stop and i == len(parts) - 1) for i, part in enumerate(parts)]
    bare = re.sub(r"'s$|s'$|'$", "", low) or low
    return [Word(bare, raw[: len(bare)], upper=raw[: len(bare)].isupper(), stop=stop)]
