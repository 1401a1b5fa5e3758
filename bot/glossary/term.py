"""The entry of one term as `glossary.json` holds it, and its reading: every wrong or missing field is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, cast, get_args

Level = Literal["beginner", "intermediate", "advanced"]


class Source(NamedTuple):
    """Where a fact can be checked. `accessed` is an ISO date."""

    title: str
    url: str
    accessed: str


class Worked(NamedTuple):
    """One evaluation of a formula: `expression` over `values` gives `result`, in the numbers of the example."""

    expression: str
    values: Mapping[str, float]
    result: float


class Formula(NamedTuple):
    """A formula as text, every symbol named in `where`, and a worked evaluation where it is arithmetic."""

    text: str
    where: Mapping[str, str]
    worked: Worked | None = None


class Term(NamedTuple):
    """One term of the glossary. `id` is the slug of `term`; every other field is for a reader in a chat window."""

    id: str
    term: str
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    hints: tuple[str, ...]
    category: str
    level: Level
    short: str
    definition: str
    formula: Formula | None
    example: str
    pitfall: str
    related: tuple[str, ...]
    contrast: tuple[str, ...]
    commands: tuple[str, ...]
    sources: tuple[Source, ...]
    as_of: str | None


_TEXTS = ("id", "term", "category", "level", "short", "definition", "example", "pitfall")
_LISTS = ("aliases", "weak_aliases", "hints", "related", "contrast", "commands")
_FIELDS = frozenset({*_TEXTS, *_LISTS, "formula", "sources", "as_of"})
_LEVELS = frozenset(get_args(Level))


def read_terms(raw: object, faults: list[str]) -> list[Term]:
    """Return the entries of `raw` that could be read; append a sentence to `faults` for each thing that is wrong."""
    if not isinstance(raw, list):
        faults.append("terms: must be a list of entries")
        return []
    terms = []
    for place, entry in enumerate(raw):
        wrong: list[str] = []
        term = _term(entry, wrong)
        name = entry["id"] if isinstance(entry, dict) and isinstance(entry.get("id"), str) else f"terms[{place}]"
        faults.extend(f"{name}: {fault}" for fault in wrong)
        if term is not None and not wrong:
            terms.append(term)
    return terms


def _term(raw: object, wrong: list[str]) -> Term | None:
    if not isinstance(raw, dict):
        wrong.append("must be an object")
        return None
    _keys(raw, _FIELDS, "", wrong)
    wrong.extend(f"{field} must be text" for field in _TEXTS if not isinstance(raw.get(field, ""), str))
    wrong.extend(f"{field} must be a list of texts" for field in _LISTS if not _is_texts(raw.get(field, [])))
    level = raw.get("level", "beginner")
    if not isinstance(level, str) or level not in _LEVELS:
        wrong.append(f"level must be one of {', '.join(sorted(_LEVELS))}")
    if not isinstance(raw.get("as_of"), str | None):
        wrong.append("as_of must be a date or null")
    formula = _formula(raw.get("formula"), wrong)
    sources = _sources(raw.get("sources"), wrong)
    if wrong:
        return None
    fields: dict[str, Any] = {field: raw[field] for field in _TEXTS}
    fields.update((field, tuple(raw[field])) for field in _LISTS)
    return Term(**fields, formula=formula, sources=sources, as_of=raw["as_of"])


def _formula(raw: object, wrong: list[str]) -> Formula | None:
    if raw is None:
        return None
    if not isinstance(raw, dict):
        wrong.append("formula must be an object or null")
        return None
    _keys(raw, {"text", "where"}, "formula.", wrong, optional={"worked"})
    text, where = raw.get("text", ""), raw.get("where", {})
    if not isinstance(text, str):
        wrong.append("formula.text must be text")
    if not isinstance(where, dict) or not _is_texts(list(where.values())):
        wrong.append("formula.where must map symbols to texts")
    return Formula(text, where, _worked(raw.get("worked"), wrong))


def _worked(raw: object, wrong: list[str]) -> Worked | None:
    if raw is None:
        return None
    if not isinstance(raw, dict):
        wrong.append("formula.worked must be an object or null")
        return None
    _keys(raw, {"expression", "values", "result"}, "formula.worked.", wrong)
    expression, values, result = raw.get("expression", ""), raw.get("values", {}), raw.get("result", 0.0)
    if not isinstance(expression, str):
        wrong.append("formula.worked.expression must be text")
    if not isinstance(values, dict) or not all(map(_is_number, values.values())):
        wrong.append("formula.worked.values must map names to numbers")
    if not _is_number(result):
        wrong.append("formula.worked.result must be a number")
    return Worked(expression, values, cast("float", result))


def _sources(raw: object, wrong: list[str]) -> tuple[Source, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        wrong.append("sources must be a list")
        return ()
    sources = []
    for place, source in enumerate(raw):
        if not isinstance(source, dict) or not _is_texts(list(source.values())):
            wrong.append(f"sources[{place}] must hold texts")
            continue
        _keys(source, {"title", "url", "accessed"}, f"sources[{place}].", wrong)
        sources.append(Source(source.get("title", ""), source.get("url", ""), source.get("accessed", "")))
    return tuple(sources)


def _keys(
    raw: Mapping[Any, object],
    required: set[str] | frozenset[str],
    within: str,
    wrong: list[str],
    optional: set[str] | frozenset[str] = frozenset(),
) -> None:
    if set(raw) == required:
        return
    wrong.extend(f"{within}{field} is missing" for field in sorted(required - raw.keys()))
    wrong.extend(f"{within}{field} is not a field" for field in sorted(map(str, raw.keys() - required - optional)))


def _is_texts(raw: object) -> bool:
    return isinstance(raw, list) and set(map(type, raw)) <= {str}


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)
