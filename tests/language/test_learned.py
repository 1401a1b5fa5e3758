"""The linear models: their arithmetic against scikit-learn's definition, their files, and what they see."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.glossary.mentions import Mention
from bot.language import intent_model, term_choice
from bot.language.intent_model import features, masked_words
from bot.language.linear_model import LETTER_WEIGHT, Features, LinearModel, model_lines, shipped_model
from bot.language.router import RouteContext, route
from bot.language.term_choice import ASKED, NEITHER, ONE_OF_TWO, likeliest, term_places
from tests.language.contract import Reader

VOICES = Path(__file__).parent / "voices"


def small() -> LinearModel:
    weights = {"up": (2.0, -1.0), "what is": (-1.5, 1.25), "~<up": (0.5, -0.5)}
    return LinearModel(model_lines(["roc", "define"], [0.25, -0.5], weights))


def test_probabilities_are_those_of_a_softmax_over_the_weights() -> None:
    seen = Features(frozenset({"up", "what is", "unknown"}), frozenset({"~<up"}))
    size = math.sqrt(3 + LETTER_WEIGHT**2)
    scores = [0.25 + (2.0 - 1.5 + 0.5) / size, -0.5 + (-1.0 + 1.25 - 0.5) / size]
    powers = [math.exp(score) for score in scores]
    found = small().probabilities(seen)
    assert found == pytest.approx({"roc": powers[0] / sum(powers), "define": powers[1] / sum(powers)}, abs=0.01)
    assert sum(found.values()) == pytest.approx(1)


def test_without_a_known_feature_only_the_offsets_speak() -> None:
    found = small().probabilities(Features(frozenset({"nothing"})))
    assert found["roc"] / found["define"] == pytest.approx(math.exp(0.75))
    assert small().knows("up")
    assert not small().knows("nothing")


def test_a_damaged_file_is_refused() -> None:
    lines = list(model_lines(["roc", "define"], [0, 0], {"up": (1.0, 2.0)}))
    with pytest.raises(ValueError, match="damaged"):
        LinearModel([*lines[:3], lines[3][:-1]])


def test_the_shipped_models_know_every_command_and_decline(context: RouteContext) -> None:
    labels = {label.partition(" ")[0] for label in shipped_model(intent_model.FILE).labels}
    assert (
        {"decline", "define", "roc", "rate"}
        <= labels
        <= {intent.command for intent in context.intents.all} | {"decline"}
    )
    assert set(shipped_model(term_choice.FILE).labels) == {ASKED, ONE_OF_TWO, NEITHER}


def test_what_is_found_is_masked(message: Reader) -> None:
    assert masked_words(message("what is theta decay of SPY over 10 days")) == [
        "what",
        "is",
        "TERM",
        "of",
        "SYM",
        "PER",
    ]
    assert masked_words(message("support for the russell"))[0] == "support"


def test_what_the_model_sees(message: Reader) -> None:
    seen = features(message("is IWM up"), "roc", 0.9)
    assert {"is SYM up", "^ is SYM", "=SYM 1", "=rule roc", "=sure roc", "=can roc", "=symbols 1"} <= seen.words
    assert {"~<up>", "~<is"} <= seen.letters
    assert not any("SYM" in run for run in seen.letters)
    assert "=rule roc" not in features(message("is IWM up"), "", 0.0).words
    assert "=foreign" in features(message("qué es el contango"), "", 0.0).words
    assert "=other topic" in features(message("dividend of KO"), "", 0.0).words


def test_the_places_of_terms() -> None:
    spans = [Mention("theta", 1, 2, weak=False), Mention("vega", 5, 6, weak=True)]
    places = term_places("explain theta no wait explain vega", spans)
    assert [place.id for place in places] == ["theta", "vega"]
    assert {"b1 explain", "a1 no", "others after 1", "weak False"} <= places[0].seen.words
    assert {"b* TERM", "weak True", "a1 $"} <= places[1].seen.words
    found = likeliest(places, shipped_model(term_choice.FILE), ASKED)
    assert {one for one, _ in found} == {"theta", "vega"}
    assert found[0][1] >= found[1][1]


@pytest.mark.parametrize(
    ("text", "command", "options"),
    [
        ("ROE vs ROIC in one breath", "contrast", {"terms": ["return-on-equity", "return-on-invested-capital"]}),
        ("is a short squeeze the same as a gamma squeeze", "contrast", {"terms": ["short-squeeze", "gamma-squeeze"]}),
        ("My broker keeps on about it and I never asked: what is a margin call?", "define", {"term": "margin-call"}),
        ("roc IWM 10", "roc", {"symbol": "IWM", "periods": 10}),
        ("how many shares of KO should a 19 year old own", "decline", {"reason": "advice"}),
        ("12 kilos in pounds", "decline", {"reason": "out_of_scope"}),
        ("define love", "decline", {"reason": "out_of_scope"}),
    ],
)
def test_what_was_learned_decides(text: str, command: str, options: dict[str, Any], context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()) == (command, options)


def test_an_unsure_decline_offers_what_was_near(context: RouteContext) -> None:
    found = route("tesla and apple picnic", context)
    assert found.command == "decline"
    assert [other.command for other in found.alternatives] == ["compare"]


def voices() -> Iterator[dict[str, Any]]:
    for path in sorted(VOICES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def test_every_labelled_question_is_of_a_writer_a_kind_and_a_command(context: RouteContext) -> None:
    commands = {intent.command for intent in context.intents.all} | {"decline"}
    items = list(voices())
    assert len(items) > 5_000
    for item in items:
        wanted = item["expected"] if isinstance(item["expected"], list) else [item["expected"]]
        assert item["question"].strip()
        assert item["writer"]
        assert item["kind"]
        assert {one["command"] for one in wanted} <= commands
        assert all(isinstance(one["options"], dict) for one in wanted)
