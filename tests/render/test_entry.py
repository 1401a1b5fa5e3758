"""The rows of a glossary entry: what an entry does not have is not shown."""

from __future__ import annotations

from bot.render.entry import entry_rows
from tests.glossary.small_book import term


def test_an_entry_shows_only_what_it_has() -> None:
    bare = term("carry", definition="A cost.", example="One.", pitfall="None.")
    assert [row.label for row in entry_rows(bare)] == ["", "Example", "Watch out", "Sources"]
    named = term("carry", *(f"name {n}" for n in range(10)), as_of="2026-11-20")
    rows = {row.label: row.value for row in entry_rows(named)}
    assert rows["Also called"] == ", ".join(f"name {n}" for n in range(8))
    assert rows["Facts as of"] == "2026-11-20"
