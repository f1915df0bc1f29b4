"""Replies from a file, and files from replies: a run that was paid for once can be shown again for nothing.

Promises: a line with messages answers exactly those messages, sampling and sample number; a line without any
is used in its turn; a question that the file does not answer is a ValueError, never an invented reply; a last line
that a kill tore is left out, and cut off by whoever goes on recording; a full disk costs the recording and a warning,
never a reply. A recording holds no key. Does not promise an order between calls that run at the same time: give lines
messages there.

A line: {"model": ..., "messages": [...], "sampling": {...}, "sample": 0, "reply": {"text": ...}}
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import IO, Any

from agents.models.cache import key_of, reply_of, reply_record
from agents.models.chat import ChatModel, Message, Reply, Sampling, close, identity_of
from agents.models.faults import ModelError

log = logging.getLogger(__name__)

_SAMPLING = {field.name for field in fields(Sampling)}


class RecordedModel:
    """Plays a recording."""

    def __init__(self, path: str | Path, name: str = ""):
        self.path = Path(path).expanduser()
        self.name = name or f"recorded/{self.path.name}"
        self._by_key: dict[bytes, Reply] = {}
        self._in_turn: list[Reply] = []
        self._used = 0
        self._lock = threading.Lock()
        if not self.path.is_file():
            raise ValueError(f"recorded: there is no file {str(self.path)!r}; record one with record=PATH")
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if _torn(line):
                    log.warning("%s:%d: is left out: whoever wrote it was stopped before its end", self.path, number)
                elif line.strip():
                    self._read(line, number)

    def __repr__(self) -> str:
        return f"RecordedModel({str(self.path)!r})"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The recorded replies."""
        return [self._reply(messages, sampling, sample) for sample in sampling.samples]

    def _reply(self, messages: Sequence[Message], sampling: Sampling, sample: int) -> Reply:
        known = self._by_key.get(key_of("", messages, sampling, sample))
        if known is not None:
            return known
        with self._lock:
            if self._used < len(self._in_turn):
                self._used += 1
                return self._in_turn[self._used - 1]
        last = messages[-1]["content"][:80] if messages else ""
        raise ValueError(
            f"{self.path}: holds no reply number {sample} to {last!r} with {sampling}; "
            "record the run again, or use the settings it was recorded with"
        )

    def _read(self, line: bytes, number: int) -> None:
        try:
            record = json.loads(line)
            said = record["reply"]
            reply = reply_of(said if isinstance(said, dict) else {"text": said})
            if "messages" not in record:
                self._in_turn.append(reply)
                return
            settings = {name: value for name, value in record["sampling"].items() if name in _SAMPLING}
            sampling = Sampling(**settings | {"stop": tuple(settings.get("stop", ()))})
            self._by_key.setdefault(key_of("", record["messages"], sampling, record["sample"]), reply)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self.path}:{number}: is not a recorded reply ({error!r}); see recorded.py") from None


class Recording:
    """A model whose replies are written down."""

    def __init__(self, model: ChatModel, path: str | Path):
        self.model = model
        self.name = model.name
        self.identity = identity_of(model)
        self.path = Path(path).expanduser()
        self._lock = threading.Lock()
        self.lost = 0
        """Replies that could not be written down."""
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def __repr__(self) -> str:
        return f"Recording({self.model!r}, {str(self.path)!r})"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The model's replies."""
        try:
            replies = await self.model.complete(messages, sampling)
        except ModelError as error:
            self._write(messages, sampling, error.finished)
            raise
        self._write(messages, sampling, dict(enumerate(replies, sampling.first_sample)))
        return replies

    async def close(self) -> None:
        await close(self.model)

    def _write(self, messages: Sequence[Message], sampling: Sampling, replies: dict[int, Reply]) -> None:
        about: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": each["role"], "content": each["content"]} for each in messages],
            "sampling": asdict(replace(sampling, n=1, first_sample=0)),
        }
        lines = [
            json.dumps(about | {"sample": sample, "reply": reply_record(reply)}) + "\n"
            for sample, reply in sorted(replies.items())
        ]
        try:
            with self._lock, self.path.open("ab+") as file:
                _mend_end(file)
                file.write("".join(lines).encode())
        except OSError as error:
            self.lost += len(lines)
            if self.lost == len(lines):
                log.warning("%s: cannot be written (%s); going on without recording them", self.path, error)


def _torn(line: bytes) -> bool:
    """Whether this is a part of a line: only the last one of a file can be."""
    if line.endswith(b"\n"):
        return False
    try:
        json.loads(line)
    except ValueError:
        return True
    return False


def _mend_end(file: IO[bytes]) -> None:
    """Makes a file end with a whole line."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 1))
    if file.read() in (b"", b"\n"):
        return
    file.seek(0)
    last = deque(file, 1).pop()
    if _torn(last):
        file.truncate(end - len(last))
    else:
        file.write(b"\n")
