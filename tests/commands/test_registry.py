"""Every live command that an entry of the glossary offers is one that the program answers."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bot.commands.declaration import Registry
from bot.commands.reading import read_question
from bot.commands.registry import command_faults
from bot.desk import Desk
from bot.glossary.book import Book


def test_every_command_can_be_read(desk: Desk, registry: Registry) -> None:
    asked = 0
    for term in desk.book.terms.values():
        for question in term.commands:
            call = read_question(desk, registry, question)
            entry = registry.get(question.removeprefix("!").split()[0])
            assert call.error is None, f"{term.id}: {question}: {call.error}"
            assert entry is not None, f"{term.id}: {question}"
            assert call.command == entry.name
            asked += 1
    assert asked > 100


def test_the_check_finds_nothing(desk: Desk, registry: Registry) -> None:
    assert command_faults(desk, registry) == []


def test_the_check_names_every_fault(desk: Desk, registry: Registry) -> None:
    wrong = {
        "rally": "!walk IWM",
        "range-trading": "roc IWM",
        "momentum": "!roc IWM 0",
        "beta": "!range",
        "alpha": "!define beta",
        "contango": "!",
        "gamma": "!contango",
    }
    terms = dict(desk.book.terms)
    for slug, question in wrong.items():
        terms[slug] = terms[slug]._replace(commands=(question,))
    book = Book(MappingProxyType(terms), desk.book.categories, desk.book.ambiguous)
    faults = {fault.split(":")[0]: fault for fault in command_faults(replace(desk, book=book), registry)}
    assert faults.keys() == wrong.keys() - {"alpha"}
    assert "names no command" in faults["rally"]
    assert "names no command" in faults["gamma"]
    assert "does not begin with !" in faults["range-trading"]
    assert "does not begin with !" in faults["contango"]
    assert "cannot be read" in faults["momentum"]
    assert "cannot be read" in faults["beta"]
