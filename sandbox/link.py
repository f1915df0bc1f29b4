"""The trusted end of one worker's pipes.

Promises: whatever the worker or a program in it does, a call returns an `Outcome`, or raises `SandboxFault` no later
than a deadline that follows from the limits; expected answers are never written here. That a worker's lifetime is over
is nobody's fault: one that might not see the end of what it is asked for is replaced before, unless it is busy; where
one ends by its age that was not started for this, nothing is said about the program.
Does not promise to be shared: one thread at a time owns a link.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.resources
import json
import marshal
import os
import select
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import MAGIC_NUMBER
from typing import Any

from sandbox import results
from sandbox.cases import MARSHAL_VERSION, Limits, Outcome, Program
from sandbox.errors import SandboxFault
from sandbox.shells.shell import Process, Shell

GRACE_SHARE, GRACE_MOST_S = 0.2, 0.5
"""A run may go this far beyond its CPU limit: one that ends there is repeated alone, and judged fairly then."""

START_S = 20.0
"""A worker that has not said hello by then is a fault."""

_LIFE_SHARE = 0.9
"""A batch may take so much of a lifetime when each of its inputs takes its wall limit."""

_BATCH_BYTES = 1 << 30
"""A frame holds four times that."""

_POLL_MOST_S = 3600.0
"""The kernel takes no wait of more than 24 days at once."""

PROFILES: dict[str, tuple[str, ...]] = {
    "base": (
        "math", "collections", "heapq", "itertools", "functools", "bisect", "string", "re", "random",
        "operator", "copy", "typing",
    ),
    "numpy": ("math", "collections", "itertools", "functools", "random", "re", "numpy"),
}  # fmt: skip
"""Modules that a worker has loaded before it forks."""

GRADER = "grader"
"""The profile of the workers that run code tests; nobody opens a sandbox of them."""

BESIDE = "grader beside the program"
"""The same for tests that share their process with the program: the others run no program."""

_GRADING = ("math", "collections", "random", "re", "copy", "sandbox.inside.grader")
_PRELOADED = {**PROFILES, GRADER: _GRADING, BESIDE: _GRADING}


def inside_sources() -> dict[str, str]:
    """The text of every module that runs inside, by import name."""
    folder = importlib.resources.files("sandbox.inside")
    sources = {"sandbox": "", "sandbox.inside": ""}
    for file in folder.iterdir():
        name = file.name.removesuffix(".py")
        if file.name.endswith(".py") and name not in ("__init__", "boot"):
            sources[f"sandbox.inside.{name}"] = file.read_text("utf-8")
    return sources


@cache
def _compiled(name: str, source: str) -> bytes:
    """The code of a module, for workers whose interpreter is of the same version."""
    return marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=0))


class Link:
    """One running worker."""

    def __init__(self, shell: Shell, profile: str, slot: int):
        self.owner_pid = os.getpid()
        self.shell = shell
        self.profile = profile
        self.slot = slot
        self.tired = False
        """The worker could not clean up after a run and must be replaced."""
        self.killed = False
        """This side ended the worker, or its lifetime did: its end says nothing about the program."""
        self._open = False
        self._start()

    def _start(self) -> None:
        """Starts the worker, which ends by itself when its lifetime is over."""
        self._program: tuple[Program, Limits, bool] | None = None
        self._read_ahead = b""
        self._owed, self._answered = 0, 0
        """Runs that it was asked for and has not ended; runs that it has ended."""
        self._ends = time.monotonic() + self.shell.ceiling.lifetime_s
        try:
            boot = importlib.resources.files("sandbox.inside").joinpath("boot.py").read_text("utf-8")
            self.process: Process = self.shell.start(boot, self.slot)
            self.hello: dict[str, Any] = self._greet(self.profile)
            self._open = True
        except (SandboxFault, OSError) as error:
            fault = error if isinstance(error, SandboxFault) else SandboxFault(_could_not_start(self.shell, error))
            fault.before_start = True
            raise fault from None

    def _see_to_life(self, wall_s: float) -> None:
        """Replaces a worker that might come to its end in what takes so long, unless it is busy or new."""
        if self._owed or not self._answered or time.monotonic() + wall_s < self._ends or self.killed:
            return
        self.close()
        self._start()
        if self.killed:  # meanwhile, by another thread, which has not seen the new one
            self.process.kill()

    def _greet(self, profile: str) -> dict[str, Any]:
        """Sends the worker its sources, and gives what it says of itself; one that says nothing is ended."""
        try:
            os.set_blocking(self.process.writer, False)
            sources = inside_sources()
            compiled = {name: _compiled(name, source) for name, source in sources.items()}
            whole = {"sources": sources, "compiled": compiled, "magic": MAGIC_NUMBER, "options": self._options(profile)}
            first = marshal.dumps(whole, MARSHAL_VERSION)
            self._write(len(first).to_bytes(4, "big") + first, time.monotonic() + START_S)
            kind, hello = self._receive(time.monotonic() + START_S)
            return dict(json.loads(hello)) if kind == b"H" else {}
        except BaseException:
            self.process.close()
            raise

    def _options(self, profile: str) -> dict[str, Any]:
        habits, ceiling = self.shell.habits(self.slot), self.shell.ceiling  # asked once: each asking is another user
        return {
            "places": habits.places,
            "uid": habits.uid,
            "complete_kill": habits.complete_kill,
            "detached": habits.detached,
            "count_processes": habits.count_processes,
            "disk_mb": ceiling.disk_mb,
            "lifetime_s": ceiling.lifetime_s,
            "outer_pid": os.getpid(),
            "numpy_path": habits.numpy_path,
            "preload": _PRELOADED[profile],
        }

    def set_program(self, program: Program, limits: Limits, trace: bool = False) -> bytes:
        """The frames that make `program` the one that the next inputs are for; empty when it is already."""
        key = (program, limits, trace)
        if self._program == key:
            return b""
        self._program = key
        header = {
            "lines": program.source.count("\n") + 2,
            "entry": program.entry,
            "trace": trace,
            "cpu_s": limits.cpu_s + min(GRACE_SHARE * limits.cpu_s, GRACE_MOST_S),
            "wall_s": limits.wall_for_run(),
            "memory_mb": limits.memory_mb,
            "output_mb": limits.output_mb,
            "processes": limits.processes,
        }
        source = program.source.encode("utf-8", "surrogatepass")
        return _frame(b"P", json.dumps(header).encode("ascii")) + _frame(b"T", source)

    def send_input(self, program: Program, payload: bytes, limits: Limits, trace: bool = False) -> None:
        """Asks for one run; `result` then gives its outcome. Several may be asked for, in order."""
        self._see_to_life(limits.wall_for_run())
        self._owed += 1
        frames = self.set_program(program, limits, trace) + _frame(b"I", _seed(payload) + payload)
        self._write(frames, time.monotonic() + self._patience(limits))

    def result(self, program: Program, limits: Limits) -> Outcome:
        """The outcome of the earliest run that was asked for and not yet given."""
        return results.of_run(program, limits, self._result_parts(time.monotonic() + self._patience(limits)))

    def run_batch(self, program: Program, payloads: Sequence[bytes], limits: Limits) -> list[Outcome]:
        """One fork for many calls, or as few as a worker surely lives for; returns the outcomes up to and including the
        first that ended a process.
        """
        most = max(1, int(_LIFE_SHARE * self.shell.ceiling.lifetime_s / limits.wall_for_run()))
        outcomes: list[Outcome] = []
        for part in _in_parts(payloads, most):
            found = self._run_part(program, part, limits)
            outcomes += found
            if len(found) < len(part):
                break
        return outcomes

    def _run_part(self, program: Program, payloads: Sequence[bytes], limits: Limits) -> list[Outcome]:
        self._see_to_life(limits.wall_for_run() * len(payloads))
        self._owed += 1
        body = marshal.dumps(list(payloads), MARSHAL_VERSION)
        deadline = time.monotonic() + limits.wall_for_run() * (len(payloads) + 5) + self.shell.ceiling.patience_s
        frame = _frame(b"B", _seed(body) + len(payloads).to_bytes(4, "big") + body)
        self._write(self.set_program(program, limits) + frame, deadline)
        whole = self._result_parts(deadline)
        return results.of_batch(program, limits, whole, len(payloads))

    def open_session(self, role: str, program: Program, limits: Limits) -> None:
        """Starts a run that converses; `next_message` then gives its messages, and at last its outcome."""
        self._see_to_life(limits.wall_for_run())
        self._owed += 1
        self._write(
            self.set_program(program, limits) + _frame(b"S", role.encode()),
            time.monotonic() + self.shell.ceiling.patience_s,
        )

    def say(self, message: bytes) -> None:
        self._write(_frame(b"Q", message), time.monotonic() + self.shell.ceiling.patience_s)

    def end_session(self) -> None:
        self._write(_frame(b"E", b""), time.monotonic() + self.shell.ceiling.patience_s)

    def next_message(self, program: Program, limits: Limits) -> bytes | Outcome:
        deadline = time.monotonic() + self._patience(limits)
        kind, body = self._receive(deadline)
        if kind == b"A":
            return body
        return replace(results.of_run(program, limits, self._parts(kind, body)), borderline=False)  # never repeated

    def fork_floor(self, rounds: int) -> list[float]:
        """Seconds of bare fork cycles in the worker itself."""
        self._write(_frame(b"F", str(rounds).encode()), time.monotonic() + self.shell.ceiling.patience_s)
        return list(json.loads(self._receive(time.monotonic() + 60)[1]))

    def ping(self) -> dict[str, Any]:
        self._write(_frame(b"K", b""), time.monotonic() + self.shell.ceiling.patience_s)
        return dict(json.loads(self._receive(time.monotonic() + self.shell.ceiling.patience_s)[1]))

    def kill(self) -> None:
        self.killed = True
        self.process.kill()

    def close(self) -> None:
        if self._open:  # a descriptor that is closed twice may be another worker's by then
            self._open = False
            self.process.close()

    def forget_pipes(self) -> None:
        """For a forked child of the caller: what it inherits would keep the worker alive after the caller's death."""
        for descriptor in (self.process.reader, self.process.writer) if self._open else ():
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _result_parts(self, deadline: float) -> results.Parts:
        kind, body = self._receive(deadline)
        return self._parts(kind, body)

    def _parts(self, kind: bytes, body: bytes) -> results.Parts:
        if kind != b"R":
            raise SandboxFault(f"worker: expected a result, got a frame of kind {kind!r}")
        parts = results.Parts.parse(body)
        self._owed -= 1
        self._answered += 1
        self.tired = self.tired or parts.tired
        return parts

    def _patience(self, limits: Limits) -> float:
        """How long an answer may take: a program may stand in the queue for a processor for four wall limits."""
        return limits.wall_for_run() * 5 + self.shell.ceiling.patience_s

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self.process.writer, view) :]
            except BlockingIOError:
                self._wait(self.process.writer, select.POLLOUT, deadline)
            except OSError as error:
                raise self._lost(f"worker: it is gone ({error})") from None

    def _receive(self, deadline: float) -> tuple[bytes, bytes]:
        head = self._exactly(5, deadline)
        kind, body = head[:1], self._exactly(int.from_bytes(head[1:], "big"), deadline)
        if kind == b"!":
            fault = SandboxFault(f"worker: it failed: {body[1:].decode('utf-8', 'replace')}")
            fault.before_start = body[:1] == b"0"
            raise fault
        return kind, body

    def _exactly(self, count: int, deadline: float) -> bytes:
        if len(self._read_ahead) >= count:
            data, self._read_ahead = self._read_ahead[:count], self._read_ahead[count:]
            return data
        parts, have = [self._read_ahead], len(self._read_ahead)
        while have < count:
            self._wait(self.process.reader, select.POLLIN, deadline)
            try:
                part = os.read(self.process.reader, max(65536, min(count - have, 1 << 20)))
            except OSError as error:
                raise self._lost(f"worker: it is gone ({error})") from None
            if not part:
                raise self._lost("worker: it ended")
            parts.append(part)
            have += len(part)
        data = b"".join(parts)
        self._read_ahead = data[count:]
        return data[:count]

    def _wait(self, descriptor: int, events: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, events)
        while not poll.poll(min(max(0.0, deadline - time.monotonic()), _POLL_MOST_S) * 1000):
            if time.monotonic() >= deadline:
                raise SandboxFault("worker: no answer long after every limit had passed")

    def _lost(self, how: str) -> SandboxFault:
        """What to raise where the worker has ended; by its age, if it was not started for what it is at."""
        fault = SandboxFault(how + self._last_words())
        fault.by_age = not self.killed and self._answered > 0 and time.monotonic() >= self._ends
        self.killed = self.killed or fault.by_age
        return fault

    def _last_words(self) -> str:
        time.sleep(0.05)
        text = self.process.errors().strip()
        return f": {text[-800:]}" if text else ""


def _in_parts(payloads: Sequence[bytes], most: int) -> Iterator[Sequence[bytes]]:
    """The payloads in runs of at most so many, and of no more bytes than a frame takes."""
    begin = size = 0
    for number, payload in enumerate(payloads):
        if number - begin == most or (size + len(payload) > _BATCH_BYTES and number > begin):
            yield payloads[begin:number]
            begin, size = number, 0
        size += len(payload)
    yield payloads[begin:]


def _could_not_start(shell: Shell, error: OSError) -> str:
    advice = "free some space, or set TMPDIR to a folder that has some" if error.errno == errno.ENOSPC else "try again"
    return f"{shell.name}: could not start a worker: {error}; {advice}"


def _seed(payload: bytes) -> bytes:
    """What random generators begin with on this input: the same in every process."""
    return zlib.crc32(payload).to_bytes(4, "big")


def _frame(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body
