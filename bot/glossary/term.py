"""The entry of one term, as `glossary.json` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["beginner", "intermediate", "advanced"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be checked. `accessed` is an ISO date."""

    title: str
    url: str
    accessed: str


@dataclass(frozen=True, slots=True)
class Worked:
    """One evaluation of a formula: `expression` over `values` gives `result`, in the numbers of the example."""

    expression: str
    values: Mapping[str, float]
    result: float


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as text, every symbol named in `where`, and a worked evaluation where it is arithmetic."""

    text: str
    where: Mapping[str, str]
    worked: Worked | None = None


@dataclass(frozen=True, slots=True)
class Term:
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
