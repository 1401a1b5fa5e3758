"""The symbols in a message: names of the book, `$NOW`, `VOD.L`, and words in a place where only a symbol can stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain

from bot.language.entities.symbols import PAIR, SYMBOL, Names, SymbolMention, names_of, tag_written
from bot.language.tokens import Word, Words
from bot.language.vocabulary import CHAT, CUE_WORDS, ENGLISH, EVERYDAY, FIELD, PLAIN
from bot.market.spellings import cashtag, sure_name
from bot.market.symbols import Symbol, SymbolBook

_LONGEST_NAME = 4
_SPAN = re.compile(r"\d+[dwmqy]")
_SPAN_LEADS = frozenset("in over for last past the within during this previous trailing".split())
_TALK = PLAIN | CHAT | FIELD | CUE_WORDS
_LITTLE = _TALK | EVERYDAY
_NAMES_ANYWAY = frozenset({"russell", "dow", "meta", "apple", "visa", "spy", "dia", "ether", "sol"})
# Names of the book that are also ordinary words: a symbol only with `$`, "stock", or as the object of a command.
_WORDLIKE = frozenset(
    """
    coke diamonds spiders cubes qs ford gap cat cost coin hood shop key low now all on it are so has or be
    by go am an do can see any big new old out one two real fun well good love life play nice safe fast true
    tell open home tip size gold dot link sol ada ma ba ge f v t c d k o x a u ea ai net team snap pins spot
    path arm de bill zoom app ms cop dell cl pm yum luv ice riot hut mar xyz wm rost ups dash main mat man post
    wing wolf eat car cars lily lilly target gs pg hd mu gm shy bond kiwi indie qual agg tna uso slv run bark
    cake dine hear rare self son fox peak mark cash boot
    """.split()
)
_JOINABLE = _WORDLIKE - (_LITTLE & PLAIN)
# Capitals that are no symbol.
NOT_SYMBOLS = frozenset(
    """
    I A AM PM ET EST EDT UTC GMT US USA UK EU FED ETF ETFS ROC RSI MACD ATR EMA SMA VWAP TWAP CEO CFO IPO GDP
    CPI PPI PCE FOMC ECB NYSE OK LOL FR TBH IMO NGL YOLO FOMO DD TA FA API AI PLS PLZ YTD ATH ATL EPS PE PS PB
    ROE ROI AND OR THE VS FOR OF IN ON AT TO IS IT BY NOT DCA HODL FUD BTD OTM ITM ATM IV OI DTE SR WTF OMG RN
    EOD EOM EOY EOW TLDR FAQ ID URL SQL XSS ENV DM HELP RT WSB QE QT QOQ MOM YOY PMI NFP HLW LW PNL AUM NAV USD
    EUR GBP JPY CHF CAD AUD PLEASE NEED WHAT WHY HOW
    """.split()
)
_INDEX = re.compile(r"\^[a-z0-9]{1,8}(?:[.-][a-z]{2,3})?")
_SHARE = re.compile(r"[a-z]{1,5}")
_NAME = r"(?P<name>[a-z][a-z&'-]{2,}(?: [a-z&'-]{2,}){0,2}?)"
_AFTER = (
    r"(?: (?:in|at|up|down|trading|doing|stock|shares|share|price|now|today|this|last|over|since|worth|cost|rally|range"
    r"|rallying|breaking)(?= |$)|$)"
)
_PRICED = re.compile(
    r"\b(?:price of|price for|quote for|quote of|quote|how much is|how much are|how much does|how is|hows"
    r"|how are|is|are|has|did|chart|chart of|where is|wheres|rally in|range of|roc of|momentum of)(?: the)? "
    + _NAME
    + _AFTER
)
_NAMED_FIRST = re.compile(
    "^" + _NAME + r" (?:in (?:dollars|euros|pounds|yen|francs|usd|eur|gbp|jpy|chf|[a-z]+ dollars)|price|stock|shares"
    r"|share price|chart|quote|roc|momentum|rally|range|today|last|past|this|since|over)(?= |$)"
)
_STOCKY = re.compile(
    r"\b(?P<span>[a-z]{1,5}) (?:stock|stocks|shares|share price|ticker|equity)(?= |$)"
    r"|\b(?:ticker|symbol|shares of|share of|stock of|stock called|stock|ticker symbol) (?P<after>[a-z]{1,5})(?= |$)"
)
_OBJECT = re.compile(
    r"\b(?:(?:price|prices|quote|chart|graph|momentum|roc|rate of change|rally|range|support|resistance"
    r"|levels?|performance|value|floor|ceiling|candles|move|picture)"
    r" (?:of|for|on|in|from|level for|level of)(?: the)?|chart|graph|plot|draw|quote|roc|momentum|rally"
    r"|range|price|compare|rank|sort|order|alert|"
    r"support|resistance|(?:alert|tell|notify|ping|warn) me (?:when|if|once)|heads up (?:when|if)|how is"
    r"|is|has|did|where is|does) (?P<span>[a-z]{1,5})(?= |$)"
)
_TRAILING = re.compile(
    r"(?:^|(?<=and )|(?<=is )|(?<=the ))(?P<span>[a-z]{1,5}) (?:chart|roc|momentum|price|quote|rally|range"
    r"|support|resistance|levels?|PER)(?= |$)"
)
_LISTING = re.compile(
    r"\b(?:rank|ranks|ranked|ranking|sort|order|league|tier list|tops|strongest|weakest|best to worst|leaderboard"
    r"|leader|leaders|compare|which|momentum|vs|against)\b"
)
_LINK = (
    r"(?: (?:and|vs|or|with|against|to|than|/|by|doing|going|moving|up|better|worse|stronger|weaker|faster"
    r"|more|ahead|behind|of|beating|outperforming"
    r"|outperformed|beat|lagging|leading|then|relative|compared|next|keeping|up)){0,4}"
)
_LISTED = (
    ("span", re.compile(rf"\bSYM{_LINK} (?P<span>[a-z]{{1,5}})(?= |$)")),
    ("before", re.compile(rf"\b(?P<before>[a-z]{{1,5}}){_LINK} SYM\b")),
)


def tag_names(words: Words, book: SymbolBook) -> Words:
    """The message with a SYM or PAIR tag for each name of the book that can only be one, the longest first.

    A symbol written for another exchange or as a future (`VOD.L`, `CL=F`) that the book lacks is UNREAD. What may be a
    look-back too, "3m", is a name only where no other stands in the message.
    """
    words = tag_written(words, book, lambda low: low in _LITTLE)
    tags: list[tuple[int, int, str, object]] = []
    spare: list[tuple[int, int, str, object]] = []
    at = 0
    while at < len(words.words):
        length, symbol = _name_at(words, at, book)
        symbol = symbol or _glued_pair(words.words[at].low, book)
        if symbol is not None:
            typed = _is_typed(words.words[at : at + length], symbol)
            tag = (at, at + length, PAIR if symbol.kind == "fx" else SYMBOL, SymbolMention(symbol, typed))
            (spare if _is_span(words, at) else tags).append(tag)
        at += length
    return words.with_tags(tags or spare or _asked_by_name(words, book))


def _asked_by_name(words: Words, book: SymbolBook) -> list[tuple[int, int, str, object]]:
    """The tag of a name of the world that is no word of English, where a price is asked of it: "toyota in dollars".

    Only where no symbol stands in the message: names in running text are mostly no question.
    """
    if any(word.is_tag for word in words.words):
        return []
    for asked in chain(_PRICED.finditer(words.line), _NAMED_FIRST.finditer(words.line)):
        name = asked["name"]
        found = None if all(low in _LITTLE or low in ENGLISH for low in name.split()) else sure_name(name)
        symbol = found and book.symbol(found)
        if symbol:
            first = words.line[: asked.start("name")].count(" ")
            tag = PAIR if symbol.kind == "fx" else SYMBOL
            return [(first, first + name.count(" ") + 1, tag, SymbolMention(symbol, typed=False))]
    return []


def _is_span(words: Words, at: int) -> bool:
    return bool(_SPAN.fullmatch(words.words[at].low))


def _name_at(words: Words, at: int, book: SymbolBook) -> tuple[int, Symbol | None]:
    names = names_of(book)
    word = words.words[at]
    if word.low[0] in "$^" and len(word.low) > 1:
        return 1, _marked(word.low, book)
    if word.low not in names.first or (_is_span(words, at) and words.words[at - 1].low in _SPAN_LEADS):
        return 1, None
    for length in range(min(_LONGEST_NAME, len(words.words) - at), 0, -1):
        phrase = " ".join(other.low for other in words.words[at : at + length])
        symbol = names.by_phrase.get(phrase)
        if symbol is not None and (length > 1 or not _is_ordinary(word)):
            return length, symbol
    return 1, None


def _marked(low: str, book: SymbolBook) -> Symbol | None:
    """The symbol of "$now" or "^rut", in the book or not."""
    by_phrase = names_of(book).by_phrase
    if low.startswith("^"):
        shaped = _INDEX.fullmatch(low)
        return by_phrase.get(low) or (Symbol(low.upper(), "", "index", None, None) if shaped else None)
    share = cashtag(low)
    if share is not None:
        found = book.symbol(share)
        return None if found is None or found.kind == "commodity" else found
    listed = by_phrase.get(low[1:]) if low[1:].isalpha() else None
    return listed or (Symbol(low[1:].upper(), "", "unknown", None, None) if _SHARE.fullmatch(low[1:]) else None)


def _is_ordinary(word: Word) -> bool:
    return word.low in _WORDLIKE or (word.low in _TALK and word.low not in _NAMES_ANYWAY)


def _is_typed(covered: tuple[Word, ...], symbol: Symbol) -> bool:
    letters = "".join(word.low for word in covered).strip("$^")
    return letters == "".join(c for c in symbol.canonical.lower() if c.isalnum())


def tag_places(words: Words, book: SymbolBook, is_term: Callable[[str], bool]) -> Words:
    """The message with SYM tags also where only a symbol can stand: "NOW stock", "chart PLTR", "T and VZ"."""
    names = names_of(book)
    words = _tag_stocks(words, names)
    words = _tag_capitals(words, names, is_term)
    if "SYM" not in words.line:
        words = _tag_objects(words, names)
    return tag_listed(words, names, is_term)


def _tag_stocks(words: Words, names: Names) -> Words:
    tags: list[tuple[int, int, str, object]] = []
    for match in _STOCKY.finditer(words.line):
        group = "span" if match["span"] else "after"
        first, last = words.span(*match.span(group))
        word = words.words[first]
        if _is_capital(word, words) or _is_stock(word, names, before=group == "span"):
            tags.append((first, last, SYMBOL, _found(word, names)))
    return words.with_tags(tags)


def _is_capital(word: Word, words: Words) -> bool:
    return word.upper and not words.all_caps and word.low not in {"a", "i", "the", "this", "my"}


def _is_stock(word: Word, names: Names, *, before: bool) -> bool:
    """Whether a small word before or after "stock" is its symbol."""
    if word.low not in _LITTLE:
        return before or word.low in names.by_phrase
    return word.low in names.by_phrase and word.low not in PLAIN - {"now"}


def _tag_capitals(words: Words, names: Names, is_term: Callable[[str], bool]) -> Words:
    """Capitals that are no word, no acronym and no term, in a message that is not all in capitals."""
    if words.all_caps:
        return words
    tags: list[tuple[int, int, str, object]] = []
    for at, word in enumerate(words.words):
        if word.is_tag or not _may_be_capital(word) or (_is_wordlike(word.low) and not _is_object(words, at)):
            continue
        if word.low in names.by_phrase or not is_term(word.low.upper()):
            tags.append((at, at + 1, SYMBOL, _found(word, names)))
    return words.with_tags(tags)


def _may_be_capital(word: Word) -> bool:
    return word.upper and bool(_SHARE.fullmatch(word.low)) and word.low.upper() not in NOT_SYMBOLS


def _is_wordlike(low: str) -> bool:
    return low in _LITTLE or low in _WORDLIKE or len(low) == 1


def _is_object(words: Words, at: int) -> bool:
    """Whether capitals of three letters or more stand where a symbol often does: "support for COIN", at the end."""
    before = words.words[at - 1].low if at else ""
    return before in {"for", "of", "in", "on"} and len(words.words[at].low) >= 3 and at == len(words.words) - 1


def tag_listed(words: Words, names: Names, is_term: Callable[[str], bool]) -> Words:
    """Symbols beside a symbol: "JPM, BAC, C", "key vs LOW"; small letters only for what is in the book and no word."""
    done = False
    while not done:
        done = True
        for group, pattern in _LISTED:
            tags: list[tuple[int, int, str, object]] = []
            for match in pattern.finditer(words.line):
                first, last = words.span(*match.span(group))
                word = words.words[first]
                linked = match[0].count(" ") > 1 or words.words[first - 1 if group == "span" else first].stop
                known = word.low in names.by_phrase or _is_listed_capital(word, words)
                if _may_join(word, names, words, linked=linked) and (known or not is_term(word.low.upper())):
                    tags.append((first, last, SYMBOL, _found(word, names)))
            if tags:
                words, done = words.with_tags(tags), False
    return words


def _may_join(word: Word, names: Names, words: Words, *, linked: bool) -> bool:
    if word.low.upper() in NOT_SYMBOLS:
        return False
    named = word.low in names.by_phrase
    beside = linked or bool(_LISTING.search(words.line))
    if word.upper and not words.all_caps:
        return beside or named
    if word.low in _JOINABLE:
        return named and beside
    return word.low not in _LITTLE and (named or _is_unlisted(word.low, words, linked=linked))


def _is_listed_capital(word: Word, words: Words) -> bool:
    """Whether capitals stand in a list of symbols, where a term would make no sense: "rank GME AMC BB"."""
    return word.upper and not words.all_caps and bool(_LISTING.search(words.line))


def _is_unlisted(low: str, words: Words, *, linked: bool) -> bool:
    """Whether small letters beside a symbol are one that the book lacks: no word of English in a list of symbols."""
    in_list = len(low) > 1 and low not in ENGLISH and bool(_LISTING.search(words.line))
    return in_list or _is_unspeakable(low, linked=linked)


def _tag_objects(words: Words, names: Names) -> Words:
    """The object of a command, when the message has no other symbol: "price of NOW", "pltr roc"."""
    for pattern in (_OBJECT, _TRAILING):
        for match in pattern.finditer(words.line):
            first, last = words.span(*match.span("span"))
            word = words.words[first]
            listed = names.by_phrase.get(word.low)
            capital = word.upper and not words.all_caps and word.low.upper() not in NOT_SYMBOLS
            if capital or (
                word.low not in _LITTLE
                and word.low.upper() not in NOT_SYMBOLS
                and (listed is not None or _is_unspeakable(word.low, linked=True))
            ):
                return words.with_tags([(first, last, SYMBOL, _found(word, names))])
    return words


def _is_unspeakable(low: str, *, linked: bool) -> bool:
    """Whether letters that are linked to a symbol can be no word of English: three to five without a vowel."""
    return linked and len(low) > 2 and not set(low) & set("aeiouy")


def _found(word: Word, names: Names) -> SymbolMention:
    return SymbolMention(
        names.by_phrase.get(word.low) or Symbol(word.low.upper(), "", "unknown", None, None), typed=True
    )


def _glued_pair(low: str, book: SymbolBook) -> Symbol | None:
    """The pair of "eurusd"."""
    base, quote = low[:3].upper(), low[3:].upper()
    return book.pair(base, quote) if base != quote and base in book.currencies and quote in book.currencies else None
