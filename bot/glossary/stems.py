"""What counts as the same word: plurals, forms of a verb, numbers, short forms, words lay people use instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

STOP_WORDS: Final = frozenset(
    """
    a about actually again all also am an and any anyone are aren as at be been being but by can cant could did didnt do
    does doesnt doing dont each else even ever every exactly for from get gets getting got had has hasnt have having he
    her here hers him his how i id if ill im in into is isnt it its itself ive just kind kinda know let lets like lot
    lots made make makes making many may maybe me mean means might more most much must my myself need no not now of off
    oh ok okay on one ones only onto or our out own please pls plz really s same shall she should so some somebody
    someone something sort still stuff such t than that thats the their them then there theres these they theyre thing
    things this those though to too u until up upon ur us use used uses using very via was wasnt way we well were what
    whatever whats when whenever where wheres which while who whom whos whose why will with within without wont word
    would yeah yes yet you youre your yours term terms called
    """.split()
)

NUMBERS: Final[Mapping[str, str]] = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(13)),
        strict=True,
    )
)

SHORT_FORMS: Final[Mapping[str, str]] = {
    "avg": "average",
    "avgs": "average",
    "mkt": "market",
    "mkts": "market",
    "vol": "volatility",
    "div": "dividend",
    "divs": "dividend",
    "pct": "percent",
    "rel": "relative",
    "std": "standard",
    "dev": "deviation",
    "mgmt": "management",
    "govt": "government",
    "yr": "year",
    "yrs": "year",
    "hr": "hour",
    "wk": "week",
    "max": "maximum",
    "min": "minimum",
    "tech": "technical",
    "exp": "expiration",
    "opt": "option",
    "opts": "option",
    "perp": "perpetual",
    "perps": "perpetual",
    "cap": "capitalization",
    "ccy": "currency",
    "intl": "international",
    "n": "and",
}

_SPELLED_LETTERS: Final[Mapping[str, str]] = {
    **{"ay": "a", "bee": "b", "cee": "c", "see": "c", "dee": "d", "ee": "e", "eff": "f", "gee": "g", "aitch": "h"},
    **{"eye": "i", "jay": "j", "kay": "k", "ell": "l", "el": "l", "em": "m", "en": "n", "oh": "o", "pee": "p"},
    **{"cue": "q", "queue": "q", "are": "r", "ar": "r", "ess": "s", "tee": "t", "tea": "t", "you": "u", "vee": "v"},
    **{"ex": "x", "why": "y", "wye": "y", "zee": "z", "zed": "z"},
}
# Words of their own: alone they do not show that somebody spells letters.
_PLAIN_WORDS: Final = frozenset({"see", "eye", "oh", "are", "you", "tea", "why", "ex", "em", "en", "el", "ay", "queue", "cue"})

_ENDINGS: Final = (
    *("izations", "isations", "ization", "isation", "ational", "ations", "ation", "ators", "ator", "ating", "ative"),
    *("ments", "ment", "ities", "ity", "ising", "izing", "ised", "ized", "ises", "izes", "ise", "ize", "ions", "ion"),
    *("ings", "ing", "edly", "ied", "ies", "ers", "ors", "ated", "ates", "ate", "ness", "ally", "ly", "er", "or", "ed"),
    *("es", "al", "e", "s", "y"),
)
_SHORTEST_STEM = 4


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """Return a word without the ending of a plural. Words of three letters or fewer stay as they are."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=16384)
def stem(word: str, shortest: int = _SHORTEST_STEM) -> str:
    """Return what the forms of a word share: trading, trader, trades and traded are one, so are volatile and volatility.

    A rough cut, meant for comparing words with each other, not for reading. No fewer than `shortest` letters are left.
    """
    word = singular(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            word = word[: -len(ending)]
            break
    if len(word) > shortest and word[-1] in "ey":
        word = word[:-1]
    if len(word) > shortest and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word


def bag(words: Iterable[str]) -> str:
    """Return words in one order, singular, numbers as digits, short forms written out: for names in any order."""
    return " ".join(sorted(singular(SHORT_FORMS.get(word, NUMBERS.get(word, word))) for word in words))


def stemmed_bag(words: Iterable[str]) -> str:
    """Return the stems of words in one order."""
    return " ".join(sorted(stem(SHORT_FORMS.get(word, NUMBERS.get(word, word))) for word in words))


def content(words: Iterable[str]) -> list[str]:
    """Return the words that carry meaning."""
    return [word for word in words if word not in STOP_WORDS]


def spelled_letters(words: list[str]) -> str | None:
    """Return "p e ratio" for "pee ee ratio", None when nobody seems to spell letters."""
    if not any(word in _SPELLED_LETTERS for word in words):
        return None
    if all(word in _PLAIN_WORDS for word in words):
        return None
    return " ".join(_SPELLED_LETTERS.get(word, word) for word in words)


_LAY: Final = """
    fed federal reserve|central bank
    stock share equity|company firm business corporation
    buy purchase acquire bought|sell sold dump unload
    drop fall decline plunge fell lower decrease slide tumble|rise climb gain increase went higher grow jump rose
    big large huge giant biggest largest major|small little tiny smallest
    money cash funds dollars|price cost quote value worth
    fast quick rapid quickly sudden suddenly|bet wager gamble
    boss executive management insider|law rule regulation legal
    average mean|swing move fluctuate wiggle
    loan borrow lend debt lent owe borrowed|bank lender
    chart graph plot|candle candlestick bar
    fear scared afraid panic anxiety scare|greed greedy
    cheap inexpensive undervalued bargain|expensive pricey overvalued costly
    crypto coin token cryptocurrency|exchange venue
    guess estimate forecast predict prediction expect|job employment payroll work labor
    profit earnings income earn|loss lose losing lost
    government state|interest rate
    hold keep own holding|bottom floor low|top ceiling peak high
    ban stop halt pause prevent|end expire expiry expiration finish
    worker employee|begin start open beginning
    broker brokerage dealer|house home property real estate
    trader investor speculator|fund etf
    yearly annual year annually|monthly month|daily day|weekly week
    tax levy duty|country nation|foreign abroad overseas
    shrink reduce cut lower reduction|expand add increase
    sideways flat range|wild volatile choppy erratic
    guarantee promise obligation|right option
    regret emotion emotional angry revenge|crowd herd everyone everybody
    group bundle basket collection|split divide
    robot automated automatic bot program algorithm computer software|hacker thief stolen scam fraud
    measure gauge indicator tell show|strength strong|weak weakness
    order instruction|fill execute execution complete
    pay paid payment|owner holder shareholder|vote voting
    bounce rebound recover recovery|reverse turn flip reversal
    opposite inverse reverse|spread difference gap between
    risk danger|safe safety secure
""".strip()


def _lay_classes() -> dict[str, tuple[str, ...]]:
    """Map a stem to the other stems of its line: what people say instead when the word has escaped them."""
    classes: dict[str, set[str]] = {}
    for group in re.split(r"[|\n]", _LAY):
        stems = {stem(word, 3) for word in group.split()}
        for one in stems:
            classes.setdefault(one, set()).update(stems - {one})
    return {one: tuple(sorted(others)) for one, others in classes.items()}


LAY: Final = _lay_classes()
