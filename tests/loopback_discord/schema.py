"""Checks every request and every answer against Discord's own OpenAPI description, where it is there."""

from __future__ import annotations

import copy
import functools
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from tests.loopback_discord.wire import Json

SPEC = Path(__file__).resolve().parents[2].parent / "shared" / "discord" / "openapi.json"
FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time", raises=ValueError)(lambda text: not isinstance(text, str) or bool(parse_time(text)))
FORMATS.checks("uri")(lambda text: not isinstance(text, str) or bool(urlsplit(text).scheme))
FORMATS.checks("int32")(lambda number: not isinstance(number, int) or -(2**31) <= number < 2**31)


def parse_time(text: str) -> datetime:
    """The time, or ValueError for one without its zone."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(text)
    return time


class Spec:
    """Compiled validators over one OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        # the description wants numbers as the codes of field errors; Discord's documentation shows words
        document["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]["items"] = {"type": "object"}
        loose = copy.deepcopy(document)
        # discord.py writes some snowflakes as numbers, and Discord takes them
        loose["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        self._registry: Registry[Any] = Registry().with_resources(
            (name, Resource(contents=contents, specification=DRAFT202012))
            for name, contents in (("urn:strict", document), ("urn:loose", loose))
        )
        self._compiled: dict[str, Draft202012Validator] = {}

    def _validator(self, base: str, *steps: str) -> Draft202012Validator:
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        reference = f"{base}#{quote(pointer, safe='/~')}"
        if reference not in self._compiled:
            self._compiled[reference] = Draft202012Validator(
                {"$ref": reference}, registry=self._registry, format_checker=FORMATS
            )
        return self._compiled[reference]

    def _fault(self, value: Json, base: str, *steps: str) -> str | None:
        error = best_match(self._validator(base, *steps).iter_errors(value))
        return None if error is None else f"{error.json_path}: {error.message[:400]}"

    def request(self, method: str, template: str, body: Json) -> str | None:
        """What is wrong with a request's JSON, None if nothing is."""
        operation = self.paths.get(template, {}).get(method.lower())
        if operation is None:
            return "no such operation"
        if "requestBody" not in operation:
            return "takes no body" if body else None
        if body is None:
            return "needs a body" if operation["requestBody"].get("required") else None
        steps = ("paths", template, method.lower(), "requestBody", "content", "application/json", "schema")
        return self._fault(body, "urn:loose", *steps)

    def response(self, method: str, template: str, status: int, body: Json) -> str | None:
        """What is wrong with an answer, None if nothing is. Server faults (5xx) are not described."""
        if status >= 500 or template not in self.paths:
            return None
        answers = self.paths[template][method.lower()]["responses"]
        key = next((key for key in (str(status), "4XX" if status >= 400 else "") if key in answers), None)
        if key is None:
            return f"status {status} is not described"
        if "$ref" in answers[key]:
            name = answers[key]["$ref"].rsplit("/", 1)[1]
            steps: tuple[str, ...] = ("components", "responses", name)
        else:
            steps = ("paths", template, method.lower(), "responses", key)
            if "content" not in answers[key]:
                return None if body is None else "the answer has no body"
        return self._fault(body, "urn:strict", *steps, "content", "application/json", "schema")


@functools.cache
def load_spec() -> Spec | None:
    """The description beside the project, None where it is not there."""
    return Spec(json.loads(SPEC.read_text(encoding="utf-8"))) if SPEC.exists() else None
