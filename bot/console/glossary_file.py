"""`python -m bot glossary …`: the glossary's file checked, taken out as a table, put in again, and counted."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from bot.config import Config
from bot.errors import BookError
from bot.files import put_in_place, read_whole
from bot.glossary.book import Book, parse_book
from bot.glossary.interchange import COLUMNS, Change, change, entries_of, from_row, to_row
from bot.glossary.statistics import coverage, statistics
from bot.logs import for_terminal
from bot.render.numbers import count

MAX_FILE = 32 * 2**20
MOST_LINES = 40
READABLE = 0o644
# Lists what a site holds, so that the next run knows what is its own.
LISTED = "pages.txt"
_OURS = re.compile(r"^(?:[tc]/)?[a-z0-9-]+\.(?:html|css|js|txt)$", re.MULTILINE)
HELD_BY = (1, 2, 3, 4)


class _WrongError(Exception):
    """What was asked for cannot be had, in words for the person."""


def glossary(config: Config, arguments: argparse.Namespace, today: date) -> int:
    """Do what was asked. Exit status: 0 done, 1 where the glossary or a list has faults, 2 where the call is wrong."""
    actions: Mapping[str, Callable[[], int]] = {
        "check": lambda: _check(arguments.file or config.glossary),
        "export": lambda: _export(config.glossary, arguments),
        "import": lambda: _import(config.glossary, arguments.file, write=arguments.write),
        "stats": lambda: _stats(config.glossary, arguments.names, today),
        "site": lambda: _site(config, arguments.folder, today),
    }
    try:
        return actions[arguments.action]()
    except _WrongError as error:
        sys.stderr.write(f"{for_terminal(str(error))}\n")
        return 2
    except BookError as error:
        _say(error.faults, f"{count(len(error.faults), 'fault')}.")
        return 1


def _check(path: Path) -> int:
    book = parse_book(_content(path), path.name)
    sys.stdout.write(f"{path}: {count(len(book), 'term')}, no faults.\n")
    return 0


def _export(path: Path, arguments: argparse.Namespace) -> int:
    content = _content(path)
    try:
        entries = entries_of(orjson.loads(content), arguments.category, parse_book(content, path.name))
    except ValueError as error:
        raise _WrongError(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    ending = arguments.file.suffix.removeprefix(".").lower() if arguments.file is not None else ""
    form = arguments.form or ending or "csv"
    if form not in _WRITERS:
        raise _WrongError(f"A file is written as .csv or .jsonl, not as .{form}; --form says which.")
    text = _WRITERS[form](entries)
    if arguments.file is None:
        sys.stdout.write(text)
        return 0
    _write(arguments.file, text.encode())
    sys.stdout.write(f"{arguments.file}: {len(entries)} of {count(len(orjson.loads(content)['terms']), 'term')}.\n")
    return 0


def _import(path: Path, source: Path, *, write: bool) -> int:
    content = orjson.loads(_content(path))
    by_id = {entry["id"]: entry for entry in content["terms"]}
    found, wrong = _incoming(source, by_id)
    would = change(content, found)
    faults = (*wrong, *would.faults)
    _say(_told(would), f"{len(would.new)} new, {len(would.changed)} changed, {len(would.same)} as they were.")
    if faults:
        _say(faults, f"{count(len(faults), 'fault')}: nothing is written.")
        return 1
    if not write:
        sys.stdout.write("Nothing is written: --write does.\n")
        return 0
    _write(path, f"{json.dumps(would.content, ensure_ascii=False, indent=1)}\n".encode())
    sys.stdout.write(f"{path} is written; a bot that runs takes it up when it is started again.\n")
    return 0


def _told(would: Change) -> Iterator[str]:
    yield from (f"new: {one}" for one in would.new)
    yield from (f"changed: {one} ({', '.join(fields)})" for one, fields in would.changed.items())


def _stats(path: Path, names: Path | None, today: date) -> int:
    content = _content(path)
    book = parse_book(content, path.name)
    found = statistics(book, today)
    lines = [
        f"Terms: {found.terms:,}, with {found.names:,} names and {found.formulas:,} formulas",
        "By category: " + ", ".join(f"{name} {number}" for name, number in found.categories.items()),
        "By level: " + ", ".join(f"{name} {number}" for name, number in sorted(found.levels.items())),
        "Sources: " + ", ".join(f"{name} {number:,}" for name, number in sorted(found.sources.items())),
        f"Entries with an encyclopaedia alone: {found.encyclopaedia_alone}",
        f"Entries with facts of a date: {found.dated}, over a year old: {found.old}",
        f"Longest sentence: {found.longest[0]} words ({found.longest[1]})",
    ]
    if names is not None:
        lines += _covered(book, names)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _site(config: Config, folder: Path, today: date) -> int:
    """Write the pages, and remove those of an earlier run that are none now."""
    from bot.glossary.mentions import Mentions
    from bot.glossary.names import TermNames
    from bot.render.site import site_pages

    book = parse_book(_content(config.glossary), config.glossary.name)
    before = _earlier(folder)
    pages = list(site_pages(book, Mentions(TermNames(book)).find, today, config.glossary_url))
    paths = [page.path for page in pages]
    try:
        for place in {(folder / path).parent for path in paths}:
            place.mkdir(parents=True, exist_ok=True)
        (folder / LISTED).write_text("".join(f"{path}\n" for path in sorted({*paths, *before})), "utf-8")
        for page in pages:
            (folder / page.path).write_text(page.content, "utf-8")
        for path in before.difference(paths):
            (folder / path).unlink(missing_ok=True)
        (folder / LISTED).write_text("".join(f"{path}\n" for path in sorted(paths)), "utf-8")
    except OSError as error:
        raise _WrongError(f"{folder} cannot be written: {error.strerror}.") from None
    stands = f"; they are to stand at {config.glossary_url}" if config.glossary_url else ""
    sys.stdout.write(f"{folder}: {count(len(pages), 'file')}, {count(len(book), 'term')}{stands}.\n")
    return 0


def _earlier(folder: Path) -> set[str]:
    """The paths that an earlier run wrote here, of the kinds that it writes. A folder with other things is refused."""
    listed = folder / LISTED
    if not listed.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise _WrongError(f"{folder} holds other things; name a new or an empty folder.")
        return set()
    return set(_OURS.findall(_text(listed)))


def _covered(book: Book, path: Path) -> Iterator[str]:
    from bot.glossary.search import Search

    rows = _table(_text(path))
    try:
        names = [(row["name"], int(row["glossaries"])) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise _WrongError(f"{path} needs the columns name and glossaries, a number.") from None
    for one in coverage(Search(book), names, HELD_BY):
        share = f" ({one.answered / one.names:.1%})" if one.names else ""
        yield f"Names held by {one.held_by} or more: {one.answered:,} of {one.names:,} answered by name{share}"


def _incoming(path: Path, by_id: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The entries of a file, and what is wrong with those that could not be read."""
    text = _text(path)
    if path.suffix.lower() == ".csv":
        return _from_rows(_entry_table(path, text), by_id)
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        read = list(_json_lines(path, text))
    entries = read.get("terms", [read]) if isinstance(read, dict) else read
    if not isinstance(entries, list) or not all(map(_has_id, entries)):
        raise _WrongError(f"{path} must hold entries: objects with an id each.")
    return entries, []


def _has_id(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str)


def _from_rows(rows: Sequence[Mapping[str, str]], by_id: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    found, wrong = [], []
    for number, row in enumerate(rows, start=2):
        one = (row.get("id") or "").strip()
        try:
            found.append(from_row(row, by_id.get(one)))
        except ValueError as error:
            wrong.append(f"row {number}, {one or 'no id'}: {error}")
    return found, wrong


def _json_lines(path: Path, text: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            yield from [orjson.loads(line)] if line.strip() else []
        except orjson.JSONDecodeError as error:
            raise _WrongError(f"{path}, line {number}: not JSON: {error}") from None


def _table(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = reader.fieldnames or ()
    if not columns:
        raise _WrongError("The table is empty: its first line must name the columns.")
    return list(reader)


def _entry_table(path: Path, text: str) -> list[dict[str, str]]:
    rows = _table(text)
    odd = sorted(str(name) for name in {*rows[0]} - {*COLUMNS, None}) if rows else []
    if odd or (rows and "id" not in rows[0]):
        named = f"; {', '.join(odd)} is none" if odd else ""
        raise _WrongError(f"{path}: the columns are id and any of {', '.join(COLUMNS[1:])}{named}.")
    return rows


def _as_csv(entries: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(to_row, entries))
    return out.getvalue()


def _as_json_lines(entries: Sequence[Mapping[str, Any]]) -> str:
    return "".join(f"{orjson.dumps(entry).decode()}\n" for entry in entries)


_WRITERS: Mapping[str, Callable[[Sequence[Mapping[str, Any]]], str]] = {"csv": _as_csv, "jsonl": _as_json_lines}


def _content(path: Path) -> bytes:
    try:
        return read_whole(path, MAX_FILE)
    except OSError as error:
        raise _WrongError(f"{path} cannot be read: {error.strerror}.") from None


def _text(path: Path) -> str:
    try:
        return _content(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _WrongError(f"{path} is not text in UTF-8.") from None


def _write(path: Path, content: bytes) -> None:
    try:
        put_in_place(path, content, READABLE)
    except OSError as error:
        raise _WrongError(f"{path} cannot be written: {error.strerror}.") from None


def _say(lines: Sequence[str] | Iterator[str], last: str) -> None:
    every = list(lines)
    shown = every[:MOST_LINES]
    more = [f"… and {len(every) - len(shown)} more"] if len(every) > len(shown) else []
    sys.stdout.write(for_terminal("\n".join((*shown, *more, last))) + "\n")
