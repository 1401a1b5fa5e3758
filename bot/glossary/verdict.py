"""What a lookup decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answered", "ambiguous", "unknown", "refused"]
Match = Literal["exact", "alias", "spelling", "prefix", "mention", "description"]
Reason = Literal["empty", "too long", "mention", "link", "code"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one query.

    outcome: answered (`id` is set), ambiguous (`suggestions` are what the name may mean, at most 5), unknown
        (`suggestions` are near misses, best first, at most 3, perhaps none) or refused (`reason` is set).
    match, score: how it was found and how sure that is, 0-1; None and 0 when not answered.
    assumed: the query was not the term's name as it stands: tell the person which term was taken.
    contrast: both ids when two terms were to be told apart ("a vs b"); `id` is then the first of them.
    """

    outcome: Outcome
    id: str | None = None
    match: Match | None = None
    score: float = 0.0
    suggestions: tuple[str, ...] = ()
    assumed: bool = False
    contrast: tuple[str, str] | None = None
    reason: Reason | None = None
