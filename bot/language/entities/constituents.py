"""Constituents of an index as people write them: `AAPL 3000 +1% MSFT 2.5bn -2,5%`, or a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.errors import UserError, quoted
from bot.language.entities.numbers import SCALES, read_scaled
from bot.language.entities.tables import MAX_ROWS, read_table, refuse_formulas
from bot.language.tokens import MONEY_SIGNS
from bot.market.index import Member
from bot.text import plain_signs

MAX_NAME = 60
_LARGEST = Decimal(10) ** 18
_NAMES = ("name", "symbol", "ticker", "company", "constituent", "member")
_VALUES = ("market_value", "market value", "marketvalue", "market cap", "market_cap", "marketcap", "value", "cap")
_CHANGES = ("change_pct", "change", "change %", "change_percent", "move", "return")


def read_constituents(text: str) -> tuple[Member, ...]:
    """The constituents in a text: a name of one or more words, a market value, perhaps a change in percent, and so on.

    Raises UserError naming what could not be read.
    """
    words = plain_signs(text).split()
    refuse_formulas(words, 1)
    found: list[Member] = []
    name: list[str] = []
    at = 0
    while at < len(words):
        word = words[at].strip(";|").removesuffix(",")
        value = _value_at(words, at, word) if name else ""
        change = "" if name else _change_at(words, at, word, found)
        if value:
            found.append(_member(" ".join(name).rstrip(":,"), value, ""))
            name = []
        elif change:
            found[-1] = Member(found[-1].name, found[-1].market_value, _change(found[-1].name, change))
        elif any(c.isalpha() for c in word):
            name.append(word)
        elif word not in {"", ":"}:
            wanted = "write a name, its market value, perhaps its change in percent"
            raise UserError(f"I could not read {quoted(words[at], 30)}: {wanted}.")
        at += max(1, len((value or change).split()))
    if name:
        raise UserError(f"{quoted(' '.join(name), MAX_NAME)} has no market value after it.")
    return _checked(found)


def _value_at(words: Sequence[str], at: int, word: str) -> str:
    """The text of a market value: "3000", "3 trillion"; "" where there is none."""
    if read_scaled(word) is None:
        return ""
    scale = words[at + 1].strip(",;|").lower() if at + 1 < len(words) else ""
    spoken = word[-1].isdigit() and scale in SCALES and len(scale) > 1
    return f"{word} {scale}" if spoken else word


def _change_at(words: Sequence[str], at: int, word: str, found: Sequence[Member]) -> str:
    """The text of the last one's change: "+1%", "2.5 %", "-2"; "" where there is none, or it has one already."""
    if not found or found[-1].change_pct is not None or read_scaled(word.rstrip("%")) is None:
        return ""
    apart = words[at + 1 : at + 2] == ["%"]
    signed = word.startswith(("+", "-")) or word.endswith("%")
    return f"{word} %" if apart else word if signed else ""


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
    amount = read_scaled(plain_signs(value).strip().strip(MONEY_SIGNS).replace(" ", ""))
    if amount is None:
        raise UserError(f"the market value of {quoted(shown)} is {quoted(value, 30)}, which is not a number.")
    if not 0 < amount < _LARGEST:
        raise UserError(f"the market value of {quoted(shown)} must be more than zero.", "not_positive")
    return Member(shown, float(amount), _change(shown, change) if change else None)


def _change(name: str, text: str) -> float:
    value = read_scaled(plain_signs(text).rstrip("% "))
    if value is None:
        raise UserError(f"the change of {quoted(name)} is {quoted(text, 30)}, which is not a number of percent.")
    if not -100 <= value <= 10**6:
        raise UserError(f"a change of {quoted(text, 30)} is not possible: nothing falls by more than 100 %.")
    return float(value)


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
