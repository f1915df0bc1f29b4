"""An OpenAI-compatible server that behaves as told: the stand-in for APIs, for tests, benchmarks and dry runs.

    with PracticeServer(text="hello", latency_s=0.2) as server:
        model = open_model("vllm/any", base_url=server.url)
    PracticeServer(plan=[Behaviour(status=429, headers={"Retry-After": "1"}), Behaviour(drop=True)])

Promises: speaks HTTP over a real socket, with kept connections, `n`, and streams; counts what it was asked;
follows its plan one request after the other, and then is good. Does not promise to be safe: it listens on
this machine alone.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the server does with one request."""

    text: str | Callable[[Mapping[str, Any]], str] = "hello"
    """The reply, or what makes it from the request."""
    latency_s: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent in place of a proper answer."""
    model: str | None = None
    """The model that it says it is; None: the one that was asked for."""
    finish: str = "stop"
    usage: bool = True
    samples: int | None = None
    """How many choices it gives; None: as many as were asked for."""
    cut_after: int | None = None
    """Bytes of the body (pieces, of a stream) after which the connection ends."""
    drop: bool = False
    """Ends the connection without a word."""


class PracticeServer:
    """The server, running in a thread of its own while the `with` block lasts."""

    def __init__(self, plan: Iterable[Behaviour] = (), **always: Any):
        self.always = Behaviour(**always)
        """How it behaves when the plan is used up."""
        self.models: list[str] = []
        """The names that it gives when asked for its models."""
        self.requests: list[dict[str, Any]] = []
        """The bodies it was sent."""
        self.headers: list[dict[str, str]] = []
        self.moments: list[float] = []
        """When each came."""
        self.at_once = 0
        """The most requests it ever worked on at the same time."""
        self._plan = list(plan)
        self._busy = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="practice-server", daemon=True)
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> PracticeServer:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._visits: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._visit, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, with as many requests as the client sends."""
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        try:
            while (request := await _read(reader)) is not None:
                if not await self._answer(*request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._visits.discard(task)
            writer.close()

    async def _answer(self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answers one request; False when the connection is to end."""
        if path.endswith("/models"):
            listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]}
            return await _send(GOOD, json.dumps(listed).encode(), writer)
        asked = json.loads(body or b"{}")
        self.requests.append(asked)
        self.headers.append(headers)
        self.moments.append(time.monotonic())
        behaviour = self._plan.pop(0) if self._plan else self.always
        self._busy += 1
        self.at_once = max(self.at_once, self._busy)
        try:
            await asyncio.sleep(behaviour.latency_s)
        finally:
            self._busy -= 1
        if behaviour.drop:
            return False
        if asked.get("stream") and behaviour.status == 200 and behaviour.body is None:
            return await _send_pieces(behaviour, asked, writer)
        return await _send(behaviour, _body(behaviour, asked), writer)


async def _read(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes] | None:
    """The path, the headers and the body of the next request; None when there is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return first.split()[1], headers, await reader.readexactly(int(headers.get("content-length", "0")))


async def _send(behaviour: Behaviour, body: bytes, writer: asyncio.StreamWriter) -> bool:
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **behaviour.headers}
    lines = [f"HTTP/1.1 {behaviour.status} {REASONS.get(behaviour.status, 'Whatever')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body[: behaviour.cut_after])
    await writer.drain()
    return behaviour.cut_after is None


async def _send_pieces(behaviour: Behaviour, asked: Mapping[str, Any], writer: asyncio.StreamWriter) -> bool:
    """A stream of events; cut short, it ends without its last ones."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    whole = answer_to(behaviour, asked)
    pieces = list(_pieces(whole))
    for piece in pieces[: behaviour.cut_after]:
        event = b"data: " + json.dumps(piece).encode() + b"\n\n"
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await writer.drain()
    if behaviour.cut_after is not None:
        return False
    writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
    await writer.drain()
    return True


def _pieces(whole: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """A whole answer as the pieces of a stream: ten letters each, then the ends, then the bill."""
    head = {"id": whole["id"], "object": "chat.completion.chunk", "created": 0, "model": whole["model"]}
    for choice in whole["choices"]:
        text, index = choice["message"]["content"], choice["index"]
        for start in range(0, len(text), 10):
            delta = {"role": "assistant", "content": text[start : start + 10]}
            yield head | {"choices": [{"index": index, "delta": delta, "finish_reason": None}]}
        yield head | {"choices": [{"index": index, "delta": {}, "finish_reason": choice["finish_reason"]}]}
    if "usage" in whole:
        yield head | {"choices": [], "usage": whole["usage"]}


def _body(behaviour: Behaviour, asked: Mapping[str, Any]) -> bytes:
    if behaviour.body is not None:
        return behaviour.body
    if behaviour.status != 200:
        text = behaviour.text if isinstance(behaviour.text, str) else "refused"
        return json.dumps({"error": {"message": text, "code": behaviour.status}}).encode()
    return json.dumps(answer_to(behaviour, asked)).encode()


def answer_to(behaviour: Behaviour, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A proper answer, as OpenAI documents it."""
    count = asked.get("n", 1) if behaviour.samples is None else behaviour.samples
    texts = [behaviour.text if isinstance(behaviour.text, str) else behaviour.text(asked) for _ in range(count)]
    answer: dict[str, Any] = {
        "id": "practice",
        "object": "chat.completion",
        "created": 0,
        "model": behaviour.model if behaviour.model is not None else asked.get("model", ""),
        "choices": [
            {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": behaviour.finish}
            for index, text in enumerate(texts)
        ],
    }
    if behaviour.usage:
        prompt = sum(len(message["content"]) for message in asked.get("messages", ())) // 4
        completion = sum(len(text) // 4 + 1 for text in texts)
        answer["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
    return answer


GOOD = Behaviour()
TIRED = replace(GOOD, status=429, text="slow down", headers={"Retry-After": "0.05"})
"""Asks for patience."""
