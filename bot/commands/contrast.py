"""`contrast A vs B`: two terms of the glossary side by side."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from bot.commands.converter import ParseContext
from bot.commands.converters import MAX_TERM, WholeConverter, term_names
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.comparisons import read_comparison
from bot.language.intents import Intent
from bot.render.entry import entry_json
from bot.render.reply import Button, Reply, Row

INTENT = Intent("contrast", terms=(2, 2))


class TermPairConverter(WholeConverter):
    """Two terms to set side by side: `support vs resistance`."""

    metavar = "TERM vs TERM"
    noun = "two terms with vs between them"
    help = "Two terms with vs between them: support vs resistance"

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """A first term, then with `vs` typed a second one beside it."""
        first, between, second = text.rpartition(" vs ")
        return [(whole, whole) for name in term_names(second, context) if (whole := f"{first}{between}{name}")]

    def typed(self, value: Sequence[str]) -> str:
        """The ids with `vs` between, which are names of the terms as well."""
        return " vs ".join(value)

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The ids as they are."""
        return tuple(options[name]) if name in options else None

    def to_json(self, name: str, value: Sequence[str]) -> dict[str, Any]:
        """A list of ids."""
        return {name: list(value)}

    def convert(self, text: str, context: ParseContext) -> tuple[str, ...]:
        """The ids of two different terms. Raises UserError naming the half that was not found."""
        if len(text) > MAX_TERM:
            raise UserError(f"That is too long for two terms; {MAX_TERM} characters are the most.")
        whole = context.search.find(text)
        if whole.contrast is not None:
            return whole.contrast
        return read_comparison(text, lambda half: context.search.find(half).id, "terms")


@command(
    "contrast",
    "Two terms side by side: what sets them apart",
    examples=["!contrast support vs resistance"],
    order=20,
    group="words",
    intent=INTENT,
)
async def contrast(desk: Desk, caller: Caller, *, terms: Annotated[tuple[str, ...], TermPairConverter()]) -> Reply:
    """Answer with both entries, sentence against sentence."""
    first, second = (desk.book.terms[slug] for slug in terms)
    rows = [Row(entry.term, entry.short) for entry in (first, second)]
    rows += [Row(f"{e.term}, formula", e.formula.text) for e in (first, second) if e.formula is not None]
    rows += [Row(f"{entry.term}, watch out", entry.pitfall) for entry in (first, second)]
    return Reply(
        title=f"{first.term} and {second.term}",
        headline="What sets them apart, side by side.",
        rows=tuple(rows),
        tone="term",
        data={"terms": [entry_json(first), entry_json(second)]},
        terms=(first.id, second.id),
        buttons=tuple(
            Button(entry.term, f"!define {desk.book.asked_by(entry.id)}", private=True) for entry in (first, second)
        ),
    )
