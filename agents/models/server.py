"""Models behind an OpenAI-compatible server: OpenAI, Gemini, DeepSeek, Anthropic, vLLM, Ollama and their like.

Promises: a reply that arrives is whole (a cut-off stream or body, broken JSON, an answer without a choice are tried
again); a server that asks for patience gets it; an answer by another model than the one asked for is an
error, not a reply; no error, log line or repr holds the key. Samples number 0, 1, 2... get seeds of their own
where the server has seeds, and are then the same whatever `n` they are drawn with. Does not promise that a
server's seeds work.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakKeyDictionary

from agents.models.answers import Answer, BadAnswer, read_answer, read_pieces, replies_of, same_model
from agents.models.chat import Message, Reply, Sampling, prompt_tokens
from agents.models.configuration import guess
from agents.models.faults import KeyRefused, ModelError, ModelFault, ModelRefused
from agents.models.keys import NO_KEY, Key
from agents.models.pace import Pace, backoff_s
from agents.models.prices import FREE, Price
from agents.models.setbacks import Setback, setback_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """Where a model is served, and what its server can do."""

    model: str
    """The model's name there."""
    base_url: str
    key: Key = NO_KEY
    price: Price = FREE
    seeds: bool = False
    """The server obeys `seed`: each sample is then asked for alone, with its own."""
    many: bool = False
    """The server obeys `n`: one request draws many samples, and the prompt is paid for once."""
    max_tokens_field: str = "max_tokens"
    """Newer OpenAI models want max_completion_tokens."""
    omit: tuple[str, ...] = ()
    """Settings that the server refuses: of temperature, top_p, stop."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """More fields of the request, such as {"reasoning_effort": "low"}."""
    stream: bool = False
    """Take the answer in pieces: gateways do not cut long ones off then."""
    timeout_s: float = 90.0
    """For one try, from its sending to the end of its answer."""
    tries: int = 6
    first_wait_s: float = 1.0
    """Before the second try; doubled for each further one, jittered."""
    longest_wait_s: float = 120.0
    """A server that asks for more patience than this is taken to be out of order."""
    served_as: str = ""
    """The name under which the server answers, when it is not the model's; * accepts every name."""

    @property
    def address(self) -> str:
        """The address without user, password and query."""
        parts = urlsplit(self.base_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


class ServerModel:
    """A model on a server."""

    def __init__(self, name: str, server: Server, pace: Pace | None = None):
        self.name = name
        self.server = server
        self.pace = pace or Pace()
        self._many = server.many
        self._rng = random.Random()
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    def __repr__(self) -> str:
        return f"ServerModel({self.name!r}, {self.server.model!r} at {self.server.address})"

    @property
    def identity(self) -> str:
        """What stands for the model in keys of a cache."""
        extra = json.dumps(dict(self.server.extra), sort_keys=True, default=str)
        without = f" without {' '.join(sorted(self.server.omit))}" if self.server.omit else ""
        return f"{self.server.model} at {self.server.address} {extra}{without}"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The replies, in order; when some cannot be had, an error that carries the others."""
        if self._many and not (self.server.seeds and sampling.seed is not None):
            parts = [sampling]
        else:
            parts = [sampling.only(sample) for sample in sampling.samples]
        drawn = await asyncio.gather(*(self._draw(messages, part) for part in parts), return_exceptions=True)
        finished: dict[int, Reply] = {}
        errors: list[BaseException] = []
        for part, result in zip(parts, drawn, strict=True):
            if isinstance(result, BaseException):
                errors.append(result)
            else:
                finished |= dict(enumerate(result, part.first_sample))
        if errors:
            worst = min(errors, key=lambda error: isinstance(error, ModelError))
            if isinstance(worst, ModelError):
                worst.finished |= finished
            raise worst
        return [finished[sample] for sample in sampling.samples]

    async def close(self) -> None:
        """Closes the connections of this event loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _draw(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        replies = await self._ask(messages, sampling)
        if len(replies) < sampling.n:
            if sampling.n > 1:
                log.warning("%s: the server does not obey n; asking for one sample at a time from now on", self.name)
                self._many = False
            have = len(replies)
            try:
                replies += await self.complete(messages, sampling.only(sampling.first_sample + have, sampling.n - have))
            except ModelError as error:
                error.finished |= dict(enumerate(replies, sampling.first_sample))
                raise
        return replies

    async def _ask(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """One request, tried until it is answered or there is no hope left."""
        setback = Setback("was not asked")
        for attempt in range(self.server.tries):
            if attempt:
                await self._wait(setback, attempt - 1)
            async with self.pace.slot(prompt_tokens(messages) + sampling.n * sampling.max_tokens):
                result = await self._try(messages, sampling)
            if not isinstance(result, Setback):
                return result
            setback = result
            if setback.final:
                break
            log.info("%s: try %d of %d: %s", self.name, attempt + 1, self.server.tries, setback.text)
            if (setback.wait_s or 0) > self.server.longest_wait_s:
                break
        if setback.unknown:
            setback = replace(setback, text=f"{setback.text}; {await self._others()}")
        raise self._error(setback.hidden(self.server.key))

    async def _others(self) -> str:
        """What the server has in place of a model that it does not know."""
        try:
            async with asyncio.timeout(self.server.timeout_s):
                names = [model.id async for model in self._client().models.list()]
        except Exception as error:
            if setback_of(error) is None:
                raise
            return f"look up the names at {self.server.address}/models"
        return guess(self.server.model, names)

    async def _wait(self, setback: Setback, attempt: int) -> None:
        """Waits before the next try; everybody waits when the server asked for it, but nobody less for asking."""
        jittered_s = backoff_s(attempt, self.server.first_wait_s, self.server.longest_wait_s, self._rng)
        asked_s = setback.wait_s or 0.0
        self.pace.pause(asked_s)
        await asyncio.sleep(max(jittered_s, asked_s + self._rng.random() * min(jittered_s, 0.1 * asked_s)))

    def _error(self, setback: Setback) -> ModelError:
        where = f"{self.name} ({self.server.address})"
        if setback.key_refused:
            return KeyRefused(f"{where}: {setback.text}; the key from {self.server.key.source} is not accepted there")
        if setback.final:
            return ModelRefused(f"{where}: {setback.text}")
        asked = f"; it asks to wait {setback.wait_s:.0f} s" if setback.wait_s else ""
        return ModelFault(f"{where}: {setback.text}{asked}; gave up after up to {self.server.tries} tries")

    async def _try(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply] | Setback:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.server.timeout_s):
                answer = await self._send(messages, sampling)
            self._check_model(answer)
            return replies_of(answer, messages, sampling.n, time.perf_counter() - began, self.server.price)
        except Exception as error:  # anything that client libraries raise; ours and mistakes go on from there
            setback = setback_of(error)
            if setback is None:
                raise
        return setback.hidden(self.server.key)

    def _check_model(self, answer: Answer) -> None:
        wanted = self.server.served_as or self.server.model
        if wanted != "*" and not same_model(wanted, answer.model):
            raise BadAnswer(
                f"was asked for {self.server.model!r} and answered as {answer.model!r}; ask for that one, "
                f"or give served_as={answer.model!r} if they are the same",
                final=True,
            )

    async def _send(self, messages: Sequence[Message], sampling: Sampling) -> Answer:
        client, request = self._client(), self._request(messages, sampling)
        if self.server.stream:
            request |= {"stream": True, "stream_options": {"include_usage": True}}
            stream = await client.chat.completions.create(**request)
            try:
                return await read_pieces(_plain(stream))
            finally:
                await stream.close()
        raw = await client.chat.completions.with_raw_response.create(**request)
        return read_answer(raw.http_response.content)

    def _request(self, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.server.model,
            "messages": [{"role": message["role"], "content": message["content"]} for message in messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            self.server.max_tokens_field: sampling.max_tokens,
        }
        if sampling.stop:
            request["stop"] = list(sampling.stop)
        if sampling.n > 1:
            request["n"] = sampling.n
        if self.server.seeds and sampling.seed is not None:
            request["seed"] = sampling.seed_of(sampling.first_sample)
        if self.server.extra:
            request["extra_body"] = dict(self.server.extra)
        return {name: value for name, value in request.items() if name not in self.server.omit}

    def _client(self) -> AsyncOpenAI:
        """This event loop's client: connections cannot change loops."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            from openai import AsyncOpenAI

            key = self.server.key.reveal()
            client = AsyncOpenAI(
                api_key=key, base_url=self.server.base_url, max_retries=0, timeout=self.server.timeout_s
            )
            if "api.openai.com" not in self.server.address:  # these come from the environment, for OpenAI alone
                client.organization = client.project = None
            self._clients[loop] = client
        return self._clients[loop]


async def _plain(stream: Any) -> AsyncIterator[dict[str, Any]]:
    """The pieces of a stream as JSON data."""
    async for piece in stream:
        yield piece.model_dump()
