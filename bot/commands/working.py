"""`working roc|rally|range|compare …`: how a number came about, and the bars it was computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from bot.analysis.aligned_pair import compare_pair, fetch_pair
from bot.analysis.conversion import in_currency
from bot.analysis.lookback_bars import bars_back, refuse_gaps
from bot.analysis.series import STATE_BARS, Series, fetch_series, positive_from, positive_tail
from bot.analysis.working import Step, compare_steps, exact, rally_steps, range_steps, roc_steps
from bot.commands.converters import ChoiceConverter, DateConverter, IntoConverter, LookbackConverter, SymbolsConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.lookbacks import Lookback
from bot.language.entities.tables import guarded
from bot.market.symbols import Symbol
from bot.render.numbers import count, day
from bot.render.reply import Attachment, Freshness, Reply, Row
from bot.render.state_words import RALLY, RANGE

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray, FloatArray

RANGE_CLOSES = 262
DEFAULTS: dict[str, Lookback] = {"roc": 10, "compare": 21}


@dataclass(frozen=True, slots=True)
class ShownWorking:
    """A working: its lines, and the table of the bars used, one column of closes for each symbol."""

    title: str
    steps: Sequence[Step]
    days: "DateArray"
    closes: "dict[str, FloatArray]"
    freshness: Freshness
    warnings: tuple[str, ...]
    name: str

    def csv(self) -> str:
        """The bars used as a table: dates and closes, every digit."""
        heading = ["date", *(["close"] if len(self.closes) == 1 else [guarded(symbol) for symbol in self.closes])]
        lines = zip(self.days.tolist(), *(close.tolist() for close in self.closes.values()), strict=True)
        rows = [",".join([first.isoformat(), *map(repr, rest)]) for first, *rest in lines]
        return "\n".join([",".join(heading), *rows]) + "\n"


@command(
    "working",
    "How an answer was computed: formula, numbers, thresholds, and the bars as CSV",
    examples=["!working roc IWM 10", "!working rally IWM", "!working range RUT", "!working compare IWM SPY 21"],
    order=180,
    group="market",
    role="shows_working",
)
async def working(  # noqa: PLR0913  each is an option
    desk: Desk,
    caller: Caller,
    *,
    what: Annotated[str, ChoiceConverter("roc", "rally", "range", "compare")],
    symbols: Annotated[tuple[Symbol, ...], SymbolsConverter(least=1, most=2)],
    periods: Annotated[tuple[Lookback, ...] | None, LookbackConverter()] = None,
    as_of: Annotated[date | None, DateConverter()] = None,
    currency: Annotated[str | None, IntoConverter()] = None,
) -> Reply:
    """Answer with the working of a roc, rally, range or compare answer. Raises what that answer would."""
    needed = 2 if what == "compare" else 1
    if len(symbols) != needed:
        given = ", ".join(symbol.canonical for symbol in symbols)
        raise UserError(f"The working of {what} takes {count(needed, 'symbol')}; I read {given}.")
    span = periods[0] if periods else DEFAULTS.get(what, 10)
    if what == "compare":
        return _reply(what, await _of_compare(desk, symbols, span, as_of, currency))
    return _reply(what, _of_one(what, span, await _series(desk, symbols[0], as_of, currency)))


async def _series(desk: Desk, symbol: Symbol, as_of: date | None, currency: str | None) -> Series:
    """The series that is shown, in a currency where one is given. Raises UserError."""
    got = await fetch_series(desk, symbol, as_of)
    if currency is None:
        return got
    done = await in_currency(desk, [got], currency)
    (member,) = done.members
    if isinstance(member, UserError):
        raise member
    return member._replace(warnings=(*member.warnings, *done.notes))


def _of_one(what: str, span: Lookback, got: Series) -> ShownWorking:
    bars = got.bars
    if what == "roc":
        back = bars_back(bars, span)
        base = len(bars) - 1 - back
        refuse_gaps(got, bars.day(base))
        positive_from(bars, base)
        steps, used, label = roc_steps(bars, back), bars.cut(base, len(bars)), f"ROC({span})"
    else:
        bars = positive_tail(bars, STATE_BARS if what == "rally" else RANGE_CLOSES)
        steps = _state_steps(what, bars)
        used, label = bars if what == "rally" else bars.tail(RANGE_CLOSES), what
    name = f"{what}-{bars.symbol}-{bars.last_day}"
    title = f"Working of {label}, {got.name}"
    return ShownWorking(title, steps, used.dates, {bars.symbol: used.close}, got.freshness, got.warnings, name)


def _state_steps(what: str, bars: "Bars") -> list[Step]:
    if what == "rally":
        from bot.market.rally import rally

        rallied = rally(bars.close)
        return [Step("State", RALLY[rallied.state]), *rally_steps(bars, rallied)]
    from bot.market.ranges import range_state

    ranged = range_state(bars.close)
    return [Step("State", RANGE[ranged.state]), *range_steps(bars, ranged)]


async def _of_compare(
    desk: Desk, symbols: Sequence[Symbol], span: Lookback, as_of: date | None, currency: str | None
) -> ShownWorking:
    row = compare_pair(await fetch_pair(desk, symbols[0], symbols[1], as_of, currency), span)
    found = row.pair
    return ShownWorking(
        title=f"Working of {row.a} against {row.b}",
        steps=compare_steps(row),
        days=found.days[-2520:],
        closes={row.a: found.a_close[-2520:], row.b: found.b_close[-2520:]},
        freshness=found.freshness,
        warnings=found.warnings,
        name=f"compare-{row.a}-{row.b}-{row.last_day}",
    )


def _reply(what: str, shown: ShownWorking) -> Reply:
    table = shown.csv()
    first, last = shown.days[0].item(), shown.days[-1].item()
    filename = "".join(c if c.isascii() and c.isalnum() else "-" for c in shown.name).strip("-").lower() + ".csv"
    ends = [f"{symbol} {exact(float(close[0]))} → {exact(float(close[-1]))}" for symbol, close in shown.closes.items()]
    rows = [
        Row("Bars", f"{count(int(shown.days.size), 'session')}, {day(first)} to {day(last)}; {', '.join(ends)}"),
        *(Row(step.name, step.text) for step in shown.steps),
    ]
    return Reply(
        title=shown.title,
        headline=f"{count(int(shown.days.size), 'close')} up to {day(last)} used; all of them are in {filename}.",
        rows=tuple(rows),
        data={
            "of": what,
            "bars": {"count": int(shown.days.size), "first": first, "last": last, "symbols": list(shown.closes)},
            "working": [step.to_json() for step in shown.steps],
            "csv": table,
        },
        warnings=shown.warnings,
        freshness=shown.freshness,
        attachments=(Attachment(filename, table.encode(), f"The bars used: {filename}"),),
        private=True,
        detail="full",
    )
