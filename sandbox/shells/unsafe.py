"""No isolation at all: a plain child process on this host, with your rights. For trusted programs and for debugging.

Promises: limits on CPU, memory and output; leftovers are looked for and ended. Does not promise anything else.
`open_sandbox("unsafe")` must be asked for by name and prints a warning.
"""

from __future__ import annotations

import subprocess

from sandbox.shells import shell


class Unsafe:
    """Starts workers as plain processes."""

    name = "unsafe"

    def __init__(self, ceiling: shell.Ceiling | None = None):
        self.ceiling = ceiling or shell.Ceiling()
        self._places: dict[int, str] = {}

    def habits(self, slot: int) -> shell.Habits:
        numpy = shell.numpy_directory()
        return shell.Habits(
            places=(self._places[slot],),
            complete_kill=False,
            count_processes=False,
            numpy_path=str(numpy) if numpy else None,
        )

    def identity(self) -> str:
        return "unsafe"

    def close(self) -> None:
        """There is nothing to give back."""

    def start(self, program: str, slot: int) -> shell.Process:
        place = shell.Place()
        self._places[slot] = place.path
        popen = subprocess.Popen(
            [str(shell.interpreter()), *shell.INTERPRETER_OPTIONS, "-c", program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            bufsize=0, env={**shell.ENVIRONMENT, "HOME": place.path}, start_new_session=True,
        )  # fmt: skip
        return _HostProcess(popen, place)


class _HostProcess(shell.LocalProcess):
    def __init__(self, popen: subprocess.Popen[bytes], place: shell.Place):
        super().__init__(popen)
        self._place = place

    def close(self) -> None:
        super().close()
        self._place.close()
