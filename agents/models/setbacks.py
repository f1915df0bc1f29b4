"""What went wrong with one try, and whether another may help.

Promises: every error of the client libraries becomes a `Setback`; a mistake of ours (a TypeError, say) does
not, and is raised. Texts are cut short, and hold no key once `hidden` was applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agents.models.answers import BadAnswer
from agents.models.keys import Key
from agents.models.pace import retry_after_s

AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529}
"""Statuses after which another try may help; of the others from 500 up, it may too."""
NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached", "insufficient balance", "credit balance is too low")
"""What providers say with status 429, 400 or 402 when an account is empty: waiting does not fill it."""
LIBRARIES = {"openai", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "anyio", "ssl", "socket"}
LONGEST_TEXT = 400
RETRY_DELAY = re.compile(r'"retryDelay":\s*"([\d.]+)s"')
"""Gemini's way to ask for patience."""


@dataclass(frozen=True, slots=True)
class Setback:
    """Why a try came to nothing."""

    text: str
    wait_s: float | None = None
    """How long the server asks to be left alone."""
    final: bool = False
    """Another try would end the same way."""
    key_refused: bool = False
    unknown: bool = False
    """The server does not know the model."""

    def hidden(self, key: Key) -> Setback:
        """Without the key, should the server have repeated it."""
        return replace(self, text=key.hide(self.text)[:LONGEST_TEXT])


def setback_of(error: Exception) -> Setback | None:
    """What an error means for the next try; None for an error that is not the server's or the network's."""
    if isinstance(error, BadAnswer):
        return Setback(str(error), final=error.final)
    if isinstance(error, TimeoutError) or type(error).__name__ in ("APITimeoutError", "TimeoutException"):
        return Setback("no answer in time")
    if isinstance(getattr(error, "status_code", None), int):
        return _of_status(error)
    if type(error).__module__.split(".")[0] in LIBRARIES or isinstance(error, OSError | json.JSONDecodeError):
        cause = error.__cause__ or error
        return Setback(f"{type(error).__name__}: {cause}")
    return None


def _of_status(error: Any) -> Setback:
    status = error.status_code
    text = f"status {status}: {_said(error)}"
    if status in (401, 403):
        return Setback(text, final=True, key_refused=True)
    headers = getattr(getattr(error, "response", None), "headers", {})
    delay = RETRY_DELAY.search(text)
    wait_s = retry_after_s(headers.get("retry-after") or (delay and delay[1]), headers.get("retry-after-ms"))
    broke = any(mark in text.lower() for mark in NO_MONEY)
    again = (status in AGAIN or status >= 500) and not broke
    unknown = status == 404 or (not again and "model" in text and "not exist" in text)
    return Setback(text, wait_s if again else None, final=not again, unknown=unknown)


def _said(error: Any) -> str:
    """The server's own words, as far as there are any."""
    body = getattr(error, "body", None)
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        body = body["error"]
    if isinstance(body, Mapping):
        code, message = body.get("code"), body.get("message") or body.get("detail")
        said = " ".join(str(part) for part in (code, message) if part) or json.dumps(body, default=str)
        delay = RETRY_DELAY.search(json.dumps(body, default=str))
        return f"{said} ({delay[0]})" if delay else said
    return str(body or error)
