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

NUMBERS: Final[Mapping[str, str]] = {
    word: number
    for number, words in {
        **{
            str(n): w
            for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
        },
        **{"20": "twenty", "30": "thirty", "50": "fifty", "100": "hundred", "1000": "thousand"},
        **{"1": "one once first", "2": "two twice second", "3": "three thrice third", "4": "four fourth quadruple"},
    }.items()
    for word in words.split()
}

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
_PLAIN_WORDS: Final = frozenset(
    {"see", "eye", "oh", "are", "you", "tea", "why", "ex", "em", "en", "el", "ay", "queue", "cue"}
)

IRREGULAR: Final[Mapping[str, str]] = {
    form: base
    for base, forms in {
        "buy": "bought",
        "sell": "sold",
        "hold": "held",
        "fall": "fell fallen",
        "rise": "rose risen",
        "lose": "lost losing",
        "loss": "losses",
        "pay": "paid",
        "win": "won winning",
        "grow": "grew grown",
        "take": "took taken",
        "give": "gave given",
        "go": "goes going went gone",
        "lend": "lent",
        "borrow": "borrowed",
        "spend": "spent",
        "keep": "kept",
        "leave": "left",
        "break": "broke broken",
        "shrink": "shrank shrunk",
        "drive": "drove driven",
        "bet": "bets betting",
        "become": "became becomes",
        "begin": "began begun",
        "run": "ran running",
        "choose": "chose chosen",
        "set": "sets setting",
        "bid": "bids bidding",
        "lower": "lowest",
        "high": "highest higher",
        "big": "biggest bigger",
        "large": "largest larger",
        "small": "smallest smaller",
        "cheap": "cheaper cheapest",
        "fast": "faster fastest",
        "swing": "swung",
        "cut": "cutting",
        "good": "better best",
        "bad": "worse worst",
        "half": "halves halve",
        "company": "companies",
        "child": "children",
    }.items()
    for form in forms.split()
}

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
    """Return what the forms of a word share: trading, trader, trades and traded are one.

    A rough cut, meant for comparing words with each other, not for reading. No fewer than `shortest` letters are left.
    """
    word = singular(IRREGULAR.get(word, word))
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
    fed federal reserve|central bank banker
    stock share equity|company firm business corporation
    buy purchase acquire buyer|sell dump unload offload seller
    drop fall decline plunge lower decrease slide tumble shrink|rise climb gain increase higher grow jump soar rocket
    big large huge giant biggest largest major|small little tiny smallest minor
    money cash fund dollar|price cost quote value worth
    fast quick rapid sudden sharp|bet wager gamble
    boss executive management insider|law rule regulation legal
    average mean|swing move fluctuate wiggle
    loan borrow lend debt lent owe|bank lender
    chart graph plot screen|candle candlestick bar
    fear scare afraid panic anxiety|greed greedy
    cheap inexpensive undervalued bargain|expensive pricey overvalued costly
    crypto coin token cryptocurrency|exchange venue
    guess estimate forecast predict prediction expect|job employment payroll work labor
    profit earnings income earn gain|loss lose
    government state treasury|hold keep own stay
    bottom floor low trough|top ceiling peak high
    ban stop halt pause prevent freeze|end expire expiry expiration finish
    worker employee|begin start open launch
    broker dealer|house home property estate
    trader investor speculator|fund etf
    yearly annual year annually|monthly month|daily day|weekly week
    tax levy duty|country nation|foreign abroad overseas
    cut lower reduction reduce trim|expand add increase
    sideways flat range nowhere|wild volatile choppy erratic crazy
    guarantee promise obligation commit|right permission
    regret emotion emotional angry|crowd herd everyone everybody
    group bundle basket collection|split divide separate
    robot automate automatic bot program algorithm computer software|hacker thief scam fraud
    measure gauge indicator|strength strong|weak weakness
    show display list|tell say
    order instruction|fill execute execution complete
    pay payment payout|owner holder shareholder|vote voting
    bounce rebound recover recovery|reverse turn flip reversal
    opposite inverse reverse|spread difference gap
    risk danger|safe safety secure
    temporary brief briefly shortlived|combine merge join consolidate
    want prefer favor wish|fake false phony
    famous wellknown household|stable steady
    compare versus against relative|keep stay remain continue
    stray deviate drift differ|reshuffle rebuild reconstitute rebalance reset refresh
    last final|final closing close|several many multiple various
    replace reinvest roll|fix set peg
    retire pension retirement|young new fresh
    collapse crash implode|announce report release publish
    hype promote promotion tout|amount quantity size
    trigger activate|push drive force|forced compel
    sucker victim|trap lure
    worry concern|trust confidence
    popular hot trendy|rebuy repurchase
    machine miner|identical same equal
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
