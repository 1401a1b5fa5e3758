"""`about`: version, glossary, and how each price provider is doing."""

from typing import Any

from bot import __version__
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.providers.feed import ProviderState
from bot.render.numbers import age, count
from bot.render.reply import Reply, Row


@command(
    "about",
    "Version, glossary, and the state of each price provider",
    examples=["!about"],
    order=200,
)
async def about(desk: Desk, caller: Caller) -> Reply:
    """Answer with what this process runs on."""
    now = desk.clock()
    states = list(desk.feed.states.values())
    rows = [Row(state.name, _words(state, now)) for state in states]
    if not states:
        rows.append(Row("Prices", "no provider is switched on; stored series only"))
    if desk.language_model is not None:
        asked = ", ".join(f"{outcome} {count_}" for outcome, count_ in sorted(desk.language_model.counts.items()))
        rows.append(Row("Language model", asked or "not asked yet"))
    terms, categories = len(desk.book.terms), len(desk.book.categories)
    return Reply(
        title=f"Rangefinder {__version__}",
        headline=f"{terms} terms in {categories} categories; {count(len(states), 'price provider')}.",
        rows=tuple(rows),
        footer="Open source, MIT licence. Informs, never advises. Stores server settings and prices, no messages.",
        data={
            "version": __version__,
            "providers": [_json(state) for state in states],
            "glossary": {"terms": terms, "categories": categories},
        },
    )


def _words(state: ProviderState, now: Any) -> str:
    if state.down is not None:
        last = f"; last answer {age((now - state.last_success).total_seconds())} ago" if state.last_success else ""
        return f"down ({state.down}){last}"
    if state.last_success is None:
        return "not asked yet"
    return f"working; last answer {age((now - state.last_success).total_seconds())} ago"


def _json(state: ProviderState) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": "down" if state.down else "ok" if state.last_success else "not_asked",
        "last_success": state.last_success,
        "last_error": state.last_error,
        "resting_until": state.resting_until,
    }
