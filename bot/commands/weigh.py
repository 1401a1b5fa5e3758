"""`weigh NAME VALUE [CHANGE%] …`: how an index is calculated, on numbers of one's own."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from bot.commands.converter import ParseContext
from bot.commands.converters import WholeConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.language.entities.constituents import read_constituent_table, read_constituents
from bot.market.index import Member, Weighed, weigh
from bot.render.numbers import amount, count, percent, plain_percent
from bot.render.reply import Button, Reply, Row, Tone

SHOWN = 20


class ConstituentsConverter(WholeConverter):
    """Names, each with a market value and perhaps a change in percent."""

    longest = 4_000
    metavar = "NAME VALUE [+CHANGE%] …"
    noun = "names with market values"
    help = "Names with market values and changes: AAPL 3000 +1% MSFT 2500 -2%"

    def convert(self, text: str, context: ParseContext) -> tuple[Member, ...]:
        """The constituents in a text. Raises UserError naming what could not be read."""
        return read_constituents(text)

    def convert_table(self, text: str, context: ParseContext) -> tuple[Member, ...]:
        """The constituents in a CSV. Raises UserError naming the line that could not be read."""
        return read_constituent_table(text)

    def typed(self, value: Sequence[Member]) -> str:
        """The names with their values and changes."""
        return " ".join(f"{one.name} {one.market_value:f}{_signed(one.change_pct)}" for one in value)

    def to_json(self, name: str, value: Sequence[Member]) -> dict[str, Any]:
        """A list of objects."""
        fields = ("name", "market_value", "change_pct")
        return {name: [{field: getattr(one, field) for field in fields} for one in value]}


def _signed(change_pct: float | None) -> str:
    return "" if change_pct is None else f" {change_pct:+}%"


@command(
    "weigh",
    "Index weights from market values, and what each change adds to the index",
    examples=["!weigh AAPL 3000 +1% MSFT 2500 -2%", "!weigh Big 900bn Small 100bn"],
    order=170,
    group="rates",
    takes_attachment="constituents",
)
async def weigh_(
    desk: Desk, caller: Caller, *, constituents: Annotated[tuple[Member, ...], ConstituentsConverter()]
) -> Reply:
    """Answer with weights, contributions and the change of the index."""
    rows, change = weigh(constituents)
    return _reply(rows, change)


def _reply(given: Sequence[Weighed], change: float | None) -> Reply:
    """The answer: the heaviest first for people, the order given in JSON."""
    rows = sorted(given, key=lambda row: -row.weight_pct)
    tone: Tone = "plain" if change is None else "up" if change > 0 else "down" if change < 0 else "flat"
    lines = [Row(row.name, _line(row)) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(Row("", f"… and {count(len(rows) - SHOWN, 'smaller name')}"))
    return Reply(
        title=f"Index of {count(len(rows), 'name')} by market value",
        headline=_headline(rows, change),
        rows=tuple(lines),
        more=tuple(_rule(rows, change)),
        tone=tone,
        data={"rows": [asdict(row) for row in given], "index_change_pct": change},
        warnings=_warnings(rows, change),
        terms=("market-cap-weighting", "index-constituent"),
        footer="Calculated from the numbers given; real indices count freely traded shares only.",
        buttons=(Button("What is market-cap weighting?", "!define market-cap weighting", private=True),),
    )


def _line(row: Weighed) -> str:
    weight = f"weight {plain_percent(row.weight_pct, 2)}"
    if row.change_pct is None or row.contribution_pct is None:
        return weight
    points = percent(row.contribution_pct, 3).replace(" %", " points")
    return f"{weight} × {percent(row.change_pct)} = {points}"


def _headline(rows: Sequence[Weighed], change: float | None) -> str:
    if change is None:
        return f"{rows[0].name} weighs most: {plain_percent(rows[0].weight_pct, 2)} of the index."
    if change == 0:
        return "The index does not move."
    return f"The index moves {percent(change, 3)}."


def _rule(rows: Sequence[Weighed], change: float | None) -> list[Row]:
    whole = sum(row.market_value for row in rows)
    first = rows[0]
    rules = [
        Row(
            "Weight",
            f"market value ÷ sum of market values: {first.name} {amount(first.market_value)} ÷ {amount(whole)} = "
            f"{plain_percent(first.weight_pct, 2)}",
        )
    ]
    if change is not None:
        rules.append(Row("Index change", "sum of weight × change, the divisor being the same before and after"))
    return rules


def _warnings(rows: Sequence[Weighed], change: float | None) -> tuple[str, ...]:
    given = [row for row in rows if row.change_pct is not None]
    if change is None and given:
        return (f"only {len(given)} of {count(len(rows), 'name')} have a change, so the index change is not known",)
    return ()
