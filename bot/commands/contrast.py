"""`contrast A vs B`: two terms of the glossary side by side."""

from typing import Annotated

from bot.commands.converters import TermsKind
from bot.commands.declaration import command
from bot.commands.entries import entry_json
from bot.desk import Caller, Desk
from bot.render.reply import Button, Reply, Row


@command("contrast", "Two terms side by side: what sets them apart", examples=["!contrast support vs resistance"])
async def contrast(desk: Desk, caller: Caller, *, terms: Annotated[tuple[str, ...], TermsKind()]) -> Reply:
    """Answer with both entries, sentence against sentence."""
    first, second = (desk.book.terms[slug] for slug in terms)
    rows = [Row(entry.term, entry.short) for entry in (first, second)]
    rows += [Row(f"{e.term}, formula", e.formula.text) for e in (first, second) if e.formula is not None]
    rows += [Row(f"{entry.term}, watch out", entry.pitfall) for entry in (first, second)]
    return Reply(
        title=f"{first.term} and {second.term}",
        headline="Two terms, side by side.",
        rows=tuple(rows),
        tone="term",
        data={"terms": [entry_json(first), entry_json(second)]},
        terms=(first.id, second.id),
        buttons=tuple(Button(entry.term, f"!define {entry.term}", private=True) for entry in (first, second)),
    )
