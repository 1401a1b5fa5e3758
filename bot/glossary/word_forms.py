"""What counts as the same word: plurals, forms of a verb, numbers, short forms, synonyms, words of one sound.

Stems and sounds are cut by rules of our own. Held against the queries of `benchmarks/glossary_quality.py`, Snowball's
English stemmers answer three times as many descriptions wrongly, and Metaphone, NYSIIS and the match rating codex find
17 to 19 of 25 names that were written by ear where these rules find all. The words are in the folder `data`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("data")

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

_ENDINGS: Final = (
    *("izations", "isations", "ization", "isation", "ational", "ations", "ation", "ators", "ator", "ating", "ative"),
    *("ments", "ment", "ities", "ity", "ising", "izing", "ised", "ized", "ises", "izes", "ise", "ize", "ions", "ion"),
    *("ings", "ing", "edly", "ied", "ies", "ers", "ors", "ated", "ates", "ate", "ness", "ally", "ly", "er", "or", "ed"),
    *("es", "al", "e", "s", "y"),
)
_JOINING: Final = frozenset("a an and of the for in to by".split())
_INFLECTIONS: Final = ("ing", "ed", "er", "ion")
_SHORTEST_STEM = 4


_SOUND_RULES: Final = (
    (r"[^a-z0-9]", ""),
    (r"acqu", "akw"),
    (r"qu", "kw"),
    (r"ph", "f"),
    (r"gh(?=[^aeiou]|$)", ""),
    (r"^kn|^gn", "n"),
    (r"wr", "r"),
    (r"wh", "w"),
    (r"rh", "r"),
    (r"tch", "ch"),
    (r"cc(?=[iey])", "ch"),
    (r"(?:ss|t|c|s)ion", "shn"),
    (r"shun", "shn"),
    (r"tu(?=[laro])", "chu"),
    (r"sch", "sk"),
    (r"ck|c(?![hiey])", "k"),
    (r"c(?=[iey])", "s"),
    (r"ch(?=[lrnm])", "k"),
    (r"x", "ks"),
    (r"dg(?=[ei])", "j"),
    (r"g(?=[ei])", "j"),
    (r"z", "s"),
    (r"e$|es$", ""),
    (r"(.)\1+", r"\1"),
    (r"[aeiouy]h?(?:[aeiouy]|w(?![aeiouy]))*", "V"),
    (r"(.)\1+", r"\1"),
)


def _lines(name: str) -> list[str]:
    """The lines of a file of words, comments left out."""
    text = (_FOLDER / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _forms(name: str) -> dict[str, str]:
    """A file of `word: form form …` as form -> word."""
    rows = (line.partition(": ") for line in _lines(name))
    return {form: word for word, _, forms in rows for form in forms.split()}


@cache
def irregular_forms() -> Mapping[str, str]:
    """Forms that no ending shows, and their words: bought -> buy."""
    return _forms("irregular_forms")


@cache
def _short_forms() -> Mapping[str, str]:
    return _forms("short_forms")


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no meaning in a question."""
    return frozenset(word for line in _lines("stop_words") for word in line.split())


@cache
def opposites() -> tuple[tuple[str, str], ...]:
    """Pairs of words that turn a description into that of its twin."""
    return tuple((one, other) for one, other in map(str.split, _lines("opposites")))


@cache
def _spelled_letters() -> tuple[Mapping[str, str], frozenset[str]]:
    """How letters are spelt out, and those spellings that are words of their own: alone they show no spelling."""
    marked = _forms("spelled_letters")
    letters = {form.removesuffix("*"): letter for form, letter in marked.items()}
    return letters, frozenset(form.removesuffix("*") for form in marked if form.endswith("*"))


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
    word = singular(irregular_forms().get(word, word))
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            word = word[: -len(ending)]
            break
    if len(word) > shortest and word[-1] in "ey":
        word = word[:-1]
    if len(word) > shortest and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word


@lru_cache(maxsize=8192)
def inflected(word: str) -> str:
    """Return what a word shares with its other forms that name the same: trades, traded, trading, trader, inflation.

    Less is cut than by `stem`: what another ending makes of a word is another word ("money" is no "moneyness").
    """
    word = singular(irregular_forms().get(word, word))
    for ending in _INFLECTIONS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def canonical(word: str) -> str:
    """Return a word with a short form written out and a number as digits."""
    return _short_forms().get(word, NUMBERS.get(word, word))


def words_key(words: Iterable[str]) -> str:
    """Return words in one order, singular, numbers as digits, short forms written out: for names in any order."""
    return " ".join(sorted(singular(canonical(word)) for word in words))


def forms_key(words: Iterable[str]) -> str:
    """Return words in their order, each as all its inflected forms share it."""
    return " ".join(inflected(canonical(word)) for word in words)


def light(words: Iterable[str]) -> list[str]:
    """Return words without those that join names and mean nothing of their own: "power of the purchasing"."""
    return [word for word in words if word not in _JOINING]


def content(words: Iterable[str]) -> list[str]:
    """Return the words that carry meaning."""
    dropped = stop_words()
    return [word for word in words if word not in dropped]


def spelled_letters(words: list[str]) -> str | None:
    """Return "p e ratio" for "pee ee ratio", None when nobody seems to spell letters."""
    letters, own_words = _spelled_letters()
    if not any(word in letters for word in words) or all(word in own_words for word in words):
        return None
    return " ".join(letters.get(word, word) for word in words)


def phonetic_key(normal: str) -> str:
    """Return the sound of a normal form: consonants as heard, "V" for any run of vowels, words run together."""
    return "".join(map(_sound_of_word, normal.split()))


@cache
def _sound_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The rules compiled: not at a start, but with the first name that is spelt by ear."""
    return tuple((re.compile(pattern), heard) for pattern, heard in _SOUND_RULES)


@lru_cache(maxsize=8192)
def _sound_of_word(word: str) -> str:
    for pattern, heard in _sound_rules():
        word = pattern.sub(heard, word)
    return word
