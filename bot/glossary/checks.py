"""What a glossary must satisfy beyond its types. Each check returns sentences; none stops at the first fault."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from bot.glossary.arithmetic import evaluate
from bot.glossary.normal import normalise, slug
from bot.glossary.term import Formula, Term, Worked

SHORT = (40, 200)
DEFINITION = (150, 900)
SENTENCES = (2, 5)
RELATED = (2, 6)
HINT_WORDS = (3, 18)
RUN = 8

TITLE_LIMIT = 256
FIELD_LIMIT = 1024
EMBED_LIMIT = 6000
# What the reply adds around an entry: field names, labels, the lines of the live numbers.
_RESERVE = 600

_TOLERANCE = 1e-3

_STOP = re.compile(r"[.!?](?=\s|$)")
_ABBREVIATED = re.compile(r"\b(?:U\.S|U\.K|e\.g|i\.e|vs|p\.m|a\.m)\.")
_MARKUP = re.compile(r"[*_`~|]{2}|\n|<@|https?:")
_WORD = re.compile(r"[a-z0-9']+")

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
    """Yield the names that two terms share without standing in the table of ambiguous names, and names that are empty."""
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

    Every sixth-word run at a multiple of three is kept. Eight shared words hold one of those whatever their offset,
    so each text is held against a third of the runs before it, by set operations; only hits are read word by word.
    """
    kept: dict[tuple[str, ...], tuple[str, list[str], int]] = {}
    told: set[tuple[str, str]] = set()
    for term in terms:
        mine: dict[tuple[str, ...], tuple[str, list[str], int]] = {}
        for text in (term.short, term.definition, term.example, term.pitfall):
            words = _WORD.findall(text.lower())
            runs = list(zip(words, words[1:], words[2:], words[3:], words[4:], words[5:], strict=False))
            for run in kept.keys() & set(runs):
                other, others, at = kept[run]
                shared = _shared(words, runs.index(run), others, at)
                if shared and (term.id, other) not in told:
                    told.add((term.id, other))
                    yield f"{term.id}: shares {RUN} words with {other}: {' '.join(shared)!r}"
            mine.update((run, (term.id, words, 3 * place)) for place, run in enumerate(runs[::3]))
        kept.update(mine)


def _shared(words: list[str], at: int, others: list[str], there: int) -> list[str]:
    """Return the run that two texts share around the places where six words agree, [] when it is short of RUN."""
    start = 0
    while start < min(at, there) and words[at - start - 1] == others[there - start - 1]:
        start += 1
    end = 6
    while at + end < len(words) and there + end < len(others) and words[at + end] == others[there + end]:
        end += 1
    return words[at - start : at + end] if start + end >= RUN else []


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
    if not SHORT[0] <= len(term.short) <= SHORT[1]:
        yield f"short has {len(term.short)} characters, not {SHORT[0]} to {SHORT[1]}"
    if not term.short.endswith(".") or _sentences(term.short) != 1:
        yield "short must be one sentence with a full stop"
    if normalise(term.short).startswith(normalise(term.term) + " "):
        yield "short must not open with the term"
    if not DEFINITION[0] <= len(term.definition) <= DEFINITION[1]:
        yield f"definition has {len(term.definition)} characters, not {DEFINITION[0]} to {DEFINITION[1]}"
    if not SENTENCES[0] <= _sentences(term.definition) <= SENTENCES[1]:
        yield f"definition has {_sentences(term.definition)} sentences, not {SENTENCES[0]} to {SENTENCES[1]}"
    if term.short[:-1] in term.definition:
        yield "definition repeats short"
    for hint in term.hints:
        if not HINT_WORDS[0] <= len(hint.split()) <= HINT_WORDS[1]:
            yield f"the hint {hint!r} must have {HINT_WORDS[0]} to {HINT_WORDS[1]} words"
    yield from _embed_faults(term)
    if term.as_of is not None and not _is_date(term.as_of):
        yield f"as_of {term.as_of!r} is not a date"


def _embed_faults(term: Term) -> Iterator[str]:
    if len(term.term) > TITLE_LIMIT:
        yield f"term is longer than {TITLE_LIMIT} characters"
    formula = term.formula
    lines = [formula.text, *(f"{symbol}: {meaning}" for symbol, meaning in formula.where.items())] if formula else []
    fields = {
        "example": term.example,
        "pitfall": term.pitfall,
        "formula": "\n".join(lines),
        "aliases": ", ".join(term.aliases),
        "sources": "\n".join(f"[{source.title}]({source.url})" for source in term.sources),
    }
    for field, text in fields.items():
        if len(text) > FIELD_LIMIT:
            yield f"{field} is longer than {FIELD_LIMIT} characters"
        if field in {"example", "pitfall"} and not text.strip():
            yield f"{field} is empty"
    for field in ("short", "definition", "example", "pitfall"):
        if _MARKUP.search(getattr(term, field)):
            yield f"{field} holds mark-up, a link or a line break"
    if len(term.term) + len(term.short) + len(term.definition) + sum(map(len, fields.values())) + _RESERVE > EMBED_LIMIT:
        yield f"the whole entry is longer than {EMBED_LIMIT} characters"


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
    if "." in text[:-1]:
        text = _ABBREVIATED.sub("", text)
    return len(_STOP.findall(text))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
