"""The operator's language model over a loopback server that answers well, wrongly, late or in other forms."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.config import Secret
from bot.providers.language_model import MAX_BODY, LanguageModel, ToolCall, tool_call

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TOOLS = [{"name": "roc", "description": "Change", "parameters": {"type": "object", "properties": {}}}]


def completion(*calls: tuple[str, Any], text: str | None = None) -> dict[str, Any]:
    """A body of chat completions with calls of tools, their arguments as JSON text."""
    tools = [{"type": "function", "function": {"name": name, "arguments": json.dumps(said)}} for name, said in calls]
    return {"choices": [{"message": {"role": "assistant", "content": text, "tool_calls": tools or None}}]}


@asynccontextmanager
async def serving(handler: Handler, **more: Any) -> AsyncIterator[LanguageModel]:
    """A model at a server on this machine that answers so."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    model = LanguageModel(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", "small", Secret("a-secret-key"), **more)
    try:
        yield model
    finally:
        await model.close()
        await runner.cleanup()


def saying(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(text=text, status=status, headers=headers)

    return answer


async def test_it_is_asked_with_the_question_and_the_tools_and_its_call_is_read() -> None:
    asked: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append((request.headers["Authorization"], await request.json()))
        return web.json_response(completion(("roc", {"symbol": "IWM"})))

    async with serving(answer) as model:
        assert await model.which("how did iwm do", TOOLS) == ToolCall("roc", {"symbol": "IWM"})
        assert await model.which("how did iwm do", TOOLS) is not None
        assert model.counts == {"answered": 2}
    key, body = asked[0]
    assert key == "Bearer a-secret-key"
    assert body["model"] == "small"
    assert body["messages"][1] == {"role": "user", "content": "how did iwm do"}
    assert body["tools"] == [{"type": "function", "function": TOOLS[0]}]


@pytest.mark.parametrize(
    "body", [completion(text="none"), completion(("roc", {}), ("quote", {})), {"choices": [{"message": {}}]}]
)
async def test_text_and_several_calls_are_no_call(body: object) -> None:
    async with serving(saying(body)) as model:
        assert await model.which("hm", TOOLS) is None
        assert model.counts == {"none": 1}


@pytest.mark.parametrize(
    "handler",
    [
        saying("<html>not json"),
        saying({"error": "no"}),
        saying([]),
        saying({"choices": []}),
        saying({"choices": [{"message": "text"}]}),
        saying({"choices": [{"message": {"tool_calls": [{"function": {"name": "roc", "arguments": "{"}}]}}]}),
        saying({"choices": [{"message": {"tool_calls": [{"function": {"name": "roc", "arguments": "3"}}]}}]}),
        saying(completion(("roc", {})), 500),
        saying(completion(("roc", {})), 302, {"Location": "http://127.0.0.1:9/"}),
        saying("x" * (MAX_BODY + 1)),
    ],
)
async def test_what_has_not_that_form_is_a_silent_failure(handler: Handler) -> None:
    async with serving(handler) as model:
        assert await model.which("hm", TOOLS) is None
        assert model.counts == {"failed": 1}


async def test_a_late_answer_is_none() -> None:
    gate = asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        await gate.wait()
        return web.json_response(completion(("roc", {})))

    async with serving(answer, timeout=0.05) as model:
        assert await model.which("hm", TOOLS) is None
        assert model.counts == {"late": 1}
        gate.set()


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    model = LanguageModel("http://127.0.0.1:9/v1", "small", Secret())
    assert await model.which("hm", TOOLS) is None
    assert model.counts == {"failed": 1}
    await model.close()
    await LanguageModel("http://127.0.0.1:9/v1", "small", Secret()).close()


def test_a_call_without_arguments_has_none() -> None:
    body = {"choices": [{"message": {"tool_calls": [{"function": {"name": "rstar", "arguments": ""}}]}}]}
    assert tool_call(json.dumps(body).encode()) == ToolCall("rstar", {})
