"""One spelling per name: what every lookup compares.

Case, accents, styled letters, punctuation, dashes, hidden characters and look-alike letters of other scripts are
levelled; what tells two terms apart is kept as words (`r*` -> "r star", `S&P` -> "s and p", `%R` -> "percent r",
`OPEC+` -> "opec plus", `σ` -> "sigma") and a leading `$` stays, so that `$TICK` is not a tick.
"""

from __future__ import annotations

import re
import unicodedata

from bot.text import fold

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ψ": "psi",
    "ω": "omega",
}
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһкмтнвгβαοιυνρτκεηχγω", "aeopcyxijsdhkmthbrbaoiuvptkenxyw")
_MOST_SYMBOLS = 64

_LATIN = re.compile(r"[a-z]")
_NOT_LATIN = re.compile(r"[α-ωа-яѐ-ӿԁ]")

_STAR = re.compile(r"(?<![a-z0-9*])([a-z])\s?\*(?![a-z0-9*])")
_DOTTED = re.compile(r"(?<![a-z0-9])(?:[a-z]\.){2,}(?:[a-z](?![a-z0-9]))?")
_STRAY_DOLLAR = re.compile(r"\$(?![a-z])|(?<=[a-z0-9$])\$")
_PLUS = re.compile(r"(?<=[a-z0-9])\+|\+(?=[a-z0-9])")
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_WORD = re.compile(r"\$?[^\W_]+")
_REPEAT = re.compile(r"(.+?)\1+", re.DOTALL)


def normalise(text: str) -> str:
    """Return the one spelling of `text`: words of lower-case letters and digits, one space apart, perhaps none.

    Works on any text, and a second pass changes nothing. Symbols without letters (emoji) survive as a last word of
    their own, repeats collapsed, so that a rocket alone is still a name.
    """
    lower = text.lower()
    if _PLAIN.fullmatch(lower):
        return lower
    symbols = ""
    if text.isascii():
        words = _words(fold(text).replace("'", ""))
    else:
        level = fold(text).replace("'", "")
        symbols = _symbols(level)
        words = [_latin(word) for word in _words(level)]
    return " ".join([*words, symbols] if symbols else words)


def compact(normal: str) -> str:
    """Return a normal form without its spaces: "head and shoulders" and "headandshoulders" are one."""
    return normal.replace(" ", "")


def is_symbols(normal: str) -> bool:
    """Whether a normal form holds no letter and no digit, as an emoji does."""
    return not any(map(str.isalnum, normal))


def slug(term: str) -> str:
    """Return the id of a term: ASCII-folded, lower case, every other run of characters one hyphen, ends trimmed."""
    ascii_only = unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _words(level: str) -> list[str]:
    """Spell the signs that carry meaning and cut the rest away. `level` is lower case, accents gone."""
    if "." in level:
        level = _DOTTED.sub(lambda dotted: f" {dotted[0].replace('.', '')} ", level)
    if "*" in level:
        level = _STAR.sub(r" \1 star ", level)
    if "$" in level:
        level = _STRAY_DOLLAR.sub(" ", level)
    if "+" in level:
        level = _PLUS.sub(" plus ", level)
    return _WORD.findall(level.replace("&", " and ").replace("%", " percent "))


def _latin(word: str) -> str:
    """Name a Greek letter that stands alone; undo look-alike letters in a word that is otherwise Latin."""
    if word.isascii():
        return word
    if word in _GREEK:
        return _GREEK[word]
    return word.translate(_LOOKALIKES) if _LATIN.search(word) and _NOT_LATIN.search(word) else word


def _symbols(level: str) -> str:
    """Return the emoji of a text as one word, repeats collapsed: three rockets are a rocket."""
    letters = [letter for letter in level if not letter.isascii() and unicodedata.category(letter) == "So"]
    found = "".join(letters[:_MOST_SYMBOLS])
    collapsed = _REPEAT.sub(r"\1", found)
    while collapsed != found:
        found, collapsed = collapsed, _REPEAT.sub(r"\1", collapsed)
    return collapsed
