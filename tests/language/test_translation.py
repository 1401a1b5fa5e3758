"""The commonest questions in Spanish, Portuguese, French and German."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language.languages import is_foreign
from bot.language.phrases import read_names
from bot.language.router import RouteContext, route
from bot.language.tokens import read_words
from bot.language.translation import decline_in, translated


@pytest.mark.parametrize(
    ("text", "language", "english"),
    [
        ("¿cuánto ha subido el S&P en dos semanas?", "es", "how much is up the s&p in two weeks"),
        ("o que é alavancagem", "pt", "what is leverage"),
        ("Was ist ein Bärenmarkt?", "de", "what is a bear market"),
        ("c'est quoi l'effet de levier", "fr", "what is leverage"),
    ],
)
def test_a_message_in_english_words(text: str, language: str, english: str) -> None:
    found = translated(read_words(text))
    assert found is not None
    assert (found.language, found.text) == (language, english)
    assert found.known > 0.5


def test_a_language_that_is_not_known() -> None:
    assert translated(read_words("ano ibig sabihin nito sa market")) is None


@pytest.mark.parametrize(
    ("text", "command", "options"),
    [
        ("¿cuánto ha subido el S&P en dos semanas?", "roc", {"symbol": "^GSPC", "periods": 10}),
        ("¿qué es el apalancamiento?", "define", {"term": "leverage"}),
        ("¿cuánto vale tesla hoy?", "quote", {"symbol": "TSLA"}),
        ("quanto subiu a apple em três meses?", "roc", {"symbol": "AAPL", "periods": 63}),
        ("quanto é 200 dólares em reais", "rate", {"base": "USD", "quote": "BRL", "amount": "200"}),
        ("wie viel ist IWM in zwei wochen gestiegen", "roc", {"symbol": "IWM", "periods": 10}),
        ("montre-moi le graphique de AAPL sur un an", "chart", {"symbol": "AAPL", "periods": 252}),
        ("préviens-moi quand SPY dépasse 600", "alert", {"symbol": "SPY", "condition": "price_above:600"}),
        ("unterschied zwischen limit order und market order?", "contrast", {"terms": ["limit-order", "market-order"]}),
    ],
)
def test_common_questions(text: str, command: str, options: dict[str, Any], context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, {k: str(v) if k == "amount" else v for k, v in found.as_json().items()}) == (
        command,
        options,
    )


@pytest.mark.parametrize(
    ("text", "reason", "language"),
    [
        ("¿debería comprar AAPL?", "advice", "es"),
        ("soll ich tesla kaufen?", "advice", "de"),
        ("hola qué tal amigos", "out_of_scope", "es"),
        ("quel temps fait-il à Paris", "out_of_scope", "fr"),
        ("wie spät ist es bei euch", "out_of_scope", "de"),
        ("obrigado, você é meu amigo", "out_of_scope", "pt"),
    ],
)
def test_what_is_declined_is_declined_in_its_language(
    text: str, reason: str, language: str, context: RouteContext
) -> None:
    found = route(text, context)
    assert (found.command, found.as_json(), found.language) == ("decline", {"reason": reason}, language)


def test_a_term_in_english_is_explained_in_any_language(context: RouteContext) -> None:
    assert route("und was sagt ihr zu contango", context).as_json() == {"term": "contango"}
    assert route("pouvez vous m'aider avec le RSI", context).as_json() == {"term": "relative-strength-index"}
    assert route("ich verstehe contango nicht", context).as_json() == {"term": "contango"}
    assert route("qual o sentido de backwardation", context).as_json() == {"term": "backwardation"}
    assert route("Che cos'è il CAPM?", context).as_json() == {"term": "capital-asset-pricing-model"}


@pytest.mark.parametrize("language", read_names("languages"))
@pytest.mark.parametrize("reason", ["advice", "forecast", "out_of_scope", "unsafe"])
def test_every_language_declines_everything(language: str, reason: str) -> None:
    assert decline_in(language, reason)


def test_english_is_not_foreign() -> None:
    assert not is_foreign("compare the classes of support", read_words("compare the classes of support"))


@pytest.mark.parametrize("text", ["сколько стоит тесла", "テスラの株価は", "almanya borsası nasıl bugün nedir"])
def test_a_language_that_is_not_known_is_declined(text: str, context: RouteContext) -> None:
    assert route(text, context).as_json() == {"reason": "out_of_scope"}
