"""docs/privacy.md names every table, column and file that is written, and every module that writes is known here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.__main__ import parser
from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller
from bot.glossary.book import Book
from bot.health import beat
from bot.store.glossary_cache import open_book
from bot.store.schema import TABLES
from bot.store.store import KEPT_AFTER_LEAVING
from tests.conftest import GLOSSARY, NOW, ROOT, OpenDesk
from tests.project.source_tree import modules

PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
NAMED = re.findall(r"`([^`]+)`", PAGE)
# Who writes, and what the page calls it. A module that begins to write has to be told of on the page.
WRITERS = {
    "bot.files": "*.part",
    "bot.disk_cache": "cache/….answer",
    "bot.health": "heartbeat.json",
    "bot.providers.bad_replies": "replies/…",
    "bot.console.chat": "console-history",
    "bot.store.engine": "rangefinder.db",
    "bot.console.glossary_file": "glossary site",
}
INTO_MEMORY = {"bot.providers.calendar", "bot.render.chart_ink", "bot.store.glossary_cache"}
WRITING = {
    "write_bytes",
    "write_text",
    "savez",
    "save",
    "to_csv",
    "to_pickle",
    "FileHistory",
    "mkstemp",
    "put_in_place",
}
OPENING = {"open", "fdopen", "NamedTemporaryFile", "TemporaryFile"}


def writes(call: ast.Call) -> bool:
    """Whether a call may write a file: by its name, or opening with a mode other than reading."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = [*call.args, *(word.value for word in call.keywords)]
    texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    modes = [text for text in texts if re.fullmatch(r"[rwaxbt+U]{1,4}", text)]
    opened = name in OPENING and any(set(mode) & set("wax+") for mode in modes)
    return opened or name in WRITING or name == "create_async_engine"


def test_every_table_and_column_is_on_the_page() -> None:
    rows = {line.split("|")[1].strip(" `"): line for line in PAGE.splitlines() if line.startswith("| `")}
    for table in TABLES:
        for column in table.c:
            assert f"`{column.name}`" in rows[table.name] or f"a {column.name}" in rows[table.name], column
    assert f"{KEPT_AFTER_LEAVING.days} days" in rows["guild_settings"]


def test_whoever_writes_is_known() -> None:
    found = {
        module
        for module, tree in modules().items()
        if "migrations" not in module and any(isinstance(node, ast.Call) and writes(node) for node in ast.walk(tree))
    }
    assert found - INTO_MEMORY == set(WRITERS)
    assert set(WRITERS.values()) <= set(NAMED)


async def test_what_a_day_leaves_in_the_data_folder_is_on_the_page(
    open_demo: OpenDesk, registry: Registry, book: Book, tmp_path: Path
) -> None:
    folder = tmp_path / "fresh"
    async with open_demo(data_dir=folder) as desk:
        for question in ("!roc IWM", "!watchlist add IWM SPY", "!settings prefix ?", "!rate EUR USD", "!rstar"):
            caller = Caller(person=7, channel=8, guild=9, may_manage=True)
            assert await answer(desk, registry, caller, read_question(desk, registry, question))
        beat(folder, NOW, connected=True)
        await desk.store.keep_note("commands-hash:1", "x")
    assert open_book(GLOSSARY, folder).book.terms.keys() == book.terms.keys()
    named = [re.compile(re.escape(name).replace("…", ".+").replace(r"\*", ".+")) for name in NAMED]
    left = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert {"rangefinder.db", "heartbeat.json", "glossary.cache.json"} <= set(left)
    assert not [file for file in left if not any(name.fullmatch(file) for name in named)]


def test_the_ways_out_are_there(registry: Registry) -> None:
    assert "`python -m bot erase ID`" in PAGE
    assert parser().parse_args(["erase", "7"]).id == 7
    assert "`!watchlist clear`" in PAGE
    assert registry.get("watchlist") is not None
