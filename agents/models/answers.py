"""From what a server sent to replies.

Promises: an answer that is not whole is a `BadAnswer`, never a short reply; the shares of a bill over the
samples that were asked for add up to the bill, whatever else the server sent. Nothing of an answer is trusted to have
the right type. What a `BadAnswer` repeats is repeated whole, for a key that was cut in two could not be hidden.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.models.chat import Message, Reply, Usage, estimated_tokens, prompt_tokens
from agents.models.prices import Price

FINISHES = {"stop": "stop", "eos": "stop", "length": "length", "max_tokens": "length", "content_filter": "filter"}
MOST_TOKENS = 10**12
"""Whoever claims to have counted more did not count."""
REVISION = re.compile(r"[-:](\d{4}-\d\d-\d\d|\d\d-(\d\d|\d{4})|\d{4,}|0\d\d|latest)")
"""A date, whole or without its day or year, or a revision, behind a name; -1 and -5 are versions: other models."""


class BadAnswer(Exception):  # noqa: N818 - the names are the house's
    """The server's answer is no answer."""

    def __init__(self, text: str, final: bool = False):
        super().__init__(text)
        self.final = final
        """Asking again would not help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer to one request."""

    model: str
    texts: tuple[str, ...]
    finishes: tuple[str, ...]
    prompt_tokens: int | None
    """None: the server did not say."""
    completion_tokens: int | None


def read_answer(body: bytes) -> Answer:
    """The answer that a whole body holds."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswer(f"answered with something that is not JSON: {body!r}") from None
    if not isinstance(said, dict) or said.get("error"):
        told = said.get("error") if isinstance(said, dict) else said
        raise BadAnswer(f"answered with an error: {json.dumps(told)}")
    choices = said.get("choices")
    if not isinstance(choices, list) or not choices or not all(isinstance(choice, dict) for choice in choices):
        raise BadAnswer(f"answered without a choice: {body!r}")
    choices = sorted(choices, key=lambda choice: _whole(choice.get("index")) or 0)
    texts = [_text(choice.get("message")) for choice in choices]
    finishes = [FINISHES.get(str(choice.get("finish_reason")), "other") for choice in choices]
    return Answer(str(said.get("model") or ""), tuple(texts), tuple(finishes), *_usage(said.get("usage")))


async def read_pieces(pieces: AsyncIterable[Mapping[str, Any]]) -> Answer:
    """The answer that a stream of pieces makes up; a stream that stops before its end is no answer."""
    texts: dict[int, list[str]] = {}
    finishes: dict[int, str] = {}
    model = ""
    usage: tuple[int | None, int | None] = (None, None)
    async for piece in pieces:
        model = str(piece.get("model") or model)
        usage = _usage(piece.get("usage")) if piece.get("usage") else usage
        for choice in piece.get("choices") or ():
            index = _whole(choice.get("index")) or 0
            texts.setdefault(index, []).append(_text(choice.get("delta")))
            if choice.get("finish_reason"):
                finishes[index] = FINISHES.get(str(choice["finish_reason"]), "other")
    if not texts or texts.keys() != finishes.keys():
        raise BadAnswer("the stream was cut off before its end")
    order = sorted(texts)
    whole = tuple("".join(texts[index]) for index in order)
    return Answer(model, whole, tuple(finishes[index] for index in order), *usage)


def _text(message: Any) -> str:
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list):
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < MOST_TOKENS else None


def _usage(usage: Any) -> tuple[int | None, int | None]:
    if not isinstance(usage, Mapping):
        return None, None
    return _whole(usage.get("prompt_tokens")), _whole(usage.get("completion_tokens"))


def replies_of(answer: Answer, messages: Sequence[Message], n: int, latency_s: float, price: Price) -> list[Reply]:
    """Up to `n` replies, each with its share of the whole bill: texts that nobody asked for are on it, too."""
    estimated = answer.prompt_tokens is None or answer.completion_tokens is None
    lengths = [estimated_tokens(text) for text in answer.texts]
    prompt = prompt_tokens(messages) if answer.prompt_tokens is None else answer.prompt_tokens
    completion = sum(lengths) if answer.completion_tokens is None else answer.completion_tokens
    lengths = lengths[:n]
    usages = [
        Usage(one, other, estimated)
        for one, other in zip(shares(prompt, [1] * len(lengths)), shares(completion, lengths), strict=True)
    ]
    return [
        Reply(text, usage, price.of(usage), latency_s, finish, model=answer.model)
        for text, usage, finish in zip(answer.texts, usages, answer.finishes, strict=False)
    ]


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number cut into parts that are nearly in proportion and add up to it."""
    whole = sum(weights) or len(weights)
    marks = [0]
    for weight in weights:
        marks.append(marks[-1] + (weight if sum(weights) else 1))
    cuts = [round(total * mark / whole) for mark in marks]
    return [high - low for low, high in zip(cuts, cuts[1:], strict=False)]


def same_model(asked: str, answered: str) -> bool:
    """Whether two names may mean one model: a path before it, a date or a revision behind it are nothing."""
    one, other = (name.lower().rpartition("/")[2].partition("@")[0] for name in (asked, answered))
    return not other or one == other or _dated(other, one) or _dated(one, other)


def _dated(long: str, short: str) -> bool:
    """Whether a name is another one with a date or a revision behind it."""
    return long.startswith(short) and REVISION.fullmatch(long, len(short)) is not None
