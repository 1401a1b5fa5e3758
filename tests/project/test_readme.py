"""What is written beside the code equals what the code says."""

from __future__ import annotations

import re
from datetime import date

import attrs
import pytest

from bot.commands.converter import ParseContext
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_typed
from bot.commands.registry import END, START, command_table
from bot.config import Config, read_config
from bot.desk import Desk
from bot.glossary.book import Book
from bot.providers.coverage import market_table
from bot.providers.factory import declared, provider_table
from tests.conftest import ROOT
from tests.project.write import MARKETS_END, MARKETS_START, PROVIDERS_END, PROVIDERS_START, between, environment

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def test_the_command_table_is_the_codes(registry: Registry) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = text[text.index(START) : text.index(END) + len(END)]
    assert found == command_table(registry), "run: python -m tests.project.write"


def test_the_provider_table_is_the_codes() -> None:
    _, found, _ = between((ROOT / "README.md").read_text("utf-8"), PROVIDERS_START, PROVIDERS_END)
    assert found == provider_table(), "run: python -m tests.project.write"


def test_the_market_table_is_the_codes() -> None:
    _, found, _ = between((ROOT / "README.md").read_text("utf-8"), MARKETS_START, MARKETS_END)
    assert found == market_table(declared()), "run: python -m tests.project.write"


def test_env_example_is_the_codes() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == environment(), "run: python -m tests.project.write"


def test_env_example_is_an_environment_of_defaults() -> None:
    lines = [line for line in environment().splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    read, default = read_config(given), Config()
    for field in attrs.fields(Config):
        if field.metadata:
            assert str(getattr(read, field.name)) == str(getattr(default, field.name))
    assert read.addresses == {one.declaration.name: one.declaration.address for one in declared()}
    assert not read.keys
    assert not any(read.consents.values())


def test_names_are_unique_and_described(registry: Registry) -> None:
    names = [name for entry in registry.commands for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))
    for entry in registry.commands:
        assert NAME.fullmatch(entry.name)
        assert 10 <= len(entry.summary) <= 100
        assert entry.examples
        assert len(entry.options) <= 25
        option_names = [option.name for option in entry.options]
        assert len(option_names) == len(set(option_names))
        for option in entry.options:
            assert NAME.fullmatch(option.name)
            assert 5 <= len(option.converter.help) <= 100


def test_every_example_can_be_asked(registry: Registry, desk: Desk) -> None:
    known = parse_context(desk)
    for entry in registry.commands:
        for example in entry.examples:
            word, _, rest = example.removeprefix("!").partition(" ")
            assert registry.get(word) is entry
            assert read_typed(entry, rest, known).error is None, example


def test_every_command_of_a_glossary_entry_can_be_asked(registry: Registry, book: Book, desk: Desk) -> None:
    known = ParseContext(desk.symbols, desk.search, date(2026, 3, 4))
    wrong = []
    for term in book.terms.values():
        for question in term.commands:
            word, _, rest = question.removeprefix("!").partition(" ")
            entry = registry.get(word)
            if entry is not None and (fault := read_typed(entry, rest, known).error) is not None:
                wrong.append(f"{term.id}: {question}: {fault.message}")
    assert not wrong


@pytest.mark.parametrize(
    "path", ["LICENSE", "Dockerfile", "compose.yaml", ".ci/run", "pyproject.toml", "glossary.json"]
)
def test_what_belongs_at_the_top_is_there(path: str) -> None:
    assert (ROOT / path).is_file()
