"""A book of a few terms, and raw entries without a fault, for tests to spoil."""

from __future__ import annotations

from typing import Any

from bot.glossary.book import Book, read_book
from bot.glossary.normal import slug
from bot.glossary.term import Term


def term(name: str, *aliases: str, weak: tuple[str, ...] = (), hints: tuple[str, ...] = (), **fields: Any) -> Term:
    """A term with empty texts but for those given."""
    filled: dict[str, Any] = {
        "category": "macro",
        "level": "beginner",
        "short": "",
        "definition": "",
        "formula": None,
        "example": "",
        "pitfall": "",
        "related": (),
        "contrast": (),
        "commands": (),
        "sources": (),
        "as_of": None,
    }
    return Term(id=slug(name), term=name, aliases=aliases, weak_aliases=weak, hints=hints, **(filled | fields))


TERMS = (
    term(
        "R-Star",
        "r*",
        "neutral rate",
        hints=("interest level that neither heats nor cools the economy",),
        definition="Estimated real short rate at full employment with stable inflation.",
    ),
    term("Natural Rate of Unemployment", "u*", "NAIRU"),
    term("Inflation", definition="General climb of prices, measured on a basket."),
    term("Rate of Change", "ROC", category="technical-indicators"),
    term("Relative Strength Index", "RSI", category="technical-indicators"),
    term("Williams %R", "%R", "WPR", category="technical-indicators"),
    term("Head and Shoulders", "H&S", category="chart-patterns", definition="Three peaks, the middle one highest."),
    term("Hammer", "hammer candle", weak=("hammer",), category="chart-patterns"),
    term("Trading Range", "range", weak=("range",), category="price-action"),
    term("Range Trading", "trading the range", category="price-action"),
    term("Call Option", "call", "calls", weak=("call", "calls"), category="options"),
    term("Put Option", "put", weak=("put",), category="options"),
    term("Enterprise Value", "EV", category="fundamentals"),
    term("Expected Value", "EV", "+EV", category="risk-portfolio"),
    term("NYSE TICK", "$TICK", category="technical-indicators"),
    term("Cboe Volatility Index", "VIX", "fear gauge", category="index"),
    term("Bitcoin", "BTC", category="crypto"),
    term("To the Moon", "moon", "🚀", weak=("moon",), category="slang"),
    term("Diamond Hands", "💎🙌", category="slang"),
    term(
        "Short Squeeze",
        "squeezed shorts",
        hints=("bears forced to buy their shares back all at once",),
        category="equities",
        definition="Buying by trapped short sellers lifts the price further.",
    ),
    term("Balance Sheet", "statement of financial position", category="fundamentals"),
    term(
        "Quantitative Tightening",
        "QT",
        hints=("central bank lets its bonds roll off and shrinks its holdings",),
        definition="A central bank shrinks its balance sheet by letting bonds mature without replacing them.",
    ),
    term("Nasdaq-100 Index", "NDX", "Nasdaq 100", category="index"),
    term("Spoofing", "spoof", weak=("spoof",), category="market-structure"),
    term("Price-to-Earnings Ratio", "P/E", "P/E ratio", category="fundamentals"),
    term("Liquidity", "liquid", category="market-structure"),
    term("Cup and Handle", "C&H", category="chart-patterns"),
    term("Wheel Strategy", "wheeling", weak=("wheeling",), category="options"),
)

AMBIGUOUS = {"EV": ("enterprise-value", "expected-value")}
CATEGORIES = dict.fromkeys(sorted({one.category for one in TERMS}), "Title")


def small_book() -> Book:
    return Book({one.id: one for one in TERMS}, CATEGORIES, AMBIGUOUS)


_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()


def raw_entry(name: str, *links: str, **fields: Any) -> dict[str, Any]:
    """An entry as JSON holds it, without a fault as long as other entries link to it. Its words are its own."""
    own = slug(name).replace("-", "")
    entry: dict[str, Any] = {
        "id": slug(name),
        "term": name,
        "aliases": [f"{name} alias"],
        "weak_aliases": [],
        "hints": ["three words here"],
        "category": "macro",
        "level": "beginner",
        "short": "A thing " + " ".join(f"{own}{number}" for number in _NUMBERS[:6]) + ".",
        "definition": " ".join(f"{own}def{number}" for number in _NUMBERS)
        + ". It ends here, for "
        + "longer" * 12
        + own
        + ".",
        "formula": {
            "text": "a / b",
            "where": {"a": "first", "b": "second"},
            "worked": {"expression": "a / b", "values": {"a": 6, "b": 3}, "result": 2},
        },
        "example": f"{own} 6 over 3 is 2.",
        "pitfall": f"{own} is not another.",
        "related": list(links),
        "contrast": [],
        "commands": [],
        "sources": [{"title": "A page", "url": "https://example.org/a-page", "accessed": "2026-01-31"}],
        "as_of": "2026-01-31",
    }
    return entry | fields


def raw_book(**first: Any) -> dict[str, Any]:
    """A book of three entries as JSON holds it; `first` replaces fields of its first entry."""
    return {
        "$schema": "./glossary.schema.json",
        "categories": {"macro": "Macro"},
        "ambiguous": {},
        "terms": [
            raw_entry("Alpha Thing", "beta-thing", "gamma-thing") | first,
            raw_entry("Beta Thing", "alpha-thing", "gamma-thing"),
            raw_entry("Gamma Thing", "alpha-thing", "beta-thing"),
        ],
    }


def read_raw(**first: Any) -> Book:
    return read_book(raw_book(**first))
