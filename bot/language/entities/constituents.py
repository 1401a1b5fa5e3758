"""Constituents of an index as people write them: `AAPL 3000 +1% MSFT 2500 -2%`, or a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.errors import UserError, quoted
from bot.language.entities.tables import MAX_ROWS, read_table, refuse_formulas
from bot.market.index import Member

MAX_NAME = 60
_AMOUNT = r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d{1,3})?"
_VALUE = re.compile(rf"[$€£]?({_AMOUNT})\s?(k|m|mn|bn|b|tn|t)?", re.IGNORECASE)
_SPACED_SIZE = re.compile(r"(\d)\s+(bn|mn|tn)(?=\s|$)", re.IGNORECASE)
_CHANGE = re.compile(r"([-+−]?\d+(?:\.\d+)?)\s?%|([-+−]\d+(?:\.\d+)?)")
_SIZES = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
_NAMES = ("name", "symbol", "ticker", "company", "constituent", "member")
_VALUES = ("market_value", "market value", "marketvalue", "market cap", "market_cap", "marketcap", "value", "cap")
_CHANGES = ("change_pct", "change", "change %", "change_percent", "move", "return")


def read_constituents(text: str) -> tuple[Member, ...]:
    """The constituents in a text: a name, a market value, perhaps a change. Raises UserError naming what is unread."""
    return _read_words(_SPACED_SIZE.sub(r"\1\2", text).split())


def _read_words(words: Sequence[str]) -> tuple[Member, ...]:
    """The constituents in typed words: a name of one or more words, a market value, perhaps a change."""
    refuse_formulas(words, 1)
    found: list[Member] = []
    name: list[str] = []
    for word in words:
        text = word.strip(";|")
        text = text if text.endswith("%") else text.rstrip(",")
        if not text or text == ":":
            continue
        if name and _VALUE.fullmatch(text):
            found.append(_member(" ".join(name).rstrip(":,"), text, ""))
            name = []
        elif not name and found and found[-1].change_pct is None and _CHANGE.fullmatch(text):
            found[-1] = Member(found[-1].name, found[-1].market_value, _change(found[-1].name, text))
        elif any(c.isalpha() for c in text):
            name.append(text)
        else:
            raise UserError(
                f"I could not read {quoted(word, 30)}: write a name, its market value, perhaps its change in percent."
            )
    if name:
        raise UserError(f"{quoted(' '.join(name), MAX_NAME)} has no market value after it.")
    return _checked(found)


def read_constituent_table(text: str) -> tuple[Member, ...]:
    """The constituents in a CSV: name, market value, and perhaps the change in percent; a heading may name the columns.

    Raises UserError for a formula, more than 1 MB or 5,000 rows, a value that is no number or not above zero.
    """
    places: tuple[int, int, int | None] = (0, 1, 2)
    found: list[Member] = []
    first = True
    for number, cells in read_table(text, "The file"):
        heading = _heading(cells) if first else None
        first = False
        if heading is not None:
            places = heading
            continue
        texts = [cells[place] if place is not None and place < len(cells) else "" for place in places]
        try:
            found.append(_member(*texts))
        except UserError as error:
            raise UserError(f"Line {number}: {error.message}", error.code) from None
    return _checked(found)


def _heading(cells: Sequence[str]) -> tuple[int, int, int | None] | None:
    """The places of the columns, when these cells are a heading. Raises UserError when it lacks one."""
    folded = [cell.casefold() for cell in cells]

    def place(names: Sequence[str]) -> int | None:
        return next((folded.index(name) for name in names if name in folded), None)

    name, value = place(_NAMES), place(_VALUES)
    if name is None and value is None:
        return None
    if name is None or value is None:
        raise UserError("The heading of the file needs the columns name and market_value.")
    return name, value, place(_CHANGES)


def _member(name: str, value: str, change: str) -> Member:
    if not name:
        raise UserError("a name is missing.")
    shown = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
    match = _VALUE.fullmatch(value)
    if match is None:
        raise UserError(f"the market value of {quoted(shown)} is {quoted(value, 30)}, which is not a number.")
    amount = float(match[1].replace(",", "").replace("−", "-")) * _SIZES[(match[2] or "").casefold()]
    if not 0 < amount < 1e18:
        raise UserError(f"the market value of {quoted(shown)} must be more than zero.", "not_positive")
    return Member(shown, amount, _change(shown, change) if change else None)


def _change(name: str, text: str) -> float:
    match = re.fullmatch(r"([-+−]?\d+(?:\.\d+)?)\s?%?", text)
    if match is None:
        raise UserError(f"the change of {quoted(name)} is {quoted(text, 30)}, which is not a number of percent.")
    value = float(match[1].replace("−", "-"))
    if not -100 <= value <= 1e6:
        raise UserError(f"a change of {quoted(text, 30)} is not possible: nothing falls by more than 100 %.")
    return value


def _checked(found: Sequence[Member]) -> tuple[Member, ...]:
    if not found:
        raise UserError("There is nothing to weigh: give names with market values, as in AAPL 3000 +1% MSFT 2500 -2%.")
    if len(found) > MAX_ROWS:
        raise UserError(f"There are {len(found):,} rows; {MAX_ROWS:,} are the most.")
    seen: set[str] = set()
    for one in found:
        if one.name.casefold() in seen:
            raise UserError(f"{quoted(one.name)} stands there twice.")
        seen.add(one.name.casefold())
    return tuple(found)
