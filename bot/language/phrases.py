"""Phrases in data files, one a line, in a small language that reads like what people write.

| in a phrase | stands for |
|---|---|
| `how much` | these words, in this order |
| `(up|down)` | one of these |
| `[the]`, `[a|an]` | one of these or nothing; joined to a word, its ending: `alert[s]` |
| `{and|so}` | any number of these |
| `*` | any one word; joined to a word, any ending: `outperform*` |
| `~3` | up to three words |
| `...` | whatever stands between |
| `&(x|y)`, `!(x|y)`, `!&(x|y)` | later there is; next there is not; later there is not |
| `^`, `$` | the message begins, ends here |
| `<name>` | a list defined above as `<name> = x|y`; `<term>` is where the name of a term stands |
| `SYM PAIR CUR AMT PER DATE NUM PCT RSTAR` | a symbol, a currency pair, a currency, an amount, a look-back, a date, … |

`== 4` opens a section; `#` begins a comment; an indented line continues the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_DEFINED = re.compile(r"<(\w+)> = ")
_NAMED = re.compile(r"<(\w+)>")
_ATOM = re.compile(
    r"[(\[{](?:[\w@' ]+\|)*[\w@' ]+[)\]}]|!?&?\(|[\[{)\]}| ]|\*|\.\.\.|~\d+|\^|\$(?=[|)\]]|$)|[^\s()\[\]{}|*~]+"
)
_WEIGHT = re.compile(r"\d+(?:\.\d+)?")
_END = r"(?![^ ])"
_FLAT = re.compile(r"[^()\[\]{}|*~^$.!<>]+")


def read_lines(name: str) -> tuple[str, ...]:
    """The lines of a data file without comments; continued lines are joined."""
    lines: list[str] = []
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += line.strip() if lines[-1].endswith("|") else f" {line.strip()}"
        elif line and not line.startswith("#"):
            lines.append(line.rstrip())
    return tuple(lines)


def read_words(name: str) -> frozenset[str]:
    """The words of a data file that lists words."""
    return frozenset(word for line in read_lines(name) for word in line.split())


@cache
def read_names(folder: str) -> tuple[str, ...]:
    """The names of the data files of a folder, without their ending."""
    return tuple(sorted(file.stem for file in (_DATA / folder).glob("*.txt")))


def read_all(folder: str) -> tuple[str, ...]:
    """The lines of every data file of a folder."""
    return tuple(line for name in read_names(folder) for line in read_lines(f"{folder}/{name}.txt"))


@cache
def read_sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of a data file by section, with the lists they name written out. Sections before any title: ""."""
    lists: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    title = ""
    for raw in read_lines(name):
        line = _NAMED.sub(lambda named: lists.get(named[1], named[0]), raw) if "<" in raw else raw
        if (defined := _DEFINED.match(raw)) is not None:
            lists[defined[1]] = f"({line.split(' = ', 1)[1]})"
        elif line.startswith("== "):
            title = line.removeprefix("== ")
        else:
            sections.setdefault(title, []).append(line)
    return {title: tuple(phrases) for title, phrases in sections.items()}


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of a phrase between two spaces.

    `repeat` is a quantifier that takes the space with it. `free` needs no space before it. `needs` holds words of which
    one must be there, None where that is not known; `single` says that they are all that the item can be.
    """

    regex: str
    repeat: str = ""
    free: bool = False
    needs: frozenset[str] | None = None
    single: bool = False


_MARKS = {mark: _Item(regex, free=True) for mark, regex in {"...": rf"{_END}.*", "^": "^", "$": "$"}.items()}
_MARKS["<term>"] = _Item("(?P<term>.+?)")
_REPEATS = {"(": "", "[": "?", "{": "*"}


class _PhraseReader:
    """Reads a phrase: the regular expression that it stands for, and the words that it cannot do without."""

    def __init__(self, text: str) -> None:
        self._atoms = _ATOM.findall(text)
        self._at = 0

    def read(self) -> tuple[str, tuple[frozenset[str], ...]]:
        """The regular expression, and sets of words of each of which one must be there."""
        items = self._items()
        return _joined(items), tuple(item.needs for item in items if item.needs and not item.repeat)

    def _next(self) -> str:
        return self._atoms[self._at] if self._at < len(self._atoms) else ""

    def _items(self) -> list[_Item]:
        """The items up to the end of the phrase or of the way in a group."""
        items: list[_Item] = []
        while self._next() not in {"", "|", ")", "]", "}"}:
            if self._next() == " ":
                self._at += 1
            else:
                items.append(self._item())
        return items

    def _item(self) -> _Item:
        parts: list[_Item] = []
        while self._next() not in {"", " ", "|", ")", "]", "}"}:
            parts.append(self._part())
        if len(parts) == 1:
            return _Item(r"\w+") if parts[0].regex == r"\w*" else parts[0]
        regex = "".join(f"(?:{part.regex}){part.repeat}" if part.repeat else part.regex for part in parts)
        if not all(part.single and part.needs for part in parts):
            return _Item(regex)
        words = frozenset({""})
        for part in parts:
            ends = (part.needs or frozenset()) | ({""} if part.repeat else frozenset())
            words = frozenset(start + end for start in words for end in ends)
        return _Item(regex, needs=words, single=True)

    def _part(self) -> _Item:
        atom = self._next()
        self._at += 1
        if atom in _REPEATS:
            return self._group(_REPEATS[atom])
        if atom[0] in _REPEATS:
            return _plain_group(atom)
        if atom.endswith("("):
            inside = self._group("").regex
            kind = "!" if atom.startswith("!") else "="
            return _Item(f"(?{kind}{'.*' if '&' in atom else ''} {inside}{_END})", free=True)
        if atom.startswith("~"):
            return _Item(r"\w+", f"{{0,{atom[1:]}}}?")
        if atom == "*":
            return _Item(r"\w*")
        return _MARKS.get(atom) or _Item(re.escape(atom), needs=frozenset({atom}), single=True)

    def _group(self, repeat: str) -> _Item:
        """A group up to its closing bracket. A way that is only `$` needs no space before it."""
        ways = [self._items()]
        while self._next() == "|":
            self._at += 1
            ways.append(self._items())
        self._at += 1
        solid = [way for way in ways if way != [_MARKS["$"]]]
        firsts = [next((item.needs for item in way if item.needs and not item.repeat), None) for way in solid]
        needs = frozenset[str]().union(*(first or () for first in firsts)) if all(firsts) else None
        regex = f"(?:{'|'.join(map(_joined, solid))})"
        if len(solid) < len(ways):
            return _Item(f"(?: {regex}|$)", free=True)
        return _Item(regex, repeat, needs=needs, single=all(len(way) == 1 and way[0].single for way in ways))


def _plain_group(group: str) -> _Item:
    """A group of words without any sign, as most are: `(up|down|going up)`."""
    ways = group[1:-1].split("|")
    needs = frozenset(way.split()[0] for way in ways)
    return _Item(f"(?:{'|'.join(ways)})", _REPEATS[group[0]], needs=needs, single=not any(" " in way for way in ways))


def _joined(items: Iterable[_Item]) -> str:
    """The regular expression of items with a space between each two; what may be missing takes its space along."""
    out, begun = "", False
    for item in items:
        if item.free:
            out += item.regex
        elif item.repeat:
            out += f"(?: {item.regex}){item.repeat}" if begun else f"(?:{item.regex} ){item.repeat}"
        else:
            out += f" {item.regex}" if begun else item.regex
            begun = True
    return out


class Phrase:
    """One phrase: the regular expression it stands for, made when first needed, and the words it cannot do without.

    With `plural`, its last word may have an s more.
    """

    def __init__(self, text: str, *, plural: bool = False) -> None:
        self.text = text
        self._plural = plural

    @cached_property
    def _read(self) -> tuple[str, tuple[frozenset[str], ...]]:
        pattern, needs = _PhraseReader(self.text).read()
        if self._plural:
            needs = tuple(words | {f"{word}s" for word in words} for words in needs)
        return pattern, needs

    @property
    def pattern(self) -> str:
        """The regular expression, for those who join several."""
        return self._read[0]

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(f"(?<![^ ]){self.pattern}{'s?' if self._plural else ''}{_END}")

    @property
    def told_by(self) -> frozenset[str]:
        """Words of which a line with the phrase has one: the shortest list there is; empty where there is none."""
        return min(self._read[1], key=len, default=frozenset())

    def occurs(self, line: str, words: frozenset[str]) -> bool:
        """Whether it occurs in a line, which consists of `words`."""
        return all(not words.isdisjoint(needed) for needed in self._read[1]) and bool(self._regex.search(line))


class PhraseTable:
    """Phrases that are looked for together; those without any sign are looked for as they stand.

    They are found by a word that they cannot do without, so that a line is held only against the few that it may have.
    """

    def __init__(self, phrases: Sequence[str], *, plural: bool = False) -> None:
        self._spelt = tuple(text for text in phrases if _FLAT.fullmatch(text))
        self._signed = tuple(Phrase(text, plural=plural) for text in phrases if not _FLAT.fullmatch(text))
        self._ends = ("", "s") if plural else ("",)

    @cached_property
    def _spelt_by_word(self) -> dict[str, list[str]]:
        """The phrases without a sign, spaces around them, by their first word."""
        found: dict[str, list[str]] = {}
        for text in (f"{text}{end}" for text in self._spelt for end in self._ends):
            found.setdefault(text.split(" ", 1)[0], []).append(f" {text} ")
        return found

    @cached_property
    def _signed_by_word(self) -> dict[str, list[Phrase]]:
        """The other phrases by each word that tells of them; those that no word tells of under none."""
        found: dict[str, list[Phrase]] = {}
        for phrase in self._signed:
            for word in phrase.told_by or ("",):
                found.setdefault(word, []).append(phrase)
        return found

    def occurs(self, line: str, words: frozenset[str] | None = None) -> bool:
        """Whether one of the phrases occurs in a line, which consists of `words`."""
        words = frozenset(line.split()) if words is None else words
        padded = f" {line} "
        spelt, signed = self._spelt_by_word, self._signed_by_word
        if any(text in padded for word in words & spelt.keys() for text in spelt[word]):
            return True
        return any(phrase.occurs(line, words) for word in (words | {""}) & signed.keys() for phrase in signed[word])


def any_of(phrases: Iterable[str]) -> str:
    """One regular expression for several phrases, the earlier before the later, for those who need where it matched."""
    return f"(?:{'|'.join(Phrase(text).pattern for text in phrases)})"


def phrase_weight(command: str, line: str, words: frozenset[str]) -> float:
    """The weight of the heaviest phrase of a command in a line, which consists of `words`; 0 where it has none."""
    return next((weight for weight, table in _weighed(command) if table.occurs(line, words)), 0.0)


@cache
def section(command: str, title: str) -> PhraseTable:
    """The phrases of a command under one title. Raises KeyError where its file has no such title."""
    return PhraseTable(read_sections(f"phrases/{command}.txt")[title])


@cache
def _weighed(command: str) -> tuple[tuple[float, PhraseTable], ...]:
    """The phrases of a command by weight, the heaviest first; sections with another title are for its hooks."""
    name = f"phrases/{command}.txt"
    titles = read_sections(name) if (_DATA / name).is_file() else {}
    weights = sorted((float(title) for title in titles if _WEIGHT.fullmatch(title)), reverse=True)
    return tuple((weight, PhraseTable(titles[f"{weight:g}"])) for weight in weights)
