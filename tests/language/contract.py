"""The contract of a route, and a short notation for expected routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.language.message import Message

Reader = Callable[[str], Message]

REASONS = {"advice", "forecast", "out_of_scope", "unsafe"}
CONDITION = re.compile(r"rally_starts|rally_ends|range_breaks|(?:roc|price)_(?:above|below):-?\d+(?:\.\d*[1-9])?")
SYMBOL = re.compile(r"\^[A-Z0-9]{1,6}|[A-Z0-9]{1,6}(?:-[A-Z]{1,3})?|[A-Z]{3}/[A-Z]{3}")
REQUIRED = {
    "define": {"term"},
    "contrast": {"terms"},
    **{command: {"symbol"} for command in ("roc", "rally", "range", "quote", "chart")},
    **{command: {"symbols"} for command in ("compare", "rank")},
    "rate": {"base", "quote"},
    "rstar": set(),
    "index": {"name"},
    "alert": {"symbol", "condition"},
    "help": set(),
    "decline": {"reason"},
}
OPTIONAL = {
    **{command: {"as_of"} for command in ("rally", "range", "quote", "rstar")},
    **{command: {"as_of", "periods"} for command in ("roc", "chart", "compare", "rank")},
    "rate": {"as_of", "amount"},
}


def faults(command: str, options: dict[str, Any]) -> list[str]:
    """What is wrong with a route by the contract; nothing when it is valid."""
    if command not in REQUIRED:
        return [f"no such command: {command}"]
    required, optional = REQUIRED[command], OPTIONAL.get(command, set())
    found = [f"missing {name}" for name in required - set(options)]
    found += [f"unknown {name}" for name in set(options) - required - optional]
    return found + [f"{name}: {value!r}" for name, value in options.items() if not _fits(name, value)]


def _fits(name: str, value: Any) -> bool:
    checks = {
        "term": lambda v: isinstance(v, str) and bool(re.fullmatch(r"[a-z0-9-]+", v)),
        "terms": lambda v: len(set(v)) == 2,
        "symbol": lambda v: bool(SYMBOL.fullmatch(v)),
        "symbols": lambda v: len(set(v)) == len(v) >= 2 and all(map(SYMBOL.fullmatch, v)),
        "periods": lambda v: v == "ytd" or (type(v) is int and 1 <= v <= 5000),
        "as_of": lambda v: date.fromisoformat(v).isoformat() == v,
        "base": lambda v: bool(re.fullmatch("[A-Z]{3}", v)),
        "quote": lambda v: bool(re.fullmatch("[A-Z]{3}", v)),
        "amount": lambda v: type(v) in {int, float} and abs(v) < 1e16,
        "name": lambda v: v == "RUT",
        "condition": lambda v: bool(CONDITION.fullmatch(v)),
        "reason": lambda v: v in REASONS,
    }
    return checks[name](value)


def expected(notation: str) -> list[dict[str, Any]]:
    """The routes of "roc IWM 10 @2009-06-01 || quote IWM": command, options in their order, `|` between equals."""
    return [_one(part.split()) for part in notation.split(" || ")]


def _one(words: list[str]) -> dict[str, Any]:
    command, *rest = words
    options: dict[str, Any] = {}
    if rest and rest[-1].startswith("@"):
        options["as_of"] = rest.pop()[1:]
    if command in {"roc", "chart", "compare", "rank"} and len(rest) > 1 and re.fullmatch(r"\d+|ytd", rest[-1]):
        options["periods"] = rest[-1] if rest[-1] == "ytd" else int(rest[-1])
        rest.pop()
    names = {"contrast": "terms", "compare": "symbols", "rank": "symbols"}
    if command in names:
        options[names[command]] = rest
    elif command == "rate":
        options |= {"base": rest[0], "quote": rest[1]} | ({"amount": float(rest[2])} if len(rest) > 2 else {})
    elif command == "alert":
        options |= {"symbol": rest[0], "condition": rest[1]}
    elif command == "index":
        options["name"] = "RUT"
    elif rest:
        name = {"define": "term", "decline": "reason"}.get(command, "symbol")
        options[name] = rest[0].split("|") if "|" in rest[0] else rest[0]
    return {"command": command, "options": options}


def agrees(command: str, options: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a route is what was wanted: lists of symbols and terms as sets, a list elsewhere as a choice."""
    if command != wanted["command"] or set(options) != set(wanted["options"]):
        return False
    for name, value in wanted["options"].items():
        found = options[name]
        if name in {"symbols", "terms"}:
            same = set(found) == set(value)
        else:
            same = found in value if isinstance(value, list) else found == value
        if not same:
            return False
    return True
