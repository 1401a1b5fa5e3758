"""What a glossary must satisfy beyond its types. Each check returns sentences; none stops at the first fault."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from bot.glossary.arithmetic import evaluate
from bot.glossary.normal import normalise, slug
from bot.glossary.term import Formula, Term, Worked

SHORT = (40, 140)
DEFINITION = (150, 900)
SENTENCES = (2, 5)
RELATED = (2, 6)
HINT_WORDS = (3, 18)
RUN = 8
_SIX = 6

TITLE_LIMIT = 256
FIELD_LIMIT = 1024
EMBED_LIMIT = 6000
# What the reply adds around an entry: field names, labels, the lines of the live numbers.
_RESERVE = 600

_TOLERANCE = 1e-3

# A full stop that ends a sentence, not an abbreviation.
_STOP = re.compile(r"[.!?](?=\s|$)(?<!U\.S\.)(?<!U\.K\.)(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)(?<!p\.m\.)(?<!a\.m\.)")
_MARKUP = ("**", "__", "``", "~~", "||", "\n", "<@", "http:", "https:")
_SPACED = str.maketrans(dict.fromkeys('.,;:!?()[]{}"“”%$/+=*&#-–—', " "))

Names = Mapping[str, Sequence[str]]


def structure_faults(terms: Sequence[Term], categories: Collection[str], ambiguous: Names) -> Iterator[str]:
    """Yield what is wrong with ids, names and links."""
    ids = {term.id for term in terms}
    yield from (f"{term}: the id stands twice" for term, count in Counter(t.id for t in terms).items() if count > 1)
    for term in terms:
        if term.id != slug(term.term) or not term.id:
            yield f"{term.id}: the id must be {slug(term.term)!r}, the slug of {term.term!r}"
        if term.category not in categories:
            yield f"{term.id}: {term.category!r} is not a category"
        yield from _link_faults(term, ids)
    yield from _symmetry_faults(terms)
    yield from name_faults(terms, ambiguous)
    yield from _ambiguous_faults(terms, ambiguous)
    linked = {link for term in terms for link in (*term.related, *term.contrast)}
    yield from (f"{term.id}: no other entry links here" for term in terms if term.id not in linked)


def name_faults(terms: Iterable[Term], ambiguous: Names) -> Iterator[str]:
    """Yield the names that two terms share and the table of ambiguous names lacks, and names that are empty."""
    owners: dict[str, set[str]] = {}
    for term in terms:
        for name in {term.term, *term.aliases, *term.weak_aliases}:
            normal = normalise(name)
            if not normal:
                yield f"{term.id}: {name!r} has no letter, digit or symbol"
            owners.setdefault(normal, set()).add(term.id)
    reviewed = {normalise(name) for name in ambiguous}
    for name, ids in owners.items():
        if len(ids) > 1 and name not in reviewed:
            yield f"{name!r} names {' and '.join(sorted(ids))}: give it to one or list it as ambiguous"


def prose_faults(terms: Sequence[Term]) -> Iterator[str]:
    """Yield what is wrong with the texts: lengths, sentences, mark-up, formulas, sources, shared runs of words."""
    for term in terms:
        for fault in (*_text_faults(term), *_formula_faults(term.formula), *_source_faults(term)):
            yield f"{term.id}: {fault}"
    yield from run_faults(terms)


def run_faults(terms: Iterable[Term]) -> Iterator[str]:
    """Yield each pair of entries that share a run of RUN words.

    Two of every three runs of six words are kept, by hash. Wherever eight shared words lie in two entries, one and the
    same six of them are kept in both, so only what is kept twice need be read word by word.
    """
    texts: list[tuple[str, list[str]]] = []
    kept: dict[int, int] = {}
    again: dict[int, list[int]] = {}
    for entry, term in enumerate(terms):
        words = _words(term)
        texts.append((term.id, words))
        mine = dict.fromkeys(_runs(words), entry)
        told: set[int] = set()
        for run in sorted(kept.keys() & mine.keys()):
            holders = again.setdefault(run, [kept[run]])
            for other in holders:
                shared = _shared(words, texts[other][1], run) if other not in told else []
                if shared:
                    told.add(other)
                    yield f"{term.id}: shares {RUN} words with {texts[other][0]}: {' '.join(shared)!r}"
            holders.append(entry)
        kept.update(mine)


def _runs(words: list[str]) -> Iterator[int]:
    """Return the hashes of the runs of six words that start at the first and second of every three words."""
    starts = ([words[first + place :: 3] for place in range(_SIX)] for first in (0, 1))
    return chain.from_iterable(map(hash, zip(*columns, strict=False)) for columns in starts)


def _words(term: Term) -> list[str]:
    """Return the words of an entry's texts; between two texts stands a word that no other entry has."""
    fence = f" <{term.id}> "
    return fence.join((term.short, term.definition, term.example, term.pitfall)).lower().translate(_SPACED).split()


def _shared(words: list[str], others: list[str], run: int) -> list[str]:
    """Return the words that two texts share around a run they have in common, [] when they are fewer than RUN."""
    at, there = _place(words, run), _place(others, run)
    start, end = 0, 0
    while start < min(at, there) and words[at - start - 1] == others[there - start - 1]:
        start += 1
    while at + end < len(words) and there + end < len(others) and words[at + end] == others[there + end]:
        end += 1
    return words[at - start : at + end] if start + end >= RUN else []


def _place(words: list[str], run: int) -> int:
    return next(at for at in range(len(words)) if hash(tuple(words[at : at + _SIX])) == run)


def _link_faults(term: Term, ids: Collection[str]) -> Iterator[str]:
    if not RELATED[0] <= len(set(term.related)) <= RELATED[1]:
        yield f"{term.id}: related must name {RELATED[0]} to {RELATED[1]} terms"
    for field, links in (("related", term.related), ("contrast", term.contrast)):
        if term.id in links:
            yield f"{term.id}: {field} names the term itself"
        yield from (f"{term.id}: {field} names {link!r}, which does not exist" for link in links if link not in ids)


def _symmetry_faults(terms: Sequence[Term]) -> Iterator[str]:
    contrasts = {term.id: term.contrast for term in terms}
    for term in terms:
        for other in term.contrast:
            if term.id not in contrasts.get(other, (term.id,)):
                yield f"{term.id}: contrast names {other!r}, whose contrast does not name it back"


def _ambiguous_faults(terms: Sequence[Term], ambiguous: Names) -> Iterator[str]:
    named = {term.id: {normalise(name) for name in (term.term, *term.aliases)} for term in terms}
    for name, ids in ambiguous.items():
        if not 2 <= len(set(ids)) <= 5:
            yield f"ambiguous: {name!r} must name 2 to 5 terms"
        yield from (f"ambiguous: {name!r} names {one!r}, which does not exist" for one in ids if one not in named)


def _text_faults(term: Term) -> Iterator[str]:
    yield from _short_faults(term)
    if not DEFINITION[0] <= len(term.definition) <= DEFINITION[1]:
        yield f"definition has {len(term.definition)} characters, not {DEFINITION[0]} to {DEFINITION[1]}"
    if not SENTENCES[0] <= (sentences := _sentences(term.definition)) <= SENTENCES[1]:
        yield f"definition has {sentences} sentences, not {SENTENCES[0]} to {SENTENCES[1]}"
    if term.short[:-1] in term.definition:
        yield "definition repeats short"
    for hint in term.hints:
        if not HINT_WORDS[0] <= len(hint.split()) <= HINT_WORDS[1]:
            yield f"the hint {hint!r} must have {HINT_WORDS[0]} to {HINT_WORDS[1]} words"
    yield from (f"{field} is empty" for field in ("example", "pitfall") if not getattr(term, field).strip())
    yield from _embed_faults(term)
    if term.as_of is not None and not _is_date(term.as_of):
        yield f"as_of {term.as_of!r} is not a date"


def _short_faults(term: Term) -> Iterator[str]:
    short = term.short
    if not SHORT[0] <= len(short) <= SHORT[1]:
        yield f"short has {len(short)} characters, not {SHORT[0]} to {SHORT[1]}"
    if not short.endswith(".") or _sentences(short) != 1:
        yield "short must be one sentence with a full stop"
    if short.casefold().startswith(f"{term.term.casefold()} "):
        yield "short must not open with the term"


def _embed_faults(term: Term) -> Iterator[str]:
    if len(term.term) > TITLE_LIMIT:
        yield f"term is longer than {TITLE_LIMIT} characters"
    lengths = {
        "example": len(term.example),
        "pitfall": len(term.pitfall),
        "formula": _formula_length(term.formula),
        "aliases": sum(map(len, term.aliases)) + 2 * len(term.aliases),
        "sources": sum(len(source.title) + len(source.url) + 5 for source in term.sources),
    }
    for field, length in lengths.items():
        if length > FIELD_LIMIT:
            yield f"{field} is longer than {FIELD_LIMIT} characters"
    texts = (term.term, term.short, term.definition)
    shown = "\r".join((*texts, term.example, term.pitfall))
    if any(mark in shown for mark in _MARKUP):
        yield "a text holds mark-up, a link or a line break"
    if sum(map(len, texts)) + sum(lengths.values()) + _RESERVE > EMBED_LIMIT:
        yield f"the whole entry is longer than {EMBED_LIMIT} characters"


def _formula_length(formula: Formula | None) -> int:
    if formula is None:
        return 0
    return len(formula.text) + sum(len(symbol) + len(meaning) + 3 for symbol, meaning in formula.where.items())


def _formula_faults(formula: Formula | None) -> Iterator[str]:
    if formula is None:
        return
    if not formula.text.strip():
        yield "formula.text is empty"
    if not formula.where:
        yield "formula.where must name every symbol"
    if formula.worked is not None:
        yield from _worked_faults(formula.worked)


def _worked_faults(worked: Worked) -> Iterator[str]:
    try:
        value = evaluate(worked.expression, worked.values)
    except ValueError as error:
        yield f"formula.worked: {error}"
        return
    if not math.isclose(value, worked.result, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE / 2):
        yield f"formula.worked: {worked.expression} is {value:.6g}, not {worked.result:.6g}"


def _source_faults(term: Term) -> Iterator[str]:
    if not term.sources:
        yield "sources must name at least one page"
    for source in term.sources:
        if not source.url.startswith("https://") or len(source.url) <= len("https://"):
            yield f"the source {source.url!r} must start with https://"
        if not source.title.strip():
            yield f"the source {source.url!r} has no title"
        if not _is_date(source.accessed):
            yield f"the source {source.url!r}: accessed is not a date"


def _sentences(text: str) -> int:
    return len(_STOP.findall(text))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
