"""Which intent a question has, by a linear model over its words: the weights were learned from many people's questions.

What the readers of entities found is masked, so that the model sees `how much is SYM up PER`, whatever the symbol. It
knows words, pairs and triples of them, their letters by three to five, which entities there are, and what the rules
make of the question. `benchmarks/fit_intents.py` learns the weights and writes them as
`data/intent_weights.txt`; they are read here without any library of machine learning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.language.linear_model import Features
from bot.language.message import Message
from bot.language.scoring import of_other_topic, options_of

FILE = "intent_weights.txt"
_RUNS = (3, 4, 5)
_GRAMS = (1, 2, 3)
_MOST_COUNTED = 3
_LENGTHS = (1, 3, 7, 15, 29)
_SURE = 0.8


def features(message: Message, label: str, certainty: float) -> Features:
    """The features of a message that the rules read as `label`, so surely."""
    masked = masked_words(message)
    ruled = [f"=rule {label}", *([f"=sure {label}"] if certainty >= _SURE else [])] if label else []
    letters = {run for word in masked if not word.isupper() for run in _runs(f"<{word}>")}
    return Features(frozenset([*_grams(masked), *_counts(message, masked), *ruled]), frozenset(letters))


def masked_words(message: Message) -> list[str]:
    """The words of a message with a tag for each entity; TERM for a name of the glossary that steers no question."""
    words = [word.low for word in message.words.words]
    for first, last in reversed(message.named_terms):
        words[first:last] = ["TERM"]
    return words


def _grams(masked: Sequence[str]) -> Iterator[str]:
    """The words, pairs and triples, where `^` and `$` are the ends of the message."""
    framed = ["^", *masked, "$"]
    for length in _GRAMS:
        for start in range(len(framed) - length + 1):
            yield " ".join(framed[start : start + length])


def _runs(word: str) -> Iterator[str]:
    for length in _RUNS:
        for start in range(len(word) - length + 1):
            yield f"~{word[start : start + length]}"


def _counts(message: Message, masked: Sequence[str]) -> Iterator[str]:
    """How many entities there are of each kind, how long the message is, and which commands have all they need."""
    tags = Counter(word for word in masked if word.isupper())
    yield from (f"={tag} {min(count, _MOST_COUNTED)}" for tag, count in tags.items())
    yield f"=symbols {min(len(message.symbols), _MOST_COUNTED)}"
    yield f"=currencies {min(len(message.currencies), _MOST_COUNTED)}"
    yield f"=words {sum(len(masked) > most for most in _LENGTHS)}"
    yield f"=unlisted {min(sum(symbol.kind == 'unknown' for symbol in message.symbols), _MOST_COUNTED)}"
    yield f"=other words {min(int(message.off_topic_score), _MOST_COUNTED + 1)}"
    yield f"=by name {min(sum(not one.typed for one in message.found), _MOST_COUNTED)}"
    if message.foreign:
        yield "=foreign"
    if of_other_topic(message):
        yield "=other topic"
    intents = message.context.intents.all
    yield from (f"=can {intent.command}" for intent in intents if options_of(intent, message) is not None)
