"""The glossary's entries as rows of a table and back, and what a list of entries would change in a book.

A row has a cell for each field of an entry; a field that holds several texts has one a line. In `sources` a line is
`title | address | date read`, in `where` it is `symbol = meaning`, in `worked` the expression, then `name = value` for
each of its numbers, then `= result`. A cell that a spreadsheet would take for a formula begins with an apostrophe,
which is dropped again on reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bot.errors import BookError
from bot.glossary.book import Book, read_book

Entry = Mapping[str, Any]

TEXTS: Final = ("id", "term", "category", "level", "short", "definition", "example", "pitfall")
LISTS: Final = ("aliases", "weak_aliases", "hints", "related", "contrast", "commands")
COLUMNS: Final = (
    *(
        "id",
        "term",
        "category",
        "level",
        "aliases",
        "weak_aliases",
        "short",
        "definition",
        "formula",
        "where",
        "worked",
    ),
    *("example", "pitfall", "related", "contrast", "hints", "commands", "sources", "as_of"),
)
_FORMULA: Final = ("formula", "where", "worked")
_RISKY: Final = tuple("=+-@'\t\r")


class Change(NamedTuple):
    """What a list of entries would change: ids that are new, that say something else now, and that stay as they are.

    `content` is the whole book as it would be written; `faults` say why it cannot be.
    """

    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    same: tuple[str, ...]
    content: Mapping[str, Any]
    faults: tuple[str, ...]


def to_row(entry: Entry) -> dict[str, str]:
    """The cells of an entry, by column."""
    cells = {name: entry[name] for name in TEXTS}
    cells |= {name: "\n".join(entry[name]) for name in LISTS}
    formula = entry["formula"]
    cells["formula"] = "" if formula is None else formula["text"]
    cells["where"] = "" if formula is None else _pairs(formula["where"])
    cells["worked"] = _worked_lines((formula or {}).get("worked"))
    cells["sources"] = "\n".join(f"{one['title']} | {one['url']} | {one['accessed']}" for one in entry["sources"])
    cells["as_of"] = entry["as_of"] or ""
    return {name: f"'{cells[name]}" if cells[name].startswith(_RISKY) else cells[name] for name in COLUMNS}


def from_row(row: Mapping[str, str], before: Entry | None = None) -> dict[str, Any]:
    """The entry of a row; columns that the table lacks keep what the entry had before. Raises ValueError."""
    if None in row or None in row.values():
        raise ValueError("has more or fewer cells than the table has columns")
    cells = {name: cell.removeprefix("'") for name, cell in row.items()}
    entry = dict(before or {})
    entry |= {name: cells[name] for name in TEXTS if name in cells}
    entry |= {name: _lines(cells[name]) for name in LISTS if name in cells}
    if "formula" in cells:
        entry["formula"] = _formula(cells)
    if "sources" in cells:
        entry["sources"] = [_source(line) for line in _lines(cells["sources"])]
    if "as_of" in cells:
        entry["as_of"] = cells["as_of"] or None
    return entry


def change(content: Mapping[str, Any], incoming: Sequence[Entry]) -> Change:
    """What entries would change in a book, given as parsed JSON. New ones stand behind the last of their category."""
    terms = list(content["terms"])
    places = {entry["id"]: place for place, entry in enumerate(terms)}
    new, same, changed = [], [], {}
    faults = [f"{one}: stands twice among the entries" for one in _twice(str(entry.get("id")) for entry in incoming)]
    for entry in incoming:
        one = str(entry.get("id"))
        if one not in places:
            new.append(one)
            terms.insert(_behind(terms, entry.get("category")), entry)
            places = {each.get("id"): place for place, each in enumerate(terms)}
        elif fields := tuple(name for name in entry if entry[name] != terms[places[one]].get(name)):
            changed[one] = fields
            terms[places[one]] = entry
        else:
            same.append(one)
    after = {**content, "terms": terms}
    try:
        read_book(after)
    except BookError as error:
        faults += error.faults
    return Change(tuple(new), changed, tuple(same), after, tuple(faults))


def entries_of(content: Mapping[str, Any], category: str | None, book: Book) -> list[Entry]:
    """The entries of a book's content, all or of one category. Raises ValueError for a category that there is not."""
    if category is not None and category not in book.categories:
        raise ValueError(f"there is no category {category!r}; there are {', '.join(book.categories)}")
    return [entry for entry in content["terms"] if category in {None, entry["category"]}]


def _behind(terms: Sequence[Entry], category: object) -> int:
    return max((place + 1 for place, entry in enumerate(terms) if entry["category"] == category), default=len(terms))


def _twice(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [one for one in ids if one in seen or seen.add(one)]  # type: ignore[func-returns-value]


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _pairs(values: Mapping[str, object]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in values.items())


def _worked_lines(worked: Entry | None) -> str:
    if worked is None:
        return ""
    return "\n".join(filter(None, (worked["expression"], _pairs(worked["values"]), f"= {worked['result']}")))


def _formula(cells: Mapping[str, str]) -> dict[str, Any] | None:
    if missing := [name for name in _FORMULA if name not in cells]:
        raise ValueError(f"formula, where and worked go together: the table lacks {' and '.join(missing)}")
    if not cells["formula"]:
        return None
    where = dict(_named(line, "where") for line in _lines(cells["where"]))
    found: dict[str, Any] = {"text": cells["formula"], "where": where, "worked": None}
    if lines := _lines(cells["worked"]):
        if len(lines) < 2 or not lines[-1].startswith("="):
            raise ValueError("worked has the expression in its first line and “= result” in its last")
        values = {name: _number(value) for name, value in (_named(line, "worked") for line in lines[1:-1])}
        found["worked"] = {"expression": lines[0], "values": values, "result": _number(lines[-1][1:])}
    return found


def _named(line: str, field: str) -> tuple[str, str]:
    name, equals, value = line.partition(" = ")
    if not equals:
        raise ValueError(f"{field}: {line[:60]!r} is not of the form “name = value”")
    return name.strip(), value.strip()


def _number(text: str) -> float | int:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _source(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.rsplit(" | ", 2)]
    if len(parts) != 3:
        raise ValueError(f"sources: {line[:60]!r} is not of the form “title | address | date read”")
    return dict(zip(("title", "url", "accessed"), parts, strict=True))
