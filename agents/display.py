"""What a run shows while it goes on: a progress line in a terminal, a few plain lines elsewhere.

Promises: never more than a few updates a second, and nothing at all when it is told to be quiet; what it
shows is also in the run directory. Writes to standard error, so that standard output holds results alone.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

EVERY_S = 10.0
"""Between two plain lines."""
WIDE = 112
"""From so many columns on there is room for a long bar and both times."""


class Display:
    """Shows the phases of a run. Use it as a context manager."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        self.title, self.quiet = title, quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._name, self._unit, self._total, self._count, self._note = "", "", 0, 0, ""
        self._before = 0
        self._began = self._said = 0.0

    def __enter__(self) -> Display:
        if not self.quiet and sys.stderr.isatty():
            from rich.progress import Progress

            from sandbox.terminal import Terminal

            console = Terminal(stderr=True)
            self._progress = Progress(*_columns(console.width), console=console, refresh_per_second=4)
            self._progress.start()
        self.say(self.title)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._end()
        if self._progress is not None:
            self._progress.stop()

    def phase(self, name: str, total: int, done_before: int = 0, unit: str = "") -> None:
        """Begins a phase of so many steps; some may have been done by the run that this one goes on with.

        `unit` says what is counted, where the name does not.
        """
        self._end()
        self._name, self._total, self._count, self._note = name, total, done_before, ""
        self._unit = f" {unit}" if unit else ""
        self._before = done_before
        self._began = self._said = time.monotonic()
        if self._progress is not None:
            self._task = self._progress.add_task(
                f"{name}{unit and ', '}{unit}", total=total, completed=done_before, note=""
            )

    def advance(self, steps: int = 1, note: str | None = None) -> None:
        """Some steps are done; `note` is shown beside them."""
        self._count += steps
        self._note = self._note if note is None else note
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=steps, note=self._note)
        elif time.monotonic() - self._said > EVERY_S:
            self._said = time.monotonic()
            self.say(f"{self._name}: {self._count} of {self._total}{self._unit}  {self._note}")

    def more(self, steps: int) -> None:
        """The phase turned out to have so many more steps."""
        self._total += steps
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, total=self._total)

    def note(self, note: str) -> None:
        """What is shown beside the phase's steps."""
        self.advance(0, note)

    def _end(self) -> None:
        if self._name:
            seconds = time.monotonic() - self._began
            count = f"{self._count - self._before} more" if self._before else f"{self._count}"
            self.say(f"{self._name}: {count}{self._unit} in {seconds:.1f} s  {self._note}".rstrip())
            if self._progress is not None and self._task is not None:
                self._progress.remove_task(self._task)
        self._name, self._task = "", None

    def say(self, text: str) -> None:
        """A line of its own."""
        if self.quiet:
            return
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)


def _columns(width: int) -> list[ProgressColumn]:
    """What is shown of a phase; where it does not fit, the note goes on below, and nothing else gives way."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.table import Column

    def whole() -> Column:
        return Column(no_wrap=True)

    wide = width >= WIDE
    bar, count = BarColumn(24 if wide else 4, table_column=whole()), MofNCompleteColumn(table_column=whole())
    times = [TimeElapsedColumn(table_column=whole())] if wide else []
    left = TimeRemainingColumn(compact=not wide, table_column=whole())
    note = TextColumn("[dim]{task.fields[note]}", table_column=Column())
    return [TextColumn("{task.description}"), bar, count, *times, left, note]
