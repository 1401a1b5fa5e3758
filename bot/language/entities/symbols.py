"""Symbols as people type them after a command: `IWM`, `$IWM`, `russell 2000`, `V IWM SPY`, `VOD.L`, `chf/sek`.

What is found in running text stands in `symbol_mentions`: there most words are no symbols, here most are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.errors import UserError, quoted
from bot.language.tokens import UNREAD, Unread, Words, read_words, tokenize
from bot.market.contracts import index_phrases
from bot.market.listing_codes import AMERICAN
from bot.market.listings import core
from bot.market.symbols import Symbol, SymbolBook

SYMBOL = "SYM"
PAIR = "PAIR"
COURTESIES = frozenset("please pls plz thanks thank thx ty cheers kindly you".split())
_PRESENT = frozenset("today currently presently".split())
_KINDS = frozenset("stock stocks share shares ticker".split())
_JOINING = frozenset({"/", "<", ">", "=", "*", "&", "÷"})
FILLERS = (
    COURTESIES
    | _PRESENT
    | _KINDS
    | _JOINING
    | frozenset("over for in last past the and vs versus against with of on is a to or".split())
)
_LONGEST_NAME = 4
_SHORTEST_CODE = 4
_LONGEST_RUN = 4
_SEPARATORS = _JOINING | frozenset("v vs versus against with and or".split())
_NUMBERISH = re.compile(r"[-+]?[\d.,]+[a-z%]*", re.IGNORECASE)
_EDGES = "\"'“”‘’()[]{}<>,;:?!.…*"
_FUTURE = re.compile(
    r"\^?[A-Za-z0-9]{1,8}=[A-Za-z]{0,3}|[/@#]?[A-Z0-9]{1,4}\d!|[/@][A-Z0-9]{1,3}(?:[FGHJKMNQUVXZ]\d{1,2})?"
)
_LISTED = re.compile(r"[A-Za-z][A-Za-z_]{1,15}:[A-Za-z0-9.^&/_!\-]{1,14}")
_SUFFIXED = re.compile(
    r"(?P<ticker>[A-Za-z][A-Za-z0-9&\-]{0,9}|\d{1,5}(?=\.HK)|\d{3}[A-Z](?=\.T)|\d{4,6})(?:\.[A-Za-z])??"
    r"\.(?P<suffix>[A-Za-z]{1,5})",
)
_CODE = re.compile(r"[A-Za-z]{2}\d{1,2}[YyMm]|[A-Z0-9]{1,3}[FGHJKMNQUVXZ]\d{1,4}|[A-Za-z]{3,10}[/_\-]?[A-Za-z]{3,4}")
_PATH = re.compile(r"(?<!\S)\.{1,2}/\S*")
_NO_SUFFIXES = frozenset("com org net io gov edu tv gg me ly".split())


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a book as a message spells them, and the single words among them for mending."""

    by_phrase: dict[str, Symbol]
    first: frozenset[str]
    single: frozenset[str]


@dataclass(frozen=True, slots=True)
class SymbolMention:
    """A symbol in a message. `typed`: by its own symbol, not by a name."""

    symbol: Symbol
    typed: bool


@lru_cache(maxsize=8)
def names_of(book: SymbolBook) -> Names:
    """The names of a book, made once for each book."""
    by_phrase: dict[str, Symbol] = {}
    for symbol in book.symbols.values():
        for phrase in _phrases(symbol):
            by_phrase.setdefault(phrase, symbol)
    placed = ((name, book.symbol(canonical)) for name, canonical in index_phrases())
    for name, index in ((name, index) for name, index in placed if index is not None):
        by_phrase.setdefault(tokenize(name).line, index)
    single = frozenset(phrase for phrase in by_phrase if phrase.isalpha())
    return Names(by_phrase, frozenset(phrase.split()[0] for phrase in by_phrase), single)


def _phrases(symbol: Symbol) -> Iterator[str]:
    """The names of a symbol as they stand in a message; of a pair those that are not its two codes alone."""
    called = core(symbol.name)
    spaced = (called,) if symbol.kind == "stock" and not called.isalpha() else ()
    for name in (symbol.canonical, symbol.canonical.lstrip("^"), symbol.name, *symbol.aliases, *spaced):
        phrase = tokenize(name).line.removeprefix("the ")
        codes = symbol.kind == "fx" and "/" not in name and name.lower() != "cable" and " " not in name
        if phrase and not codes:
            yield phrase


def tag_written(words: Words, book: SymbolBook, is_word: Callable[[str], bool]) -> Words:
    """The words with tags for symbols written with a sign or as a code: `VOD.L`, `NASDAQ:IWM`, `/ES`, `BTC-EUR`.

    One that the book does not know is UNREAD: it is never taken for a part of it. `is_word` says which words are
    ordinary, so that a full stop without a space is none of a symbol.
    """
    words = words.with_tags(_paths(words, book))
    return words.with_tags(_written(words, book, is_word))


def _paths(words: Words, book: SymbolBook) -> Iterator[tuple[int, int, str, object]]:
    """What is written like the path of a file is no symbol, and none of its parts is one: `../etc`."""
    for path in _PATH.finditer(words.text):
        inside = [at for at, word in enumerate(words.words) if path.start() <= word.start and word.end <= path.end()]
        error = book.unknown(path[0])
        unread = Unread("symbol", path[0], error.message, error.suggestions, error.code)
        yield inside[0], inside[-1] + 1, UNREAD, unread


def _written(words: Words, book: SymbolBook, is_word: Callable[[str], bool]) -> Iterator[tuple[int, int, str, object]]:
    """The pieces between spaces that are one symbol; a piece that is half a tag already is none."""
    at = 0
    for piece in re.finditer(r"\S+", words.text):
        while at < len(words.words) and words.words[at].start < piece.start():
            at += 1
        last = at
        while last < len(words.words) and words.words[last].end <= piece.end():
            last += 1
        text = _trimmed(piece[0])
        free = last > at and not any(word.is_tag for word in words.words[at:last])
        if free and (_is_written(text, is_word) or _is_code(text, book)):
            yield _operand(words, at, last, book, text)


def _trimmed(piece: str) -> str:
    """A piece without the punctuation around it; the mark of `ES1!` belongs to it."""
    text = piece.strip(_EDGES).removesuffix("'s").removesuffix("’s")
    return f"{text}!" if f"{text}!" in piece and _FUTURE.fullmatch(f"{text}!") else text


def _run_end(words: Words, at: int, joints: str) -> int:
    """The word after the last one that is joined to the word at `at` without a space."""
    last = at + 1
    while last < len(words.words) and last - at < _LONGEST_RUN:
        before, word = words.words[last - 1], words.words[last]
        between = words.text[before.end : word.start]
        joined = between in {*joints, ""} and word.start >= before.end
        if word.is_tag or before.is_tag or not joined:
            break
        last += 1
    return last


def _is_written(text: str, is_word: Callable[[str], bool]) -> bool:
    if _FUTURE.fullmatch(text):
        return text[0] not in "/@#" or _is_future(text)
    if _LISTED.fullmatch(text):
        prefix = text.partition(":")[0]
        return prefix.upper() in AMERICAN or (prefix.isupper() and not is_word(prefix.lower()))
    match = _SUFFIXED.fullmatch(text)
    return match is not None and _is_suffixed(text, match, is_word)


def _is_suffixed(text: str, match: re.Match[str], is_word: Callable[[str], bool]) -> bool:
    """Whether it is a symbol with a suffix and no web address, and no two words around a full stop."""
    if match["suffix"].lower() in _NO_SUFFIXES:
        return False
    ticker = match["ticker"]
    return text.upper() == text or (text.islower() and len(ticker) > 1 and not is_word(ticker))


def _is_future(text: str) -> bool:
    from bot.market.contracts import read_future

    found = read_future(text.upper())
    return found is not None and not found.refused


def _is_code(text: str, book: SymbolBook) -> bool:
    """Whether it is a yield, a future of one month, or a pair that the book has no name for: `BTC-EUR`, `XAUUSD`."""
    if not _CODE.fullmatch(text) or book.known(text) is not None:
        return False
    from bot.market.contracts import read_future, read_yield
    from bot.market.pairs import read_pair

    upper = text.upper()
    found = read_yield(upper) or read_pair(upper) or (read_future(upper) if upper == text else None)
    return found is not None and not found.refused


def _operand(words: Words, first: int, last: int, book: SymbolBook, text: str = "") -> tuple[int, int, str, object]:
    """The tag of words that are one symbol, by the book or by their shape; UNREAD with the book's own reason."""
    text = text or words.typed(first, last).strip()
    try:
        symbol = book.resolve(text)
    except UserError as error:
        return first, last, UNREAD, Unread("symbol", text, error.message, error.suggestions, error.code)
    return first, last, PAIR if symbol.kind == "fx" else SYMBOL, SymbolMention(symbol, typed=True)


def tag_typed_names(words: Words, book: SymbolBook) -> Words:
    """Words after a command with tags for the names of the book among them, the longest first.

    Names do not reach over a comma. A word that may be a look-back too, "3m", is a name only where there is no other.
    Two US symbols are two, also where they spell a listing abroad: `BHP AU`.
    """
    words = tag_written(words, book, lambda _: False)
    named = list(_named(words, book, spans=False))
    return words.with_tags(
        named or _named(words, book, spans=True) if named or _has_letters(words) else _digits(words, book)
    )


def _has_letters(words: Words) -> bool:
    return any(word.is_tag or not word.low.isdecimal() for word in words.words[:1])


def _digits(words: Words, book: SymbolBook) -> Iterator[tuple[int, int, str, object]]:
    """A listing whose code is digits, where it is what was typed first: `7203 10`."""
    typed = words.typed(0, 1)
    if len(typed) >= _SHORTEST_CODE:
        yield _operand(words, 0, 1, book, typed)


def _named(words: Words, book: SymbolBook, *, spans: bool) -> Iterator[tuple[int, int, str, object]]:
    at = 0
    while at < len(words.words):
        found = None if words.words[at].is_tag else _name_from(words, at, book, spans=spans)
        if found is not None:
            yield found
        at = found[1] if found is not None else at + 1


def _is_parted(words: Words, at: int, last: int) -> bool:
    """Whether a tag, a stop or a pair begins among words, so that they are no name: of "COP USD/CAD" not "COP USD"."""
    tagged = any(word.is_tag for word in words.words[at:last])
    stopped = any(word.stop for word in words.words[at : last - 1])
    following = words.text[words.words[last - 1].end :].partition(" ")[0]
    pieces = f"{words.text[words.words[at].start : words.words[last - 1].end]}{following}".split()
    return tagged or stopped or any(piece.find("/") > 0 for piece in pieces[1:])


def _name_from(words: Words, at: int, book: SymbolBook, *, spans: bool) -> tuple[int, int, str, object] | None:
    for last in range(min(at + _LONGEST_NAME, len(words.words)), at, -1):
        if _is_parted(words, at, last):
            continue
        text = words.typed(at, last)
        if _are_symbols(words, at, last, book) if last > at + 1 else _is_no_name(words, at, book, spans=spans):
            continue
        try:
            symbol = book.named(text)
        except UserError as error:
            return at, last, UNREAD, Unread("symbol", text, error.message, error.suggestions, error.code)
        if symbol is not None:
            return at, last, PAIR if symbol.kind == "fx" else SYMBOL, SymbolMention(symbol, typed=True)
    return None


def _is_no_name(words: Words, at: int, book: SymbolBook, *, spans: bool) -> bool:
    """Whether a single word only joins others, or may be a look-back where those come first."""
    return _is_plain(words, at, book) or bool(_NUMBERISH.fullmatch(words.typed(at, at + 1)) and not spans)


def _are_symbols(words: Words, first: int, last: int, book: SymbolBook) -> bool:
    """Whether several words are each a US symbol in capitals, and together no symbol of the book: "KKR REAL" is two.

    Where all of a text is in capitals, only symbols of the book itself are sure to be symbols: "LYFT DE" is two.
    """
    if not all(word.upper and word.low.isalpha() for word in words.words[first:last]):
        return False
    from bot.market.listing_codes import american

    typed = [word.low.upper() for word in words.words[first:last]]
    alone = all(one in book.symbols if words.all_caps else american(one) is not None for one in typed)
    together = book.symbols.get(words.typed(first, last)) or book.known(words.typed(first, last).replace(" ", "-"))
    return alone and together is None


def _is_plain(words: Words, at: int, book: SymbolBook) -> bool:
    """Whether a word only joins others: "and", "please", and a small "v" between two others.

    In capitals such a word is a symbol where the book has it, but in a text all in capitals only as the first or last.
    """
    typed = words.typed(at, at + 1)
    inside = 0 < at < len(words.words) - 1
    if typed == "v":
        return inside and words.words[at - 1].low not in _SEPARATORS
    if typed.lower() not in FILLERS:
        return False
    return not (typed.isupper() and typed in book.symbols and not (inside and words.all_caps))


def tag_typed_symbols(words: Words, book: SymbolBook) -> Words:
    """Words after a command with a SYM, PAIR or UNREAD tag for each word that nothing else took and that joins none.

    The names of the book have to be tagged before, as have numbers and dates.
    """
    return words.with_tags(_operands(words, book))


def _operands(words: Words, book: SymbolBook) -> Iterator[tuple[int, int, str, object]]:
    at = 0
    while at < len(words.words):
        if words.words[at].is_tag or _is_plain(words, at, book):
            at += 1
            continue
        last = _run_end(words, at, ".:=-/_")
        yield _operand(words, at, last, book)
        at = last


def tagged_symbols(words: Words) -> tuple[Symbol, ...]:
    """The symbols that are tagged, each once, in order."""
    found = (word.value.symbol for word in words.words if isinstance(word.value, SymbolMention))
    return tuple(dict.fromkeys(found))


def read_symbols(text: str, book: SymbolBook) -> tuple[Symbol, ...]:
    """The symbols that a whole text names, each once: "IWM", "IWM, SPY", "russell 2000 vs apple". Raises UserError."""
    words = tag_typed_symbols(tag_typed_names(read_words(text), book), book)
    for unread in words.unread:
        raise unread.error()
    found = tagged_symbols(words)
    if not found:
        raise book.unknown(text)
    return found


def read_symbol(text: str, book: SymbolBook) -> Symbol:
    """The one symbol that a whole text names. Raises UserError."""
    found = read_symbols(text, book)
    if len(found) > 1:
        names = ", ".join(symbol.canonical for symbol in found[:4])
        raise UserError(f"One symbol at a time here, please; I read {names} in {quoted(text, 40)}.")
    return found[0]
