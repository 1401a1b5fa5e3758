"""The router: one question in plain words to one command with options, or to a decline with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from bot.errors import UserError, quoted
from bot.glossary.normal import normalise
from bot.language import intent_model, term_choice
from bot.language.declines import Reason, advice, forecast, unsafe
from bot.language.entities.lookbacks import Since
from bot.language.entities.numbers import plain
from bot.language.followups import follow_up
from bot.language.intents import Intent
from bot.language.languages import asks_price, english_part
from bot.language.linear_model import LinearModel, shipped_model
from bot.language.message import Message, Previous, RouteContext, read_message
from bot.language.scoring import Candidate, candidates, options_of, settled
from bot.language.term_choice import ASKED, ONE_OF_TWO, TermPlace, likeliest, term_places
from bot.language.terms import (
    asked_term,
    asks_name,
    bare_text,
    compared_terms,
    described_term,
    is_clean,
    slug_of,
)
from bot.language.translation import known_words, translated
from bot.market.symbols import Symbol

__all__ = ["Previous", "Route", "RouteContext", "route"]

DECLINED = "decline"
_LEAST = 0.04
_ENOUGH_CHANCE = 0.55
_AGREED_CHANCE = 0.4
_CERTAIN_CHANCE = 0.95
_SHORT = 6
# So many words of another language make a message one of that language, but for the term in it.
_OTHERS = 2
_SURE_CHANCE = 0.6
_LEAST_KNOWN = 0.35
_MOST_DOUBT = (0.97, 0.8, 0.5)
_CERTAIN_RULE = 0.94
_ASKED_BY_RULE = 0.9
_TOLD_APART = 0.75
_TIED_CHANCE = 0.2
_ASKED = 0.5
_ONE_OF_TWO = 0.2
_ASKED_IN_DESCRIPTION = 0.9
DESCRIBED = "described"
_CLOSE_CHANCE = 0.15
_ENOUGH = 1.6
_CLOSE = 1.6
_CERTAIN = 6.0
_LONGEST_BARE = 6
_MEANING = ("mean", "means", "meaning", "define", "definition", "explain")
_BEFORE = {"since": "since ", "as_of": "as of "}


@dataclass(frozen=True, slots=True)
class Route:
    """What a question means: a command and its options as typed values (Symbol, Lookback, date, Decimal, ids of terms).

    `certainty` is 0 to 1; `alternatives` are the second and third reading when they are close; `follow` says that a
    follow-up asks for the working of the last answer. `error` is there when something that the command takes was
    written and could not be read; `notes` name what was read and the command has no use for. `language` is that of a
    question which is declined in it.
    """

    command: str
    options: Mapping[str, Any]
    certainty: float = 1.0
    alternatives: tuple[Route, ...] = ()
    follow: Literal["why"] | None = None
    error: UserError | None = field(default=None, compare=False)
    language: str = "en"
    notes: tuple[str, ...] = ()

    @property
    def understood(self) -> str:
        """The reading in a few words: "rally ^RUT"."""
        return " ".join([self.command, *(_shown(name, value) for name, value in self.as_json().items())])

    def as_json(self) -> dict[str, Any]:
        """The options as the JSON contract has them."""
        shown: dict[str, Any] = {}
        for name, value in self.options.items():
            if isinstance(value, Since):
                shown["since"] = value.day.isoformat()
            else:
                shown[name] = _json(value)
        return shown


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, Symbol):
        return value.canonical
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def _shown(name: str, value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{_BEFORE.get(name, '')}{text}"


def route(question: str, context: RouteContext) -> Route:
    """The reading of a question. Never raises; equal questions in equal contexts give equal routes."""
    message = read_message(question, context)
    if unsafe(question[:2000], message.plain.line):
        return _decline("unsafe")
    if not message.words.words:
        return _wordless(message)
    if context.previous is not None:
        followed = follow_up(message, context.previous)
        if followed is not None:
            return Route(followed.command, followed.options, 0.9, follow="why" if followed.why else None)
    if message.foreign:
        return _foreign_read(message)
    found = _with_unread(message, _read(message))
    return _term_amid_others(message, found)


def _term_amid_others(message: Message, found: Route) -> Route:
    """A term in English amid words of another language, where nothing else can be made of them."""
    english = english_part(message.text)
    others = message.text.count(" ") - english.count(" ")
    if found.options.get("reason") != "out_of_scope" or others < _OTHERS or not english:
        return found
    return _define(message, next(iter(message.context.search.mentions(english)), None), 0.8) or found


def _foreign_read(message: Message) -> Route:
    """A message in another language, in English words where it is one of those that are known a little.

    A term that stands there in English is explained in any language.
    """
    meant = translated(message.plain)
    plain = _with_unread(message, _read(message))
    if meant is None:
        return plain
    english = read_message(meant.text, message.context) if meant.known >= _LEAST_KNOWN else message
    found = _with_unread(english, _read(english)) if english is not message else plain
    if found.command != DECLINED and found.certainty >= _SURE_CHANCE:
        return found
    if found.options.get("reason") == "out_of_scope" and _names_term_in_english(message, plain):
        return plain
    declined = found if found.command == DECLINED else _decline("out_of_scope")
    return replace(declined, language=meant.language, alternatives=())


def _names_term_in_english(message: Message, found: Route) -> bool:
    """Whether a term is explained whose name is no word of the other language, as "es" is one."""
    terms = message.context.intents.of_terms(1)
    lows = [word.low for word in message.words.words]
    named = any(not known_words().issuperset(lows[first:last]) for first, last in message.named_terms)
    return terms is not None and found.command == terms.command and named


def _decline(reason: Reason, certainty: float = 1.0) -> Route:
    return Route(DECLINED, {"reason": reason}, certainty)


def _define(message: Message, slug: str | None, certainty: float = 1.0) -> Route | None:
    explaining = message.context.intents.of_terms(1)
    return Route(explaining.command, {"term": slug}, certainty) if explaining is not None and slug else None


def _wordless(message: Message) -> Route:
    """Nothing at all, or only signs: "∑" may be the name of a term."""
    overview = message.context.intents.for_nothing
    if not message.text and overview is not None:
        return Route(overview.command, {})
    return _define(message, slug_of(message.context.search.find(message.text))) or _decline("out_of_scope")


def _foreign(message: Message) -> Route:
    """Another language: the term that stands there in English, else out of scope."""
    verdict = message.context.search.find(message.text)
    slug = slug_of(verdict) if is_clean(verdict) else None
    if not slug and not asks_price(message.plain):
        slug = next(iter(message.context.search.mentions(english_part(message.text))), None)
    return _define(message, slug, 0.8) or _decline("out_of_scope")


def _read(message: Message) -> Route:
    """The likeliest reading; where nothing is a symbol, also with a word taken for one that may be."""
    plain = _weighed(message)
    answered = plain.command != DECLINED
    if message.symbols or message.currencies or (answered and plain.certainty >= _SURE_CHANCE):
        return plain
    least = max(_SURE_CHANCE, plain.certainty * answered)
    for taken, far in message.with_possible_symbols(_model(message).knows):
        found = _weighed(taken)
        doubted = not answered and plain.certainty > _MOST_DOUBT[far]
        if _is_about_symbols(found, message) and found.certainty >= least and not doubted:
            return found
    return plain


def _is_about_symbols(found: Route, message: Message) -> bool:
    intent = message.context.intents.get(found.command)
    return intent is not None and intent.symbols[1] > 0


def _model(message: Message) -> LinearModel:
    return message.context.models.get(intent_model.FILE) or shipped_model(intent_model.FILE)


def by_rules(message: Message) -> Route:
    """The reading by phrases alone."""
    if message.foreign:
        return _foreign(message)
    found = candidates(message)
    best = found[0] if found else None
    return _meaning(message, found) or _beforehand(message, best) or _answer(message, found)


def label_of(found: Route) -> str:
    """What the model calls an intent: the command; for a decline with its reason."""
    return f"{DECLINED} {found.options['reason']}" if found.command == DECLINED else found.command


def _weighed(message: Message) -> Route:
    """The likeliest reading by what was learned, of those that can be had; a decline where none is likely enough."""
    ruled = by_rules(message)
    model = _model(message)
    certain = ruled.command != DECLINED and ruled.certainty >= _CERTAIN_RULE
    unlearned = label_of(ruled) not in model.labels and ruled.certainty >= _ENOUGH_CHANCE
    if ruled.error is not None or certain or unlearned or _lacks_what_it_takes(message, ruled):
        return ruled
    chances = model.probabilities(intent_model.features(message, label_of(ruled), ruled.certainty))
    read = _possible_readings(message, chances, ruled)
    answers = [found for found in read if found.command != DECLINED]
    declines = [found for found in read if found.command == DECLINED]
    refused = sum(one.certainty for one in declines)
    best = _best(message, answers, refused, ruled)
    if best is not None:
        others = [one for one in answers if one is not best and one.certainty >= _CLOSE_CHANCE]
        return replace(best, alternatives=tuple(others[:2]))
    alternatives = tuple(one for one in answers[:2] if one.certainty >= _CLOSE_CHANCE)
    declined = next(iter(declines), None) or _decline("out_of_scope", 0.5)
    return replace(declined, alternatives=alternatives)


def _best(message: Message, answers: Sequence[Route], refused: float, ruled: Route) -> Route | None:
    """The reading that is likely enough; of several that are likely only together the one that the rules chose."""
    best = next(iter(answers), None)
    if best is None:
        return None
    if best.certainty >= _least_chance(message, best, ruled) and best.certainty > refused:
        return best
    if sum(one.certainty for one in answers) < _TOLD_APART:
        return None
    return next((one for one in answers if one.command == ruled.command and one.certainty >= _TIED_CHANCE), None)


def _lacks_what_it_takes(message: Message, ruled: Route) -> bool:
    """Whether something that was written for the command of the rules cannot be read, which is then to be said."""
    intent = message.context.intents.get(ruled.command)
    return intent is not None and not intent.terms[1] and any(_wants(intent, one.entity) for one in message.unread)


def _least_chance(message: Message, best: Route, ruled: Route) -> float:
    """How likely a reading has to be: less where the rules agree, more for companies in talk of other things."""
    if best.command == ruled.command:
        return _AGREED_CHANCE
    by_name = bool(message.found) and not any(one.typed for one in message.found)
    of_other = message.off_topic_score >= 1 or message.has("my", "his", "her", "our", "their")
    in_talk = by_name and of_other and len(message.words.words) <= _SHORT
    return _CERTAIN_CHANCE if in_talk and ruled.command == DECLINED else _ENOUGH_CHANCE


def _possible_readings(message: Message, chances: Mapping[str, float], ruled: Route) -> list[Route]:
    """The likely readings that can be had, best first; a command is as likely as its variants together."""
    found: dict[str, Route] = {}
    for label in sorted(chances, key=lambda label: -chances[label]):
        command = label if label.startswith(DECLINED) else label.partition(" ")[0]
        if command in found:
            found[command] = replace(found[command], certainty=found[command].certainty + chances[label])
        elif chances[label] >= _LEAST and (read := _as_label(message, label, ruled)) is not None:
            found[command] = replace(read, certainty=chances[label], alternatives=())
    return sorted(found.values(), key=lambda one: -one.certainty)


def _as_label(message: Message, label: str, ruled: Route) -> Route | None:
    """The message read as one intent, None where it lacks what that needs."""
    command, _, variant = label.partition(" ")
    if command == DECLINED:
        return ruled if label == label_of(ruled) else _decline(cast("Reason", variant))
    intent = message.context.intents.get(command)
    if intent is None:
        return None
    if command == ruled.command and ruled.certainty >= _ASKED_BY_RULE and variant != DESCRIBED:
        return ruled
    if intent.terms[1]:
        return _about_terms(message, intent, ruled, described=variant == DESCRIBED)
    if command == ruled.command:
        return ruled
    options = options_of(intent, message)
    return Route(command, options) if options is not None else None


def _about_terms(message: Message, intent: Intent, ruled: Route, *, described: bool) -> Route | None:
    """The term that is asked for, or the two: by where they stand, else as the rules found it, else as described."""
    places = term_places(message.text, message.context.search.spans(normalise(message.text).split()))
    model = message.context.models.get(term_choice.FILE) or shipped_model(term_choice.FILE)
    if intent.terms == (2, 2):
        pair = _likeliest_pair(places, model) or compared_terms(message)
        return Route(intent.command, {"terms": pair}) if pair is not None else None
    meant = (described_term(message) if described else None) or _asked_by_place(places, model, described=described)
    if meant is None and intent.command == ruled.command:
        return ruled
    meant = meant or asked_term(message) or _bare_term(message) or described_term(message)
    return _define(message, *meant) if meant is not None else None


def _asked_by_place(places: Sequence[TermPlace], model: LinearModel, *, described: bool) -> tuple[str, float] | None:
    """The term whose place in the message says that it is asked for; a description has to say so more clearly."""
    asked = next(iter(likeliest(places, model, ASKED)), None)
    least = _ASKED_IN_DESCRIPTION if described else _ASKED
    return asked if asked is not None and asked[1] >= least else None


def _likeliest_pair(places: Sequence[TermPlace], model: LinearModel) -> tuple[str, str] | None:
    """The two terms that are set side by side, in their order."""
    two = {one for one, chance in likeliest(places, model, ONE_OF_TWO)[:2] if chance >= _ONE_OF_TWO}
    in_order = [place.id for place in places if place.id in two]
    first = next(iter(in_order), None)
    second = next((one for one in in_order if one != first), None)
    return (first, second) if first is not None and second is not None else None


def _meaning(message: Message, found: list[Candidate]) -> Route | None:
    """The term that is asked for by name, unless a command is meant."""
    asked = asked_term(message)
    if asked is None or (found and _over_term(message, found[0])):
        return None
    defined = _define(message, *asked)
    return None if defined is None else replace(defined, certainty=_ASKED_BY_RULE, alternatives=_others(found))


def _beforehand(message: Message, best: Candidate | None) -> Route | None:
    """What goes before an answer: advice is declined, an order taken, a forecast declined."""
    if advice(message.line):
        return _decline("advice")
    order = settled(message)
    if order is not None:
        return Route(order.command, order.options, 0.95)
    if best is not None and best.intent.known_ahead is not None and best.fit >= best.intent.known_ahead:
        return None
    future = message.as_of is not None and message.as_of > message.context.today
    ahead = (future and message.symbols) or forecast(message.line, message.off_topic_score)
    return _decline("forecast") if ahead else None


def _over_term(message: Message, best: Candidate) -> bool:
    """Whether a command is meant and not the term that is named: where a symbol is, or its intent says so."""
    hook = best.intent.over_term
    return hook(message, best.fit) if hook is not None else bool(message.symbols)


def _answer(message: Message, found: list[Candidate]) -> Route:
    best = found[0] if found else None
    if best is not None and best.fit >= _ENOUGH:
        return Route(best.command, best.options, min(1.0, best.fit / _CERTAIN), _others(found[1:], best.fit))
    unclear = _asked_back(message)
    if unclear is not None and unclear.as_json().get("symbol") != bare_text(message) and not asks_name(message):
        return unclear
    defined = _bare_terms(message)
    if defined is not None:
        return replace(defined, alternatives=_others(found))
    return (None if asks_name(message) else unclear) or _decline("out_of_scope", 0.8)


def _asked_back(message: Message) -> Route | None:
    """The command about a name that means several symbols: it carries the question which one is meant."""
    meant = None if message.has(*_MEANING) else message.with_symbol_meant()
    if meant is None:
        return None
    if advice(meant[0].line):
        return _decline("advice")
    readings = (settled(meant[0]), *candidates(meant[0])[:1])
    best = next((one for one in readings if one is not None and one.fit >= _ENOUGH), None)
    return Route(best.command, best.options, error=meant[1]) if best is not None and best.intent.symbols[1] else None


def _bare_terms(message: Message) -> Route | None:
    """The reading of a message that is hardly more than the name of a term, or "a vs b"."""
    pair = None if message.symbols else message.context.search.find(message.text).contrast
    two = message.context.intents.of_terms(2)
    if pair is not None and two is not None:
        return Route(two.command, {"terms": pair}, 0.95)
    term = _bare_term(message)
    return _define(message, *term) if term is not None else None


def _bare_term(message: Message) -> tuple[str, float] | None:
    """The term of a message that is hardly more than its name."""
    bare = bare_text(message)
    if message.symbols or len(bare.split()) > _LONGEST_BARE:
        return None
    verdict = message.context.search.find(bare)
    slug = slug_of(verdict)
    if not slug or not is_clean(verdict) or verdict.contrast is not None:
        return None
    words = normalise(bare).split()
    whole = any(one.start == 0 and one.end == len(words) for one in message.context.search.spans(words))
    return slug, 0.95 if whole else 0.9


def _others(found: list[Candidate], fit: float = 0.0) -> tuple[Route, ...]:
    close = (other for other in found[:2] if other.fit >= max(_ENOUGH, fit - _CLOSE))
    return tuple(Route(other.command, other.options, min(1.0, other.fit / _CERTAIN)) for other in close)


_TAKEN_BY: Mapping[str, tuple[str, ...]] = {
    "lookback": ("lookback",),
    "number": ("lookback", "currencies"),
    "amount": ("currencies",),
    "currency": ("currencies",),
    "date": ("date",),
}


def _with_unread(message: Message, found: Route) -> Route:
    """The route with what was seen and not used: an error where the command would have taken it, else a note."""
    if found.command == DECLINED and found.as_json() == {"reason": "out_of_scope"} and message.symbols:
        return replace(found, error=next((one.error() for one in message.unread), None))
    intent = message.context.intents.get(found.command)
    if intent is None or intent.terms[1] or found.error is not None:
        return found
    unread = next((one for one in message.unread if _wants(intent, one.entity)), None)
    if unread is not None:
        return replace(found, error=unread.error())
    return replace(found, notes=_notes(message, intent), alternatives=_for_each(message, intent, found))


def _for_each(message: Message, intent: Intent, found: Route) -> tuple[Route, ...]:
    """The same of the other symbols, where the command takes one; else the readings that are close."""
    others = [one for one in message.symbols if one != found.options.get("symbol")] if intent.takes_one else []
    return tuple(replace(found, options={**found.options, "symbol": one}) for one in others[:2]) or found.alternatives


def _notes(message: Message, intent: Intent) -> tuple[str, ...]:
    """What was read and the command takes no such thing. A schedule holds its own days."""
    if intent.known_ahead is not None:
        return ()
    unused = [("look-back", "PER")] if not intent.lookback else []
    unused += [("date", "DATE")] if not intent.date else []
    texts = [(what, _typed(message, tag)) for what, tag in unused if message.has(tag)]
    texts += [("look-back", quoted(one.text, 40)) for one in message.unread if one.entity == "lookback"]
    texts += [("second symbol", one.canonical) for one in message.symbols[1:] if intent.takes_one]
    told = tuple(f"{intent.command} takes no {what}, so {text} is not used" for what, text in texts)
    special = intent.note(message) if intent.note is not None else ""
    return (special, *told) if special else told


def _wants(intent: Intent, entity: str) -> bool:
    if entity == "symbol":
        return intent.symbols[1] > 0
    return any(getattr(intent, name) for name in _TAKEN_BY.get(entity, ()))


def _typed(message: Message, tag: str) -> str:
    """What was typed for the first tag of a kind."""
    at = next(i for i, word in enumerate(message.words.words) if word.low == tag)
    return f"“{message.words.typed(at, at + 1)}”"
