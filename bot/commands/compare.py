"""`compare A B [PERIODS]`: one symbol against another, over the sessions that both have."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.aligned_pair import PairStatistics, compare_pair, fetch_pair
from bot.analysis.lookback_bars import apart_words, lookback_json, over_words
from bot.commands.converters import DateConverter, IntoConverter, LookbackConverter, SymbolsConverter, with_currency
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.language.entities.lookbacks import Lookback
from bot.language.intents import Intent, Options
from bot.market.symbols import Symbol
from bot.render.buttons import into, working
from bot.render.numbers import day, percent, price
from bot.render.reply import Button, Reply, Row, Tone
from bot.render.state_words import RANGE

if TYPE_CHECKING:
    from bot.language.message import Message

DEFAULT: tuple[Lookback, ...] = (21,)


def _build(message: "Message") -> Options:
    return with_currency(message, INTENT)


INTENT = Intent(
    "compare", symbols=(2, 2), lookback=True, date=True, explains="relative-strength", of_span=True, build=_build
)


@command(
    "compare",
    "One symbol against another: relative performance, ratio, correlation",
    examples=[
        "!compare IWM SPY",
        "!compare IWM SPY 63",
        "!compare small caps vs large caps ytd",
        "!compare IWM QQQ asof:2016-12-01",
        "!compare VOD.L AAPL in USD",
    ],
    intent=INTENT,
    order=80,
    group="lists",
    cost=2,
)
async def compare(
    desk: Desk,
    caller: Caller,
    *,
    symbols: Annotated[tuple[Symbol, ...], SymbolsConverter(least=2, most=2)],
    periods: Annotated[tuple[Lookback, ...], LookbackConverter()] = DEFAULT,
    as_of: Annotated[date | None, DateConverter()] = None,
    currency: Annotated[str | None, IntoConverter()] = None,
) -> Reply:
    """Answer with the relative change and what it rests on."""
    found = await fetch_pair(desk, symbols[0], symbols[1], as_of, currency)
    return _reply(compare_pair(found, periods[0]), currency)


def _reply(row: PairStatistics, currency: str | None) -> Reply:
    value = row.relative_pct
    tone: Tone = "up" if value > 0 else "down" if value < 0 else "flat"
    found = row.pair
    return Reply(
        title=f"{row.a} against {row.b}",
        headline=_headline(row),
        rows=tuple(_rows(row)),
        more=tuple(_more(row)),
        tone=tone,
        data={**as_json(row), "currency": currency},
        warnings=found.warnings,
        terms=("relative-strength", "correlation"),
        freshness=found.freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(
            Button("What is relative performance?", "!define relative performance", private=True),
            working(f"compare {row.a} {row.b} {row.periods}{into(currency)}", row.last_day),
        ),
    )


def _headline(row: PairStatistics) -> str:
    size = percent(abs(row.relative_pct)).lstrip("+")
    if row.relative_pct == 0:
        return f"{row.a} and {row.b} moved alike {over_words(row.periods)}."
    side = "ahead of" if row.relative_pct > 0 else "behind"
    return f"{row.a} is {size} {side} {row.b} {over_words(row.periods)}."


def _rows(row: PairStatistics) -> list[Row]:
    rows = [
        Row(row.a, percent(row.a_roc_pct)),
        Row(row.b, percent(row.b_roc_pct)),
        Row("Sessions", f"{day(row.base_day)} to {day(row.last_day)}, those that both have"),
    ]
    if row.ratio_percentile is not None:
        reach = min(row.pair.days.size, 2520)
        share = f"{row.ratio_percentile * 100:.0f} %"
        rows.append(Row("In its own history", f"at or above {share} of its last {reach:,} ratios"))
    if row.correlation is not None:
        rows.append(Row("Correlation", f"{row.correlation:+.2f} of daily log returns".replace("-", "−")))
    return rows


def _more(row: PairStatistics) -> list[Row]:
    """The ratio of both, and the rule."""
    rule = f"100 × ((1 + {row.a}) ÷ (1 + {row.b}) − 1), closing prices, {apart_words(row.periods)}"
    ratio = f"{price(row.ratio)}, from {price(row.ratio_base)}{_trend(row)}"
    return [Row("Ratio", ratio), Row("Rule", rule)]


def _trend(row: PairStatistics) -> str:
    return f"; {RANGE[row.ratio_trend]} by the rule of !range" if row.ratio_trend else ""


def as_json(row: PairStatistics) -> dict[str, Any]:
    """The contract's fields, and the ratio."""
    names = (
        "a b periods a_roc_pct b_roc_pct relative_pct correlation ratio_percentile ratio ratio_base ratio_trend"
        " base_day last_day"
    )
    return {name: getattr(row, name) for name in names.split()} | lookback_json(row.periods)
