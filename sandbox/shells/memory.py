"""A shell without processes: the shipped stand-in for tests of what is built on shells.

Promises: it speaks the worker's protocol from a thread of this process, and does to each input what a script says:
answer it, die, fall silent, talk nonsense, or be late. Runs no program and isolates nothing, so `open_sandbox` does not
know it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from sandbox.errors import SandboxFault
from sandbox.shells import shell

SEED_BYTES = 4
"""What random generators begin with stands before an input."""

Script = Callable[[bytes], bytes | str]
"""From an input to the encoded answer of a Call, or to "die", "silence", "nonsense" or "late" (for its limit)."""


class Memory:
    """Starts workers that follow a script; `starts` counts them, and the first `refuse` starts fail."""

    name = "memory"

    def __init__(self, script: Script, refuse: int = 0):
        self.ceiling = shell.Ceiling(patience_s=0.2)
        self.script, self.refuse = script, refuse
        self.starts = 0
        self.processes: list[_Scripted] = []
        """All that were started, in order."""

    def habits(self, slot: int) -> shell.Habits:
        return shell.Habits()

    def identity(self) -> str:
        return "memory"

    def close(self) -> None:
        """There is nothing to give back."""

    def start(self, program: str, slot: int) -> shell.Process:
        self.starts += 1
        if self.starts <= self.refuse:
            raise SandboxFault("memory: this start was to fail")
        self.processes.append(_Scripted(self.script))
        return self.processes[-1]


class _Scripted:
    """One thread at the other end of two pipes."""

    def __init__(self, script: Script):
        self.script, self._closing = script, threading.Lock()
        self._input, self.writer = os.pipe()
        self.reader, self._output = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """Whoever reads the answers sees their end, as with a process."""
        self._close("_input", "_output")

    def errors(self) -> str:
        return ""

    def close(self) -> None:
        self._close("writer", "reader")
        self._thread.join(5)

    def _close(self, *names: str) -> None:
        with self._closing:
            for name in names:
                descriptor = getattr(self, name)
                if descriptor >= 0:
                    setattr(self, name, -1)
                    os.close(descriptor)

    def _serve(self) -> None:
        try:
            self._exactly(int.from_bytes(self._exactly(4), "big"))
            self._send(b"H", b"{}")
            while self._answer(*self._frame()):
                pass
        except OSError:
            pass  # the other end was closed
        finally:
            self._close("_input", "_output")

    def _answer(self, kind: bytes, body: bytes) -> bool:
        """False when the script says to die."""
        if kind != b"I":
            return True
        said = self.script(body[SEED_BYTES:])
        if said == "die":
            return False
        if said == "silence":
            while os.read(self._input, 65536):
                pass
            return False
        if said == "nonsense":
            self._send(b"R", b"this is no result")
        elif said == "late":
            self._send(b"R", b"0 0 %d 1000 1024 0 0 0 0 0\n" % 10**10)
        elif isinstance(said, bytes):
            answer = b"cv" + said
            self._send(b"R", b"0 0 1000 1000 1024 0 %d 0 0 0\n" % len(answer) + answer)
        else:
            raise ValueError(f"memory: the script said {said!r}, which is none of its words")
        return True

    def _frame(self) -> tuple[bytes, bytes]:
        head = self._exactly(5)
        return head[:1], self._exactly(int.from_bytes(head[1:], "big"))

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = os.read(self._input, count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def _send(self, kind: bytes, body: bytes) -> None:
        os.write(self._output, kind + len(body).to_bytes(4, "big") + body)
