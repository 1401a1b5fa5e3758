"""The contract of a route, and a short notation for expected routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.commands.registry import build_registry
from bot.language.message import Message

Reader = Callable[[str], Message]

REASONS = {"advice", "forecast", "out_of_scope", "unsafe"}
CONDITION = re.compile(r"rally_starts|rally_ends|range_breaks|(?:roc|price)_(?:above|below):-?\d+(?:\.\d*[1-9])?")
SYMBOL = re.compile(
    r"\^[A-Z0-9]{1,12}|[A-Z0-9&]{1,12}(?:-[A-Z0-9]{1,8})?(?:\.[A-Z]{1,3})?|[A-Z]{3}/[A-Z]{3}|[A-Z0-9]{1,4}(?:[A-Z]\d\d)?=F"
)
REGISTRY = build_registry()
# What a typed call may leave out and a question that is read as one names.
NAMED = {"alert": {"condition"}, "index": {"name"}}
LISTS = {"terms", "symbols"}
# What JSON calls the values of an option that stands under a name of its own.
WRITTEN = {"market": ["symbol", "exchange"]}


def options_of(command: str) -> tuple[list[str], set[str]]:
    """The options of a command in their order, and those that a route has in any case. Raises KeyError."""
    if command == "decline":
        return ["reason"], {"reason"}
    entry = REGISTRY.get(command)
    if entry is None or entry.intent is None:
        raise KeyError(command)
    required = {option.name for option in entry.options if option.required}
    names = [name for option in entry.options for name in WRITTEN.get(option.name, [option.name])]
    return names, required | NAMED.get(command, set())


def faults(command: str, options: dict[str, Any]) -> list[str]:
    """What is wrong with a route by the contract; nothing when it is valid."""
    try:
        known, required = options_of(command)
    except KeyError:
        return [f"no such command: {command}"]
    allowed = {*known, "since"} if "periods" in known else {*known}
    found = [f"missing {name}" for name in required - set(options)]
    found += [f"unknown {name}" for name in set(options) - allowed]
    return found + [f"{name}: {value!r}" for name, value in options.items() if not _fits(name, value)]


def _fits(name: str, value: Any) -> bool:
    checks = {
        "term": lambda v: isinstance(v, str) and bool(re.fullmatch(r"[a-z0-9-]+", v)),
        "terms": lambda v: len(set(v)) == 2,
        "symbol": lambda v: bool(SYMBOL.fullmatch(v)),
        "symbols": lambda v: len(set(v)) == len(v) >= 2 and all(map(SYMBOL.fullmatch, v)),
        "periods": lambda v: v == "ytd" or (type(v) is int and 1 <= v <= 5000),
        "since": lambda v: date.fromisoformat(v).isoformat() == v,
        "as_of": lambda v: date.fromisoformat(v).isoformat() == v,
        "base": lambda v: bool(re.fullmatch("[A-Z]{3}", v)),
        "quote": lambda v: bool(re.fullmatch("[A-Z]{3}", v)),
        "amount": lambda v: type(v) in {int, float} and abs(v) < 1e16,
        "name": lambda v: v == "RUT",
        "condition": lambda v: bool(CONDITION.fullmatch(v)),
        "reason": lambda v: v in REASONS,
    }
    return checks[name](value) if name in checks else isinstance(value, str | int | float)


def expected(notation: str) -> list[dict[str, Any]]:
    """The routes of "roc IWM 10 @2009-06-01 || quote IWM": command, options in their order, `|` between equals.

    An option may stand under its name: "hours exchange=XTKS".
    """
    return [_one(part.split()) for part in notation.split(" || ")]


def _one(words: list[str]) -> dict[str, Any]:
    command, *rest = words
    known, _ = options_of(command)
    options: dict[str, Any] = dict(word.split("=") for word in rest if "=" in word[1:])
    rest = [word for word in rest if "=" not in word[1:]]
    if rest and rest[-1].startswith("@"):
        options["as_of"] = rest.pop()[1:]
    if "periods" in known and len(rest) > 1 and re.fullmatch(r"\d+|ytd", rest[-1]):
        last = rest.pop()
        options["periods"] = last if last == "ytd" else int(last)
    if command == "index":
        options["name"] = "RUT"
    elif known and known[0] in LISTS:
        options[known[0]] = rest
    else:
        options |= {name: _value(name, text) for name, text in zip(known, rest, strict=False)}
    return {"command": command, "options": options}


def _value(name: str, text: str) -> Any:
    return float(text) if name == "amount" else text.split("|") if "|" in text else text


def agrees(command: str, options: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a route is what was wanted: lists of symbols and terms as sets, a list elsewhere as a choice."""
    if command != wanted["command"] or set(options) != set(wanted["options"]):
        return False
    for name, value in wanted["options"].items():
        found = options[name]
        if name in LISTS:
            same = set(found) == set(value)
        else:
            same = found in value if isinstance(value, list) else found == value
        if not same:
            return False
    return True
