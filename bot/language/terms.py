"""Questions about terms: what one means, and how two differ. The ways of asking stand in `data/terms/`."""

from __future__ import annotations

import re
from functools import cache

from bot.language.message import Lookup, Message
from bot.language.phrases import PhraseTable, any_of, read_sections
from bot.language.tokens import Words

_TOO_FAR_OFF = 2.5
_CLEAN = {"exact", "alias", "loose", "spelling", "prefix"}
_QUOTES = "'\" ?!.,"
_INNER = re.compile(
    r"^(?:and|so|ok|but|what|how|is|are|does|do|a|an|the|that|this|about|of|for|by|when \w+ say"
    r"|people mean by|you mean by|they mean by|means?|it means? (?:when|if)|mean by)\s+",
    re.IGNORECASE,
)


def _asked(section: str) -> str:
    return any_of(read_sections("terms/meaning.txt")[section])


def _compared(section: str) -> str:
    return any_of(read_sections("terms/contrast.txt")[section])


@cache
def _meaning(kind: str) -> re.Pattern[str]:
    """The ways of asking for one term: `how`, `strong`, `weak` (they hold the term), `naming` and `described`."""
    article, after = f"(?: {_asked('article')})?", f"(?: {_asked('after')})*$"
    named = "(?: the)?(?: (?:term|word|phrase|acronym|concept of|concept|idea of|expression))?"
    behind = f"^(?P<lead>.+?) {_asked('behind')}(?: please| thanks)?$"
    shapes = {
        "how": lambda: f"{_asked('how')}(?![^ ])",
        "strong": lambda: f"{_asked('asks')}{article}{named} (?P<term>.+?){after}",
        "weak": lambda: f"(?:{_asked('before')}{article} (?P<term>.+?){after}|{behind})",
        "naming": lambda: f"{_asked('naming')}(?![^ ])(?: {_asked('link')})*",
        "described": lambda: f"{_asked('described')}(?![^ ])",
    }
    return re.compile(f"(?<![^ ]){shapes[kind]()}")


@cache
def _contrast(kind: str) -> re.Pattern[str]:
    """What stands around and between two terms."""
    shapes = {
        "between": lambda: f" {_compared('between')} ",
        "before both": lambda: f"(?<![^ ]){_compared('before both')} ",
        "opening": lambda: f"{_compared('opening')} ",
        "closing": lambda: f"(?: {_compared('closing')})+$",
        "after name": lambda: f"(?: {_compared('after name')})+$",
        "before name": lambda: f"^(?:{_compared('before name')} )+",
    }
    return re.compile(shapes[kind](), re.IGNORECASE)


@cache
def _comparing() -> PhraseTable:
    return PhraseTable(read_sections("terms/contrast.txt")["apart"])


def find_phrase(plain: Words, pattern: re.Pattern[str]) -> str | None:
    """What was typed where a pattern names a term."""
    match = pattern.search(plain.line)
    if match is None:
        return None
    group = next((name for name in ("term", "lead") if name in pattern.groupindex and match[name]), None)
    return plain.typed(*plain.span(*match.span(group))).strip(_QUOTES) if group else None


def slug_of(verdict: Lookup) -> str | None:
    """The term that a verdict names; the first reading of an ambiguous name."""
    if verdict.outcome == "answered":
        return verdict.id
    return verdict.suggestions[0] if verdict.outcome == "ambiguous" else None


def is_clean(verdict: Lookup) -> bool:
    """Whether the words are the name of a term, not a sentence in which one occurs."""
    return verdict.outcome == "ambiguous" or (verdict.outcome == "answered" and verdict.match in _CLEAN)


def asked_term(message: Message) -> tuple[str, float] | None:
    """The term that a question is about, and how sure that is: 0 to 1. A name after a question frame counts most."""
    for kind, certainty in (("how", 0.95), ("strong", 0.95), ("weak", 0.9)):
        phrase = find_phrase(message.plain, _meaning(kind))
        while phrase:
            verdict = message.context.search.find(phrase)
            if is_clean(verdict):
                return _with(verdict, certainty)
            phrase = _inner(phrase)
    return None


def _with(verdict: Lookup, certainty: float) -> tuple[str, float] | None:
    slug = slug_of(verdict)
    return (slug, certainty) if slug else None


def _inner(phrase: str) -> str | None:
    """The phrase inside a phrase: "what a moving average", "is a pip"; None when there is no frame around it."""
    stripped = _INNER.sub("", phrase)
    return stripped if stripped != phrase and stripped else None


def asks_name(message: Message) -> bool:
    """Whether the name of something is asked for that is described: "what's it called when …"."""
    return bool(_meaning("naming").search(message.plain.line))


def described_term(message: Message) -> tuple[str, float] | None:
    """The term that a description is of: "what's it called when …"; also a sentence that names one term."""
    naming = _meaning("naming").search(message.plain.line)
    text = message.text
    verdict = message.context.search.find(text)
    if naming and verdict.outcome != "answered":
        first, last = message.plain.span(*naming.span())
        rest = message.plain.typed(last, len(message.plain.words)) or message.plain.typed(0, first)
        verdict = message.context.search.find(rest or text)
    slug = slug_of(verdict)
    if slug:
        return slug, 0.8 if is_clean(verdict) else 0.6
    mentioned = message.context.search.mentions(text)
    if len(mentioned) == 1 and not naming and message.off_topic_score < _TOO_FAR_OFF:
        return mentioned[0], 0.5
    return None


def compared_terms(message: Message) -> tuple[str, str] | None:
    """The two terms that a question sets side by side, or None."""
    line = message.plain.line
    if not _contrast("between").search(line):
        return None
    closing = _contrast("closing").search(line)
    stop = closing.start() if closing else len(line)
    comparing = _comparing().occurs(line)
    opening = _contrast("before both").search(line, 0, stop) or _contrast("opening").match(line, 0, stop)
    start = opening.end() if opening and comparing else 0
    weak = read_sections("terms/contrast.txt")["weak between"]
    for split in _contrast("between").finditer(line, start, stop):
        if comparing or split[0].strip() not in weak:
            pair = _two_terms(message, (start, split.start()), (split.end(), stop))
            if pair:
                return pair
    return None


def _two_terms(message: Message, left: tuple[int, int], right: tuple[int, int]) -> tuple[str, str] | None:
    first, second = (_operand(message.plain, side) for side in (left, right))
    one, other = _term_of(message, first, second), _term_of(message, second, first)
    return (one, other) if one and other and one != other else None


def _operand(plain: Words, side: tuple[int, int]) -> str:
    typed = _contrast("before name").sub("", plain.typed(*plain.span(*side)))
    return _contrast("after name").sub("", typed).strip(_QUOTES)


def _term_of(message: Message, operand: str, other: str) -> str | None:
    """The term of one operand, with the last word of the other where that makes a name: "put and call options"."""
    shared = other.split()
    for start in range(1, len(shared) if len(operand.split()) < 3 else 0):
        verdict = message.context.search.find(" ".join([operand, *shared[start:]]))
        if verdict.outcome == "answered" and verdict.match in {"exact", "alias"} and verdict.score >= 0.99:
            return verdict.id
    for text in (operand, operand.removesuffix("s")):
        verdict = message.context.search.find(text)
        if is_clean(verdict):
            return slug_of(verdict)
    return None


def bare_text(message: Message) -> str:
    """What was typed without the little words of talk around it: "ok and hedging?" is about hedging."""
    words = message.plain.words
    around = frozenset(" ".join(read_sections("terms/meaning.txt")["around"]).split())
    first, last = 0, len(words)
    while first < last - 1 and words[first].low in around:
        first += 1
    while last - 1 > first and words[last - 1].low in around:
        last -= 1
    return message.plain.typed(first, last) or message.text
