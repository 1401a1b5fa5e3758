"""Learns the weights of `bot/language/intent_model.py` from labelled questions, and says what they are worth.

Run `python benchmarks/fit_intents.py [--write] [--only WRITER …] [--misses FILE]`; it needs scikit-learn.

The questions stand in `tests/language/voices/`, one a line with who wrote it, and `tests/language/phrasings.txt`. Each
writer is left out once: the weights are learned from all others and tried on that writer, whole questions through the
router (the command with every option right; answered wrongly; declined though it should be answered) and the intent
alone. `--write` then learns from all and writes the data file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.question_quality import Scored, demo_context, summary  # noqa: E402
from bot.glossary.normal import normalise  # noqa: E402
from bot.language import intent_model, term_choice  # noqa: E402
from bot.language.linear_model import LETTER_WEIGHT, Features, LinearModel, model_lines  # noqa: E402
from bot.language.message import RouteContext, read_message  # noqa: E402
from bot.language.router import DESCRIBED, by_rules, label_of, route  # noqa: E402
from tests.language.contract import expected  # noqa: E402

VOICES = ROOT / "tests" / "language" / "voices"
PHRASINGS = ROOT / "tests" / "language" / "phrasings.txt"
DATA = ROOT / "bot" / "language" / "data"
LEAST_SEEN = 3
MOST_FEATURES = 16_000
STRENGTH = 60.0
# Written with the rules at hand or used to mend them: what the rules make of these is no guide to what they are worth.
TUNED_ON = {"house", "dev", "dev-2"}


@dataclass(frozen=True)
class Question:
    """A question with what it means; `labels` are the intents that are right, the first to learn."""

    text: str
    writer: str
    kind: str
    expected: list[dict[str, Any]]

    @property
    def labels(self) -> list[str]:
        variant = f" {DESCRIBED}" if self.kind == "description" else ""
        return [f"{label}{variant}" if label == "define" else label for one in self.expected for label in _labels(one)]

    def place_label(self, slug: str) -> str:
        """What a term that stands in the question is to it."""
        if self.kind == "description":
            return term_choice.NEITHER
        asked = {term for one in self.expected for term in _flat(one["options"].get("term", []))}
        pair = {term for one in self.expected for term in _flat(one["options"].get("terms", []))}
        return term_choice.ASKED if slug in asked else term_choice.ONE_OF_TWO if slug in pair else term_choice.NEITHER


def _flat(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for part in value for one in _flat(part)]


def _labels(wanted: dict[str, Any]) -> list[str]:
    reasons = wanted["options"].get("reason", [])
    reasons = [reasons] if isinstance(reasons, str) else reasons
    return [f"decline {reason}" for reason in reasons] or [wanted["command"]]


def questions() -> Iterator[Question]:
    """Every labelled question of the project."""
    for path in sorted(VOICES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            wanted = item["expected"] if isinstance(item["expected"], list) else [item["expected"]]
            yield Question(item["question"], item["writer"], item["kind"], wanted)
    for line in PHRASINGS.read_text(encoding="utf-8").splitlines():
        if line:
            text, notation = line.rsplit(" | ", 1)
            yield Question(text, "house", "house", expected(notation))


@dataclass(frozen=True)
class Seen:
    """A question with what the models see of it, and of each term that stands in it."""

    question: Question
    whole: Features
    places: list[tuple[Features, str]]


def seen(question: Question, context: RouteContext) -> Seen:
    message = read_message(question.text, context)
    places = term_choice.term_places(message.text, context.search.spans(normalise(message.text).split()))
    named = [(place.seen, question.place_label(place.id)) for place in places]
    if question.writer in TUNED_ON or not message.words.words:
        return Seen(question, intent_model.features(message, "", 0.0), named)
    ruled = by_rules(message)
    return Seen(question, intent_model.features(message, label_of(ruled), ruled.certainty), named)


def models(rows: Sequence[Seen]) -> dict[str, list[str]]:
    """The lines of both data files by name, learned from questions. What no writer asked for is left to the rules."""
    voiced = {row.question.labels[0] for row in rows if row.question.writer not in TUNED_ON}
    return {
        intent_model.FILE: learn([(one.whole, label) for one in rows if (label := one.question.labels[0]) in voiced]),
        term_choice.FILE: learn([place for row in rows for place in row.places]),
    }


def learn(rows: Sequence[tuple[Features, str]]) -> list[str]:
    """The lines of the data file, learned from features and labels."""
    names = [
        dict.fromkeys(one.words, 1.0 / one.size) | dict.fromkeys(one.letters, LETTER_WEIGHT / one.size)
        for one, _ in rows
    ]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(names)
    often = np.flatnonzero(np.asarray((matrix > 0).sum(axis=0)).ravel() >= LEAST_SEEN)
    labels = [label for _, label in rows]
    fitted = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(matrix[:, often], labels)
    strongest = np.argsort(-np.abs(fitted.coef_).max(axis=0), kind="stable")[:MOST_FEATURES]
    named = vectorizer.get_feature_names_out()[often[strongest]]
    counted = [LETTER_WEIGHT if name.startswith("~") else 1.0 for name in named]
    weights = {name: fitted.coef_[:, at] * much for name, at, much in zip(named, strongest, counted, strict=True)}
    return list(model_lines(list(fitted.classes_), list(fitted.intercept_), weights))


def left_out(writer: str, rows: list[Seen]) -> tuple[str, list[Scored], float]:
    """A writer's questions, routed by what was learned from all others; and how many intents alone are right."""
    learned = models([row for row in rows if row.question.writer != writer])
    context = replace(demo_context(), models={name: LinearModel(lines) for name, lines in learned.items()})
    scored: list[Scored] = []
    right = 0
    for row in rows:
        question = row.question
        if question.writer == writer:
            chances = context.models[intent_model.FILE].probabilities(row.whole)
            best = max(chances, key=lambda label: chances[label])
            right += best.removesuffix(f" {DESCRIBED}") in {
                one.removesuffix(f" {DESCRIBED}") for one in question.labels
            }
            scored.append(Scored(question.text, question.kind, question.expected, route(question.text, context), 0.0))
    return writer, scored, right / max(1, len(scored))


def show(results: Iterable[tuple[str, list[Scored], float]]) -> None:
    print(f"{'writer left out':16}{'questions':>10}{'right':>8}{'wrong':>8}{'declined':>9}{'reason':>8}{'intent':>8}")
    every: list[Scored] = []
    for writer, scored, intent in results:
        every += scored
        print_row(writer, scored, intent)
    print_row("all", every, float("nan"))


def print_row(title: str, scored: list[Scored], intent: float) -> None:
    figures = summary(scored)
    names = ("right", "answered wrongly", "declined, should answer", "wrong reason")
    shares = "".join(f"{figures[name]:8.3f}" for name in names)
    print(f"{title:16}{len(scored):10}{shares}{intent:8.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the data file, learned from all writers")
    parser.add_argument("--only", nargs="*", help="leave out only these writers")
    parser.add_argument("--misses", type=Path, help="write what came out wrong to this file")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    context = demo_context()
    rows = [seen(question, context) for question in questions()]
    counts = Counter(row.question.writer for row in rows)
    writers = arguments.only if arguments.only is not None else sorted(counts.keys() - TUNED_ON)
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(pool.map(left_out, writers, [rows] * len(writers)))
    show(results)
    if arguments.misses:
        arguments.misses.write_text("".join(_misses(results)), encoding="utf-8")
    if arguments.write:
        for name, lines in models(rows).items():
            (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _misses(results: Iterable[tuple[str, list[Scored], float]]) -> Iterator[str]:
    for writer, scored, _ in results:
        for row in (row for row in scored if not row.right):
            found = {"command": row.route.command, "options": row.route.as_json(), "certainty": row.route.certainty}
            found["or"] = [other.understood for other in row.route.alternatives]
            line = {"verdict": row.verdict, "question": row.question, "found": found, "expected": row.expected}
            yield json.dumps({"writer": writer, "kind": row.kind, **line}, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
