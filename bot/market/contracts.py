"""Every spelling of futures, yields and indices: `/ES`, `ES1!`, `ESc1`, `ESZ26.CME`, `US10YT=RR`, `.GDAXI`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from bot.market.listings import key, listings
from bot.market.pairs import Spelt
from bot.market.venues import Instrument, futures, indices, yields

DECADE = 202
_FRONT = re.compile(
    r"(?P<sign>[/@#]?)(?P<root>[A-Z0-9]{1,4}?)"
    r"(?P<mark>=F|_F|\.F|\.COMM|\d!|C\d{1,2}|#C?|\d(?: (?:INDEX|COMDTY|CURNCY))?|A (?:INDEX|COMDTY|CURNCY)|:COM|)"
)
_DATED = re.compile(
    r"(?P<sign>[/@#]?)(?P<root>[A-Z0-9]{1,4}?)(?P<month>[FGHJKMNQUVXZ])(?P<year>20\d\d|\d{1,2})"
    r"(?P<mark>=F|\.[A-Z]{2,4}| (?:INDEX|COMDTY|CURNCY)|)"
)
_FUTURES_PLACES = frozenset("CME CBT NYM CMX NYB CBF CFE EUX NYMEX CBOT COMEX ICE COMM".split())
_ANY_MARK = re.compile(r"[A-Z0-9]{1,8}=F")
_YIELD = re.compile(
    r"(?P<country>[A-Z]{2})0?(?P<length>\d{1,2})(?P<unit>MY|M|Y)(?:T?=RR|T?=XX|T|B|\.GBOND|\.BOND|=)?"
    r"|0?(?P<length2>\d{1,2})(?P<country2>[A-Z]{2})(?P<unit2>[MY])\.B"
    r"|(?P<code>GT|USGG|GDBR|GUKG|GJGB|GFRN|GBTPGR|GSPG|GCAN|GSWISS|GACGB|GIND)(?P<length3>\d{1,2})(?:YR)?"
    r"(?: GOVT| INDEX)?"
)
_BLOOMBERG_YIELDS = {
    "GT": "US", "USGG": "US", "GDBR": "DE", "GUKG": "GB", "GJGB": "JP", "GFRN": "FR", "GBTPGR": "IT", "GSPG": "ES",
    "GCAN": "CA", "GSWISS": "CH", "GACGB": "AU", "GIND": "IN",
}  # fmt: skip
_COUNTRIES = {"UK": "GB"}
_WORDS = frozenset("set sti move skew wig mib transports shanghai shenzhen wilshire tadawul tsx bist obx ipc".split())
_ELSEWHERE = {"BRN": "ICE Europe's Brent", "LCO": "ICE Europe's Brent", "CO": "ICE Europe's Brent"}


@cache
def _roots() -> Mapping[str, Instrument]:
    return {one.root: one for one in futures().values()}


@cache
def _other_roots() -> Mapping[str, Instrument]:
    return {root: one for one in futures().values() for root in one.other_roots}


def root_of(code: str) -> Instrument | None:
    """The future of a root: `ES`."""
    return _roots().get(code)


def read_future(typed: str, *, bare: bool = False) -> Spelt | None:
    """The future that a text in capitals spells with a mark; `bare` roots too where the place says that it is one."""
    if typed in _roots() and bare:
        return Spelt((_roots()[typed].canonical,))
    front = _FRONT.fullmatch(typed)
    found = _front(front) if front and (front["mark"] or front["sign"]) else None
    dated = _DATED.fullmatch(typed)
    found = found or (_dated(dated) if dated else None)
    if found is None and _ANY_MARK.fullmatch(typed):
        return Spelt(refused="is a future that I do not have")
    return found


def _front(match: re.Match[str]) -> Spelt | None:
    root, mark = match["root"], match["mark"]
    foreign = bool(re.match(r"\d|C\d|A |:COM", mark))
    one = _roots().get(root) or (_other_roots().get(root) if foreign and (len(root) > 1 or " " in mark) else None)
    if one is None or (mark == ".F" and f"{root}.F" in listings()):
        return None
    number = re.sub(r"\D", "", mark)
    if number not in {"", "1"}:
        return Spelt(refused=f"is not the next contract to expire; name its month, as {one.root}Z26")
    return Spelt((one.canonical,), _elsewhere(root, one))


def _dated(match: re.Match[str]) -> Spelt | None:
    root, mark = match["root"], match["mark"]
    if mark.startswith(".") and mark[1:] not in _FUTURES_PLACES:
        return None
    one = _roots().get(root) or (_other_roots().get(root) if len(root) > 1 or " " in mark else None)
    if one is None:
        return None
    year = match["year"] if len(match["year"]) > 1 else f"{DECADE}{match['year']}"
    return Spelt((f"{one.root}{match['month']}{year[-2:]}=F",), _elsewhere(root, one))


def _elsewhere(root: str, one: Instrument) -> str:
    """What to say where the root is that of the same thing on another exchange."""
    other = _ELSEWHERE.get(root)
    return f"{root} is {other} future; this is {one.canonical}, the same oil on NYMEX." if other else ""


def read_yield(typed: str) -> Spelt | None:
    """The government yield that a text in capitals spells."""
    match = _YIELD.fullmatch(typed)
    if match is None:
        return None
    country = match["country"] or match["country2"] or _BLOOMBERG_YIELDS[match["code"]]
    length = int(match["length"] or match["length2"] or match["length3"])
    unit = (match["unit"] or match["unit2"] or "Y")[0]
    country = _COUNTRIES.get(country, country)
    if f"{country}{length}{unit}" in yields():
        return Spelt((f"{country}{length}{unit}",))
    there = [name for name in yields() if name.startswith(country)]
    return Spelt(refused=f"is a yield that I do not have; there are {', '.join(there)}") if there else None


@cache
def _index_names() -> Mapping[str, str]:
    """Keys of the indices' symbols and aliases, each with its index."""
    found: dict[str, str] = {}
    for one in indices().values():
        for name in (one.canonical, one.canonical[1:], one.name, *one.aliases, *one.spellings.values()):
            found.setdefault(key(name), one.canonical)
    return found


def index_called(name: str) -> str | None:
    """The index that a symbol, an alias or a name with or without signs stands for."""
    return _index_names().get(key(name))


def index_phrases() -> Iterator[tuple[str, str]]:
    """The names by which an index can be told from other words in a sentence, each with its canonical symbol.

    Not those that are words, terms or places themselves: "set", "move", "shanghai".
    """
    for one in indices().values():
        for name in (one.canonical, one.name, *one.aliases):
            if name.lower() not in _WORDS and len(name) > 2:
                yield name, one.canonical


def read_index(typed: str) -> Spelt | None:
    """The index that a text in capitals spells with a caret, a dot before it, or the word after it."""
    match = re.fullmatch(r"[\^.]([A-Z0-9]{2,12}(?:[.\-][A-Z]{2,3})?)|([A-Z0-9]{2,12})(?:\.INDX| INDEX|:IND)", typed)
    if match is None:
        return None
    found = index_called(match[1] or match[2])
    return Spelt((found,)) if found else None
