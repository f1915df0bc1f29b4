"""A model that is asked from code that does not wait: environments put questions, and answers come later.

Promises: what is asked under one name is asked once, however many wait for it, and many questions are under way at the
same time, as far as the model's own limits allow; a question that met an error is asked again. A model that cannot be
asked is a fault of the machine (`SandboxFault`), which spoils what waits for that answer and nothing else; a spent
budget or a refused key is a `ValueError`, which ends the run.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine, Hashable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from agents.models.chat import ChatModel, Message, Reply, Sampling, close
from agents.models.faults import ModelError, ModelFault
from sandbox import Sandbox, SandboxFault


@dataclass(frozen=True, slots=True)
class Question:
    """What does the model say? The answer is what `read` makes of its replies."""

    line: Line
    name: Hashable
    """What it is known by."""
    messages: Callable[[], Sequence[Message]]
    sampling: Sampling
    read: Callable[[list[Reply]], Any] = list

    def put(self, box: Sandbox | None = None) -> Future[Any]:
        """Asks; the answer comes later."""
        return self.line.ask(self)


class Line:
    """Asks one model.

    One event loop asks, in a thread of its own: it begins with the first question, and ends with `close`, or when
    nobody has the object any more.
    """

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self._answers: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()
        self._loop: _Loop | None = None
        self._unanswered = 0  # the loop's own: no other thread looks at it

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(self, question: Question) -> Future[Any]:
        """What was made of the replies, later; the second time without asking."""
        with self._lock:
            answer = self._answers.get(question.name)
            if answer is None or (answer.done() and answer.exception()):
                self._loop = self._loop or _Loop(f"asking {self.model.name}")
                answer = self._answers[question.name] = Future()
                self._loop.start(self._answer(question, answer))
            return answer

    def close(self, wait_s: float = 0.0) -> None:
        """Ends the loop, when open questions are answered or that time is over; they meet a fault then.

        Answers stay known, and a new question begins a new loop.
        """
        with self._lock:
            loop, self._loop = self._loop, None
            asked = list(self._answers.values())
        if loop is not None:
            wait(asked, wait_s)
            loop.close()

    async def _answer(self, question: Question, answer: Future[Any]) -> None:
        try:
            answer.set_result(await self._complete(question))
        except BaseException as error:  # the loop has nobody to tell; whoever waits is told
            answer.set_exception(error)

    async def _complete(self, question: Question) -> Any:
        self._unanswered += 1
        try:
            replies = await self.model.complete(question.messages(), question.sampling)
        except ModelFault as fault:
            raise SandboxFault(f"{self.model.name}: {fault}") from fault
        except ModelError as error:
            raise ValueError(f"{self.model.name}: {error}") from error
        except asyncio.CancelledError as end:
            raise SandboxFault(f"{self.model.name}: was closed before it answered") from end
        finally:
            self._unanswered -= 1
            if not self._unanswered:
                await close(self.model)  # connections or weights, until there is another question
        return question.read(replies)


class _Loop:
    """An event loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_turn, args=(self._loop,), name=name, daemon=True)
        self._thread.start()
        self._end = weakref.finalize(self, _stop, self._loop)
        self._end.atexit = False  # the thread is a daemon

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        self._end()
        self._thread.join()


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:  # which cancels, at the end, what is open
        runner.get_loop().run_forever()


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon_threadsafe(loop.call_soon, loop.stop)  # a turn later: what was put before has begun by then
